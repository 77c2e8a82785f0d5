//! The layers of a saved image and their files, as far as the page knows them: the rows that show.
//! What is chosen and open is the worker's business, which has all the others.

use report::wire::{Browse, Cells, File, Listing, Only, Tile};

use super::{Effect, Panel, State, Timer};
use crate::shared::Shared;

/// What stands in the place of the editor.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) enum Left {
    /// The editor itself.
    #[default]
    Editor,
    /// What was recovered from a history.
    Recovered,
    /// The layers of a saved image.
    Layers,
}

/// Rows that are asked for before it is known how many there is room for.
const COUNT: u32 = 30;
/// When the page says that it waits for an answer, in milliseconds.
const LONG: u32 = 500;
/// Questions that wait for the answer to another one. Keys that are held down come faster than
/// answers.
const MOST_WAITING: usize = 20;

/// What the page knows of the layers.
#[derive(Debug, Default)]
pub(crate) struct Layers {
    /// The rows that show.
    pub(crate) listing: Option<Shared<Listing>>,
    /// The table of the layers.
    pub(crate) table: Shared<Vec<Cells>>,
    /// The files as rectangles.
    pub(crate) tiles: Shared<Vec<Tile>>,
    /// The file that is shown.
    pub(crate) file: Option<Shared<File>>,
    /// The layer that is looked at; nothing for what containers have.
    pub(crate) scope: Option<u16>,
    /// Parts of paths that are looked for.
    pub(crate) find: String,
    /// Which kind of files is looked for.
    pub(crate) only: Only,
    /// Whether the worker no longer has the files.
    pub(crate) gone: bool,
    /// Counts up whenever the keyboard's place is to move to the tree.
    pub(crate) focus: u32,
    /// Whether an answer is awaited.
    pub(crate) waiting: bool,
    /// Whether it is awaited so long that the page says so.
    pub(crate) slow: bool,
    /// Counts what was asked.
    n_asked: u32,
    /// Whether the keyboard's place is to move to the tree when the answer is there.
    to_tree: bool,
    first: u32,
    count: u32,
    next: Vec<Browse>,
}

impl Layers {
    /// The worker that was asked is gone.
    pub(super) fn stop_waiting(&mut self) {
        (self.waiting, self.slow) = (false, false);
        self.next.clear();
    }

    /// A question is not answered for some time, if it is this one.
    pub(super) fn looks_long(&mut self, number: u32) {
        self.slow |= self.waiting && self.n_asked == number;
    }
}

impl State {
    /// Whether the layers of an image were read.
    pub(crate) fn has_layers(&self) -> bool {
        self.answered.as_ref().is_some_and(|it| it.has_layers())
    }

    /// Shows the layers in the place of the editor, or what they would show.
    pub(super) fn open_layers(&mut self, browse: Browse, out: &mut Vec<Effect>) {
        (self.left, self.panel) = (Left::Layers, Panel::Input);
        if !self.has_layers() {
            return;
        }
        if self.layers.table.is_empty() && browse != Browse::Open {
            self.browse(Browse::Open, out);
        }
        self.layers.to_tree |= browse != Browse::Open;
        self.browse(browse, out);
    }

    /// After a new answer: what is shown of the files is that of the answer before.
    pub(super) fn look_at_layers(&mut self, out: &mut Vec<Effect>) {
        let Layers { count, n_asked, .. } = self.layers;
        self.layers = Layers { count, n_asked, ..Layers::default() };
        if self.left == Left::Layers {
            self.browse(Browse::Open, out);
        }
    }

    /// Asks for something, one thing after the other.
    pub(super) fn browse(&mut self, browse: Browse, out: &mut Vec<Effect>) {
        let it = &mut self.layers;
        match &browse {
            Browse::Scope(scope) => it.scope = *scope,
            Browse::Find { text, only } => (it.find, it.only) = (text.clone(), *only),
            Browse::Show { layer, .. } => {
                (it.scope, it.find, it.only) = (Some(*layer), String::new(), Only::All);
            }
            // From there on it is the keyboard's.
            Browse::Go(_) => it.to_tree = true,
            Browse::Open | Browse::Key(_) | Browse::Choose(_) | Browse::Scroll => {}
        }
        if !it.waiting {
            it.waiting = true;
            it.n_asked += 1;
            out.push(Effect::After(LONG, Timer::Looking(it.n_asked)));
            let count = if it.count == 0 { COUNT } else { it.count };
            out.push(Effect::Browse { browse, first: it.first, count });
        } else if it.next.len() < MOST_WAITING && it.next.last() != Some(&Browse::Scroll) {
            it.next.push(browse);
        } else if let Some(last) = it.next.last_mut() {
            *last = browse;
        }
    }

    pub(super) fn scrolled(&mut self, first: u32, count: u32, out: &mut Vec<Effect>) {
        let it = &mut self.layers;
        let is_same = it.count == count && it.listing.as_ref().is_some_and(|it| it.first == first);
        (it.first, it.count) = (first, count);
        if !is_same {
            self.browse(Browse::Scroll, out);
        }
    }

    /// The worker tells the rows that show.
    pub(super) fn listed(&mut self, listing: Option<Box<Listing>>, out: &mut Vec<Effect>) {
        let it = &mut self.layers;
        (it.waiting, it.slow, it.gone) = (false, false, listing.is_none());
        let Some(mut listing) = listing else {
            *it = Layers { gone: true, n_asked: it.n_asked, ..Layers::default() };
            return;
        };
        if !listing.layers.is_empty() {
            it.table = Shared::new(std::mem::take(&mut listing.layers));
        }
        if let Some(tiles) = listing.tiles.take() {
            it.tiles = Shared::new(tiles);
        }
        if let Some(file) = listing.file.take() {
            it.file = Some(Shared::new(file));
            out.push(Effect::Focus("file-heading"));
        }
        it.first = listing.first;
        let total = it.listing.as_ref().map(|it| it.total);
        let other = (total != Some(listing.total)).then_some(listing.total);
        it.listing = Some(Shared::new(*listing));
        let next = if it.next.is_empty() { None } else { Some(it.next.remove(0)) };
        match next {
            Some(next) => self.browse(next, out),
            None => self.layers.focus += u32::from(std::mem::take(&mut self.layers.to_tree)),
        }
        if let Some(total) = other {
            self.say(format!("{total} rows."), out);
        }
    }

    pub(super) fn close_file(&mut self) {
        self.layers.file = None;
        self.layers.focus += 1;
    }
}

#[cfg(test)]
mod tests {
    use report::wire::Row;

    use super::*;

    fn asked(effects: &[Effect]) -> Vec<(Browse, u32, u32)> {
        let browse = |it: &Effect| match it {
            Effect::Browse { browse, first, count } => Some((browse.clone(), *first, *count)),
            _ => None,
        };
        effects.iter().filter_map(browse).collect()
    }

    fn listing(first: u32) -> Option<Box<Listing>> {
        let row = Row { id: 1, level: 1, open: None, cells: vec!["a".to_owned()] };
        Some(Box::new(Listing { total: 100, first, rows: vec![row], ..Listing::default() }))
    }

    fn key(name: &str) -> Browse {
        Browse::Key(name.to_owned())
    }

    #[test]
    fn one_thing_is_asked_after_the_other() {
        let (mut state, mut out) = (State::default(), Vec::new());
        state.browse(Browse::Open, &mut out);
        state.browse(key("ArrowDown"), &mut out);
        state.browse(Browse::Scroll, &mut out);
        state.browse(Browse::Scroll, &mut out);
        assert_eq!(asked(&out), [(Browse::Open, 0, COUNT)]);
        for expected in [key("ArrowDown"), Browse::Scroll] {
            out.clear();
            state.listed(listing(7), &mut out);
            assert_eq!(asked(&out), [(expected, 7, COUNT)]);
        }
        out.clear();
        state.listed(listing(7), &mut out);
        assert_eq!(asked(&out), []);
        // What shows is not asked for again.
        state.scrolled(7, COUNT, &mut out);
        assert_eq!(asked(&out).len(), 1, "so many rows were not known to fit");
        state.listed(listing(7), &mut out);
        out.clear();
        state.scrolled(7, COUNT, &mut out);
        assert_eq!(asked(&out), []);
        state.scrolled(8, COUNT, &mut out);
        assert_eq!(asked(&out), [(Browse::Scroll, 8, COUNT)]);
    }

    #[test]
    fn rectangles_stay_until_there_are_others_and_lead_to_the_tree() {
        let (mut state, mut out) = (State::default(), Vec::new());
        let tile = Tile {
            id: 3,
            area: [0; 4],
            look: String::new(),
            label: String::new(),
            title: String::new(),
        };
        state.browse(Browse::Open, &mut out);
        let drawn = Listing { tiles: Some(vec![tile]), ..*listing(0).unwrap() };
        state.listed(Some(Box::new(drawn)), &mut out);
        let focus = state.layers.focus;
        state.browse(Browse::Go(3), &mut out);
        state.listed(listing(0), &mut out);
        assert_eq!((state.layers.tiles.len(), state.layers.focus), (1, focus + 1));
        state.browse(Browse::Scroll, &mut out);
        let none = Listing { tiles: Some(Vec::new()), ..*listing(0).unwrap() };
        state.listed(Some(Box::new(none)), &mut out);
        assert!(state.layers.tiles.is_empty());
    }

    #[test]
    fn a_file_that_takes_long_is_said_and_can_be_stopped() {
        let (mut state, mut out) = (State::default(), Vec::new());
        state.browse(key("Enter"), &mut out);
        let Some(Effect::After(_, timer)) = out.first().cloned() else { panic!("{out:?}") };
        state.listed(listing(0), &mut out);
        state.browse(key("Enter"), &mut out);
        state.rang(timer, &mut out);
        assert!(!state.layers.slow, "that one was answered");
        let Some(Effect::After(_, timer)) = out.iter().rfind(|it| matches!(it, Effect::After(..)))
        else {
            panic!("{out:?}")
        };
        state.rang(*timer, &mut Vec::new());
        assert!(state.layers.slow);
        out.clear();
        state.cancel(&mut out);
        assert_eq!(out, [Effect::Stop]);
        state.listed(listing(0), &mut out);
        out.clear();
        state.cancel(&mut out);
        assert_eq!((state.layers.slow, &out[..]), (false, &[][..]));
    }

    #[test]
    fn keys_that_are_held_down_do_not_pile_up() {
        let (mut state, mut out) = (State::default(), Vec::new());
        (0..1_000).for_each(|_| state.browse(key("ArrowDown"), &mut out));
        assert_eq!(asked(&out).len(), 1);
        assert_eq!(state.layers.next.len(), MOST_WAITING);
    }

    #[test]
    fn a_worker_that_is_gone_answers_nothing() {
        let (mut state, mut out) = (State::default(), Vec::new());
        state.browse(Browse::Scope(Some(3)), &mut out);
        state.listed(listing(0), &mut out);
        assert_eq!(state.layers.scope, Some(3));
        state.browse(Browse::Scroll, &mut out);
        state.layers.stop_waiting();
        out.clear();
        state.browse(Browse::Scroll, &mut out);
        assert_eq!(asked(&out).len(), 1, "a new worker is asked");
        state.listed(None, &mut out);
        assert!(state.layers.gone && state.layers.listing.is_none());
    }

    #[test]
    fn a_file_gives_the_keyboards_place_back() {
        let (mut state, mut out) = (State::default(), Vec::new());
        let file = File { about: Vec::new(), findings: Vec::new(), text: "x".to_owned() };
        state.browse(key("Enter"), &mut out);
        let shown = Listing { file: Some(file), ..*listing(0).unwrap() };
        state.listed(Some(Box::new(shown)), &mut out);
        assert!(out.contains(&Effect::Focus("file-heading")));
        let focus = state.layers.focus;
        state.close_file();
        assert!(state.layers.file.is_none() && state.layers.focus == focus + 1);
    }
}
