//! Looking at the files of a saved image: what the page asks, and the few rows that it is told.
//!
//! The worker keeps the table of files, which may have millions of rows, and all that is chosen and
//! open in it. The page holds the rows that it shows.

use serde::{Deserialize, Serialize};

/// What somebody wants of the files.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Browse {
    /// To see the layers, and the files as they stand.
    Open,
    /// To see the files of one layer; without a number those that containers have.
    Scope(Option<u16>),
    /// To see only files whose path has these words, and only those of a kind.
    Find {
        /// Parts of paths, apart by blanks.
        text: String,
        /// Of which kind.
        only: Only,
    },
    /// To see one file of one layer, whatever was looked for.
    Show {
        /// The layer.
        layer: u16,
        /// The path.
        path: String,
    },
    /// A key was pressed in the tree.
    Key(String),
    /// A row was chosen by a pointer: a directory opens or closes, a file is read.
    Choose(u32),
    /// A rectangle was chosen by a pointer: the keyboard's place goes to its row.
    Go(u32),
    /// To see other rows.
    Scroll,
}

/// Which files are listed.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Only {
    /// All.
    #[default]
    All,
    /// What differs from what is below: of one layer, what it adds, changes or removes; of all, what
    /// does not come from the base image as it is.
    Changed,
    /// Those that findings are about.
    Findings,
    /// Those that are still in the layer and that containers do not have.
    Ghosts,
    /// Programs that run with more rights than who starts them.
    Privileged,
    /// Those that everybody may write.
    Writable,
}

impl Only {
    /// All of them, with the words for them.
    pub const ALL: [(Self, &'static str); 6] = [
        (Self::All, "all files"),
        (Self::Changed, "only changed"),
        (Self::Findings, "only with findings"),
        (Self::Ghosts, "only ghosts"),
        (Self::Privileged, "only set-uid and the like"),
        (Self::Writable, "only writable by all"),
    ];
}

/// Texts beside one another, none of which has a tab or a line end in it.
pub type Cells = Vec<String>;

/// What the page shows of the files.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Listing {
    /// How many rows there are.
    pub total: u32,
    /// The number of the first row that is told.
    pub first: u32,
    /// The number of the row that the keyboard's place is on.
    pub cursor: u32,
    /// The layers, lowest first, when they were asked for: number, instruction, share of the largest
    /// layer in percent, share of it that is there in vain, size, counts of what it adds, changes
    /// and removes, wasted bytes, findings.
    pub layers: Vec<Cells>,
    /// The rows.
    pub rows: Vec<Row>,
    /// The same files as rectangles, when they are others than before; each before those inside of it.
    pub tiles: Option<Vec<Tile>>,
    /// The number of the rectangle that the row with the keyboard's place is in.
    pub marked: Option<u32>,
    /// The file that was read.
    pub file: Option<File>,
}

/// A rectangle of a drawing that is ten thousand wide and four thousand high.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Tile {
    /// The row that it is for, or the directory that what it is for is in.
    pub id: u32,
    /// Where it begins, from the left and from above; how wide and how high it is.
    pub area: [u32; 4],
    /// Words for how it looks: the severity of the worst finding, `open` if others are inside,
    /// `more` if it is what is too small for others, `waste`.
    pub look: String,
    /// Its name, if that has room.
    pub label: String,
    /// Path and size.
    pub title: String,
}

/// A row of the tree.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Row {
    /// Its name across listings.
    pub id: u32,
    /// How deep it stands in the tree, from 1.
    pub level: u32,
    /// Whether it is open, if it can be opened.
    pub open: Option<bool>,
    /// Name, kind of change, findings, size, mode, owner, remarks.
    pub cells: Cells,
}

/// A file as it may be shown.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct File {
    /// Path, what it is, what is shown of it.
    pub about: Cells,
    /// What findings are about it: the rule, and which of its findings.
    pub findings: Vec<(String, usize)>,
    /// Its content, secrets masked.
    pub text: String,
}

impl Listing {
    /// The listing as it is posted.
    pub fn to_text(&self) -> String {
        let mut out = format!(
            "{} {} {} {} {} {} {} {}",
            self.total,
            self.first,
            self.cursor,
            self.layers.len(),
            self.rows.len(),
            // None is 0, and none of them 1.
            self.tiles.as_ref().map_or(0, |it| it.len() + 1),
            self.marked.map_or(0, |it| it.saturating_add(1)),
            self.file.as_ref().map_or(0, |it| it.findings.len() + 1),
        );
        let mut line = |cells: &str| {
            out.push('\n');
            out.push_str(cells);
        };
        self.layers.iter().for_each(|it| line(&it.join("\t")));
        for it in &self.rows {
            let open = match it.open {
                None => "",
                Some(false) => "closed",
                Some(true) => "open",
            };
            line(&format!("{}\t{}\t{open}\t{}", it.id, it.level, it.cells.join("\t")));
        }
        for Tile { id, area: [x, y, w, h], look, label, title } in self.tiles.iter().flatten() {
            line(&format!("{id} {x} {y} {w} {h}\t{look}\t{label}\t{title}"));
        }
        if let Some(it) = &self.file {
            line(&it.about.join("\t"));
            it.findings.iter().for_each(|(rule, at)| line(&format!("{rule}\t{at}")));
            line(&it.text);
        }
        out
    }

    /// Reads a posted listing.
    pub fn from_text(text: &str) -> Option<Self> {
        // What stands behind the lines is the file's own.
        let mut rest = text;
        let mut line = || {
            let (line, behind) = rest.split_once('\n').unwrap_or((rest, ""));
            rest = behind;
            line
        };
        let mut numbers = line().split(' ').map(|it| it.parse::<u32>().ok());
        let mut number = || numbers.next().flatten();
        let (total, first, cursor) = (number()?, number()?, number()?);
        let (n_layers, n_rows, n_tiles) = (number()?, number()?, number()?);
        let (marked, n_file) = (number()?.checked_sub(1), number()?);
        let layers = (0..n_layers).map(|_| cells(line())).collect();
        let rows = (0..n_rows).map(|_| row(line())).collect::<Option<_>>()?;
        let tiles = match n_tiles {
            0 => None,
            n => Some((1..n).map(|_| tile(line())).collect::<Option<_>>()?),
        };
        let mut file = None;
        if n_file > 0 {
            let about = cells(line());
            let finding = |it: &str| {
                let (rule, at) = it.split_once('\t')?;
                Some((rule.to_owned(), at.parse().ok()?))
            };
            let findings = (1..n_file).map(|_| finding(line())).collect::<Option<_>>()?;
            file = Some(File { about, findings, text: rest.to_owned() });
        }
        Some(Self { total, first, cursor, layers, rows, tiles, marked, file })
    }
}

fn cells(line: &str) -> Cells {
    line.split('\t').map(str::to_owned).collect()
}

fn row(line: &str) -> Option<Row> {
    let mut parts = line.splitn(4, '\t');
    let (id, level) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
    let open = match parts.next()? {
        "open" => Some(true),
        "closed" => Some(false),
        _ => None,
    };
    Some(Row { id, level, open, cells: cells(parts.next()?) })
}

fn tile(line: &str) -> Option<Tile> {
    let mut parts = line.split('\t');
    let mut numbers = parts.next()?.split(' ').map(|it| it.parse().ok());
    let mut number = || numbers.next().flatten();
    let (id, area) = (number()?, [number()?, number()?, number()?, number()?]);
    let mut text = || parts.next().map(str::to_owned);
    Some(Tile { id, area, look: text()?, label: text()?, title: text()? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn listings_are_read_as_they_are_written() {
        let cells = |it: &[&str]| it.iter().map(|it| (*it).to_owned()).collect::<Cells>();
        let row = |id, open| Row { id, level: 2, open, cells: cells(&["name", "", "added"]) };
        let tile = |look: &str, label: &str| Tile {
            id: 7,
            area: [0, 20, 300, 4_000],
            look: look.to_owned(),
            label: label.to_owned(),
            title: "/etc/a, 3 kB".to_owned(),
        };
        let file = File {
            about: cells(&["/etc/a", "file"]),
            findings: vec![("a-rule".to_owned(), 3)],
            text: "one\n\ttwo\n\n".to_owned(),
        };
        let full = Listing {
            total: 1_000_000,
            first: 17,
            cursor: 18,
            layers: vec![cells(&["0", "COPY a b", ""]), cells(&[""])],
            rows: vec![row(4, None), row(5, Some(true)), row(6, Some(false))],
            tiles: Some(vec![tile("high waste", "a"), tile("", "")]),
            marked: Some(1),
            file: Some(file),
        };
        let empty = File { about: cells(&["/x"]), findings: Vec::new(), text: String::new() };
        let others = [
            Listing { file: Some(empty), ..Listing::default() },
            Listing { tiles: Some(Vec::new()), ..Listing::default() },
            Listing::default(),
        ];
        for it in std::iter::once(full).chain(others) {
            let text = it.to_text();
            assert_eq!(Listing::from_text(&text), Some(it), "{text}");
        }
        for wrong in
            ["", "1 2 3", "1 2 3 0 1 0 0 0\nx", "1 2 3 0 0 2 0 0\n1 2\t", "a 0 0 0 0 0 0 0"]
        {
            assert_eq!(Listing::from_text(wrong), None, "{wrong}");
        }
    }
}
