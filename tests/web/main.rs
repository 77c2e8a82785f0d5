//! What a real browser has to prove about the built site.
//!
//! These tests need the site and browsers, which `cargo xtask test` provides; a plain `cargo test`
//! lists them as ignored. A promise is tested twice: as built, and once with its protection taken
//! away, where the same test must see the harm. A test that cannot fail proves nothing.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

mod accessible;
mod build_context;
mod companion;
mod compare;
mod harness;
mod layers;
mod p10_permissions;
mod p11_masked;
mod p13_published;
mod p14_same_answer;
mod p15_isolation;
mod p16_embedding;
mod p17_accessible;
mod p1_nothing_leaves;
mod p2_airlock;
mod p3_offline;
mod p4_no_third_parties;
mod p5_nothing_is_kept;
mod p6_links;
mod p7_exports;
mod p8_hostile_input;
mod p9_hostile_archives;
mod page_input;
mod page_keyboard;
mod page_look;
mod page_tools;
mod page_worker;
mod saved_image;
mod settings;
mod shell_scripts;
mod single_file;
mod smoke;
mod states;
mod treemap;
