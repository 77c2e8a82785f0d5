//! Advice in the three notations that run containers.

use std::fmt::Write;

use super::Plan;

/// How a port of the container is published, to this host only.
pub(super) fn port(port: u16, is_udp: bool) -> String {
    let host = if port < 1024 { port + 8000 } else { port };
    format!("127.0.0.1:{host}:{port}{}", if is_udp { "/udp" } else { "" })
}

pub(super) fn run(plan: &Plan) -> String {
    let mut lines = vec!["docker run --rm".to_owned()];
    if let Some(user) = &plan.user {
        lines.push(format!("--user {user}"));
    }
    if !plan.is_windows {
        lines.push("--read-only".to_owned());
    }
    lines.extend(plan.tmpfs.iter().map(|it| format!("--tmpfs {it}")));
    lines.extend(plan.volumes.iter().map(|(name, path)| format!("-v {name}:{path}")));
    let limits = format!("--memory {} --cpus {}", plan.memory, plan.cpus);
    if plan.is_windows {
        lines.push(limits);
    } else {
        lines.push("--cap-drop ALL".to_owned());
        lines.extend(plan.capabilities.iter().map(|it| format!("--cap-add {it}")));
        lines.push("--security-opt no-new-privileges".to_owned());
        lines.push(format!("{limits} --pids-limit {}", plan.pids));
    }
    lines.extend(plan.ports.iter().map(|(it, is_udp)| format!("-p {}", port(*it, *is_udp))));
    lines.push(plan.image.clone());
    lines.join(" \\\n    ") + "\n"
}

pub(super) fn compose(plan: &Plan) -> String {
    let mut out = format!("services:\n  app:\n    image: {}\n", plan.image);
    if let Some(user) = &plan.user {
        let _ = writeln!(out, "    user: \"{user}\"");
    }
    if !plan.is_windows {
        out += "    read_only: true\n";
    }
    list(&mut out, "    tmpfs:", plan.tmpfs.iter().cloned());
    let volumes = plan.volumes.iter().map(|(name, path)| format!("{name}:{path}"));
    list(&mut out, "    volumes:", volumes);
    if !plan.is_windows {
        out += "    cap_drop:\n      - ALL\n";
        list(&mut out, "    cap_add:", plan.capabilities.iter().cloned());
        out += "    security_opt:\n      - no-new-privileges:true\n";
    }
    let _ = writeln!(out, "    mem_limit: {}", plan.memory);
    let _ = writeln!(out, "    cpus: {}", plan.cpus);
    if !plan.is_windows {
        let _ = writeln!(out, "    pids_limit: {}", plan.pids);
    }
    let ports = plan.ports.iter().map(|(it, is_udp)| format!("\"{}\"", port(*it, *is_udp)));
    list(&mut out, "    ports:", ports);
    if !plan.volumes.is_empty() {
        out += "volumes:\n";
        for (name, _) in &plan.volumes {
            let _ = writeln!(out, "  {name}:");
        }
    }
    out
}

fn list(out: &mut String, head: &str, items: impl Iterator<Item = String>) {
    let items: Vec<String> = items.collect();
    if !items.is_empty() {
        let _ = writeln!(out, "{head}");
        for it in items {
            let _ = writeln!(out, "      - {it}");
        }
    }
}

pub(super) fn kubernetes(plan: &Plan) -> String {
    let mut out = format!(
        "apiVersion: v1\nkind: Pod\nmetadata:\n  name: app\nspec:\n  \
         automountServiceAccountToken: false\n  containers:\n    - name: app\n      image: {}\n      \
         securityContext:\n",
        plan.image
    );
    if plan.is_windows {
        let user = plan.user.as_deref().unwrap_or("ContainerUser");
        let _ = writeln!(out, "        windowsOptions:\n          runAsUserName: {user}");
    } else {
        of_linux(&mut out, plan);
    }
    let _ = writeln!(
        out,
        "      resources:\n        limits:\n          memory: {}\n          cpu: \"{}\"",
        quantity(&plan.memory),
        plan.cpus
    );
    volumes(&mut out, plan);
    out
}

/// The rest of the security context, which only Linux has.
fn of_linux(out: &mut String, plan: &Plan) {
    let numbers = plan.user.as_ref().map(|it| it.split_once(':').unwrap_or((it, "")));
    let is_number = |it: &str| !it.is_empty() && it.bytes().all(|it| it.is_ascii_digit());
    match numbers {
        Some((user, group)) if is_number(user) => {
            let _ = writeln!(out, "        runAsNonRoot: true\n        runAsUser: {user}");
            if is_number(group) {
                let _ = writeln!(out, "        runAsGroup: {group}");
            }
        }
        Some(_) => *out += "        runAsNonRoot: true\n",
        None => {}
    }
    *out += "        readOnlyRootFilesystem: true\n        allowPrivilegeEscalation: false\n";
    *out += "        capabilities:\n          drop: [ALL]\n";
    if !plan.capabilities.is_empty() {
        let _ = writeln!(out, "          add: [{}]", plan.capabilities.join(", "));
    }
    *out += "        seccompProfile:\n          type: RuntimeDefault\n";
}

fn volumes(out: &mut String, plan: &Plan) {
    let paths = plan.tmpfs.iter().map(|it| (it, None));
    let paths: Vec<(&String, Option<&String>)> =
        paths.chain(plan.volumes.iter().map(|(name, path)| (path, Some(name)))).collect();
    if paths.is_empty() {
        return;
    }
    *out += "      volumeMounts:\n";
    for (index, (path, _)) in paths.iter().enumerate() {
        let _ = writeln!(out, "        - name: v{index}\n          mountPath: {path}");
    }
    *out += "  volumes:\n";
    for (index, (_, volume)) in paths.iter().enumerate() {
        let _ = match volume {
            Some(name) => writeln!(
                out,
                "    - name: v{index}\n      persistentVolumeClaim:\n        claimName: {name}"
            ),
            None => writeln!(out, "    - name: v{index}\n      emptyDir:\n        medium: Memory"),
        };
    }
}

/// Kubernetes writes units of memory in its own way.
fn quantity(memory: &str) -> String {
    let (number, unit) = memory.split_at(memory.trim_end_matches(char::is_alphabetic).len());
    let unit = match unit.to_ascii_lowercase().as_str() {
        "k" | "kb" => "Ki",
        "m" | "mb" => "Mi",
        "g" | "gb" => "Gi",
        "b" => "",
        _ => unit,
    };
    format!("{number}{unit}")
}
