//! Made-up secrets in every place of a history or of inspect output that can hold one: each is
//! found once, with its places, and shown nowhere.

use report::Question;

use super::{check, figure};
use crate::Figure;

/// A place, a document with `SECRET` in it, and how often the secret stands there.
const PLACES: &[(&str, &str)] = &[
    (
        "variable of an image",
        r#"[{"Id": "sha256:4f", "Architecture": "amd64", "Config": {"Env": ["A=SECRET"]}}]"#,
    ),
    (
        "label of an image",
        r#"[{"Id": "sha256:4f", "Architecture": "amd64", "Config": {"Labels": {"a": "SECRET"}}}]"#,
    ),
    (
        "command of an image",
        r#"[{"Id": "sha256:4f", "Architecture": "amd64", "Config": {"Cmd": ["run", "--with", "SECRET"]}}]"#,
    ),
    (
        "health check of an image",
        r#"[{"Id": "sha256:4f", "Architecture": "amd64", "Config": {"Healthcheck": {"Test": ["CMD-SHELL", "curl -H 'A: SECRET' localhost"]}}}]"#,
    ),
    (
        "last step of an old image",
        r#"[{"Id": "sha256:4f", "Architecture": "amd64", "ContainerConfig": {"Cmd": ["/bin/sh", "-c", "SECRET"]}, "Config": {}}]"#,
    ),
    (
        "annotation of an image",
        r#"[{"Id": "sha256:4f", "Architecture": "amd64", "Descriptor": {"annotations": {"a": "SECRET"}}, "Config": {}}]"#,
    ),
    (
        "history of a config",
        r#"{"architecture": "amd64", "config": {}, "rootfs": {"type": "layers", "diff_ids": []}, "history": [{"created_by": "RUN /bin/sh -c x SECRET # buildkit"}]}"#,
    ),
    (
        "build argument before a command",
        "IMAGE CREATED CREATED BY SIZE COMMENT\n<missing> 2 days ago RUN |1 A=SECRET /bin/sh -c make # buildkit 0B buildkit.dockerfile.v0\n",
    ),
    (
        "declared build argument",
        "IMAGE CREATED CREATED BY SIZE COMMENT\n<missing> 2 days ago ARG A=SECRET 0B buildkit.dockerfile.v0\n",
    ),
    (
        "build argument in both",
        "IMAGE CREATED CREATED BY SIZE COMMENT\n<missing> 2 days ago RUN |1 A=SECRET /bin/sh -c make # buildkit 0B buildkit.dockerfile.v0\n<missing> 2 days ago ARG A=SECRET 0B buildkit.dockerfile.v0\n",
    ),
    (
        "command of a history",
        "IMAGE CREATED CREATED BY SIZE COMMENT\n<missing> 2 days ago RUN /bin/sh -c fetch SECRET # buildkit 1kB buildkit.dockerfile.v0\n",
    ),
    (
        "variable of a history",
        "IMAGE CREATED CREATED BY SIZE COMMENT\n<missing> 2 days ago ENV A=SECRET 0B buildkit.dockerfile.v0\n",
    ),
    (
        "comment of a history",
        "{\"ID\": \"1\", \"CreatedBy\": \"x\", \"Comment\": \"SECRET\", \"Size\": \"0B\"}\n",
    ),
    (
        "line of JSON",
        "{\"ID\": \"1\", \"CreatedBy\": \"RUN /bin/sh -c x SECRET # buildkit\", \"Size\": \"0B\"}\n",
    ),
    (
        "variable of a container",
        r#"[{"Id": "9c1", "State": {}, "HostConfig": {}, "Config": {"Env": ["A=SECRET"]}}]"#,
    ),
    (
        "source of a mount",
        r#"[{"Id": "9c1", "State": {}, "HostConfig": {}, "Config": {}, "Mounts": [{"Type": "bind", "Source": "/srv/SECRET", "Destination": "/a", "RW": true}]}]"#,
    ),
    (
        "log option",
        r#"[{"Id": "9c1", "State": {}, "HostConfig": {"LogConfig": {"Type": "x", "Config": {"token": "SECRET"}}}, "Config": {}}]"#,
    ),
    (
        "annotation of a container",
        r#"[{"Id": "9c1", "State": {}, "HostConfig": {"Annotations": {"a": "SECRET"}}, "Config": {}}]"#,
    ),
    (
        "arguments of a container",
        r#"[{"Id": "9c1", "State": {}, "Args": ["SECRET"], "HostConfig": {}, "Config": {}}]"#,
    ),
    ("run line", "docker run -e A=SECRET example/app:3\n"),
    ("run line's command", "docker run example/app:3 --token SECRET\n"),
    (
        "Compose environment",
        "services:\n  app:\n    image: example/app:3\n    environment:\n      A: SECRET\n",
    ),
    ("Compose command", "services:\n  app:\n    image: example/app:3\n    command: run SECRET\n"),
    (
        "Compose label in quotes",
        "services:\n  app:\n    image: example/app:3\n    labels: [\"a=SECRET\"]\n",
    ),
    (
        "variable of a pod",
        "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n    - name: app\n      image: example/app:3\n      env:\n        - name: A\n          value: SECRET\n",
    ),
    (
        "schema 1",
        r#"{"schemaVersion": 1, "name": "a", "tag": "b", "architecture": "amd64", "fsLayers": [], "history": [{"v1Compatibility": "{\"id\":\"1\",\"config\":{\"Env\":[\"A=SECRET\"]}}"}]}"#,
    ),
];

pub(super) fn measure() -> Vec<Figure> {
    let secret = rules::page::filled("{{ghp_:36}}");
    let (mut found, mut hidden) = (0, 0);
    for (what, document) in PLACES {
        let text = document.replace("SECRET", &secret);
        let report = check(&[("x", text.as_bytes())]);
        let secrets = report.findings().filter(|(rule, finding)| {
            rule.question == Some(Question::Secrets) && !finding.message.contains("named like")
        });
        let secrets = secrets.count();
        found += usize::from(secrets == 1);
        if secrets != 1 {
            println!("   {what}: found {secrets} times");
        }
        let all = [
            report::json(&report),
            report::markdown(&report),
            report::plain(&report, report::Style::Plain),
        ];
        let is_hidden = all.iter().all(|it| !it.contains(&secret[4..]));
        hidden += usize::from(is_hidden);
        if !is_hidden {
            println!("   {what}: shown");
        }
    }
    vec![
        figure("planted secrets found once", found, PLACES.len(), 100.0),
        figure("planted secrets shown nowhere", hidden, PLACES.len(), 100.0),
    ]
}
