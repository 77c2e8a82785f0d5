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
    credential_in_command,
    credential_in_start_command,
    secret_in_build_recipe,
    secret_named_build_variable,
    build_tools_in_final,
    remote_script_pipe,
    untagged_base_image,
    end_of_life_base,
    invalid_instruction,
    ineffective_ignore,
];
