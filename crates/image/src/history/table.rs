//! Tables, as `docker history`, `podman history` and `nerdctl history` print them.
//!
//! People paste them as they are, with all runs of blanks made one (by a chat, by Markdown), or
//! broken at the width of a terminal. What made an entry can hold line ends, and then its row goes
//! over several lines.

use std::ops::Range;

use text::{Cooked, Span};

use super::{Entry, History, MOST_ENTRIES, row};

/// A column.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Column {
    /// `IMAGE`, `ID` or `SNAPSHOT`.
    Id,
    /// `CREATED`: an age.
    Created,
    /// `CREATED AT`: a point in time; sizes then are plain bytes.
    CreatedAt,
    /// `CREATED BY`
    CreatedBy,
    /// `SIZE`
    Size,
    /// `COMMENT`
    Comment,
}

/// Longer names first, since some start with others.
const NAMES: [(&str, Column); 9] = [
    ("CREATED AT", Column::CreatedAt),
    ("CREATED BY", Column::CreatedBy),
    ("CREATED", Column::Created),
    ("SNAPSHOT", Column::Id),
    ("IMAGE ID", Column::Id),
    ("IMAGE", Column::Id),
    ("ID", Column::Id),
    ("SIZE", Column::Size),
    ("COMMENT", Column::Comment),
];

/// The line of names.
pub(super) struct Header {
    /// Each column and the number of characters before it.
    pub(super) columns: Vec<(Column, usize)>,
    /// Blanks before the whole table.
    indent: usize,
    /// Whether names stand apart by more than one blank: the table is as it was printed.
    pub(super) is_aligned: bool,
    /// Where lines are broken, if they are.
    width: Option<usize>,
    /// How many lines it takes.
    lines: usize,
}

impl Header {
    pub(super) fn has(&self, column: Column) -> bool {
        self.columns.iter().any(|(it, _)| *it == column)
    }

    pub(super) fn first(&self) -> Option<Column> {
        self.columns.first().map(|(it, _)| *it)
    }
}

/// A line of the text, without its end.
#[derive(Clone, Copy)]
struct Line<'a> {
    text: &'a str,
    start: usize,
}

/// Whether a text starts with the names of a history's columns, with rows of one, or with what made
/// its entries.
pub fn is_table(text: &str) -> bool {
    header(&lines(text, 0..text.len(), 12)).is_some()
}

/// Reads a table in a part of a text.
pub fn table(text: &str, range: Range<usize>) -> Option<History> {
    let lines = lines(text, range, usize::MAX);
    let header = header(&lines)?;
    let rows = lines.get(header.lines..)?;
    let starts: Vec<usize> = rows
        .iter()
        .enumerate()
        .filter(|(_, line)| row::starts(unindented(line, &header).text, &header))
        .map(|(index, _)| index)
        .collect();
    let ends = starts.iter().skip(1).copied().chain([rows.len()]);
    let blocks = starts.iter().zip(ends).filter_map(|(start, end)| rows.get(*start..end));
    let mut history = History { is_limited: starts.len() > MOST_ENTRIES, ..History::default() };
    for block in blocks.take(MOST_ENTRIES) {
        history.entries.extend(entry(block, &header));
    }
    if !header.is_aligned {
        unescape(&mut history.entries);
    }
    history.entries.reverse();
    Some(history)
}

fn lines(text: &str, range: Range<usize>, most: usize) -> Vec<Line<'_>> {
    let mut lines = Vec::new();
    let mut start = range.start;
    for it in text.get(range).unwrap_or_default().split_inclusive('\n') {
        let line = it.trim_end_matches(['\n', '\r']);
        // Nothing stands before the names but blank lines.
        if !(lines.is_empty() && line.trim_matches(['\u{feff}', ' ', '\t']).is_empty()) {
            lines.push(Line { text: line, start });
        }
        start += it.len();
        if lines.len() >= most {
            break;
        }
    }
    lines
}

fn header(lines: &[Line<'_>]) -> Option<Header> {
    named(lines).or_else(|| unnamed(lines)).or_else(|| commands(lines))
}

/// What a header would say of rows that were pasted without one.
fn unnamed(lines: &[Line<'_>]) -> Option<Header> {
    let all = [Column::Id, Column::Created, Column::CreatedBy, Column::Size, Column::Comment];
    let columns = all.into_iter().map(|it| (it, 0)).collect();
    let header = Header { columns, indent: 0, is_aligned: false, width: None, lines: 0 };
    let first = lines.first()?.text.trim_start();
    let is_row = row::starts(first, &header) && row::has_age(first, &header);
    (is_row && row::has_size(first, &header)).then_some(header)
}

/// The same for lines that say what made each entry and nothing else, as with
/// `--format '{{.CreatedBy}}'`.
fn commands(lines: &[Line<'_>]) -> Option<Header> {
    let is_command = |it: &&Line<'_>| {
        let text = it.text.trim();
        text.ends_with(" # buildkit") || text.contains("#(nop) ")
    };
    // A Dockerfile starts with its base image, a history with the last command.
    let is_file = lines.first()?.text.trim_start().to_ascii_uppercase().starts_with("FROM ");
    let columns = vec![(Column::CreatedBy, 0)];
    let header = Header { columns, indent: 0, is_aligned: false, width: None, lines: 0 };
    (!is_file && lines.iter().filter(is_command).count() * 3 >= lines.len()).then_some(header)
}

fn named(lines: &[Line<'_>]) -> Option<Header> {
    let first = lines.first()?.text.trim_start_matches('\u{feff}').trim_end();
    let indent = first.len() - first.trim_start_matches([' ', '\t']).len();
    let columns = columns(first.get(indent..)?)?;
    let is_aligned = first.get(indent..)?.contains("  ") || first.get(indent..)?.contains('\t');
    let mut header = Header { columns, indent, is_aligned, width: None, lines: 1 };
    if !header.has(Column::CreatedBy) {
        return None;
    }
    // A line that is broken before its last names was broken at the width of a terminal.
    if !header.has(Column::Size)
        && let Some(more) = lines.get(1).and_then(|it| self::columns(it.text.trim()))
        && more.iter().all(|(it, _)| matches!(it, Column::Size | Column::Comment))
    {
        let own = lines.iter().map(|it| it.text.chars().count());
        header.width = own.max();
        header.columns.extend(more);
        (header.lines, header.is_aligned) = (2, true);
    }
    // Something else entirely may have a column of the same name.
    (header.columns.len() >= 2).then_some(header)
}

/// The columns that a line names, if it is made of nothing but names.
fn columns(line: &str) -> Option<Vec<(Column, usize)>> {
    let mut columns = Vec::new();
    let mut at = 0;
    loop {
        let rest = line.get(at..)?;
        let blanks = rest.len() - rest.trim_start_matches([' ', '\t']).len();
        at += blanks;
        let rest = line.get(at..)?;
        if rest.is_empty() {
            return (!columns.is_empty()).then_some(columns);
        }
        let ends = |name: &str| {
            let next = rest.get(name.len()..).and_then(|it| it.chars().next());
            rest.starts_with(name) && next.is_none_or(|it| matches!(it, ' ' | '\t'))
        };
        let (name, column) = NAMES.iter().find(|(name, _)| ends(name))?;
        if columns.iter().any(|(it, _)| it == column) {
            return None;
        }
        columns.push((*column, at));
        at += name.len();
    }
}

fn unindented<'a>(line: &Line<'a>, header: &Header) -> Line<'a> {
    let blanks = line.text.len() - line.text.trim_start_matches([' ', '\t']).len();
    let skip = blanks.min(header.indent);
    Line { text: line.text.get(skip..).unwrap_or_default(), start: line.start + skip }
}

/// Reads the lines of one row. Lines behind the last one that ends with a size are no part of it:
/// the prompt of a shell, or somebody's words.
fn entry(block: &[Line<'_>], header: &Header) -> Option<Entry> {
    let mut text = Cooked::default();
    let mut ends = Vec::new();
    let mut is_broken = false;
    for (index, line) in block.iter().enumerate() {
        if index > 0 && !is_broken {
            text.push("\n", offset(line.start.saturating_sub(1)));
        }
        // A line that was broken goes on with its very next character.
        let line = if is_broken { *line } else { unindented(line, header) };
        text.push(line.text, offset(line.start));
        ends.push(text.as_str().len());
        is_broken = header.width.is_some_and(|it| line.text.chars().count() >= it);
    }
    let complete =
        |end: &&usize| text.as_str().get(..**end).is_some_and(|it| row::has_size(it, header));
    let end = ends.iter().rev().find(complete).copied().unwrap_or(text.as_str().len());
    row::read(&text.slice(0..end), header)
}

/// Takes out backslashes that a paste added before `*` and `$`. They are the paste's if no such
/// character stands without one.
fn unescape(entries: &mut [Entry]) {
    for mark in ['*', '$'] {
        let counts = |it: char| match mark {
            '$' => it.is_ascii_alphabetic() || it == '{',
            _ => true,
        };
        let (mut with, mut without) = (0, 0);
        for entry in entries.iter() {
            let text = entry.created_by.as_str();
            for (at, _) in text.match_indices(mark) {
                let next = text.get(at + 1..).and_then(|it| it.chars().next());
                if !next.is_none_or(counts) {
                    continue;
                }
                let escaped = text.get(..at).is_some_and(|it| it.ends_with('\\'));
                if escaped { with += 1 } else { without += 1 }
            }
        }
        if with == 0 || without > 0 {
            continue;
        }
        let pair = format!("\\{mark}");
        for entry in entries.iter_mut().filter(|it| it.created_by.as_str().contains(&pair)) {
            let all = std::mem::take(&mut entry.created_by);
            let mut from = 0;
            for (at, _) in all.as_str().match_indices(&pair) {
                entry.created_by.append(&all.slice(from..at));
                from = at + 1;
            }
            entry.created_by.append(&all.slice(from..all.as_str().len()));
        }
    }
}

fn offset(it: usize) -> u32 {
    Span::of(it..it).start()
}

#[cfg(test)]
mod tests {
    use super::*;

    type Row<'a> = (&'a str, Option<u64>, &'a str, bool);

    #[track_caller]
    fn check(text: &str, expected: &[Row<'_>]) {
        let history = table(text, 0..text.len()).unwrap();
        let got: Vec<Row<'_>> = history
            .entries
            .iter()
            .map(|it| (it.created_by.as_str(), it.size, &*it.comment, it.is_cut))
            .collect();
        assert_eq!(got, expected);
        for it in &history.entries {
            assert!(it.span.contains(it.created_by.whole()), "{it:?}");
            assert!(text.get(it.span.range()).is_some());
        }
    }

    const ROWS: &[Row<'_>] = &[
        ("/bin/sh -c #(nop) ADD file:c92c248239f8c7b9b", Some(5_570_000), "", true),
        (
            "RUN /bin/sh -c groupadd --gid 1000 app # buildkit",
            Some(0),
            "buildkit.dockerfile.v0",
            false,
        ),
    ];

    #[test]
    fn a_table_as_it_was_printed() {
        check(
            "IMAGE          CREATED        CREATED BY                                          SIZE      COMMENT\n\
             4f2a9c1d7e55   6 days ago     RUN /bin/sh -c groupadd --gid 1000 app # buildkit   0B        buildkit.dockerfile.v0\n\
             <missing>      2 months ago   /bin/sh -c #(nop) ADD file:c92c248239f8c7b9b\u{2026}       5.57MB    \n",
            ROWS,
        );
    }

    #[test]
    fn a_table_whose_blanks_were_made_one() {
        check(
            "IMAGE CREATED CREATED BY SIZE COMMENT\n\
             4f2a9c1d7e55 6 days ago RUN /bin/sh -c groupadd --gid 1000 app # buildkit 0B buildkit.dockerfile.v0\n\
             <missing> 2 months ago /bin/sh -c #(nop) ADD file:c92c248239f8c7b9b\u{2026} 5.57MB\n",
            ROWS,
        );
    }

    #[test]
    fn a_table_that_was_broken_at_the_width_of_a_terminal() {
        check(
            "IMAGE          CREATED        CREATED BY                                        \n\
             \x20 SIZE      COMMENT\n\
             4f2a9c1d7e55   6 days ago     RUN /bin/sh -c groupadd --gid 1000 app # buildkit \n\
             \x20 0B        buildkit.dockerfile.v0\n\
             <missing>      2 months ago   /bin/sh -c #(nop) ADD file:c92c248239f8c7b9b\u{2026}     \n\
             \x20 5.57MB    \n",
            ROWS,
        );
    }

    #[test]
    fn a_row_over_several_lines_and_words_behind_the_table() {
        check(
            "  IMAGE     CREATED AT             CREATED BY   SIZE      COMMENT\r\n\
             \x20 abcdef    2017-01-01T12:00:03Z   RUN /bin/sh -c echo 1\r\n\
             echo 2\r\n  # buildkit   12   buildkit.dockerfile.v0\r\n\
             root@host:~# \r\n",
            &[(
                "RUN /bin/sh -c echo 1\necho 2\n# buildkit",
                Some(12),
                "buildkit.dockerfile.v0",
                false,
            )],
        );
    }

    #[test]
    fn podman_and_nerdctl() {
        check(
            "ID            CREATED       CREATED BY                                     SIZE        COMMENT\n\
             a1b2c3d4e5f6  3 weeks ago   /bin/sh -c #(nop) CMD [\"/bin/sh\", \"-c\", \"x...  0 B         FROM docker.io/library/alpine:3\n",
            &[(
                "/bin/sh -c #(nop) CMD [\"/bin/sh\", \"-c\", \"x",
                Some(0),
                "FROM docker.io/library/alpine:3",
                true,
            )],
        );
        check(
            "SNAPSHOT             CREATED        CREATED BY           SIZE        COMMENT\n\
             <missing>            2 weeks ago    CMD [\"sh\"]           0.0 B       \n\
             sha256:0123456789    2 weeks ago    ADD rootfs / # b     7.4 MiB     buildkit\n",
            &[
                ("ADD rootfs / # b", Some(7_759_462), "buildkit", false),
                ("CMD [\"sh\"]", Some(0), "", false),
            ],
        );
    }

    #[test]
    fn backslashes_that_a_paste_added() {
        let table = |command: &str| {
            format!("IMAGE CREATED CREATED BY SIZE COMMENT\n<missing> 2 days ago {command} 0B\n")
        };
        check(&table(r"rm -rf /var/\*"), &[("rm -rf /var/*", Some(0), "", false)]);
        check(&table(r"ls * \*"), &[(r"ls * \*", Some(0), "", false)]);
        check(&table(r#"echo "\$A" $(b)"#), &[(r#"echo "$A" $(b)"#, Some(0), "", false)]);
    }

    #[test]
    fn rows_without_a_header_and_commands_alone() {
        check(
            "4f2a9c1d7e55   6 days ago     RUN /bin/sh -c groupadd --gid 1000 app # buildkit   0B        buildkit.dockerfile.v0\n\
             <missing>      2 months ago   /bin/sh -c #(nop) ADD file:c92c248239f8c7b9b\u{2026}       5.57MB    \n",
            ROWS,
        );
        check(
            "CMD [\"a\"]\nRUN /bin/sh -c b # buildkit\n/bin/sh -c #(nop) ADD file:1 in /\n",
            &[
                ("/bin/sh -c #(nop) ADD file:1 in /", None, "", false),
                ("RUN /bin/sh -c b # buildkit", None, "", false),
                ("CMD [\"a\"]", None, "", false),
            ],
        );
    }

    #[test]
    fn what_is_no_table() {
        for text in ["", "IMAGE", "FROM a\nIMAGE CREATED BY", "NAME CREATED BY SIZE", "CREATED BY"]
        {
            assert!(!is_table(text), "{text}");
        }
    }
}
