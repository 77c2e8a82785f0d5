//! Reads the configuration of an image or a container.

use image::json::{self, Json, Shape};
use image::{Config, Text, base64, schema_one};
use report::{Input, Locus, Why};
use secrets::names::{is_secret, is_stand_in};
use text::{Cooked, SourceId, Span};

use super::{given, step, written};
use crate::Case;
use crate::documents::Chosen;
use crate::facts::{EnvVar, Healthcheck, Label, Origin, Port, Reach, Seen, StartCommand, User};
use crate::recognize::Content;

/// An image whose configuration was read.
pub(super) struct Image {
    /// The text that holds it.
    pub(super) source: SourceId,
    /// The configuration.
    pub(super) config: Config,
    /// Its history, when that is told with it.
    pub(super) history: image::history::History,
    /// The base image, when a label or an annotation names it.
    pub(super) base_name: Option<String>,
}

/// Reads a container: its configuration is the image's with the run options applied.
pub(super) fn container(case: &mut Case, it: &Chosen) {
    let text = case.text(it.source).to_owned();
    let object = text
        .get(..it.part.span.range().end)
        .and_then(|text| Json::at(text, it.part.span.range().start));
    written::read(case, it.source, it.part.span, Input::Run);
    match object.and_then(Config::read) {
        Some(config) => read(case, it.source, &text, &config, Input::Run),
        None => {
            case.read.insert(Input::Run);
        }
    }
}

/// Reads an image's configuration, unpacking it where it is kept in strings.
pub(super) fn image(case: &mut Case, it: &Chosen) -> Option<Image> {
    let (mut source, mut span) = (it.source, it.part.span);
    let whole = case.text(source).to_owned();
    let name = case.sources.get(usize::from(source.0)).map(|it| it.name.to_string())?;
    let name = format!("{name} (unpacked)");
    match it.part.content {
        Content::SchemaOne => {
            let unpacked =
                schema_one(Json::at(whole.get(..span.range().end)?, span.range().start)?)?;
            written::read(case, source, span, Input::Config);
            let text = unpacked.text.clone();
            source = case.derive(source, &name, &text, Some(std::sync::Arc::new(unpacked)));
            span = Span::of(0..text.len());
        }
        Content::Encoded => {
            let encoded = Json::at(&whole, span.range().start)?.string()?;
            let text = base64(encoded.as_str())?;
            source = case.derive(source, &name, &text, None);
            span = Span::of(0..text.len());
            written::read(case, source, span, Input::Config);
        }
        _ => written::read(case, source, span, Input::Config),
    }
    let text = case.text(source).to_owned();
    let value = Json::at(text.get(..span.range().end)?, span.range().start)?;
    // Of the layers of an old manifest, the newest has the configuration.
    let object = if value.shape() == Shape::Array { value.items().next()? } else { value };
    if it.part.content == Content::Summary {
        summary(case, source, object);
        return None;
    }
    let config = Config::read(object)?;
    let is_name = |name: &&String| !name.starts_with("sha256:") && !name.contains('@');
    case.image_name = it.part.names.iter().find(is_name).cloned();
    let system = object.get("os").or_else(|| object.get("Os")).and_then(Json::string);
    case.is_windows = system.is_some_and(|it| it.as_str() == "windows");
    read(case, source, &text, &config, Input::Config);
    let entries = match it.part.content {
        Content::SchemaOne => image::history::records(value.items()),
        _ => {
            let list = object.get("history").or_else(|| object.get("History"));
            list.map(|it| image::history::records(it.items())).unwrap_or_default()
        }
    };
    let base_name = base_name(object, &config);
    Some(Image { source, config, history: entries, base_name })
}

/// The base image by the label or the annotation that names it.
fn base_name(object: Json<'_>, config: &Config) -> Option<String> {
    const NAME: &str = "org.opencontainers.image.base.name";
    let label = config.labels.iter().rfind(|(name, _)| name.text.as_str() == NAME);
    let annotation = || {
        let annotations = object.get("Descriptor")?.get("annotations")?;
        Some(annotations.get(NAME)?.string()?.as_str().to_owned())
    };
    label.map(|(_, value)| value.text.as_str().to_owned()).or_else(annotation)
}

/// Reads environment and labels where nothing else of a configuration is told.
fn summary(case: &mut Case, source: SourceId, object: Json<'_>) {
    let Some(config) = Config::summary(object) else { return };
    let why = Why::Incomplete(Box::new(report::Incomplete {
        what: "`skopeo inspect` shows neither the user nor the command of an image".into(),
        input: Input::Config,
        command: "skopeo inspect --config docker://IMAGE".into(),
    }));
    let start = object.span().start();
    let at = Locus::Text { source, span: Span::new(start, start + 1) };
    case.facts.user.seen.push(Seen {
        value: Err(why),
        at,
        via: Input::Config,
        reach: Reach::Image,
    });
    case.read.insert(Input::Config);
    let mut reader = Reader { case, source, via: Input::Config, whole: false };
    for it in &config.env {
        reader.variable(&it.name, &it.value, it.span);
    }
    reader.labels(&config);
}

/// Reads a configuration. `text`: the text it is in; `via`: how authoritative it is.
fn read(case: &mut Case, source: SourceId, text: &str, config: &Config, via: Input) {
    case.read.insert(via);
    // What is missing from a text that breaks may stand behind the break.
    let whole = text.get(config.span.range()).is_some_and(|it| json::check(it).is_ok());
    Reader { case, source, via, whole }.config(config);
}

/// Reads what options set on top of an image's configuration: what they do not set is the image's.
pub(super) fn options(case: &mut Case, source: SourceId, config: &Config) {
    let mut reader = Reader { case, source, via: Input::Run, whole: true };
    if let Some(it) = &config.user {
        let user = reader.seen(User::new(it.text.as_str()), it.span);
        reader.case.facts.user.seen.push(user);
    }
    for it in &config.env {
        reader.variable(&it.name, &it.value, it.span);
    }
    if let Some(first) = config.entrypoint.first() {
        let seen = reader.command(&config.entrypoint, "the entry point", first.span);
        reader.case.facts.entrypoint.seen.push(seen);
    }
    if let Some(first) = config.cmd.first() {
        let seen = reader.command(&config.cmd, "the command", first.span);
        reader.case.facts.cmd.seen.push(seen);
    }
    if let Some(it) = &config.healthcheck {
        let seen = reader.seen(healthcheck(&it.test), it.span);
        reader.case.facts.healthcheck.seen.push(seen);
    }
    if let Some(it) = &config.working_dir {
        let seen = reader.seen(it.text.as_str().to_owned(), it.span);
        reader.case.facts.workdir.seen.push(seen);
    }
}

/// An entry point that the options set takes away the image's command, unless they set one as well.
pub(super) fn without_command(case: &mut Case) {
    let of_options = |it: &&Seen<StartCommand>| it.via == Input::Run;
    if case.facts.cmd.seen.iter().any(|it| of_options(&it)) {
        return;
    }
    let Some(entrypoint) = case.facts.entrypoint.seen.iter().find(of_options) else { return };
    let none = Seen { value: Ok(step::start_of_words(&[])), ..entrypoint.clone() };
    case.facts.cmd.seen.push(none);
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
        self.labels(config);
        for it in &config.on_build {
            let seen = self.seen(it.text.as_str().to_owned(), it.span);
            self.case.facts.triggers.push(seen);
        }
    }

    fn labels(&mut self, config: &Config) {
        for (name, value) in &config.labels {
            let value = Some(value.text.as_str().to_owned());
            let label = Label { name: name.text.as_str().to_owned(), value };
            let seen = self.seen(label, name.span);
            self.case.facts.labels.push(seen);
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
