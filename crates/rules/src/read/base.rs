//! What is generally known of a base image: the weakest witness.

use dockerfile::{Base, ImageRef, Stage, StageId, Stages};
use report::Why;

use crate::facts::User;
use crate::knowledge::base_image::{BaseImage, DefaultUser, Runtime, base_image};

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

/// The user of a base image, as the catalogue has it. `own_start`: whether the build sets an entry
/// point of its own, which then does not change users as the base's would.
pub(super) fn known_user(stage: &Stage, own_start: bool) -> Option<User> {
    let known = known_of(&stage.base)?;
    let mut user = User::new(match known.user {
        DefaultUser::Root => "",
        DefaultUser::Other { name, uid: _ } => name,
        DefaultUser::ContainerAdministrator => "ContainerAdministrator",
        DefaultUser::ContainerUser => "ContainerUser",
    });
    user.becomes = match known.runtime {
        Runtime::Becomes(name) if !own_start => Some(name),
        Runtime::Becomes(_) | Runtime::Workers(_) | Runtime::Stays => None,
    };
    Some(user)
}

/// What the catalogue knows of the image below a stage, through the stages it is built on.
pub(crate) fn known_base(stages: &Stages, stage: StageId) -> Option<BaseImage> {
    known_of(&stages.root_base(stage)?.base)
}

fn known_of(base: &Base) -> Option<BaseImage> {
    let Base::Image(image) = base else { return None };
    known_image(image)
}

/// What is known of an image by its name.
pub(crate) fn known_image(image: &ImageRef) -> Option<BaseImage> {
    let tag = match (&image.tag, &image.digest) {
        (None, None) => Some("latest"),
        (tag, _) => tag.as_deref(),
    };
    base_image(&image.familiar(), tag)
}
