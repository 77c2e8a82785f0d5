//! The command line: words to options, nothing done yet.

use std::ffi::OsString;
use std::path::PathBuf;

use anyhow::{Result, bail};
use lexopt::{Arg, Parser, ValueExt};

use crate::{bench, build, conformance, fuzz, serve, test};

/// What `cargo xtask help` prints.
pub const HELP: &str = "\
cargo xtask COMMAND

  serve [--port N] [--no-open] [--example NAME] [--dev] [--shell]
            build the site, serve it on this machine, open it with an example loaded; --shell: with
            the pack for shell scripts, which takes minutes to compile
  build [--out DIR] [--single FILE] [--dev] [--trunk] [--without-shell]
            build the site into DIR (default: dist), and the whole checker into one FILE;
            --dev compiles fast and weighs nothing; --trunk writes where Trunk's hook says
  test [--only unit|tidy|browser]
            run every test, or one kind
  reproduce
            build the site twice, from two folders, and compare the bytes
  bench [NAME...] [--browser] [--quick] [--out FILE] [--path PATH]... [--against PROGRAM]...
            measure speed and memory; --path: on these files; --against: programs of others, too;
            --browser: the page, in a browser
  fuzz [TARGET...] [--runs N] [--seed N]
            run readers on hostile input
  conformance --shared DIR [--only NAME]
            compare with the collections of real inputs in DIR
  conformance --shared DIR --shellcheck PROGRAM [--show CODE]...
            compare the pack for shell scripts with ShellCheck, code by code
  help      print this";

/// A command with its options.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Command {
    /// Print the help.
    Help,
    /// Build the site.
    Build(build::Options),
    /// Build and serve the site.
    Serve(serve::Options),
    /// Run the tests.
    Test(test::Options),
    /// Build twice and compare.
    Reproduce,
    /// Measure.
    Bench(bench::Options),
    /// Run readers on hostile input.
    Fuzz(fuzz::Options),
    /// Compare with real inputs.
    Conformance(conformance::Options),
}

/// Reads the words after `cargo xtask`.
pub fn parse(args: impl IntoIterator<Item = OsString>) -> Result<Command> {
    let mut parser = Parser::from_args(args);
    let Some(arg) = parser.next()? else { return Ok(Command::Help) };
    let name = match arg {
        Arg::Value(it) => it.string()?,
        Arg::Long("help") | Arg::Short('h') => return Ok(Command::Help),
        Arg::Long(_) | Arg::Short(_) => return Err(arg.unexpected().into()),
    };
    match name.as_str() {
        "help" => Ok(Command::Help),
        "build" => build(&mut parser).map(Command::Build),
        "serve" => serve(&mut parser).map(Command::Serve),
        "test" => test(&mut parser).map(Command::Test),
        "reproduce" => match parser.next()? {
            Some(arg) => Err(arg.unexpected().into()),
            None => Ok(Command::Reproduce),
        },
        "bench" => bench(&mut parser).map(Command::Bench),
        "fuzz" => fuzz(&mut parser).map(Command::Fuzz),
        "conformance" => conformance(&mut parser).map(Command::Conformance),
        _ => bail!("there is no command `{name}`"),
    }
}

fn build(parser: &mut Parser) -> Result<build::Options> {
    let mut options = build::Options::default();
    while let Some(arg) = parser.next()? {
        match arg {
            Arg::Long("out") => options.out = build::Out::Folder(path(parser)?),
            Arg::Long("trunk") => options.out = build::Out::Trunk,
            Arg::Long("dev") => options.dev = true,
            Arg::Long("without-shell") => options.without_shell = true,
            Arg::Long("single") => options.single = Some(path(parser)?),
            _ => return Err(arg.unexpected().into()),
        }
    }
    Ok(options)
}

fn serve(parser: &mut Parser) -> Result<serve::Options> {
    let mut options = serve::Options::default();
    while let Some(arg) = parser.next()? {
        match arg {
            Arg::Long("port") => options.port = Some(parser.value()?.parse()?),
            Arg::Long("no-open") => options.open = false,
            Arg::Long("example") => options.example = parser.value()?.string()?,
            Arg::Long("dev") => options.dev = true,
            Arg::Long("shell") => options.shell = true,
            _ => return Err(arg.unexpected().into()),
        }
    }
    Ok(options)
}

fn test(parser: &mut Parser) -> Result<test::Options> {
    let mut options = test::Options::default();
    while let Some(arg) = parser.next()? {
        match arg {
            Arg::Long("only") => {
                options.only = Some(match parser.value()?.string()?.as_str() {
                    "unit" => test::Kind::Unit,
                    "tidy" => test::Kind::Tidy,
                    "browser" => test::Kind::Browser,
                    other => bail!("there is no kind of test `{other}`"),
                });
            }
            _ => return Err(arg.unexpected().into()),
        }
    }
    Ok(options)
}

fn bench(parser: &mut Parser) -> Result<bench::Options> {
    let mut options = bench::Options::default();
    while let Some(arg) = parser.next()? {
        match arg {
            Arg::Long("quick") => options.quick = true,
            Arg::Long("browser") => options.names.push("browser".to_owned()),
            Arg::Long("out") => options.out = Some(path(parser)?),
            Arg::Long("path") => options.paths.push(path(parser)?),
            Arg::Long("against") => options.against.push(path(parser)?),
            Arg::Value(name) => options.names.push(name.string()?),
            _ => return Err(arg.unexpected().into()),
        }
    }
    Ok(options)
}

fn fuzz(parser: &mut Parser) -> Result<fuzz::Options> {
    let mut options = fuzz::Options::default();
    while let Some(arg) = parser.next()? {
        match arg {
            Arg::Long("runs") => options.runs = Some(parser.value()?.parse()?),
            Arg::Long("seed") => options.seed = Some(parser.value()?.parse()?),
            Arg::Value(name) => options.targets.push(name.string()?),
            _ => return Err(arg.unexpected().into()),
        }
    }
    Ok(options)
}

fn conformance(parser: &mut Parser) -> Result<conformance::Options> {
    let mut shared = None;
    let (mut only, mut shellcheck, mut show) = (None, None, Vec::new());
    while let Some(arg) = parser.next()? {
        match arg {
            Arg::Long("shared") => shared = Some(path(parser)?),
            Arg::Long("shellcheck") => shellcheck = Some(path(parser)?),
            Arg::Long("show") => show.push(parser.value()?.string()?),
            Arg::Long("only") => only = Some(parser.value()?.string()?),
            _ => return Err(arg.unexpected().into()),
        }
    }
    let Some(shared) = shared else { bail!("`conformance` needs --shared DIR") };
    Ok(conformance::Options { shared, only, shellcheck, show })
}

fn path(parser: &mut Parser) -> Result<PathBuf> {
    Ok(parser.value()?.into())
}

#[cfg(test)]
mod tests {
    use super::{Command, parse};
    use crate::{build, serve, test};

    fn words(line: &str) -> anyhow::Result<Command> {
        parse(line.split_whitespace().map(Into::into))
    }

    #[test]
    fn options_are_read() {
        let out = build::Out::Folder("x".into());
        let command = Command::Build(build::Options {
            out,
            dev: true,
            single: Some("y".into()),
            without_shell: true,
        });
        assert_eq!(words("build --out x --dev --single y --without-shell").unwrap(), command);
        let command = Command::Test(test::Options { only: Some(test::Kind::Tidy) });
        assert_eq!(words("test --only tidy").unwrap(), command);
        let options = serve::Options {
            port: Some(80),
            open: false,
            example: "a".to_owned(),
            ..serve::Options::default()
        };
        assert_eq!(
            words("serve --port=80 --no-open --example a").unwrap(),
            Command::Serve(options)
        );
    }

    #[test]
    fn what_is_not_understood_is_refused() {
        for line in [
            "publish",
            "build --fast",
            "build dist",
            "serve --port high",
            "test --only some",
            "test --no-browser",
            "conformance",
            "--version",
        ] {
            assert!(words(line).is_err(), "{line}");
        }
    }
}
