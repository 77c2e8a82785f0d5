//! Image inputs: inspect output and image configuration, with places in the text.
//!
//! Readers here never judge and never fail: what is missing is missing, what is broken is said
//! with its place.

mod config;
mod form;
pub mod history;
pub mod json;
mod unpack;

pub use config::{Config, Healthcheck, Text, Variable};
pub use form::{Form, form};
pub use unpack::{base64, schema_one};
