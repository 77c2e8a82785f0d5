//! Tests of the whole product; each kind is a test target of its own.

pub mod fixes;
pub mod tar;
