//! The messages between the page and its worker.
//!
//! They travel as text. A dropped file does not: its `File` handle is posted beside the
//! message, and the worker reads slices of it.

use serde::{Deserialize, Serialize};
use text::{Date, SourceId, Span};

pub use crate::browse::{Browse, Cells, File, Listing, Only, Row, Tile};
use crate::{Kind, Report, RuleInfo, read};

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

/// A format for other programs, beside JSON and Markdown, which the page writes itself.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Format {
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
    pub const ALL: [Self; 6] =
        [Self::Html, Self::Sarif, Self::Junit, Self::Gitlab, Self::Rdjson, Self::Checkstyle];

    /// What people call it, and the name of a file in it.
    pub fn names(self) -> (&'static str, &'static str) {
        match self {
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

/// From the worker to the page.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Tell {
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
        report: Box<Report>,
        /// The same as [`crate::json`] writes it, to be saved as it is.
        json: String,
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

impl Tell {
    /// The report of a job, in both its forms.
    pub fn done(job: u32, report: Report, stages: Vec<String>) -> Self {
        let json = crate::json(&report);
        Self::Done { job, report: Box::new(report), json, stages, hidden: Vec::new() }
    }

    /// The same, with where secrets stand.
    #[must_use]
    pub fn hiding(mut self, places: Vec<(SourceId, Span)>) -> Self {
        if let Self::Done { hidden, .. } = &mut self {
            *hidden = places;
        }
        self
    }

    /// The message as it is posted: a line that says what it is, and the rest. A report travels as
    /// the document that people save, so that it is written once.
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
            Self::Done { job, report: _, json, stages, hidden } => {
                let stages: String = stages.iter().map(|it| format!(" {it}")).collect();
                let place = |(source, span): &(SourceId, Span)| {
                    format!("\t{} {} {}", source.0, span.start(), span.end())
                };
                let hidden: String = hidden.iter().map(place).collect();
                format!("done {job}{stages}{hidden}\n{json}")
            }
            Self::Gave { job, text } => format!("gave {job}\n{text}"),
            Self::Memory(bytes) => format!("memory\n{bytes}"),
            Self::Files(None) => "gone\n".to_owned(),
            Self::Files(Some(it)) => format!("files\n{}", it.to_text()),
            Self::Broke { job, what } => format!("broke {job}\n{what}"),
        })
    }

    /// Reads a posted message.
    pub fn from_text(text: &str) -> Option<Self> {
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
                let report = Box::new(read::report(body)?);
                let stages = words.map(str::to_owned).collect();
                let hidden = parts.map(place).collect::<Option<Vec<_>>>()?;
                Some(Self::Done { job, report, json: body.to_owned(), stages, hidden })
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
            },
        };
        assert_eq!(read::session(&session.to_text().unwrap()), Some(session));
        for wrong in ["", "{}", "[]", "{\"schema\":\"plimsoll-session/2\",\"documents\":[]}"] {
            assert_eq!(read::session(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn messages_are_read_as_they_are_written() {
        let day = Date::new(2026, 11, 24).unwrap();
        let report = Report {
            version: "1".to_owned(),
            today: day,
            facts: day,
            sources: Vec::new(),
            read: Vec::new(),
            problems: Vec::new(),
            rules: 0,
            switched: Vec::new(),
            outcomes: Vec::new(),
            unexamined: Vec::new(),
            disagreements: Vec::new(),
            history: None,
            writable: Vec::new(),
        };
        let rule = RuleInfo {
            id: "a-rule".into(),
            title: "A title".into(),
            question: Some(Question::Root),
            severity: Severity::Low,
            applies: Applies::Host,
            aka: Vec::new(),
        };
        let tells = [
            Tell::Ready { version: "1.0.0".to_owned(), rules: vec![rule] },
            Tell::done(7, report.clone(), vec!["build".to_owned(), "final".to_owned()]),
            Tell::done(8, report.clone(), Vec::new()),
            Tell::done(9, report, vec!["final".to_owned()]).hiding(vec![
                (SourceId(0), Span::new(3, 9)),
                (SourceId(12), Span::new(70_000, 70_000)),
            ]),
            Tell::Progress {
                job: 7,
                progress: Progress {
                    done: 1 << 40,
                    total: 1 << 41,
                    found: 3,
                    layer: "a layer".to_owned(),
                    findings: vec!["a token in /a b".to_owned(), "a key".to_owned()],
                },
            },
            Tell::Gave { job: 9, text: "a\nb".to_owned() },
            Tell::Memory(3 << 40),
            Tell::Files(None),
            Tell::Files(Some(Box::default())),
            Tell::Broke { job: 10, what: "a reason".to_owned() },
        ];
        for tell in tells {
            let text = tell.to_text().unwrap();
            assert_eq!(Tell::from_text(&text), Some(tell), "{text}");
        }
        for wrong in
            ["", "done 1", "done x\n{}", "done 1\n{}", "done 1\t0 9 3\n{}", "hello\n", "ready\n[]"]
        {
            assert_eq!(Tell::from_text(wrong), None, "{wrong}");
        }
    }
}
