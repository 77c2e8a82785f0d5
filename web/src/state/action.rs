//! Everything that can happen to the page.

use report::prose::Pages;
use report::wire::{Browse, Format, Tell};
use report::{Applies, Kind, Locus, Settle, Severity, Sheet};

use super::{About, Attachment, Group, InputId, Panel, RowKey, Theme, Timer};

/// Something that happened.
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum Action {
    /// Somebody changed the editor's text: by typing, or at once by pasting.
    Edited { text: String, at_once: bool },
    /// The editor's text was replaced by a file or an example.
    Replaced { name: String, text: String, carriage_returns: bool },
    /// Something was handed in beside the editor.
    Attached(Vec<Attachment>),
    /// An input was taken away.
    Detached(InputId),
    /// Somebody wants to see another input.
    OpenTab(InputId),
    /// Somebody wants to see the next input, or the one before.
    StepTab(bool),
    /// Somebody wants to write another input.
    NewTab,
    /// Somebody wants to see what was recovered from a history.
    OpenRecovered,
    /// Somebody wants to see the layers of a saved image and their files.
    OpenLayers,
    /// Somebody wants something of those files.
    Browse(Browse),
    /// Somebody wants the files drawn as areas, or no longer.
    Draw,
    /// The tree of files shows other rows: the first, and how many there is room for.
    Scrolled { first: u32, count: u32 },
    /// Leave the file that is shown.
    CloseFile,
    /// Bring the keyboard's place to where files are looked for.
    FindPath,
    /// Somebody said which of several things is meant: these are the names to choose from.
    Pick { chosen: String, of: Vec<String> },
    /// Somebody said which stage is built; nothing stands for the last one.
    Target(Option<String>),
    /// Show or hide how the image is to be run.
    ShowAdvice,
    /// Write the report to a file in this format, or Markdown to the clipboard.
    Export(Format),
    /// Write the inputs to a file.
    SaveSession,
    /// Inputs came from such a file, or with a link.
    OpenSession { text: String, by_link: bool },
    /// Make a link of the Dockerfile, its secrets masked.
    Share,
    /// The link is made; what it holds can be shown.
    Shared(String),
    /// Somebody wants the link to ask for a passphrase.
    Lock,
    /// Leave the link.
    CloseShare,
    /// Show what the fix of a finding would change; if that is shown already, apply it.
    ShowFix(RowKey),
    /// Apply the fix of a finding.
    Fix(RowKey),
    /// Apply all safe fixes, or all of one rule.
    FixAll(Option<String>),
    /// Ask for the reason why a finding is accepted, or no longer.
    Ignoring(Option<RowKey>),
    /// The reason was typed.
    Reason(String),
    /// The last day was chosen.
    Until(String),
    /// Whether it counts in the whole file was chosen.
    Whole(bool),
    /// Accept the finding by a comment.
    Accept,
    /// All inputs are replaced by these.
    Swapped { text: String, beside: Vec<Attachment> },
    /// All inputs are replaced by the saved image among the examples.
    SampleImage,
    /// Somebody said what an input is.
    TakenFor(InputId, Option<Kind>),
    /// Everything the page will ever fetch is here.
    Loaded(Pages),
    /// Something of it is not.
    NotLoaded(String),
    /// The browser has proved that it refuses every request from now on.
    AirlockClosed,
    /// It has not; the text says what was seen.
    AirlockFailed(String),
    /// Somebody wants to go on although the airlock is open.
    GoOn,
    /// The worker says something, so long after it was asked.
    Told(Box<Tell<Sheet>>, u32),
    /// The worker ended by itself; the text names the place in the code.
    Died(String),
    /// Somebody has waited long enough.
    Cancel,
    /// Somebody wants another try.
    Again,
    /// Time has passed.
    Rang(Timer),
    /// Show findings about one thing only, or about everything again.
    Look(About),
    /// Show findings about one thing only.
    Only(About),
    /// Show or hide findings of one severity.
    Toggle(Severity),
    /// Show findings with these words only.
    Search(String),
    /// Show findings only whose control takes effect there.
    OnlyApplies(Option<Applies>),
    /// Show findings with a fix only.
    OnlyFixable(bool),
    /// Put findings together.
    Group(Group),
    /// Show findings in the order of their places.
    SortByPlace(bool),
    /// Show everything.
    ShowAll,
    /// Choose a finding; the flag says whether the keyboard's place goes with it.
    Select(RowKey, bool),
    /// Choose the finding so many further on.
    Step(i32),
    /// Choose the next finding in the editor after, or before, a place, and show it.
    Next { from: u32, back: bool },
    /// The caret has come to a place in the editor.
    Caret(u32),
    /// Open or close a finding's card.
    Unfold(RowKey),
    /// Show or hide what is in order.
    UnfoldCleared,
    /// Show a finding's place in the editor.
    GoTo(RowKey),
    /// Show a place of an input in the editor.
    ShowPlace(Locus),
    /// Explain a rule.
    Explain(String),
    /// Stop explaining.
    CloseExplain,
    /// Show or hide how an open question can be settled.
    Settle(Option<Settle>),
    /// Show one of the two panels on a narrow screen.
    Show(Panel),
    /// Something is being dragged over the page, or no longer.
    Drag(bool),
    /// Put a finding on the clipboard, as a comment for a review.
    CopyComment(RowKey),
    /// Put a text on the clipboard.
    Copy(String),
    /// The clipboard took it, or refused this text.
    Copied(Result<(), String>),
    /// Put the text back that was in the editor before it was replaced.
    Restore,
    /// Leave the message that stands above the findings.
    Dismiss,
    /// A project's settings came in; an empty text takes them away.
    Configured(String),
    /// The list of what is built from came in; an empty text takes it away.
    Surrounded(String),
    /// Reading files that came in began, or ended.
    Reading(bool),
    /// Something to tell about an input that never reached the engine.
    Tell(String),
    /// Open or close the palette.
    Palette(bool),
    /// Show commands with these words.
    Query(String),
    /// Choose the command so many further on.
    StepCommand(i32),
    /// Run the chosen command, or the one with this number.
    RunCommand(Option<usize>),
    /// Choose files to check.
    OpenFiles,
    /// Bring the keyboard's place to the filter.
    FocusFilter,
    /// Choose a theme.
    Theme(Theme),
    /// Switch keys that are single letters on or off.
    SwitchSingleKeys,
    /// Have the browser print the report.
    Print,
    /// Have the tab key write a tab in the editor, or leave the editor again.
    SwitchTabKey,
    /// Write a tab where the caret is.
    WriteTab,
    /// Load the page again.
    Reload,
}
