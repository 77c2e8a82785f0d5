//! Until when the parts of an image are supported, by its repository and tag.
//!
//! A tag often names two things that age: `python:3.8-slim-buster` is Python 3.8 on Debian 10.
//! Both are answered for. A tag that moves on by itself (`latest`, `stable`, `python:3`) is not:
//! what it stands for today no table can say.
//!
//! Dates are endoflife.date's, MIT; see `data/NOTICE.md`.

use std::cmp::Ordering;
use std::sync::OnceLock;

use text::Date;

use super::patterns::Patterns;
use super::reference::{belongs_to, compare, familiar, version, words};
use super::table::{Table, columns};

/// The day of the table.
pub const AS_OF: Date = super::date(2026, 8, 22);

pub(super) static CYCLES: Table = Table::new(include_str!("../../data/lifecycle.tsv"));

/// One release cycle an image depends on.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Cycle {
    /// What is released, such as `Debian`.
    pub product: &'static str,
    /// The cycle, such as `10`; empty when the image as a whole is retired.
    pub cycle: String,
    /// The word tags use for it, such as `buster`.
    pub codename: Option<&'static str>,
    /// Whether this is the distribution, or what the image is named for.
    pub layer: Layer,
    /// The end of support for everybody.
    pub end: End,
    /// The end of extended support, which comes later.
    pub extended: Option<Date>,
    /// Whether extended support is free, as Debian's is, rather than sold.
    pub extended_is_free: bool,
    /// No images are made any more; use this repository.
    pub instead: Option<&'static str>,
}

/// What of an image a cycle is about.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Layer {
    /// What the image is named for.
    Product,
    /// The distribution below it.
    Distribution,
}

/// When support ends.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum End {
    /// On that day.
    On(Date),
    /// It has ended; the table does not say when.
    Ended,
    /// No end has been announced.
    NotAnnounced,
}

/// How well a cycle is supported on a given day.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Support {
    /// Fully, until that day if one is announced.
    Full(Option<Date>),
    /// Only the extended support goes on, until that day.
    Extended(Date),
    /// Not any more, since that day if it is known.
    Over(Option<Date>),
}

impl Cycle {
    /// How well the cycle is supported on the day `today`.
    pub fn support(&self, today: Date) -> Support {
        let end = match self.end {
            End::NotAnnounced => return Support::Full(None),
            End::Ended => None,
            End::On(day) if day >= today => return Support::Full(Some(day)),
            End::On(day) => Some(day),
        };
        match self.extended {
            Some(day) if day >= today => Support::Extended(day),
            Some(day) => Support::Over(Some(day)),
            None => Support::Over(end),
        }
    }
}

/// The cycles an image depends on: what it is named for, then its distribution. Empty when
/// nothing is known, or the tag moves on by itself.
///
/// `tag` is `None` when the image is named by digest alone; pass `latest` when it has neither.
pub fn end_of_life(repository: &str, tag: Option<&str>) -> Vec<Cycle> {
    let repository = familiar(repository);
    let own = products().fitting(repository).find_map(|it| it.named(repository, tag));
    let distribution = match &own {
        Some(own) if own.layer == Layer::Distribution => None,
        other => distribution(repository, tag, other.is_some()),
    };
    own.into_iter().chain(distribution).collect()
}

/// The cycle of a distribution as its os-release names it: `ID` and `VERSION_ID`.
pub fn distribution_of(id: &str, version: &str) -> Vec<Cycle> {
    let repository = match id {
        "almalinux" => "almalinux",
        "alpine" => "alpine",
        "amzn" => "amazonlinux",
        "centos" => "centos",
        "debian" => "debian",
        "fedora" => "fedora",
        "ol" => "oraclelinux",
        "opensuse-leap" => "opensuse/leap",
        "rocky" => "rockylinux",
        "ubuntu" => "ubuntu",
        "rhel" => {
            let major = version.split('.').next().unwrap_or(version);
            return end_of_life(&format!("registry.access.redhat.com/ubi{major}"), Some(version));
        }
        _ => return Vec::new(),
    };
    end_of_life(repository, Some(version))
}

/// The version a word of a tag stands for in a product: `22.04` for `jammy` in `ubuntu`.
pub(super) fn version_of(repository: &str, word: &str) -> Option<&'static str> {
    let product = products().fitting(repository).next()?;
    product.rows.iter().find(|it| it.is_called(word)).map(|it| it.cycle)
}

/// The release of Debian or Ubuntu that goes by a name.
pub fn release_named(word: &str) -> Option<Cycle> {
    ["Debian", "Ubuntu"].iter().find_map(|it| {
        let product = Product::by_name(it)?;
        let row = product.rows.iter().find(|it| it.is_called(word))?;
        Some(product.cycle(row))
    })
}

/// A product of the table, with the rows below its head.
#[derive(Clone, Copy)]
struct Product {
    name: &'static str,
    repositories: &'static str,
    flags: &'static str,
    rows: &'static [Row],
}

/// A row as it stands in the table; most are passed over, so dates are read when asked for.
struct Row {
    cycle: &'static str,
    end: &'static str,
    extended: &'static str,
    /// Other words for the cycle.
    words: &'static str,
}

/// The products by their repositories.
fn products() -> &'static Patterns<Product> {
    static ROWS: OnceLock<Vec<Row>> = OnceLock::new();
    static PRODUCTS: OnceLock<Patterns<Product>> = OnceLock::new();
    PRODUCTS.get_or_init(|| {
        let mut products = Vec::new();
        let mut rest = ROWS.get_or_init(|| CYCLES.rows().map(Row::new).collect()).as_slice();
        // A head has its columns in the places of a row's.
        while let Some((head, after)) = rest.split_first() {
            let end = after.iter().position(|it| it.cycle.starts_with('@'));
            let (rows, after) = after.split_at(end.unwrap_or(after.len()));
            let name = head.cycle.strip_prefix('@').unwrap_or(head.cycle);
            products.push(Product { name, repositories: head.end, flags: head.extended, rows });
            rest = after;
        }
        Patterns::new(products, |it| it.repositories)
    })
}

impl Product {
    fn by_name(name: &str) -> Option<Self> {
        products().entries().iter().find(|it| it.name == name).copied()
    }

    fn flag(self, name: &str) -> Option<&'static str> {
        self.flags.split(' ').find_map(|it| it.strip_prefix(name))
    }

    fn layer(self) -> Layer {
        match self.flag("os") {
            Some(_) => Layer::Distribution,
            None => Layer::Product,
        }
    }

    fn cycle(self, row: &Row) -> Cycle {
        Cycle {
            product: self.name,
            cycle: row.cycle.to_owned(),
            codename: row.words.split(' ').find(|it| it.starts_with(char::is_alphabetic)),
            layer: self.layer(),
            end: row.end(),
            extended: row.extended(),
            extended_is_free: self.flag("free").is_some(),
            instead: self.flag("retired="),
        }
    }

    /// A cycle that is too old for the table.
    fn ended(self, cycle: &str) -> Cycle {
        let row = Row { cycle: "", end: "ended", extended: "", words: "" };
        Cycle { cycle: cycle.to_owned(), ..self.cycle(&row) }
    }

    /// The cycle a repository of this product and its tag name.
    fn named(self, repository: &str, tag: Option<&str>) -> Option<Cycle> {
        if self.flag("named").is_some() {
            return self.by_version(number_after(repository, &["/ubi", "/rhel"])?);
        }
        let named = tag.and_then(|it| self.by_tag(it));
        named.or_else(|| self.flag("retired=").and_then(|_| self.retired(tag)))
    }

    /// A retired repository gets nothing new, so even a tag without a version stands still.
    fn retired(self, tag: Option<&str>) -> Option<Cycle> {
        // Early-access builds of openjdk go on being published.
        if tag.is_some_and(|it| words(it).any(|it| it == "ea")) {
            return None;
        }
        let newest = self.rows.first().map(|it| self.cycle(it));
        newest.or_else(|| Some(self.ended(tag.and_then(version).unwrap_or_default())))
    }

    fn by_tag(self, tag: &str) -> Option<Cycle> {
        let row = self.rows.iter().find(|row| words(tag).any(|it| row.is_called(it)));
        if let Some(row) = row {
            return Some(self.cycle(row));
        }
        if let Some(word) = self.flag("need=") {
            return self.by_version(version(tag.strip_prefix(word)?)?);
        }
        let prefixes = self.flag("strip=").unwrap_or_default();
        let rest = prefixes.split(',').find_map(|it| tag.strip_prefix(it)).unwrap_or(tag);
        self.by_version(version(rest)?)
    }

    fn by_version(self, version: &str) -> Option<Cycle> {
        if self.flag("exact").is_some() {
            return self.exactly(version);
        }
        self.exactly(version)
            .or_else(|| self.ended_line(version))
            .or_else(|| self.too_old(version).then(|| self.ended(version)))
    }

    /// The cycle the version belongs to; `3.18` rather than `3` when the table has both.
    fn exactly(self, version: &str) -> Option<Cycle> {
        let fitting = self.rows.iter().filter(|it| belongs_to(version, it.cycle));
        fitting.max_by_key(|it| it.cycle.len()).map(|it| self.cycle(it))
    }

    /// A short tag moves on with its line (`python:3`), unless the whole line had ended and a
    /// newer one existed when the table was made: then it stands still at the last of it.
    fn ended_line(self, version: &str) -> Option<Cycle> {
        let line = self.rows.iter().filter(|it| belongs_to(it.cycle, version));
        let last = line.max_by_key(|it| it.end().latest())?;
        let newer = |it: &Row| {
            compare(it.cycle, last.cycle) == Ordering::Greater && !belongs_to(it.cycle, version)
        };
        let stands_still = last.end().latest() <= Some(AS_OF) && self.rows.iter().any(newer);
        stands_still.then(|| self.cycle(last))
    }

    /// Whether the version is older than every cycle of its major version, or, if there is none,
    /// than every cycle: the table drops the oldest, never one that is still supported.
    fn too_old(self, version: &str) -> bool {
        let major = version.split('.').next().unwrap_or_default();
        let same = self.rows.iter().any(|it| belongs_to(it.cycle, major));
        let mut others = self.rows.iter().filter(|it| !same || belongs_to(it.cycle, major));
        let older = |it: &Row| {
            compare(version, it.cycle) == Ordering::Less && !belongs_to(it.cycle, version)
        };
        !self.rows.is_empty() && others.all(older)
    }
}

impl Row {
    fn new(row: &'static str) -> Self {
        let [cycle, end, extended, words] = columns(row);
        Self { cycle, end, extended, words }
    }

    /// A day that cannot be read would be no end; the tests see to it that there is none.
    fn end(&self) -> End {
        match self.end {
            "ended" => End::Ended,
            day => day.parse().map_or(End::NotAnnounced, End::On),
        }
    }

    fn extended(&self) -> Option<Date> {
        self.extended.parse().ok()
    }

    fn is_called(&self, word: &str) -> bool {
        self.words.split(' ').any(|it| !it.is_empty() && belongs_to(word, it))
    }
}

impl End {
    /// For comparing: what is not announced comes after every day, what ended before.
    fn latest(self) -> Option<Date> {
        match self {
            Self::Ended => None,
            Self::On(day) => Some(day),
            Self::NotAnnounced => Date::new(u16::MAX, 12, 31),
        }
    }
}

/// The number right after one of the words: `8` of `…/ubi8/ubi`.
fn number_after<'a>(text: &'a str, words: &[&str]) -> Option<&'a str> {
    let rest = words.iter().find_map(|it| text.split_once(it)).map(|(_, rest)| rest)?;
    version(rest)
}

/// How tags name the distribution below a product, before its version. Sources: the tags of the
/// Docker official images, of bitnami, of Microsoft's and of NVIDIA's images.
const DISTRIBUTIONS: [(&str, &str); 16] = [
    ("alpine", "Alpine Linux"),
    ("debian", "Debian"),
    ("ubuntu", "Ubuntu"),
    ("ubi", "Red Hat Enterprise Linux"),
    ("rhel", "Red Hat Enterprise Linux"),
    ("centos", "CentOS Linux"),
    ("rockylinux", "Rocky Linux"),
    ("almalinux", "AlmaLinux"),
    ("oraclelinux", "Oracle Linux"),
    ("ol", "Oracle Linux"),
    ("amazonlinux", "Amazon Linux"),
    ("al", "Amazon Linux"),
    ("fedora", "Fedora"),
    ("azurelinux", "Azure Linux"),
    ("mariner", "Azure Linux"),
    ("photon", "Photon OS"),
];

/// Release names that mean a distribution in the tag of any image. Older and rarer ones are
/// understood only in the distributions' own repositories: they are words of other meanings too.
const CODENAMES: [(&str, &str); 13] = [
    ("jessie", "Debian"),
    ("stretch", "Debian"),
    ("buster", "Debian"),
    ("bullseye", "Debian"),
    ("bookworm", "Debian"),
    ("trixie", "Debian"),
    ("trusty", "Ubuntu"),
    ("xenial", "Ubuntu"),
    ("bionic", "Ubuntu"),
    ("focal", "Ubuntu"),
    ("jammy", "Ubuntu"),
    ("noble", "Ubuntu"),
    ("resolute", "Ubuntu"),
];

/// The distribution that the tag names, or the repository does, as distroless images' names do.
/// `has_product` tells that the tag names a release of something else as well.
fn distribution(repository: &str, tag: Option<&str>, has_product: bool) -> Option<Cycle> {
    if let Some(name) = repository.strip_prefix("gcr.io/distroless/") {
        let (_, number) = name.rsplit_once("-debian")?;
        return Product::by_name("Debian")?.exactly(version(number)?);
    }
    let tag = tag?;
    if repository == "buildpack-deps" {
        // These are tagged by distribution alone: `20.04-curl`, `sid-scm`.
        let number = version(tag).and_then(|it| Product::by_name("Ubuntu")?.exactly(it));
        let word = || ["Debian", "Ubuntu"].iter().find_map(|it| Product::by_name(it)?.by_tag(tag));
        return number.or_else(word);
    }
    if ["windowsservercore", "nanoserver", "servercore"].iter().any(|it| tag.contains(it)) {
        return Product::by_name("Windows Server")?.by_tag(tag);
    }
    let mut following = words(tag).skip(1);
    words(tag).enumerate().find_map(|(index, word)| {
        // In `alpine-2.6.3` of a product, the number is the product's.
        let next = following.next().filter(|_| index > 0 || !has_product);
        if let Some((_, product)) = CODENAMES.iter().find(|(it, _)| word == *it) {
            return Product::by_name(product)?.by_tag(word);
        }
        DISTRIBUTIONS.iter().find_map(|(name, product)| {
            let rest = word.strip_prefix(name)?;
            let number = if rest.is_empty() { next? } else { rest };
            let all_number = version(number).is_some_and(|it| it == number);
            Product::by_name(product)?.exactly(number).filter(|_| all_number)
        })
    })
}

#[cfg(test)]
mod tests;
