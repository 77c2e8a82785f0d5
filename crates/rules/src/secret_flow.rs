//! Which secrets a step of a build can reach by name: variables that hold one, and secret mounts.
//!
//! Names and places only; what a rule makes of them is its own business.

use dockerfile::MountKind;
use dockerfile::shell::{Part, ShellWord};
use report::Locus;
use text::Span;

use crate::Case;
use crate::case::Build;
use crate::commands::RunCommand;
use crate::facts::{EnvVar, Origin, RunStep, Seen};

/// A variable of a Dockerfile that holds a secret, by its name or its value.
#[derive(Clone, Copy)]
pub(crate) struct SecretVariable<'a> {
    pub(crate) variable: &'a EnvVar,
    pub(crate) seen: &'a Seen<EnvVar>,
    stage: dockerfile::StageId,
    start: u32,
}

/// The variables of a Dockerfile that hold secrets. Arguments before the first `FROM` are left
/// out: a stage sees them only where it declares them again.
pub(crate) fn secret_variables<'a>(case: &'a Case, build: &Build) -> Vec<SecretVariable<'a>> {
    let read = |seen: &'a Seen<EnvVar>| {
        let variable = seen.value.as_ref().ok().filter(|it| it.secret)?;
        let span = span_in(build, &seen.at)?;
        let stage = build.stage_at(span)?;
        Some(SecretVariable { variable, seen, stage, start: span.start() })
    };
    case.facts.env.iter().filter_map(read).collect()
}

impl SecretVariable<'_> {
    /// Whether it is declared in a stage before a place there.
    pub(crate) fn is_before(&self, stage: dockerfile::StageId, at: Span) -> bool {
        self.stage == stage && self.start < at.start()
    }

    /// Whether a step sees it.
    pub(crate) fn is_seen_by(&self, build: &Build, step: &RunStep) -> bool {
        if self.start >= step.code.start() {
            return false;
        }
        let inherited = || {
            self.variable.origin == Origin::Env
                && build.stages.lineage(step.stage).contains(&self.stage)
        };
        self.stage == step.stage || inherited()
    }
}

/// The place in the text of a build.
pub(crate) fn span_in(build: &Build, at: &Locus) -> Option<Span> {
    match at {
        Locus::Text { source, span } if *source == build.source => Some(*span),
        Locus::Text { .. } | Locus::Layer { .. } => None,
    }
}

/// What the secret mounts of a step bring.
#[derive(Default)]
pub(crate) struct MountedSecrets {
    /// The files, absolute.
    pub(crate) paths: Vec<String>,
    /// The variables.
    pub(crate) names: Vec<String>,
}

impl MountedSecrets {
    /// What a step has mounted.
    pub(crate) fn of(step: &RunStep) -> Self {
        let mut out = Self::default();
        for it in step.mounts.iter().filter(|it| it.kind == MountKind::Secret) {
            let name = it.mount.field(&["env"]).map(|it| it.as_str().to_owned());
            match &it.target {
                Some(path) => out.paths.push(path.clone()),
                // With a variable alone there is no file.
                None if name.is_none() => {
                    let source = || {
                        it.mount
                            .source()
                            .and_then(|it| it.as_str().rsplit('/').next().map(str::to_owned))
                    };
                    let id = it.id.clone().or_else(source);
                    out.paths.extend(id.map(|it| format!("/run/secrets/{it}")));
                }
                None => {}
            }
            out.names.extend(name);
        }
        // `TOKEN=$(cat /run/secrets/token) && …`
        if !out.is_empty() {
            for it in step.commands.iter().flat_map(RunCommand::assigned) {
                let text = it.value.as_str();
                if out.is_named_in(text) || out.names.iter().any(|name| refers(text, name)) {
                    out.names.push(it.name);
                }
            }
        }
        out
    }

    /// Whether there is none.
    pub(crate) fn is_empty(&self) -> bool {
        self.paths.is_empty() && self.names.is_empty()
    }

    /// Whether a text names one of the files, or anything in their folder.
    pub(crate) fn is_named_in(&self, text: &str) -> bool {
        self.paths.iter().any(|it| {
            text.match_indices(it.as_str()).any(|(at, _)| {
                let behind = text.get(at + it.len()..).and_then(|it| it.chars().next());
                !behind.is_some_and(|it| it.is_ascii_alphanumeric() || matches!(it, '_' | '-'))
            })
        })
    }

    /// Whether a word carries one of the values: it names a variable of theirs, or runs a command
    /// that reads one of the files.
    pub(crate) fn is_carried_by(&self, word: &ShellWord) -> bool {
        word.parts.iter().any(|it| match it {
            Part::Variable { name, .. } => self.names.contains(name),
            Part::Commands { raw, .. } | Part::Process { raw, .. } => {
                let text = raw.as_str();
                self.is_named_in(text) || self.names.iter().any(|it| refers(text, it))
            }
            Part::Literal { .. } | Part::Arithmetic { .. } => false,
        })
    }
}

/// Whether a text has `$NAME` or `${NAME…}`.
pub(crate) fn refers(text: &str, name: &str) -> bool {
    text.match_indices('$').any(|(at, _)| {
        let rest = text.get(at + 1..).unwrap_or_default();
        let rest = rest.strip_prefix('{').unwrap_or(rest);
        let behind = rest.strip_prefix(name);
        behind.is_some_and(|it| {
            !it.starts_with(|next: char| next.is_ascii_alphanumeric() || next == '_')
        })
    })
}

/// The places where a command expands a variable, those inside its substitutions left out: they
/// belong to commands of their own. Text that comes in by a here-document counts.
pub(crate) fn uses(command: &RunCommand, name: &str) -> Vec<Span> {
    let simple = &command.simple;
    let values = simple.assignments.iter().map(|it| &it.value);
    let targets = simple.redirects.iter().map(|it| &it.target);
    let mut out = Vec::new();
    for word in values.chain(&simple.words).chain(targets) {
        for part in &word.parts {
            if let Part::Variable { name: of, raw, operation, .. } = part
                && (of == name || refers(operation, name))
            {
                out.push(raw.whole());
            }
        }
    }
    for body in simple.redirects.iter().filter_map(|it| it.body.as_ref()) {
        if refers(body.as_str(), name) {
            let at = body.as_str().find(&format!("${name}"));
            let at = at.or_else(|| body.as_str().find(&format!("${{{name}")));
            out.extend(at.map(|at| body.span(at..at + name.len() + 1)));
        }
    }
    out
}

/// Whether a step removes a path, or all of a folder that it lies in, as far as names tell.
pub(crate) fn is_removed(step: &RunStep, path: &str) -> bool {
    let name = path.trim_end_matches('/').rsplit('/').next().unwrap_or(path);
    let names_it = |word: &ShellWord| {
        let text = word.text();
        let own =
            text.trim_end_matches(['/', '*']).rsplit('/').next().unwrap_or_default().to_owned();
        own == name
            || path.starts_with('/')
                && path.starts_with(&format!("{}/", text.trim_end_matches(['/', '*'])))
    };
    step.commands
        .iter()
        .any(|it| it.runs(&["rm", "shred", "unlink"]) && it.arguments().iter().any(names_it))
}
