//! The files as areas: every rectangle as large as its bytes, what is in a directory inside of it
//! (Johnson and Shneiderman 1991), as square as can be (Bruls, Huizing and van Wijk 2000).
//!
//! The largest directories are opened first, until there are as many rectangles as a page can
//! draw. What would be too small to be seen is one rectangle that says how much it is.

use image::{Kind, PathId, visible};
use report::wire::Tile;
use rules::{Case, Kept};

use super::view::{self, View};

/// The drawing, in units of which a pixel has about fifteen where there is much room.
const DRAWING: Area = Area { x: 0.0, y: 0.0, w: 10_000.0, h: 4_000.0 };
/// Rectangles that are drawn at most.
const MOST: usize = 1_500;
/// A smaller rectangle is not drawn, in square units: less than two pixels.
const LEAST: f64 = 600.0;
/// A directory that is narrower or lower is not opened.
const OPENED: (f64, f64) = (150.0, 150.0);
/// A name has room from this width and height on.
const NAMED: (f64, f64) = (700.0, 260.0);
/// The strip with a directory's name, and the border around what is in it.
const HEAD: f64 = 220.0;
const BORDER: f64 = 20.0;
/// How wide a letter of a name is.
const LETTER: f64 = 95.0;

/// A rectangle.
#[derive(Clone, Copy, PartialEq, Debug)]
struct Area {
    x: f64,
    y: f64,
    w: f64,
    h: f64,
}

impl Area {
    fn size(self) -> f64 {
        self.w * self.h
    }

    fn is_named(self) -> bool {
        self.w >= NAMED.0 && self.h >= NAMED.1
    }

    /// What is inside of the border and below the name.
    fn inner(self) -> Self {
        let head = if self.is_named() { HEAD } else { BORDER };
        let (w, h) = ((self.w - 2.0 * BORDER).max(0.0), (self.h - head - BORDER).max(0.0));
        Self { x: self.x + BORDER, y: self.y + head, w, h }
    }
}

/// What a rectangle stands for.
#[derive(Clone, Copy, Debug)]
struct Node {
    path: PathId,
    area: Area,
    bytes: u64,
    /// So many things in the path that are too small for rectangles of their own; none if it is the
    /// path itself.
    more: u32,
    is_open: bool,
}

/// The rectangles of what is listed, each before those inside of it.
pub(super) fn tiles(case: &Case, kept: &Kept, view: &View) -> Vec<Tile> {
    let bytes = Bytes::new(kept, view);
    let root = Node {
        path: PathId::ROOT,
        area: DRAWING,
        bytes: bytes.of(PathId::ROOT),
        more: 0,
        is_open: false,
    };
    if root.bytes == 0 {
        return Vec::new();
    }
    let mut nodes = vec![root];
    while let Some(at) = largest(&nodes, view) {
        let Some(node) = nodes.get_mut(at) else { break };
        node.is_open = true;
        let node = *node;
        let inner = inside(&node, kept, &bytes);
        if nodes.len() + inner.len() > MOST {
            break;
        }
        nodes.extend(inner);
    }
    // The root is the drawing itself.
    nodes.iter().skip(1).map(|it| tile(it, case, kept, view)).collect()
}

/// The largest directory that is not opened yet and has room for what is in it.
fn largest(nodes: &[Node], view: &View) -> Option<usize> {
    let may = |it: &Node| {
        let has_room = it.area.w >= OPENED.0 && it.area.h >= OPENED.1;
        !it.is_open && it.more == 0 && has_room && view.has_inner(it.path)
    };
    let all = nodes.iter().enumerate().filter(|it| may(it.1));
    all.max_by(|a, b| a.1.area.size().total_cmp(&b.1.area.size())).map(|it| it.0)
}

/// The rectangles of what is in a directory.
fn inside(node: &Node, kept: &Kept, bytes: &Bytes<'_>) -> Vec<Node> {
    let area = if node.path == PathId::ROOT { node.area } else { node.area.inner() };
    let paths = &kept.contents.table.paths;
    // What a rectangle of the least size stands for.
    let least = as_f64(node.bytes) * LEAST / area.size().max(1.0);
    let (mut large, mut small, mut n_small) = (Vec::new(), 0_u64, 0_u32);
    for path in paths.children(node.path) {
        match bytes.of(path) {
            0 => {}
            it if as_f64(it) < least => (small, n_small) = (small.saturating_add(it), n_small + 1),
            it => large.push((path, it, 0)),
        }
    }
    text::order::sort_by(&mut large, |a, b| {
        b.1.cmp(&a.1).then_with(|| paths.name(a.0).cmp(paths.name(b.0)))
    });
    while large.len() > MOST / 2 {
        let Some(it) = large.pop() else { break };
        (small, n_small) = (small.saturating_add(it.1), n_small + 1);
    }
    if n_small > 0 && as_f64(small) >= least {
        let at = large.partition_point(|it| it.1 >= small);
        large.insert(at, (node.path, small, n_small));
    }
    let weights: Vec<f64> = large.iter().map(|it| as_f64(it.1)).collect();
    let areas = squarified(&weights, area);
    let node = |((path, bytes, more), area)| Node { path, area, bytes, more, is_open: false };
    large.into_iter().zip(areas).map(node).collect()
}

/// Cuts an area into parts of these weights, the largest first.
fn squarified(weights: &[f64], mut area: Area) -> Vec<Area> {
    let mut out = Vec::with_capacity(weights.len());
    let mut left: f64 = weights.iter().sum();
    let mut rest = weights;
    while let [first, ..] = rest {
        let scale = area.size() / left.max(1.0);
        let side = area.w.min(area.h);
        // As many as make the row's worst part squarer than fewer would.
        let (mut n, mut sum) = (1, *first);
        let mut worst = stretch(*first, *first, sum, side, scale);
        for it in rest.iter().skip(1) {
            let next = stretch(*first, *it, sum + it, side, scale);
            if next > worst {
                break;
            }
            (n, sum, worst) = (n + 1, sum + it, next);
        }
        let (row, behind) = rest.split_at(n);
        area = lay(row, sum, sum * scale / side.max(f64::EPSILON), area, &mut out);
        left -= sum;
        rest = behind;
    }
    out
}

/// How much longer than wide the worst part of a row is; squares are 1.
fn stretch(most: f64, least: f64, sum: f64, side: f64, scale: f64) -> f64 {
    let (square, whole) = (side * side, sum * sum * scale);
    (square * most / whole).max(whole / (square * least))
}

/// Lays a row along the shorter side, and gives what is left of the area.
fn lay(row: &[f64], sum: f64, depth: f64, area: Area, out: &mut Vec<Area>) -> Area {
    let Area { x, y, w, h } = area;
    let mut at = 0.0;
    for it in row {
        let share = it / sum.max(f64::EPSILON);
        out.push(if w >= h {
            Area { x, y: y + at * h, w: depth, h: share * h }
        } else {
            Area { x: x + at * w, y, w: share * w, h: depth }
        });
        at += share;
    }
    match w >= h {
        true => Area { x: x + depth, w: (w - depth).max(0.0), ..area },
        false => Area { y: y + depth, h: (h - depth).max(0.0), ..area },
    }
}

fn tile(node: &Node, case: &Case, kept: &Kept, view: &View) -> Tile {
    let paths = &kept.contents.table.paths;
    let size = report::size(node.bytes);
    let name = match node.more {
        0 => case.shown_name(&visible(paths.name(node.path))),
        n => format!("{n} more"),
    };
    let path = case.shown_name(&paths.visible(node.path));
    let title = match node.more {
        0 => path,
        n => format!("{n} more in {path}"),
    };
    let finding = view.findings(node.path).filter(|_| node.more == 0 && !node.is_open);
    let mut look: Vec<&str> = finding.iter().map(|it| it.1.id()).collect();
    look.extend(node.is_open.then_some("open"));
    look.extend((node.more > 0).then_some("more"));
    look.extend(is_waste(node, kept, view).then_some("waste"));
    let room = ((node.area.w - 2.0 * BORDER) / LETTER).max(0.0);
    let fits = node.area.is_named() && as_f64(name.chars().count() as u64) <= room;
    Tile {
        id: node.path.number(),
        area: [node.area.x, node.area.y, node.area.w, node.area.h].map(rounded),
        look: look.join(" "),
        label: if fits { name } else { String::new() },
        title: format!("{title}, {size}"),
    }
}

/// Whether it is a file that is in the layer in vain.
fn is_waste(node: &Node, kept: &Kept, view: &View) -> bool {
    let entry = view.entry(&kept.contents.table, node.path).filter(|_| node.more == 0);
    let gone =
        entry.filter(|it| it.1.kind == Kind::File).map(|it| view::gone(&kept.squashed, it.0));
    view.scope.is_some() && gone.flatten().is_some()
}

/// Bytes of what is listed.
enum Bytes<'v> {
    /// All of it.
    All(&'v View),
    /// Some files only, by the number of the path.
    Some(Vec<u64>),
}

impl<'v> Bytes<'v> {
    fn new(kept: &Kept, view: &'v View) -> Self {
        if !view.is_filtered() {
            return Self::All(view);
        }
        let table = &kept.contents.table;
        let mut sums = vec![0_u64; table.paths.len()];
        for at in (0..sums.len()).rev() {
            let Some(path) = u32::try_from(at).ok().and_then(|it| table.paths.numbered(it)) else {
                continue;
            };
            let own = if view.has_inner(path) { 0 } else { view.bytes(path) };
            let Some(sum) = sums.get_mut(at).filter(|_| view.lists(path)) else { continue };
            *sum += own;
            let sum = *sum;
            let above = table.paths.parent(path);
            let above = above.and_then(|it| sums.get_mut(it.number() as usize));
            above.into_iter().for_each(|it| *it = it.saturating_add(sum));
        }
        Self::Some(sums)
    }

    fn of(&self, path: PathId) -> u64 {
        match self {
            Self::All(view) => view.bytes(path),
            Self::Some(sums) => sums.get(path.number() as usize).copied().unwrap_or_default(),
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "areas of a drawing need no more")]
fn as_f64(it: u64) -> f64 {
    it as f64
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "no coordinate is negative or above ten thousand"
)]
fn rounded(it: f64) -> u32 {
    it.round().clamp(0.0, 1e6) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn areas_tile_the_drawing_and_are_as_large_as_their_weights() {
        let weights = [6e6, 6e6, 4e6, 3e6, 2e6, 2e6, 1e6];
        let area = Area { x: 5.0, y: 7.0, w: 600.0, h: 400.0 };
        let areas = squarified(&weights, area);
        let unit = area.size() / weights.iter().sum::<f64>();
        for (weight, it) in weights.iter().zip(&areas) {
            assert!((it.size() - weight * unit).abs() < 1e-6, "{it:?}");
            assert!(it.x >= 5.0 && it.x + it.w < 605.1 && it.y >= 7.0 && it.y + it.h < 407.1);
            assert!(it.w.max(it.h) / it.w.min(it.h) < 3.1, "{it:?}");
        }
        for (at, a) in areas.iter().enumerate() {
            for b in areas.iter().skip(at + 1) {
                let apart = a.x + a.w <= b.x + 1e-6 || b.x + b.w <= a.x + 1e-6;
                assert!(apart || a.y + a.h <= b.y + 1e-6 || b.y + b.h <= a.y + 1e-6, "{a:?} {b:?}");
            }
        }
        assert_eq!(squarified(&[], area), []);
        assert_eq!(squarified(&[3.0], area), [area]);
    }
}
