//! What the main process of a container may write, as far as its options tell: question 1 as a
//! list.

use report::{Evidence, Locus, quote};

use crate::Case;
use crate::container::{is_root, linux};
use crate::facts::{Container, Mount, MountType};

/// The places that the process may write, each with what lies there.
pub(crate) fn writable(case: &Case) -> Vec<Evidence> {
    let Some(container) = linux(case) else { return Vec::new() };
    let mut out = Vec::new();
    let mut add = |at: &Locus, path: &str, what: String| {
        out.push(Evidence { place: at.into(), note: format!("{}: {what}", quote(path)).into() });
    };
    if let Some(at) = container.read_only.at()
        && container.read_only.value() != Some(&true)
    {
        let user = case.facts.user.best().and_then(|it| it.value.as_ref().ok());
        let what = match (is_root(case), user) {
            (Some(true), _) => "every file of the image, until the container is removed".to_owned(),
            (_, Some(user)) => {
                format!("what {} owns and what everyone may write", quote(&user.to_string()))
            }
            (_, None) => "what the image lets its user write".to_owned(),
        };
        add(at, "/", what);
    }
    let mounts = container.mounts.all();
    for it in mounts.iter().filter(|it| !it.value.read_only) {
        add(&it.at, &it.value.target, what_is_mounted(&it.value));
    }
    for seen in &case.facts.volumes {
        let Ok(path) = &seen.value else { continue };
        let is_mounted = mounts.iter().any(|it| it.value.target.trim_end_matches('/') == path);
        if !is_mounted {
            let at = crate::told::origin(case, &seen.at).unwrap_or(container.at.clone());
            add(&at, path, "a volume that the image declares, kept after the container".to_owned());
        }
    }
    if has_shared_memory(container) {
        add(&container.at, "/dev/shm", "memory, gone with the container".to_owned());
    }
    out
}

fn what_is_mounted(it: &Mount) -> String {
    match it.kind {
        MountType::Bind => format!("{} of the host", quote(&it.source)),
        MountType::Volume if it.source.is_empty() => {
            "a volume without a name, kept after the container".to_owned()
        }
        MountType::Volume => format!("volume {}, kept after the container", quote(&it.source)),
        MountType::Tmpfs => "memory, gone with the container".to_owned(),
        MountType::Other => "what the engine puts there".to_owned(),
    }
}

/// Every engine mounts some, unless another mount stands there.
fn has_shared_memory(container: &Container) -> bool {
    let is_told = container.mounts.at().is_some();
    is_told && !container.mounts.all().iter().any(|it| it.value.target == "/dev/shm")
}
