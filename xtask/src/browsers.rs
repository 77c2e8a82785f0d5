//! The browsers and drivers that the browser tests need, found or installed.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Result, bail};

use crate::{download, run};

/// Debian has no package of the driver for Firefox; crates.io has its source.
const GECKODRIVER: &str = "0.37.1";

/// Where the programs are.
#[derive(Debug)]
pub struct Browsers {
    /// The browser.
    pub chromium: PathBuf,
    /// What drives it.
    pub chromedriver: PathBuf,
    /// The other browser.
    pub firefox: PathBuf,
    /// What drives that.
    pub geckodriver: PathBuf,
}

/// A program, how it may be called, where one may say it is, and the package that brings it.
struct Program {
    names: &'static [&'static str],
    variable: &'static str,
    package: &'static str,
}

const CHROMIUM: Program = Program {
    names: &["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"],
    variable: "PLIMSOLL_CHROMIUM",
    package: "chromium",
};
const CHROMEDRIVER: Program = Program {
    names: &["chromedriver"],
    variable: "PLIMSOLL_CHROMEDRIVER",
    package: "chromium-driver",
};
const FIREFOX: Program = Program {
    names: &["firefox-esr", "firefox"],
    variable: "PLIMSOLL_FIREFOX",
    package: "firefox-esr",
};

/// Finds all of them, and installs what is missing where that is possible.
pub fn ensure() -> Result<Browsers> {
    let wanted = [CHROMIUM, CHROMEDRIVER, FIREFOX];
    let missing: Vec<&Program> = wanted.iter().filter(|it| find(it).is_none()).collect();
    if !missing.is_empty() {
        install(&missing)?;
    }
    Ok(Browsers {
        chromium: require(&CHROMIUM)?,
        chromedriver: require(&CHROMEDRIVER)?,
        firefox: require(&FIREFOX)?,
        geckodriver: geckodriver()?,
    })
}

fn find(program: &Program) -> Option<PathBuf> {
    match std::env::var_os(program.variable) {
        Some(it) => Some(PathBuf::from(it)),
        None => program.names.iter().find_map(|it| run::find(it)),
    }
}

fn require(program: &Program) -> Result<PathBuf> {
    let Some(path) = find(program) else {
        bail!("{} is still missing after the installation", program.package);
    };
    if !path.is_file() {
        bail!("{} is not a program, though {} says so", path.display(), program.variable);
    }
    Ok(path)
}

fn install(missing: &[&Program]) -> Result<()> {
    let packages: Vec<&str> = missing.iter().map(|it| it.package).collect();
    let list = packages.join(" ");
    if run::find("apt-get").is_none() || !is_root() {
        let variables: Vec<&str> = missing.iter().map(|it| it.variable).collect();
        bail!(
            "the browser tests need real browsers, and these are missing: {list}\n\
             Install them (on Debian: apt-get install {list}), or say where they are in {}.",
            variables.join(", ")
        );
    }
    eprintln!("Installing {list}: the browser tests drive real browsers.");
    let apt = |words: &[&str]| {
        let mut command = Command::new("apt-get");
        command.args(words).env("DEBIAN_FRONTEND", "noninteractive");
        command
    };
    run::shown(&mut apt(&["update", "--quiet=2"]))?;
    let mut words = vec!["install", "--yes", "--quiet=2", "--no-install-recommends"];
    words.extend(packages);
    run::shown(&mut apt(&words))
}

fn is_root() -> bool {
    run::output(Command::new("id").arg("-u")).is_ok_and(|it| it.trim() == "0")
}

fn geckodriver() -> Result<PathBuf> {
    if let Some(path) = std::env::var_os("PLIMSOLL_GECKODRIVER") {
        return Ok(path.into());
    }
    if let Some(path) = run::find("geckodriver") {
        return Ok(path);
    }
    let folder = download::cache()?.join(format!("geckodriver-{GECKODRIVER}"));
    let path = folder.join("bin/geckodriver");
    if !path.is_file() {
        eprintln!("Compiling geckodriver {GECKODRIVER}, once: the browser tests drive Firefox.");
        let mut command = run::cargo();
        command.args(["install", "--locked", "--debug", "--version", GECKODRIVER, "geckodriver"]);
        run::shown(command.arg("--root").arg(&folder))?;
    }
    Ok(path)
}
