//! Reads the configuration of an image or a container.

use image::json::{self, Json, Shape};
use image::{Config, Text};
use report::{Input, Locus, Problem, Why};
use text::{Cooked, SourceId, Span};

use super::{given, step};
use crate::Case;
use crate::facts::{EnvVar, Healthcheck, Label, Origin, Port, Reach, Seen, StartCommand, User};
use crate::knowledge::env_names::{is_secret, is_stand_in};

/// Reads `docker inspect` output, or a config blob. `via`: how authoritative it is.
pub(super) fn read(case: &mut Case, source: SourceId, via: Input) {
    let text = case.text(source).to_owned();
    let objects = objects(&text);
    if objects.len() > 1 {
        case.problems.push(Problem {
            source,
            place: None,
            message: format!("there are {} objects here; only the first was read", objects.len()),
            remedy: "hand in the output for one image at a time".to_owned(),
        });
    }
    let Some(config) = objects.first().copied().and_then(Config::read) else { return };
    case.read.insert(via);
    // What is missing from a text that breaks may stand behind the break.
    let whole = text.get(config.span.range()).is_some_and(|it| json::check(it).is_ok());
    Reader { case, source, via, whole }.config(&config);
}

/// The objects of an inspect output: the items of an array, or objects after each other.
fn objects(text: &str) -> Vec<Json<'_>> {
    let mut objects = Vec::new();
    let mut next = Json::first(text);
    while let Some(it) = next {
        match it.shape() {
            Shape::Array => objects.extend(it.items()),
            _ => objects.push(it),
        }
        next = it.next();
    }
    objects.retain(|it| it.shape() == Shape::Object);
    objects
}

struct Reader<'a> {
    case: &'a mut Case,
    source: SourceId,
    via: Input,
    /// Whether the configuration can be read to its end.
    whole: bool,
}

impl Reader<'_> {
    fn seen<T>(&self, value: T, span: Span) -> Seen<T> {
        let at = Locus::Text { source: self.source, span };
        Seen { value: Ok(value), at, via: self.via, reach: Reach::Image }
    }

    fn config(&mut self, config: &Config) {
        let user = match &config.user {
            Some(it) => self.seen(User::new(it.text.as_str()), it.span),
            // A missing user is an answer here: root.
            None => self.missing(User::new(""), "the user", config.span),
        };
        self.case.facts.user.seen.push(user);
        for it in &config.env {
            self.variable(&it.name, &it.value, it.span);
        }
        for it in &config.volumes {
            let volume = self.seen(it.text.as_str().to_owned(), it.span);
            self.case.facts.volumes.push(volume);
        }
        let entrypoint = self.command(&config.entrypoint, "the entry point", config.span);
        self.case.facts.entrypoint.seen.push(entrypoint);
        let cmd = self.command(&config.cmd, "the command", config.span);
        self.case.facts.cmd.seen.push(cmd);
        self.metadata(config);
    }

    /// What the configuration says beside users and commands.
    fn metadata(&mut self, config: &Config) {
        let healthcheck = match &config.healthcheck {
            Some(it) => {
                let check = healthcheck(&it.test);
                if let Some(command) = &check.command {
                    self.credentials(command);
                }
                self.seen(check, it.span)
            }
            None => self.missing(Healthcheck { command: None }, "the health check", config.span),
        };
        self.case.facts.healthcheck.seen.push(healthcheck);
        if let Some(it) = &config.working_dir {
            let path = if it.text.is_empty() { "/" } else { it.text.as_str() };
            let seen = self.seen(path.to_owned(), it.span);
            self.case.facts.workdir.seen.push(seen);
        }
        if let Some(it) = &config.stop_signal {
            let seen = self.seen(it.text.as_str().to_owned(), it.span);
            self.case.facts.stop_signal.seen.push(seen);
        }
        for it in &config.exposed_ports {
            if let Some(port) = Port::read(it.text.as_str()) {
                let seen = self.seen(port, it.span);
                self.case.facts.ports.push(seen);
            }
        }
        for (name, value) in &config.labels {
            let value = Some(value.text.as_str().to_owned());
            let label = Label { name: name.text.as_str().to_owned(), value };
            let seen = self.seen(label, name.span);
            self.case.facts.labels.push(seen);
        }
        for it in &config.on_build {
            let seen = self.seen(it.text.as_str().to_owned(), it.span);
            self.case.facts.triggers.push(seen);
        }
    }

    /// What it means that something is not there, seen at the opening brace.
    fn missing<T>(&self, meaning: T, what: &str, config: Span) -> Seen<T> {
        let mut seen = self.seen(meaning, Span::new(config.start(), config.start() + 1));
        if !self.whole {
            let why = format!("the JSON breaks before it names {what}");
            seen.value = Err(Why::Unreadable(why.into()));
        }
        seen
    }

    fn variable(&mut self, name: &Cooked, value: &Cooked, span: Span) {
        let secret = is_secret(name.as_str(), Some(value.as_str()));
        if secret {
            mask_secret(self.case, self.source, value.whole(), value.as_str());
        }
        let it = EnvVar {
            name: name.as_str().to_owned(),
            value: Some(value.as_str().to_owned()),
            origin: Origin::Env,
            secret,
        };
        let it = self.seen(it, span);
        self.case.facts.env.push(it);
    }

    fn credentials(&mut self, command: &StartCommand) {
        let (source, via) = (self.source, self.via);
        let around = given::Around { source, via, reach: Reach::Image, start: true };
        given::read(self.case, &command.commands, &around);
    }

    fn command(&mut self, words: &[Text], what: &str, config: Span) -> Seen<StartCommand> {
        let (Some(first), Some(last)) = (words.first(), words.last()) else {
            return self.missing(step::start_of_words(&[]), what, config);
        };
        let span = first.span.to(last.span);
        let command = step::start_of_words(words);
        self.credentials(&command);
        self.seen(command, span)
    }
}

/// `["NONE"]`, `["CMD", …]` or `["CMD-SHELL", …]`.
fn healthcheck(test: &[Text]) -> Healthcheck {
    let command = match test.split_first() {
        Some((kind, [text, ..])) if kind.text.as_str() == "CMD-SHELL" => {
            Some(step::start_of_text(text))
        }
        Some((kind, words)) if kind.text.as_str() != "NONE" => Some(step::start_of_words(words)),
        _ => None,
    };
    Healthcheck { command }
}

/// The value of a variable that holds a secret is not shown anywhere. `place`: where it stands;
/// `value`: what a program reads there. What everybody tries first is hidden there and nowhere
/// else: `postgres` is the name of many other things.
pub(super) fn mask_secret(case: &mut Case, source: SourceId, place: Span, value: &str) {
    // Of an address only the password is hidden, if it stands there as it is.
    if let Some(password) = password_in_address(value).filter(|it| !it.is_empty()) {
        let shown = secrets::masked_password(password);
        let written = case.text(source).get(place.range()).unwrap_or_default();
        let hidden = written.rfind(&format!(":{password}@")).map(|at| {
            let start = place.start() as usize + at + 1;
            Span::of(start..start + password.len())
        });
        case.hidden.place(source, hidden.unwrap_or(place), &shown);
        if !is_stand_in(password) {
            case.hidden.value(password, &shown);
        }
        return;
    }
    let everywhere = (!is_stand_in(value)).then_some(value);
    case.hidden.named(source, place, everywhere, secrets::masked_password(value));
}

/// The password in an address such as `postgres://app:password@host/`.
fn password_in_address(value: &str) -> Option<&str> {
    let (_, behind) = value.split_once("://")?;
    let (user, _) = behind.split('/').next()?.rsplit_once('@')?;
    user.split_once(':').map(|(_, password)| password)
}
