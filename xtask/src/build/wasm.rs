//! Compiles the two browser crates and writes the glue between them and JavaScript.

use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use serde_json::Value;
use wasm_bindgen_cli_support::Bindgen;

use crate::run;
use crate::setup::{TARGET, Toolchain};

/// A crate that runs in the browser.
#[derive(Clone, Copy, Debug)]
pub(super) struct Module {
    /// The name of its library and of the files made from it.
    pub(super) name: &'static str,
    package: &'static str,
    /// What its glue calls itself: two that run in one place need two names.
    global: &'static str,
}

/// The crates that run in the browser.
pub(super) const MODULES: [Module; 2] = [
    Module { name: "web", package: "plimsoll-web", global: "wasm_bindgen" },
    Module { name: "worker", package: "plimsoll-worker", global: "wasm_bindgen" },
];

/// The pack for shell scripts, which runs beside the engine where somebody asks for it.
pub(super) const SHELL: Module =
    Module { name: "shell", package: "plimsoll-shell", global: "plimsoll_shell" };

/// What a browser loads of a module.
#[derive(Debug)]
pub(super) struct Output {
    pub(super) js: String,
    pub(super) wasm: Vec<u8>,
}

/// Compiles and binds one module.
pub(super) fn build(module: &Module, toolchain: &Toolchain, dev: bool) -> Result<Output> {
    let metadata = Metadata::read()?;
    let profile = if dev { "dev" } else { "web" };
    eprintln!("Compiling {} for the browser", module.package);
    // An explicit crate type: Cargo leaves out link-time optimization when a crate is also an rlib.
    let mut command = run::cargo();
    command.args(["rustc", "--package", module.package, "--lib", "--crate-type", "cdylib"]);
    command.args(["--target", TARGET, "--profile", profile]);
    command.env("CARGO_ENCODED_RUSTFLAGS", metadata.remaps(toolchain).join("\u{1f}"));
    run::shown(&mut command)?;
    let folder = if dev { "debug" } else { profile };
    let path = metadata.target.join(TARGET).join(folder).join(format!("{}.wasm", module.name));
    bind(module, path)
}

fn bind(module: &Module, path: PathBuf) -> Result<Output> {
    let mut output = Bindgen::new()
        .input_path(&path)
        .no_modules(true)?
        .no_modules_global(module.global)?
        .typescript(false)
        .demangle(false)
        .remove_name_section(true)
        .remove_producers_section(true)
        .omit_default_module_path(true)
        .generate_output()
        .with_context(|| format!("cannot bind {}", path.display()))?;
    // Every crate that binds anything has an entry; only one with files in it matters.
    let brings_files = output.snippets().values().any(|it| !it.is_empty());
    if brings_files || !output.local_modules().is_empty() {
        bail!("{} brings JavaScript files of its own, which the site does not load", module.name);
    }
    Ok(Output { js: output.js().to_owned(), wasm: output.wasm_mut().emit_wasm() })
}

/// What the build needs of `cargo metadata`.
struct Metadata {
    target: PathBuf,
    /// Folders in which Cargo keeps the sources of packages that are not in this repository.
    sources: Vec<String>,
}

impl Metadata {
    fn read() -> Result<Self> {
        let mut command = run::cargo();
        command.args(["metadata", "--format-version=1", "--filter-platform", TARGET]);
        let json: Value = serde_json::from_str(&run::output(&mut command)?)?;
        let target = json.get("target_directory").and_then(Value::as_str);
        let target = target.context("metadata without target folder")?;
        let packages = json.get("packages").and_then(Value::as_array);
        let packages = packages.context("metadata without packages")?;
        let foreign = packages.iter().filter(|it| it.get("source").is_some_and(|it| !it.is_null()));
        let manifests = foreign.filter_map(|it| it.get("manifest_path")?.as_str());
        let mut sources: Vec<String> = manifests.filter_map(shelf).collect();
        sources.sort();
        sources.dedup();
        Ok(Self { target: target.into(), sources })
    }

    /// Flags that keep this machine's folders out of panic messages: two machines, equal bytes.
    fn remaps(&self, toolchain: &Toolchain) -> Vec<String> {
        let remap = |from: &str, to: &str| format!("--remap-path-prefix={from}={to}");
        let mut flags: Vec<String> = self.sources.iter().map(|it| remap(it, "/packages")).collect();
        if let Some(commit) = &toolchain.commit {
            let library = toolchain.sysroot.join("lib/rustlib/src/rust");
            flags.push(remap(&library.to_string_lossy(), &format!("/rustc/{commit}")));
        }
        flags.push(remap(&crate::root().to_string_lossy(), "/plimsoll"));
        flags.push("-Ctarget-feature=+simd128".to_owned());
        flags
    }
}

/// The folder that holds the folder of a package.
fn shelf(manifest: &str) -> Option<String> {
    let shelf = std::path::Path::new(manifest).parent()?.parent()?;
    Some(shelf.to_string_lossy().into_owned())
}

/// Where Cargo keeps what it downloads.
pub(super) fn cargo_home() -> Result<PathBuf> {
    if let Some(home) = std::env::var_os("CARGO_HOME") {
        return Ok(home.into());
    }
    let home = std::env::home_dir().context("there is no home folder")?;
    Ok(home.join(".cargo"))
}
