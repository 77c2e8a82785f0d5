//! The rules, one file each, with its page beside it.
//!
//! Adding a rule touches three places: its file, its page, and the list here. The order of the
//! list is the order in which rules of the same weight are reported.

use crate::Rule;

/// The text of a rule's page, where pages are built in.
macro_rules! page {
    ($file:literal) => {
        if cfg!(feature = "docs") { include_str!($file) } else { "" }
    };
}

macro_rules! rules {
    ($($name:ident),* $(,)?) => {
        $(mod $name;)*
        /// Every rule, in rule order.
        pub static RULES: &[&Rule] = &[$(&$name::RULE),*];
    };
}

rules![
    world_writable_permissions,
    docker_socket_volume,
    runs_as_root,
    named_user_without_passwd,
    no_sudo,
    // B: secrets.
    hardcoded_secret_value,
    secret_in_env_or_arg_name,
    copy_secret_file,
    secret_in_build_recipe,
    secret_named_build_variable,
    build_tools_in_final,
    remote_script_pipe,
    untagged_base_image,
    end_of_life_base,
    // C: base image, downloads and supply chain
    tls_verify_off,
    signature_check_off,
    checksum_database_off,
    remote_artifact_unverified,
    clear_text_download,
    git_ref_not_pinned,
    moving_download_url,
    dependency_confusion_index,
    apt_key_global_trust,
    weak_checksum,
    weak_tls_version,
    syntax_frontend_untrusted,
    image_name_typo,
    untrusted_registry,
    mixed_release_repository,
    prefer_copy_over_add,
    add_remote_url,
    platform_constant,
    platform_redundant,
    base_not_pinned_by_digest,
    tag_and_digest,
    install_scripts_enabled,
    redirect_to_clear_text,
    prefer_add_for_download,
    prefer_add_git,
    // end of C
    // Packages, layers and caching: sections D and E.
    missing_assume_yes,
    apt_no_install_recommends,
    prefer_apt_get,
    unpinned_system_packages,
    unpinned_libraries,
    update_alone,
    unused_package_index,
    upgrade_alone,
    zypper_dist_upgrade,
    system_upgrade,
    package_cache_left,
    apt_cache_cleanup,
    pip_no_cache_dir,
    yarn_cache_clean,
    npm_cache_clean,
    gem_cache_left,
    gem_documentation,
    cache_mount_contradiction,
    package_cache_mount,
    consecutive_run,
    cache_busting_copy,
    extract_with_add,
    archive_left_after_extract,
    temp_tree_left,
    apk_virtual_group,
    useradd_high_uid,
    copy_stage_root,
    prefer_copy_chmod,
    recursive_chown_layer,
    prefer_copy_heredoc,
    deleted_in_later_layer,
    artifact_in_cache_mount,
    volatile_arg_early,
    unreachable_stage,
    network_tools_in_final,
    editor_or_debugger_in_final,
    download_tool_in_final,
    cloud_cli_in_final,
    ssh_server_installed,
    virtual_deps_not_removed,
    one_download_tool,
    npm_dev_dependencies,
    debug_mode_enabled,
    sdk_base_in_final,
    invalid_instruction,
    ineffective_ignore,
    // Saved images.
    secret_deleted_later,
    secret_file_in_image,
    system_file_writable,
    path_entry_writable,
    app_code_writable,
    setuid_added,
    setuid_files_left,
    vcs_history_copied,
    data_dump_in_image,
    history_and_log_files,
    crlf_line_endings,
    duplicate_files,
];
