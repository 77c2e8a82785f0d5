//! What a JSON value is, by its members: which tool's output, which document of an image.
//!
//! Only forms are told apart here. What can be read from each, and what to ask for where nothing
//! can, is for those who read them.

use std::collections::BTreeMap;

use text::Cooked;

use crate::history::is_entry;
use crate::json::{Json, Shape};

/// A form of JSON that has to do with images and containers.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Form {
    /// An image as `docker image inspect` shows it; podman and nerdctl too.
    Image,
    /// The configuration of an image as a registry keeps it.
    Config,
    /// A container as `docker inspect` shows it.
    Container,
    /// What a container is to be created with: the body of a request.
    ContainerSettings,
    /// The settings that concern the host, and nothing around them.
    HostSettings,
    /// What a runtime starts: the `config.json` of an OCI bundle, or the container that `nerdctl
    /// inspect --mode=native` shows around it.
    Runtime,
    /// Containers as a list shows them: without their settings.
    ContainerSummary,
    /// Images as a list shows them.
    ImageSummary,
    /// An entry of a history.
    HistoryEntry,
    /// A manifest: configuration and layers by their digests.
    Manifest,
    /// A list of manifests, one for each platform.
    Index,
    /// The old manifest of schema 1, which holds configuration and history as strings.
    SchemaOne,
    /// An entry of the `manifest.json` of a saved image.
    SavedManifest,
    /// What `skopeo inspect` shows: environment and labels, but no user and no command.
    Summary,
    /// What `docker buildx imagetools inspect` shows.
    ImageTools,
    /// Configurations by platform, as `imagetools inspect` shows them.
    Platforms,
    /// Trivy's report.
    Trivy,
    /// Grype's report.
    Grype,
    /// Another scanner's report: SARIF, Dockle, docker-bench.
    Findings,
    /// A bill of materials: CycloneDX, SPDX, Syft, GitHub.
    Materials,
    /// A statement about an image, signed or not.
    Attestation,
    /// A Compose file as JSON.
    Compose,
    /// A Kubernetes object as JSON.
    Kubernetes,
    /// What an engine measures of a running container.
    Statistics,
    /// A service of a swarm, as `docker service inspect` shows it.
    Service,
    /// A network of an engine.
    Network,
    /// A volume of an engine.
    Volume,
    /// A pod of Podman, which names its containers.
    Pod,
    /// Nothing that is known here.
    Other,
}

/// What an object is.
pub fn form(value: Json<'_>) -> Form {
    if value.shape() != Shape::Object {
        return Form::Other;
    }
    let object = Members::of(value);
    let has = |name: &str| object.has(name);
    let shape = |name: &str| object.get(name).map(Json::shape);
    if let Some(form) = report(&object) {
        return form;
    }
    let checks = [
        // A container has a state and the settings of its host; either may be cut off.
        (has("HostConfig") && (has("State") || has("Config")), Form::Container),
        (has("State") && has("Config"), Form::Container),
        (shape("HostConfig") == Some(Shape::Object) && has("Image"), Form::ContainerSettings),
        (has("read") && has("preread") && has("blkio_stats"), Form::Statistics),
        (is_image(&object), Form::Image),
        (is_blob(&object), Form::Config),
        (has("architecture") && has("rootfs"), Form::Config),
        (has("fsLayers"), Form::SchemaOne),
        (has("schemaVersion") && has("manifests"), Form::Index),
        (has("schemaVersion") && (has("layers") || has("config")), Form::Manifest),
        (has("manifests") && has("mediaType"), Form::Index),
        (has("config") && has("layers") && has("mediaType"), Form::Manifest),
        (has("Ref") && (has("SchemaV2Manifest") || has("OCIManifest")), Form::Manifest),
        (has("LayersData") || (has("Digest") && has("Layers") && has("Env")), Form::Summary),
        (has("image") && has("manifest"), Form::ImageTools),
        (
            has("Config") && has("Layers") && shape("Config") == Some(Shape::String),
            Form::SavedManifest,
        ),
        (is_entry(value), Form::HistoryEntry),
        (has("Names") && has("Image") && has("Command"), Form::ContainerSummary),
        (has("RepoTags") && has("Created") && has("Size"), Form::ImageSummary),
        (has("Image") && has("Env") && has("Cmd") && has("Hostname"), Form::ContainerSettings),
        (member(&object, "Spec", "TaskTemplate"), Form::Service),
        (has("IPAM") && has("Driver"), Form::Network),
        (has("Mountpoint") && has("Driver") && has("Name"), Form::Volume),
        (has("InfraContainerID") && has("Containers"), Form::Pod),
        // `crictl inspect` shows what the runtime was given.
        (member(&object, "info", "runtimeSpec"), Form::Runtime),
        // `docker inspect --format '{{json .HostConfig}}'` shows this and nothing around it.
        (is_host(&object), Form::HostSettings),
        (is_runtime(&object), Form::Runtime),
        // `docker inspect --format '{{json .Config}}'` shows this and nothing around it.
        (has("Env") && has("User") && (has("Labels") || has("Hostname")), Form::Config),
        (
            has("Env") && object.0.contains_key("Cmd") && object.0.contains_key("Entrypoint"),
            Form::Config,
        ),
        (shape("services") == Some(Shape::Object), Form::Compose),
        (has("apiVersion") && has("kind"), Form::Kubernetes),
        (is_platforms(value), Form::Platforms),
        (has("predicateType"), Form::Attestation),
    ];
    checks.iter().find(|(fits, _)| *fits).map_or(Form::Other, |(_, form)| *form)
}

/// Whether a member is an object that has a member.
fn member(object: &Members<'_>, name: &str, inner: &str) -> bool {
    object.get(name).is_some_and(|it| it.get(inner).is_some())
}

/// Reports, bills of materials and statements name themselves.
fn report(object: &Members<'_>) -> Option<Form> {
    let has = |name: &str| object.has(name);
    let text = |name: &str| object.get(name).and_then(Json::string);
    let starts =
        |name: &str, start: &str| text(name).is_some_and(|it| it.as_str().starts_with(start));
    let checks = [
        (has("SchemaVersion") && (has("Results") || has("ArtifactName")), Form::Trivy),
        (has("ArtifactName") && has("ArtifactType"), Form::Trivy),
        (has("matches") && has("source") && has("descriptor"), Form::Grype),
        (has("matches") && has("descriptor"), Form::Grype),
        (has("runs") && has("version"), Form::Findings),
        (has("summary") && has("details"), Form::Findings),
        (has("dockerbenchsecurity"), Form::Findings),
        (has("vulnerabilities") && has("scan"), Form::Findings),
        (has("Findings") && !has("Id"), Form::Findings),
        (starts("bomFormat", "CycloneDX"), Form::Materials),
        (has("spdxVersion"), Form::Materials),
        (has("@graph") && has("@context"), Form::Materials),
        (has("artifacts") && (has("schema") || has("artifactRelationships")), Form::Materials),
        (has("detector") && has("manifests"), Form::Materials),
        (starts("_type", "https://in-toto.io/Statement"), Form::Attestation),
        (has("payloadType") && has("payload"), Form::Attestation),
    ];
    checks.iter().find(|(fits, _)| *fits).map(|(_, form)| *form)
}

fn is_image(object: &Members<'_>) -> bool {
    let is_config = object.get("Config").is_some_and(|it| it.shape() == Shape::Object);
    let marks = ["Id", "RootFS", "RepoTags", "Architecture"];
    // An engine that knows nothing of an image shows its members all the same.
    let is_whole = ["Architecture", "RootFS"].into_iter().all(|it| object.has(it));
    (is_config && marks.into_iter().any(|it| object.has(it)))
        || (is_whole && object.0.contains_key("Config"))
}

fn is_host(object: &Members<'_>) -> bool {
    let marks = ["CapAdd", "CapDrop", "Privileged", "SecurityOpt", "NetworkMode", "ReadonlyRootfs"];
    marks.into_iter().filter(|it| object.0.contains_key(*it)).count() >= 3
}

fn is_runtime(object: &Members<'_>) -> bool {
    let is_spec = |it: &Members<'_>| {
        it.has("process") && (it.has("ociVersion") || it.has("root") || it.has("linux"))
    };
    is_spec(object) || object.get("Spec").is_some_and(|it| is_spec(&Members::of(it)))
}

fn is_blob(object: &Members<'_>) -> bool {
    let Some(config) = object.get("config").filter(|it| it.shape() == Shape::Object) else {
        return false;
    };
    let marks = ["rootfs", "architecture", "history"];
    config.get("mediaType").is_none() && marks.into_iter().any(|it| object.has(it))
}

/// `{"linux/amd64": {…}, "linux/arm64": {…}}`
fn is_platforms(object: Json<'_>) -> bool {
    let mut any = false;
    for (name, value) in object.members().take(50) {
        let is_platform = name.string().is_some_and(|it| it.as_str().contains('/'));
        if !is_platform || !is_blob(&Members::of(value)) {
            return false;
        }
        any = true;
    }
    any
}

/// The members of an object, found once.
struct Members<'a>(BTreeMap<String, Json<'a>>);

impl<'a> Members<'a> {
    fn of(object: Json<'a>) -> Self {
        let name = |it: Json<'_>| it.string().as_ref().map(Cooked::as_str).map(str::to_owned);
        let named = object.members().filter_map(|(it, value)| Some((name(it)?, value)));
        Self(text::order::map(named))
    }

    fn get(&self, name: &str) -> Option<Json<'a>> {
        self.0.get(name).copied().filter(|it| it.shape() != Shape::Null)
    }

    fn has(&self, name: &str) -> bool {
        self.get(name).is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Form) {
        assert_eq!(Json::first(text).map(form), Some(expected), "{text}");
    }

    #[test]
    fn forms_are_told_apart_by_members() {
        check(r#"{"Id": "sha256:1", "Config": {}}"#, Form::Image);
        check(r#"{"Id": "", "Config": null, "Architecture": "", "RootFS": {}}"#, Form::Image);
        check(r#"{"architecture": "amd64", "config": {}}"#, Form::Config);
        check(r#"{"architecture": "amd64", "rootfs": {"diff_ids": []}}"#, Form::Config);
        check(r#"{"Id": "1", "State": {}, "HostConfig": {}, "Config": {}}"#, Form::Container);
        check(r#"{"Id": "1", "CreatedBy": "x", "Size": 1}"#, Form::HistoryEntry);
        check(
            r#"{"schemaVersion": 2, "config": {"mediaType": "x"}, "layers": []}"#,
            Form::Manifest,
        );
        check(r#"{"schemaVersion": 2, "manifests": []}"#, Form::Index);
        check(r#"{"schemaVersion": 1, "fsLayers": [], "history": []}"#, Form::SchemaOne);
        check(r#"{"Config": "1.json", "RepoTags": [], "Layers": []}"#, Form::SavedManifest);
        check(r#"{"Name": "x", "Digest": "y", "Layers": [], "Env": []}"#, Form::Summary);
        check(r#"{"name": "x", "manifest": {}, "image": {}}"#, Form::ImageTools);
        check(r#"{"linux/amd64": {"architecture": "amd64", "config": {}}}"#, Form::Platforms);
        check(r#"{"SchemaVersion": 2, "ArtifactName": "x"}"#, Form::Trivy);
        check(r#"{"matches": [], "source": {}, "descriptor": {}}"#, Form::Grype);
        check(r#"{"bomFormat": "CycloneDX"}"#, Form::Materials);
        check(r#"{"payloadType": "x", "payload": "y"}"#, Form::Attestation);
        check(r#"{"CapAdd": null, "Privileged": false, "NetworkMode": "x"}"#, Form::HostSettings);
        check(r#"{"ociVersion": "1.2.0", "process": {"args": []}}"#, Form::Runtime);
        check(r#"{"ID": "1", "Spec": {"process": {"args": []}, "linux": {}}}"#, Form::Runtime);
        check(r#"{"services": {}}"#, Form::Compose);
        check(r#"{"apiVersion": "v1", "kind": "Pod"}"#, Form::Kubernetes);
        check(r#"{"a": 1}"#, Form::Other);
        check("[]", Form::Other);
    }
}
