//! The one way the site is built: compile, bind, hash, assemble, weigh.
//!
//! The site is put together in memory and written at the end, so that a failed build leaves the
//! previous one alone.

mod assets;
mod folder;
mod html;
mod offline;
mod pages;
mod reload;
mod single;
mod size;
mod tight;
mod wasm;

use std::path::PathBuf;

use anyhow::{Context, Result, bail};

use crate::setup;
use assets::Site;
use pages::Written;

pub use assets::{Asset, EXTRA, LOGICAL};
pub use size::BUDGETS;
pub(crate) use size::{compress, compressed};

/// The options of `cargo xtask build`.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Options {
    /// Where to.
    pub out: Out,
    /// Compile fast: big files, no weighing.
    pub dev: bool,
    /// Where the whole checker goes as one file, if it is wanted.
    pub single: Option<PathBuf>,
    /// Leave out the pack for shell scripts, which takes minutes to compile.
    pub without_shell: bool,
}

/// Where a build goes.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub enum Out {
    /// `dist` at the top of the repository.
    #[default]
    Dist,
    /// A folder, as seen from the current one.
    Folder(PathBuf),
    /// The staging folder of a Trunk run that called this build as its hook.
    Trunk,
}

/// A site that was built.
#[derive(Debug)]
pub struct Built {
    /// Where it is.
    pub folder: PathBuf,
    site: Site,
}

/// Builds the site, weighs it and holds it to its budgets.
pub fn run(options: &Options) -> Result<()> {
    let built = site(options)?;
    if options.dev {
        return Ok(());
    }
    size::weigh(&built.site)
}

/// Builds the site.
pub fn site(options: &Options) -> Result<Built> {
    let folder = out_folder(&options.out)?;
    if options.out != Out::Trunk {
        folder::refuse_foreign(&folder)?;
    }
    let toolchain = setup::toolchain()?;
    let mut site = Site::default();
    let pack = Some(wasm::SHELL).filter(|_| !options.without_shell && options.out != Out::Trunk);
    for module in wasm::MODULES.into_iter().chain(pack) {
        let built = wasm::build(&module, &toolchain, options.dev)?;
        site.add_asset(&format!("{}.js", module.name), tight::tight(&built.js)?.into_bytes());
        site.add_asset(&format!("{}.wasm", module.name), built.wasm);
    }
    let Written { edition, companion } = pages::add(&mut site)?;
    let mut template = pages::with_edition(&read_template("index.html")?, &edition)?;
    if options.out == Out::Trunk && reload::is_wanted(&folder) {
        template = reload::add(&mut site, &template)?;
    }
    let compare = pages::with_edition(&read_template("web/compare/index.html")?, &edition)?;
    assets::assemble(&mut site, &[("index.html", template), ("compare/index.html", compare)])?;
    let file = single::assemble(&site, &companion)?;
    // Beside the site too: other pages have it in frames, and visitors can take it with them.
    site.files.insert(single::NAME.to_owned(), file.clone());
    offline::add(&mut site, !options.dev && options.out != Out::Trunk)?;
    site.refuse_local_paths(&[crate::root(), wasm::cargo_home()?, toolchain.sysroot])?;
    match options.out {
        Out::Trunk => folder::write(&folder, &site.files)?,
        Out::Dist | Out::Folder(_) => folder::replace(&folder, &site.files)?,
    }
    if !options.dev {
        single::weigh(&file)?;
    }
    if let Some(path) = &options.single {
        std::fs::write(path, file).with_context(|| format!("cannot write {}", path.display()))?;
    }
    Ok(Built { folder, site })
}

/// What a built site weighs: what for, bytes as they travel, the goal.
pub(crate) fn sizes(built: &Built) -> Result<Vec<(&'static str, usize, usize)>> {
    let mut all = size::figures(&built.site)?;
    let file = built.site.files.get(single::NAME).context("there is no single file")?;
    all.push(("the single file", file.len(), single::GOAL));
    Ok(all)
}

fn out_folder(out: &Out) -> Result<PathBuf> {
    match out {
        Out::Dist => Ok(crate::root().join("dist")),
        Out::Folder(it) => Ok(std::path::absolute(it)?),
        Out::Trunk => match std::env::var_os("TRUNK_STAGING_DIR") {
            Some(it) => Ok(it.into()),
            None => bail!("--trunk is for Trunk's hook: TRUNK_STAGING_DIR is not set"),
        },
    }
}

fn read_template(name: &str) -> Result<String> {
    let path = crate::root().join(name);
    std::fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))
}
