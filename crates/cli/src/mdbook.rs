//! `plimsoll mdbook`: a preprocessor for mdBook. It checks what fences state, writes it below them, and
//! fails the book when a statement is wrong.
//!
//! mdBook hands over a list of two, what it is doing and the book, and takes the book back. The book is
//! passed on as it came but for the text of its chapters, so that it may be of any version.

use std::fmt::Write;
use std::io::Read;
use std::ops::Range;
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag};
use serde_json::Value;
use text::{Date, visible};

use crate::arguments::{Book, BookQuestion};
use crate::check::{clock, tell};
use crate::docs::fence::{self, Fence, READABLE, Said};
use crate::docs::render::{escape, fragment};

/// Chapters lie in chapters; a book that goes deeper than this was not made by mdBook.
const DEEPEST: usize = 64;

/// Answers mdBook.
pub(crate) fn run(wish: &Book) -> Result<ExitCode> {
    if let Some(BookQuestion::Supports { renderer }) = &wish.question {
        // What is added is HTML.
        return Ok(if renderer == "html" { ExitCode::SUCCESS } else { ExitCode::FAILURE });
    }
    let mut input = String::new();
    std::io::stdin().read_to_string(&mut input).context("cannot read the book")?;
    let given: Value = serde_json::from_str(&input).context(
        "this is no book; mdBook calls this program by itself, see `plimsoll docs embed`",
    )?;
    let [context, book] = given.as_array().map(Vec::as_slice).unwrap_or_default() else {
        bail!("this is no book: a list of two is expected, what mdBook does and the book");
    };
    let checker = context.pointer("/config/preprocessor/plimsoll/checker");
    let checker = checker.and_then(Value::as_str).map(str::to_owned);
    let today = wish.today.map_or_else(clock, Ok)?;
    let mut work = Work { checker, ..Work::new(today) };
    let mut book = book.clone();
    work.walk(&mut book, 0)?;
    if let Some(count) = work.tell_wrong()? {
        bail!("{count} wrong in this book");
    }
    crate::print(&serde_json::to_string(&book)?)?;
    Ok(ExitCode::SUCCESS)
}

/// Texts with fences, one after another.
pub(crate) struct Work {
    /// Where links lead that open an example.
    pub(crate) checker: Option<String>,
    /// The day to judge ages by.
    pub(crate) today: Date,
    /// Whether what a fence states is taken out of it: not every renderer takes a fence with such words for one.
    pub(crate) is_bare: bool,
    /// How many statements there were.
    pub(crate) n_stated: usize,
    /// What is stated and not so, a line each.
    wrong: Vec<String>,
}

/// Fences that are one case.
#[derive(Default)]
struct Case {
    documents: Vec<(String, String)>,
    states: Vec<(report::Verdict, String)>,
    /// Words that look like a statement and are none.
    misspelled: Vec<String>,
    is_part: bool,
    /// Where the first lines of its fences stand, behind the marks that open them.
    infos: Vec<Range<usize>>,
    /// Where the first one begins and where the last one ends in the chapter.
    range: Range<usize>,
}

impl Work {
    pub(crate) fn new(today: Date) -> Self {
        Self { checker: None, today, is_bare: false, n_stated: 0, wrong: Vec::new() }
    }

    fn walk(&mut self, value: &mut Value, depth: usize) -> Result<()> {
        if depth > DEEPEST {
            bail!("the chapters of this book lie deeper in each other than those of any book");
        }
        match value {
            Value::Array(items) => {
                for it in items {
                    self.walk(it, depth + 1)?;
                }
            }
            Value::Object(fields) => {
                for (name, value) in fields.iter_mut() {
                    if name == "Chapter" {
                        self.chapter(value);
                    }
                    // The parts of a book have had several names; a chapter's are in `sub_items`.
                    if ["Chapter", "sub_items", "sections", "items"].contains(&&**name) {
                        self.walk(value, depth + 1)?;
                    }
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn chapter(&mut self, chapter: &mut Value) {
        let name = ["path", "name"].iter().find_map(|it| chapter.get(it)?.as_str());
        let name = name.unwrap_or("a chapter").to_owned();
        if let Some(Value::String(content)) = chapter.get_mut("content") {
            self.text(&name, content);
        }
    }

    /// Checks what the fences of a text state, and writes it below them.
    pub(crate) fn text(&mut self, name: &str, content: &mut String) {
        let mut edits: Vec<(Range<usize>, String)> = Vec::new();
        for case in cases(content) {
            let line = 1 + content.get(..case.range.start).map_or(0, |it| it.matches('\n').count());
            self.check(&case, &format!("{name}:{line}"));
            if self.is_bare {
                let bare = |it: &Range<usize>| Some((it.clone(), bare(content.get(it.clone())?)));
                edits.extend(case.infos.iter().filter_map(bare));
            }
            if let Some(mark) = self.mark(content, &case) {
                edits.push((case.range.end..case.range.end, mark));
            }
        }
        for (range, with) in edits.into_iter().rev() {
            content.replace_range(range, &with);
        }
    }

    /// Tells what is stated and not so; how many statements, in words, or nothing if there are none.
    pub(crate) fn tell_wrong(&self) -> Result<Option<String>> {
        for it in &self.wrong {
            tell(&visible(it).to_string())?;
        }
        Ok(match self.wrong.len() {
            0 => None,
            1 => Some("1 statement is".to_owned()),
            n => Some(format!("{n} statements are")),
        })
    }

    fn check(&mut self, case: &Case, place: &str) {
        for word in &case.misspelled {
            let line = format!("{place}: `{word}` states nothing; say fails=, passes= or unknown=");
            self.wrong.push(line);
        }
        if case.states.is_empty() {
            return;
        }
        self.n_stated += case.states.len();
        let said = Said::of(&case.documents, self.today);
        for (stated, name) in &case.states {
            let word = fence::shown(*stated).2;
            let Some(is) = said.verdict(name) else {
                let line = format!("{place}: `{name}` is no rule and none of the four questions");
                self.wrong.push(line);
                continue;
            };
            if is == *stated {
                continue;
            }
            let mut line = format!("{place}: stated is {name} {word}, but it {}", says(is));
            if let Some(reason) = said.reason(name) {
                let _ = write!(line, ": {reason}");
            }
            self.wrong.push(line);
        }
    }

    /// What stands below the fence. Nothing where the fence is inside something else, which a line at
    /// the margin would end.
    fn mark(&self, content: &str, case: &Case) -> Option<String> {
        let before = content.get(..case.range.start)?;
        let is_at_margin = before.is_empty() || before.ends_with('\n');
        let link = self.checker.as_ref().filter(|_| !case.is_part);
        let link = link.and_then(|it| Some(format!("{it}#{}", fragment(&case.documents)?)));
        if !is_at_margin || case.states.is_empty() && link.is_none() {
            return None;
        }
        let mut line = String::new();
        for (verdict, name) in &case.states {
            let (class, shape, word) = fence::shown(*verdict);
            let name = escape(name);
            let _ = write!(
                line,
                "<span class=\"plimsoll-{class}\"><span aria-hidden=\"true\">{shape}</span> \
                 <code>{name}</code> {word}</span> "
            );
        }
        if let Some(link) = link {
            let _ = write!(
                line,
                "<a href=\"{}\" rel=\"noopener noreferrer\">Open in Plimsoll</a>",
                escape(&link)
            );
        }
        let behind = content.get(case.range.end..)?;
        let start = if behind.is_empty() { "\n\n" } else { "\n" };
        let end = if behind.is_empty() || behind.starts_with('\n') { "" } else { "\n" };
        Some(format!("{start}<p class=\"plimsoll\">{}</p>\n{end}", line.trim_end()))
    }
}

/// The first line of a fence without what is stated in it.
fn bare(info: &str) -> String {
    let ours = |it: &&str| {
        let word = it.trim_end_matches([' ', ',', '\r']);
        let fence = Fence::read(&format!("x {word}"));
        !word.is_empty() && fence.others.is_empty()
    };
    // The first word is the language.
    let mut words = info.trim_start().split_inclusive([' ', ',']);
    let language = words.next().unwrap_or_default();
    let kept: String = words.filter(|it| !ours(it)).collect();
    format!("{language}{kept}").trim_end_matches([' ', ',', '\r']).to_owned()
}

fn says(verdict: report::Verdict) -> &'static str {
    match verdict {
        report::Verdict::Fails => "fails",
        report::Verdict::Unknown => "is not known",
        report::Verdict::Passes => "passes",
        report::Verdict::Moot => "does not apply",
    }
}

/// The cases of a chapter, in order.
fn cases(content: &str) -> Vec<Case> {
    let mut cases: Vec<Case> = Vec::new();
    let options = Options::ENABLE_TABLES | Options::ENABLE_FOOTNOTES;
    let mut events = Parser::new_ext(content, options).into_offset_iter();
    while let Some((event, mut range)) = events.next() {
        let Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info))) = event else { continue };
        // With the end of its last line.
        if content.get(range.end..).is_some_and(|it| it.starts_with('\n')) {
            range.end += 1;
        }
        let fence = Fence::read(&info);
        let opened = content.get(range.start..).unwrap_or_default();
        let marks = opened.len() - opened.trim_start_matches(['`', '~']).len();
        let end = range.start + opened.find('\n').unwrap_or(opened.len());
        let info = range.start + marks..end.max(range.start + marks);
        let mut text = String::new();
        for (event, _) in events.by_ref() {
            match event {
                Event::Text(it) => text.push_str(&it),
                _ => break,
            }
        }
        // A misspelled verdict would state nothing, and nobody would see it.
        let looks_like = |it: &&String| it.split_once('=').is_some_and(|it| fence::is_name(it.1));
        let misspelled: Vec<String> = fence.others.iter().filter(looks_like).cloned().collect();
        let Fence { language, states, joins, is_part, others: _ } = fence;
        if !READABLE.contains(&&*language) {
            continue;
        }
        let follows = |it: &&mut Case| {
            content.get(it.range.end..range.start).is_some_and(|it| it.trim().is_empty())
        };
        match cases.last_mut().filter(|_| joins).filter(follows) {
            Some(case) => {
                case.documents.push((language, text));
                case.states.extend(states);
                case.misspelled.extend(misspelled);
                case.is_part |= is_part;
                case.range.end = range.end;
                case.infos.push(info);
            }
            None => {
                let documents = vec![(language, text)];
                let infos = vec![info];
                cases.push(Case { documents, states, misspelled, is_part, infos, range });
            }
        }
    }
    cases
}
