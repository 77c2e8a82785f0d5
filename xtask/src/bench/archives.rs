//! Saved images in a real Chromium, everything on: how long a check takes, how much memory the process
//! has that holds page and worker, and how long it takes from cancelling until the page is idle again.
//! `--path` names the archives; each is read in a browser of its own.

use std::fmt::Write as _;
use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result};

use super::Options;
use super::webdriver::Browser;
use crate::{build, http, run, site};

/// A page that waits for nothing.
const IDLE: &str = "document.querySelector('#status[data-engine=ready]')";
/// A page that tells how far it has come with an archive.
const READING: &str = "document.querySelector('#outcome progress')";

/// Measures, and gives what there is to print.
pub(super) fn measure(options: &Options) -> Result<String> {
    let archives: Vec<&PathBuf> = options.paths.iter().filter(|it| it.is_file()).collect();
    if archives.is_empty() {
        return Ok("no archive is named: --path image.tar\n".to_owned());
    }
    let folder = crate::root().join("target/site-under-test");
    let out = build::Out::Folder(folder.clone());
    build::site(&build::Options { out, without_shell: true, ..build::Options::default() })?;
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let address = format!("http://{}/", listener.local_addr()?);
    std::thread::spawn(move || {
        http::serve(&listener, Arc::new(move |request| site::answer(&folder, request)));
    });
    let rounds = if options.quick { 1 } else { 3 };
    let mut out = String::new();
    for archive in archives {
        let bytes = archive.metadata()?.len();
        writeln!(out, "{}, {} MB", archive.display(), bytes / 1_000_000)?;
        let mut best = Figures::default();
        for _ in 0..rounds {
            best = best.better(&once(&address, archive)?);
        }
        out.push_str(&best.text(bytes));
    }
    Ok(out)
}

/// What was measured of one archive.
#[derive(Clone, Copy, Default)]
struct Figures {
    /// Milliseconds of a check, as the page counts them.
    check: Option<f64>,
    /// Kilobytes of the process at its largest.
    memory: Option<u64>,
    /// Milliseconds from cancelling until the page is idle.
    cancel: Option<f64>,
}

impl Figures {
    /// The fastest of several rounds, and the most memory of one.
    fn better(self, other: &Self) -> Self {
        let least = |a: Option<f64>, b: Option<f64>| match (a, b) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        };
        Self {
            check: least(self.check, other.check),
            memory: self.memory.max(other.memory),
            cancel: least(self.cancel, other.cancel),
        }
    }

    fn text(&self, bytes: u64) -> String {
        let mut out = String::new();
        if let Some(it) = self.check {
            #[expect(clippy::cast_precision_loss, reason = "a file has less than 2^52 bytes")]
            let rate = bytes as f64 / 1000.0 / it.max(1.0);
            out += &format!("  check            {:.2} s, {rate:.0} MB/s as stored\n", it / 1000.0);
        }
        if let Some(it) = self.memory {
            out += &format!("  page and worker  {} MB\n", it / 1000);
        }
        out += &match self.cancel {
            Some(it) => format!("  cancel to idle   {it:.0} ms\n"),
            None => "  cancel to idle   it was done before it could be cancelled\n".to_owned(),
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
    let mut nothing = || ();
    browser.wait(&format!("document.body.dataset.ready === 'true' && {IDLE}"), &mut nothing)?;
    let archive = archive.canonicalize()?;
    let name = archive.to_string_lossy();
    let mut memory = None;
    let mut look = || memory = memory.max(largest_child(browser.process()));
    browser.type_into("#open", &name)?;
    browser.wait(&format!("document.querySelector('[data-input=layers]') && {IDLE}"), &mut look)?;
    let said = browser.run("return document.querySelector('#status .engine').textContent;")?;
    let check = said.as_str().and_then(|it| it.split(' ').find_map(|it| it.parse().ok()));
    // A file of the same name takes the place of the first.
    browser.type_into("#open", &name)?;
    browser.wait(&format!("{READING} || {IDLE}"), &mut look)?;
    browser.run(
        "self.idle = 0;
         const button = document.querySelector('#outcome .banner button');
         if (!button) return;
         const start = performance.now();
         const look = () => {
             if (document.querySelector('#status[data-engine=ready]')) {
                 self.idle = performance.now() - start;
             } else {
                 setTimeout(look, 1);
             }
         };
         button.click();
         setTimeout(look, 1);",
    )?;
    browser.wait(&format!("self.idle || ({IDLE} && !{READING})"), &mut look)?;
    let cancel = browser.run("return self.idle;")?.as_f64().filter(|it| *it > 0.0);
    Ok(Figures { check, memory, cancel })
}

/// Kilobytes that the largest process below another one has had at most; Linux only.
fn largest_child(driver: u32) -> Option<u64> {
    let mut most = None;
    for entry in fs::read_dir("/proc").ok()?.flatten() {
        let Ok(status) = fs::read_to_string(entry.path().join("status")) else { continue };
        let command = fs::read(entry.path().join("cmdline")).unwrap_or_default();
        let command = String::from_utf8_lossy(&command);
        if command.contains("--type=renderer") && is_below(&status, driver) {
            most = most.max(number(&status, "VmHWM:"));
        }
    }
    most
}

fn is_below(status: &str, ancestor: u32) -> bool {
    let mut parent = number(status, "PPid:");
    for _ in 0..10 {
        match parent {
            None | Some(0) => return false,
            Some(it) if it == u64::from(ancestor) => return true,
            Some(it) => {
                let status = fs::read_to_string(format!("/proc/{it}/status")).unwrap_or_default();
                parent = number(&status, "PPid:");
            }
        }
    }
    false
}

fn number(status: &str, name: &str) -> Option<u64> {
    let line = status.lines().find_map(|it| it.strip_prefix(name))?;
    line.split_whitespace().next()?.parse().ok()
}
