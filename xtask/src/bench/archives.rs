//! Saved images in a real Chromium, everything on: how long a check takes, and how much of that the
//! threads of the workers were working; how much memory the engine has, and the process that holds page and
//! worker; how long it takes from cancelling until the report of what was read is there.
//!
//! Without `--path` it is measured on images made of what this machine has. Each is read in a
//! browser of its own.

use std::fmt::Write as _;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};

use super::generated::{self, Made};
use super::webdriver::Browser;
use super::{Options, processes};
use crate::{build, http, run, site};

/// A page that waits for nothing.
const IDLE: &str = "document.querySelector('#status[data-engine=ready]')";
/// How long an archive is read before somebody has enough of it, in milliseconds: the first word of how
/// far it is has come by then, and the largest part is still to be read.
const ENOUGH: u64 = 600;

/// Measures, and gives what there is to print.
pub(super) fn measure(options: &Options) -> Result<String> {
    let mut out = String::new();
    let mut archives: Vec<Made> = Vec::new();
    for path in options.paths.iter().filter(|it| it.is_file()) {
        archives.push(Made { path: path.clone(), unpacked: path.metadata()?.len() });
    }
    if archives.is_empty() {
        archives = generated::images(&mut out)?;
    }
    let folder = site()?;
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let address = format!("http://{}/", listener.local_addr()?);
    std::thread::spawn(move || {
        http::serve(&listener, Arc::new(move |request| site::answer(&folder, request)));
    });
    let rounds = if options.quick { 1 } else { 3 };
    for Made { path, unpacked } in archives {
        let (stored, unpacked) = (path.metadata()?.len() as f64 / 1e6, unpacked as f64 / 1e6);
        writeln!(out, "{}, {stored:.0} MB, {unpacked:.0} MB unpacked", path.display())?;
        let mut best = Figures::default();
        for _ in 0..rounds {
            best = best.better(&once(&address, &path)?);
        }
        out.push_str(&best.text(unpacked));
    }
    Ok(out)
}

/// The site to measure: that of `PLIMSOLL_SITE`, as the tests have it, or else one that is built now.
fn site() -> Result<PathBuf> {
    if let Some(folder) = std::env::var_os("PLIMSOLL_SITE") {
        return Ok(folder.into());
    }
    let folder = crate::root().join("target/site-under-test");
    let out = build::Out::Folder(folder.clone());
    build::site(&build::Options { out, without_shell: true, ..build::Options::default() })?;
    Ok(folder)
}

/// What was measured of one archive.
#[derive(Clone, Copy, Default)]
struct Figures {
    /// Milliseconds of a check, as the page counts them.
    check: Option<f64>,
    /// The same without the time in which the engine waited for a core, which others had: on a busy
    /// machine nearer to what it is on an idle one.
    unhindered: Option<f64>,
    /// Milliseconds that the thread of the engine worked meanwhile, and those of the workers that compute
    /// digests and read for it together: on a busy machine the better measure.
    work: [Option<f64>; 2],
    /// Megabytes of the engine, which never shrink.
    engine: Option<f64>,
    /// Kilobytes of the process at its largest.
    process: Option<u64>,
    /// Milliseconds from cancelling until the report is there.
    cancel: Option<f64>,
}

impl Figures {
    /// The fastest of several rounds, and the most memory of one.
    fn better(self, other: &Self) -> Self {
        let least = |a: Option<f64>, b: Option<f64>| a.into_iter().chain(b).reduce(f64::min);
        Self {
            check: least(self.check, other.check),
            unhindered: least(self.unhindered, other.unhindered),
            work: [0, 1].map(|it: usize| {
                least(self.work.get(it).copied().flatten(), other.work.get(it).copied().flatten())
            }),
            engine: self.engine.into_iter().chain(other.engine).reduce(f64::max),
            process: self.process.max(other.process),
            cancel: least(self.cancel, other.cancel),
        }
    }

    /// `megabytes`: what was read.
    fn text(&self, megabytes: f64) -> String {
        let mut out = String::new();
        let speed =
            |it: f64| format!("{:.2} s, {:.0} MB/s", it / 1e3, megabytes * 1e3 / it.max(1.0));
        if let Some(it) = self.check {
            out += &format!("  check            {}\n", speed(it));
        }
        if let Some(it) = self.unhindered {
            out += &format!("  with a core      {}\n", speed(it));
        }
        for (name, it) in ["engine's thread", "helpers' threads"].iter().zip(self.work) {
            out += &it.map_or(String::new(), |it| format!("  {name:<17}{}\n", speed(it)));
        }
        if let Some(it) = self.engine {
            out += &format!("  engine           {it:.0} MB\n");
        }
        if let Some(it) = self.process {
            out += &format!("  page and worker  {} MB\n", it / 1000);
        }
        out += &match self.cancel {
            Some(it) => format!("  cancel           {it:.0} ms\n"),
            None => "  cancel           it was done before it could be cancelled\n".to_owned(),
        };
        out
    }
}

fn once(address: &str, archive: &Path) -> Result<Figures> {
    let find = |names: &[&str]| {
        let found = names.iter().find_map(|it| run::find(it));
        found.with_context(|| format!("there is no {}", names.join(" and no ")))
    };
    let chromium = find(&["chromium", "chromium-browser", "google-chrome"])?;
    let browser = Browser::start(&find(&["chromedriver"])?, &chromium)?;
    browser.open(address)?;
    browser.wait(&format!("document.body.dataset.ready === 'true' && {IDLE}"))?;
    let archive = archive.canonicalize()?;
    let name = archive.to_string_lossy();
    let before = processes::work(browser.process());
    browser.type_into("#open", &name)?;
    browser.wait(&format!("document.querySelector('[data-input=layers]') && {IDLE}"))?;
    let after = processes::work(browser.process());
    let said = browser.run(
        "const status = document.querySelector('#status');
         return [parseFloat(status.textContent.match(/\\d+/)), parseFloat(status.dataset.memory)];",
    )?;
    let said = |at: usize| said.get(at).and_then(serde_json::Value::as_f64);
    let process = processes::memory(browser.process());
    // A file of the same name takes the place of the first.
    browser.type_into("#open", &name)?;
    std::thread::sleep(Duration::from_millis(ENOUGH));
    browser.run(
        "self.cancelled = 0;
         if (document.querySelector('#status[data-engine=ready]')) return;
         const start = performance.now();
         const channel = new MessageChannel();
         channel.port1.onmessage = () => {
             if (document.querySelector('#status[data-engine=ready]')) {
                 self.cancelled = performance.now() - start;
             } else {
                 channel.port2.postMessage(0);
             }
         };
         const key = { key: 'Escape', shiftKey: true, bubbles: true };
         document.body.dispatchEvent(new KeyboardEvent('keydown', key));
         channel.port2.postMessage(0);",
    )?;
    browser.wait(IDLE)?;
    let cancel = browser.run("return self.cancelled;")?.as_f64().filter(|it| *it > 0.0);
    let (before, after) = (before.unwrap_or_default(), after.unwrap_or_default());
    let spent = |thread: usize, what: usize| {
        let at = |all: &[[f64; 2]]| Some(*all.get(thread)?.get(what)?);
        Some(at(&after)? - at(&before).unwrap_or_default())
    };
    let work = [spent(0, 0), spent(1, 0).zip(spent(2, 0)).map(|(a, b)| a + b)];
    let check = said(0);
    let unhindered = check.zip(spent(0, 1)).map(|(all, waited)| all - waited);
    Ok(Figures { check, unhindered, work, engine: said(1), process, cancel })
}
