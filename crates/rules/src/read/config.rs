//! Reads the configuration of an image or a container.

use image::json::{Json, Shape};
use image::{Config, Text};
use report::{Input, Locus, Problem};
use text::{Cooked, SourceId, Span};

use crate::Case;
use crate::case::Mask;
use crate::facts::{EnvVar, Origin, Reach, Seen, StartCommand, User};
use crate::knowledge::env_names;

/// Reads `docker inspect` output, or a config blob. `via`: how authoritative it is.
pub(super) fn read(case: &mut Case, source: SourceId, via: Input) {
    let text = case.text(source).to_owned();
    let Some(root) = Json::first(&text) else { return };
    let objects: Vec<Json<'_>> = match root.shape() {
        Shape::Array => root.items().collect(),
        _ => vec![root],
    };
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
    Reader { case, source, via }.config(&config);
}

struct Reader<'a> {
    case: &'a mut Case,
    source: SourceId,
    via: Input,
}

impl Reader<'_> {
    fn seen<T>(&self, value: T, span: Span) -> Seen<T> {
        let at = Locus::Text { source: self.source, span };
        Seen { value: Ok(value), at, via: self.via, reach: Reach::Image }
    }

    fn config(&mut self, config: &Config) {
        // A missing user is an answer here: root.
        let (user, span) = match &config.user {
            Some(it) => (it.text.as_str(), it.span),
            None => ("", Span::new(config.span.start(), config.span.start() + 1)),
        };
        let user = self.seen(User::new(user), span);
        self.case.facts.user.seen.push(user);
        for it in &config.env {
            self.variable(&it.name, &it.value, it.span);
        }
        for it in &config.volumes {
            let volume = self.seen(it.text.as_str().to_owned(), it.span);
            self.case.facts.volumes.push(volume);
        }
        let entrypoint = self.command(&config.entrypoint, config.span);
        self.case.facts.entrypoint.seen.push(entrypoint);
        let cmd = self.command(&config.cmd, config.span);
        self.case.facts.cmd.seen.push(cmd);
    }

    fn variable(&mut self, name: &Cooked, value: &Cooked, span: Span) {
        mask_secret(self.case, self.source, name.as_str(), value.whole(), value.as_str());
        let it = EnvVar {
            name: name.as_str().to_owned(),
            value: Some(value.as_str().to_owned()),
            origin: Origin::Env,
        };
        let it = self.seen(it, span);
        self.case.facts.env.push(it);
    }

    fn command(&self, words: &[Text], config: Span) -> Seen<StartCommand> {
        let span = match (words.first(), words.last()) {
            (Some(first), Some(last)) => first.span.to(last.span),
            _ => Span::new(config.start(), config.start() + 1),
        };
        let text = |it: &Text| it.text.as_str().to_owned();
        let words: Vec<String> = words.iter().map(text).collect();
        let shell =
            matches!(&words[..], [program, flag, ..] if program.ends_with("sh") && flag == "-c");
        self.seen(StartCommand { words, shell }, span)
    }
}

/// The value of a variable that is named like a secret is not shown anywhere. `place`: where it
/// stands; `value`: what a program reads there.
pub(super) fn mask_secret(case: &mut Case, source: SourceId, name: &str, place: Span, value: &str) {
    if value.is_empty() || !env_names::is_secret(name, Some(value)) {
        return;
    }
    let (value, shown) = (value.to_owned(), masked_password(value));
    case.masks.push(Mask { source, span: place, value, shown });
}

/// What is shown of a password: nothing but how long it is, roughly.
fn masked_password(text: &str) -> String {
    let length = match text.chars().count() {
        0..=7 => "1 to 7",
        8..=15 => "8 to 15",
        16..=31 => "16 to 31",
        32..=63 => "32 to 63",
        _ => "64 or more",
    };
    format!("\u{2039}{length} characters\u{203a}")
}
