//! The messages between the page and its worker.
//!
//! They travel as text. A dropped file does not: its `File` handle is posted beside the
//! message, and the worker reads slices of it.

use serde::{Deserialize, Serialize};
use text::{Date, SourceId, Span};

pub use crate::browse::{Browse, Cells, File, Listing, Only, Row, Tile};
use crate::{Kind, Report, RuleInfo, Sheet, read};

/// Something handed in.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Handed {
    /// Its name: a file name, or a word such as `pasted`.
    pub name: String,
    /// What the person says it is, when that differs from what it looks like.
    pub taken_for: Option<Kind>,
    /// What it says.
    pub content: Content,
}

/// Where the worker finds the content.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Content {
    /// Here.
    Text(String),
    /// In the file posted beside the message, by its index in the list of files.
    File(u32),
}

/// What somebody chose where what was handed in leaves a choice.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Choices {
    /// Which of several images, containers or documents are meant, by their names.
    pub picks: Vec<String>,
    /// The stage that is built; the last one if not given.
    pub target: Option<String>,
    /// What the project's settings file says.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub settings: Option<String>,
    /// The build context, as people list it: a path on each line and, behind a line `.dockerignore:`, the
    /// indented lines of that file.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub context: Option<String>,
}

/// What was handed in and chosen, as a file to open again or as what a link carries.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Session {
    /// What was handed in, as texts.
    pub documents: Vec<Handed>,
    /// What was chosen.
    pub choices: Choices,
}

/// How sessions begin, by which they are known among other files.
pub const SESSION: &str = "{\"schema\":\"plimsoll-session/1\",";

impl Session {
    /// The session as it is saved.
    pub fn to_text(&self) -> Option<String> {
        let documents = serde_json::to_string(&self.documents).ok()?;
        let choices = serde_json::to_string(&self.choices).ok()?;
        Some(format!("{SESSION}\"documents\":{documents},\"choices\":{choices}}}\n"))
    }
}

/// What the worker is to make of a case.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Want {
    /// Its report.
    Report,
    /// How to run the image with no more than it needs.
    Advice,
    /// Its Dockerfiles as a [`Session`], with everything masked that no output shows.
    Session,
    /// Its report in a format for other programs.
    Export(Format),
}

/// A format for other programs, and for people.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Format {
    /// JSON, as the command line writes it.
    Json,
    /// Markdown, for reviews.
    Markdown,
    /// SARIF 2.1.0, for code scanning.
    Sarif,
    /// A page to file.
    Html,
    /// JUnit, for test reports.
    Junit,
    /// GitLab code quality.
    Gitlab,
    /// rdjson, for reviewdog.
    Rdjson,
    /// Checkstyle.
    Checkstyle,
}

impl Format {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Json,
        Self::Markdown,
        Self::Html,
        Self::Sarif,
        Self::Junit,
        Self::Gitlab,
        Self::Rdjson,
        Self::Checkstyle,
    ];

    /// What people call it, and the name of a file in it.
    pub fn names(self) -> (&'static str, &'static str) {
        match self {
            Self::Json => ("JSON", "plimsoll.json"),
            Self::Markdown => ("Markdown", "plimsoll.md"),
            Self::Sarif => ("SARIF", "plimsoll.sarif"),
            Self::Html => ("HTML page", "plimsoll.html"),
            Self::Junit => ("JUnit", "plimsoll-junit.xml"),
            Self::Gitlab => ("GitLab code quality", "gl-code-quality-report.json"),
            Self::Rdjson => ("rdjson", "plimsoll.rdjson"),
            Self::Checkstyle => ("Checkstyle", "plimsoll-checkstyle.xml"),
        }
    }
}

/// From the page to the worker.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ask {
    /// Check these together, as one case.
    Check {
        /// Answers carry this number; the page ignores answers to jobs it has given up.
        job: u32,
        /// Equal for jobs about the same inputs, of which the worker may still have what it read.
        revision: u32,
        /// The day against which ages are judged.
        today: Date,
        /// What was handed in.
        documents: Vec<Handed>,
        /// How far reading a saved image had come when the worker had to be ended over it. Its layers
        /// are not read then, and the report says so.
        #[serde(default)]
        cancelled: Option<Progress>,
        /// What was chosen.
        choices: Choices,
        /// What to make of it.
        want: Want,
    },
    /// Check two versions, each as one case, and say what became of the findings: the answer is a
    /// [`Tell::Gave`] with a [`crate::Comparison`] as JSON and, behind NULs, as Markdown: all of it, and what
    /// stands on changed lines. What there is now may be a patch of what there was before.
    Compare {
        /// Answers carry this number.
        job: u32,
        /// The day against which ages are judged.
        today: Date,
        /// What there was before.
        old: Vec<Handed>,
        /// What there is now.
        new: Vec<Handed>,
    },
    /// Show files of the saved image that was checked last.
    Browse {
        /// What somebody wants of them.
        browse: Browse,
        /// The first row that shows.
        first: u32,
        /// How many rows show.
        count: u32,
    },
    /// Stop what is being done. What was read so far is answered with, and the rest is a gap; nothing
    /// if nothing is being done.
    Stop,
}

/// How far reading a saved image has come.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Progress {
    /// Bytes read of the archive as it is stored.
    pub done: u64,
    /// Bytes that will be read.
    pub total: u64,
    /// Files in which secrets were found so far.
    pub found: u32,
    /// The layer that is being read, in words.
    pub layer: String,
    /// The first of the secrets and where they stand, in words. Whether containers have them will only
    /// be known when all is read.
    #[serde(skip)]
    pub findings: Vec<String>,
}

/// From the worker to the page. `R`: what a report is: on this side a [`Report`], on the other side what
/// is read of it, a [`Sheet`].
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Tell<R = Report> {
    /// The engine runs. Sent once, before anything else.
    Ready {
        /// Must equal the page's own version, or the page reloads.
        version: String,
        /// Every rule, in rule order.
        rules: Vec<RuleInfo>,
    },
    /// The job goes on; sent now and then while much is read.
    Progress {
        /// Which job.
        job: u32,
        /// How far it is.
        progress: Progress,
    },
    /// The report of a job.
    Done {
        /// Which job.
        job: u32,
        /// What the engine says.
        report: Box<R>,
        /// The names of the stages that could be built, if there are several.
        stages: Vec<String>,
        /// Where secrets stand in the inputs, for a page that shows lines of them. What they are is
        /// not said.
        hidden: Vec<(SourceId, Span)>,
    },
    /// What else was wanted of a case, as text; the page knows what it asked for.
    Gave {
        /// Which job.
        job: u32,
        /// The advice as JSON, or the export as it is saved.
        text: String,
    },
    /// How many bytes of memory the engine has, which never become fewer. Sent before what was asked
    /// for, if that had something read.
    Memory(u64),
    /// Files of the saved image that was checked last; nothing if the worker does not have it any
    /// more.
    Files(Option<Box<Listing>>),
    /// The worker could not do the job, but lives.
    Broke {
        /// Which job.
        job: u32,
        /// What went wrong, without any input text.
        what: String,
    },
}

impl Ask {
    /// The message as it is posted.
    pub fn to_text(&self) -> Result<String, serde_json::Error> {
        serde_json::to_string(self)
    }

    /// Reads a posted message.
    pub fn from_text(text: &str) -> Result<Self, serde_json::Error> {
        serde_json::from_str(text)
    }
}

/// How the worker introduces itself.
#[derive(Serialize)]
struct Introduction<'a> {
    version: &'a str,
    rules: &'a [RuleInfo],
}

impl<R> Tell<R> {
    /// The report of a job.
    pub fn done(job: u32, report: R, stages: Vec<String>) -> Self {
        Self::Done { job, report: Box::new(report), stages, hidden: Vec::new() }
    }

    /// The same, with where secrets stand.
    #[must_use]
    pub fn hiding(mut self, places: Vec<(SourceId, Span)>) -> Self {
        if let Self::Done { hidden, .. } = &mut self {
            *hidden = places;
        }
        self
    }
}

impl Tell {
    /// The message as it is posted: a line that says what it is, and the rest. A report travels as a
    /// [`Sheet`].
    pub fn to_text(&self) -> Result<String, serde_json::Error> {
        Ok(match self {
            Self::Ready { version, rules } => {
                let introduction = serde_json::to_string(&Introduction { version, rules })?;
                format!("ready\n{introduction}")
            }
            Self::Progress { job, progress } => {
                let Progress { done, total, found, layer, findings } = progress;
                let findings: String = findings.iter().map(|it| format!("\n{it}")).collect();
                format!("progress {job}\n{done} {total} {found} {layer}{findings}")
            }
            Self::Done { job, report, stages, hidden } => {
                let sheet = Sheet::write(report)?;
                let stages: String = stages.iter().map(|it| format!(" {it}")).collect();
                let place = |(source, span): &(SourceId, Span)| {
                    format!("\t{} {} {}", source.0, span.start(), span.end())
                };
                let hidden: String = hidden.iter().map(place).collect();
                format!("done {job}{stages}{hidden}\n{sheet}")
            }
            Self::Gave { job, text } => format!("gave {job}\n{text}"),
            Self::Memory(bytes) => format!("memory\n{bytes}"),
            Self::Files(None) => "gone\n".to_owned(),
            Self::Files(Some(it)) => format!("files\n{}", it.to_text()),
            Self::Broke { job, what } => format!("broke {job}\n{what}"),
        })
    }
}

impl Tell<Sheet> {
    /// Reads a posted message.
    pub fn from_text(text: String) -> Option<Self> {
        let (head, body) = text.split_once('\n')?;
        // What is hidden stands behind the words, each place behind a tab.
        let mut parts = head.split('\t');
        let mut words = parts.next()?.split(' ');
        let word = words.next()?;
        let job = words.next().unwrap_or("0").parse().ok()?;
        match word {
            "ready" => {
                let (version, rules) = read::introduction(body)?;
                Some(Self::Ready { version, rules })
            }
            "done" => {
                let stages = words.map(str::to_owned).collect();
                let hidden = parts.map(place).collect::<Option<Vec<_>>>()?;
                let start = head.len() + 1;
                let report = Box::new(Sheet::parse(text, start)?);
                Some(Self::Done { job, report, stages, hidden })
            }
            "progress" => {
                let mut lines = body.lines();
                let mut parts = lines.next()?.splitn(4, ' ');
                let mut number = || parts.next()?.parse::<u64>().ok();
                let (done, total, found) = (number()?, number()?, number()?.try_into().ok()?);
                let layer = parts.next()?.to_owned();
                let findings = lines.map(str::to_owned).collect();
                let progress = Progress { done, total, found, layer, findings };
                Some(Self::Progress { job, progress })
            }
            "gave" => Some(Self::Gave { job, text: body.to_owned() }),
            "memory" => Some(Self::Memory(body.parse().ok()?)),
            "gone" => Some(Self::Files(None)),
            "files" => Some(Self::Files(Some(Box::new(Listing::from_text(body)?)))),
            "broke" => Some(Self::Broke { job, what: body.to_owned() }),
            _ => None,
        }
    }
}

/// Reads where a secret stands.
fn place(text: &str) -> Option<(SourceId, Span)> {
    let mut numbers = text.split(' ');
    let source = SourceId(numbers.next()?.parse().ok()?);
    let (start, end) = (numbers.next()?.parse().ok()?, numbers.next()?.parse().ok()?);
    (start <= end).then(|| (source, Span::new(start, end)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Applies, Question, Severity};

    #[test]
    fn sessions_are_read_as_they_are_written() {
        let handed =
            |name: &str, taken_for, content| Handed { name: name.to_owned(), taken_for, content };
        let session = Session {
            documents: vec![
                handed("a \"b\"", None, Content::Text("FROM a\r\n\u{1f433}".to_owned())),
                handed("c", Some(Kind::History), Content::File(3)),
            ],
            choices: Choices {
                picks: vec!["x".to_owned()],
                target: Some("y".to_owned()),
                settings: Some("target = \"y\"\n".to_owned()),
                context: Some("a\n.dockerignore:\n  b\n".to_owned()),
            },
        };
        assert_eq!(read::session(&session.to_text().unwrap()), Some(session));
        for wrong in ["", "{}", "[]", "{\"schema\":\"plimsoll-session/2\",\"documents\":[]}"] {
            assert_eq!(read::session(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn messages_are_read_as_they_are_written() {
        let rule = RuleInfo {
            id: "a-rule".into(),
            title: "A title".into(),
            question: Some(Question::Root),
            severity: Severity::Low,
            applies: Applies::Host,
            aka: Vec::new(),
        };
        let progress = Progress {
            done: 1 << 40,
            total: 1 << 41,
            found: 3,
            layer: "a layer".to_owned(),
            findings: vec!["a token in /a b".to_owned(), "a key".to_owned()],
        };
        // Both sides have the same words for all but reports.
        macro_rules! told {
            ($($tell:expr),* $(,)?) => {
                $({
                    let text = Tell::<Report>::to_text(&$tell).unwrap();
                    assert_eq!(Tell::<Sheet>::from_text(text), Some($tell));
                })*
            };
        }
        told![
            Tell::Ready { version: "1.0.0".to_owned(), rules: vec![rule.clone()] },
            Tell::Progress { job: 7, progress: progress.clone() },
            Tell::Gave { job: 9, text: "a\nb".to_owned() },
            Tell::Memory(3 << 40),
            Tell::Files(None),
            Tell::Files(Some(Box::default())),
            Tell::Broke { job: 10, what: "a reason".to_owned() },
        ];
        for wrong in
            ["", "done 1", "done x\n{}", "done 1\n{}", "done 1\t0 9 3\n{}", "hello\n", "ready\n[]"]
        {
            assert_eq!(Tell::from_text(wrong.to_owned()), None, "{wrong}");
        }
    }

    #[test]
    fn reports_are_told_with_what_belongs_to_them() {
        let report = read::tests::everything();
        let places =
            vec![(SourceId(0), Span::new(3, 9)), (SourceId(12), Span::new(70_000, 70_000))];
        for (names, places) in [(&["build", "final"][..], Vec::new()), (&[], places)] {
            let names: Vec<String> = names.iter().map(|it| (*it).to_owned()).collect();
            let tell = Tell::done(7, report.clone(), names.clone()).hiding(places.clone());
            let told = Tell::from_text(tell.to_text().unwrap());
            let Some(Tell::Done { job: 7, report: sheet, stages, hidden }) = told else {
                panic!("{told:?}")
            };
            assert_eq!((stages, hidden), (names, places));
            let full: Vec<_> = (0..sheet.findings.len()).map(|it| sheet.finding(it)).collect();
            let all: Vec<_> = report.findings().map(|it| Some(it.1)).collect();
            assert_eq!(full, all);
        }
    }
}
