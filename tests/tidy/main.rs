//! The repository keeps to its own rules.
