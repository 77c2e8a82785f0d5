//! Builds the site, serves it on this machine only, and opens a browser on it.

use std::net::{Ipv4Addr, TcpListener};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::Arc;

use anyhow::{Context, Result};

use crate::{build, http, run, site};

/// Where the site is served when nobody says otherwise, so that the address stays the same.
const PORT: u16 = 7070;

/// The options of `cargo xtask serve`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Options {
    /// The port; a usual one, or any free one, when absent.
    pub port: Option<u16>,
    /// Whether to open a browser.
    pub open: bool,
    /// The example the page opens with.
    pub example: String,
    /// Compile fast.
    pub dev: bool,
    /// Build the pack for shell scripts too, which takes minutes.
    pub shell: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self { port: None, open: true, example: "multi-stage".to_owned(), dev: false, shell: false }
    }
}

/// Serves until it is interrupted.
pub fn run(options: &Options) -> Result<()> {
    // The port first: whoever has to choose another one should learn it before the build.
    let listener = listen(options.port)?;
    let (dev, without_shell) = (options.dev, !options.shell);
    let folder = build::Options { dev, without_shell, ..build::Options::default() };
    let root: PathBuf = build::site(&folder)?.folder;
    let base = format!("http://{}/", listener.local_addr()?);
    let address = format!("{base}#example={}", options.example);
    eprintln!("\nPlimsoll is at {base}");
    eprintln!("with an example: {address}");
    eprintln!("Ctrl-C ends it.");
    if options.open {
        open(&address);
    }
    http::serve(&listener, Arc::new(move |request| site::answer(&root, request)));
    Ok(())
}

fn listen(port: Option<u16>) -> Result<TcpListener> {
    let bind = |port| TcpListener::bind((Ipv4Addr::LOCALHOST, port));
    match port {
        Some(port) => bind(port).with_context(|| format!("cannot listen on port {port}")),
        None => bind(PORT).or_else(|_| bind(0)).context("cannot listen on any port"),
    }
}

/// Opens the address where there is a desktop; the printed address serves everybody else.
fn open(address: &str) {
    let has_display =
        ["DISPLAY", "WAYLAND_DISPLAY"].iter().any(|it| std::env::var_os(it).is_some());
    let mut command = if cfg!(target_os = "macos") {
        Command::new("open")
    } else if cfg!(windows) {
        let mut command = Command::new("cmd");
        command.args(["/c", "start", ""]);
        command
    } else if has_display && run::find("xdg-open").is_some() {
        Command::new("xdg-open")
    } else {
        return;
    };
    let started = command.arg(address).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
    if let Err(error) = started {
        eprintln!("(no browser could be opened: {error})");
    }
}
