//! What is generally known of a base image: the weakest witness.

use dockerfile::{Base, Stage};
use report::Why;

use crate::facts::User;
use crate::known;

/// Why the base decides, for a stage whose chain sets nothing itself.
pub(super) fn undecided(base: &Base) -> Result<User, Why> {
    match base {
        // There is nothing that could set another user.
        Base::Scratch => Ok(User::new("")),
        Base::Image(image) => Err(Why::BaseImage(image.to_string().into())),
        Base::Unknown { variable, .. } => Err(Why::BuildArg(variable.as_str().into())),
        // The first stage of a chain is never built on a stage.
        Base::Stage(_) => Err(Why::Unreadable("a stage is built on itself".into())),
    }
}

/// The user of a base image, as the catalogue has it.
pub(super) fn known_user(stage: &Stage) -> Option<User> {
    let Base::Image(image) = &stage.base else { return None };
    let known = known::default_user(&image.familiar(), image.tag.as_deref())?;
    Some(User::new(&known))
}
