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
    hardcoded_secret_value,
    secret_in_env_or_arg_name,
    copy_secret_file,
    build_tools_in_final,
    remote_script_pipe,
    untagged_base_image,
    end_of_life_base,
    // K: how a container is run
    privileged_container,
    host_control_capability,
    capabilities_added,
    capabilities_not_dropped,
    sensitive_host_mount,
    engine_socket_mounted,
    writable_root_fs,
    host_pid,
    host_network,
    host_ipc,
    host_uts,
    host_userns,
    host_cgroups,
    host_disk_device,
    host_devices,
    seccomp_off,
    apparmor_off,
    selinux_off,
    system_paths_unmasked,
    no_new_privileges_unset,
    shared_mount_propagation,
    no_memory_limit,
    no_cpu_limit,
    no_pids_limit,
    restart_policy,
    ulimits_unset,
    bind_all_interfaces,
    data_port_published,
    privileged_host_port,
    privileged_port,
    custom_cgroup,
    default_bridge,
    oom_kill_disabled,
    log_driver_none,
    privileged_group,
    moving_run_image,
    invalid_instruction,
    ineffective_ignore,
];
