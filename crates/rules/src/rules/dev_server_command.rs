//! A server to develop with.

use report::{Applies, Input, Outcome, Severity, quote};

use super::debug_mode_enabled::is_meant_to;
use crate::commands::RunCommand;
use crate::starts::starts;
use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "dev-server-command",
    title: "The container starts a server to develop with",
    question: None,
    severity: Severity::Medium,
    applies: Applies::Image,
    default: true,
    reads: &[Input::Dockerfile, Input::Config, Input::History],
    aka: &[],
    doc: page!("dev_server_command.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    if is_meant_to(case) {
        return;
    }
    let mut told = false;
    for start in starts(case) {
        let found = development(&start.command);
        match found {
            Some(what) if !told => {
                told = true;
                let message = format!(
                    "{} is a server to develop with: it is slow, and tells too much",
                    quote(&what)
                );
                out.fail(&start.place(&start.command.simple.words), message);
            }
            Some(_) => {}
            None => out.clear(&start.at, "no server to develop with"),
        }
    }
}

/// The command, if it starts a server that is made to develop with.
fn development(it: &RunCommand) -> Option<String> {
    let words: Vec<String> = it.arguments().iter().map(|it| it.text().into_owned()).collect();
    let has = |word: &str| words.iter().any(|it| it == word);
    let first =
        words.iter().find(|it| !it.starts_with('-')).map(String::as_str).unwrap_or_default();
    let second = words
        .iter()
        .filter(|it| !it.starts_with('-'))
        .nth(1)
        .map(String::as_str)
        .unwrap_or_default();
    let dev = |name: &str| {
        name == "dev" || name == "start:dev" || name == "develop" || name == "serve:dev"
    };
    let what = |verb: &str| Some(format!("{} {verb}", it.program));
    match &*it.program {
        "flask" if has("run") => what("run"),
        "python" | "python3" | "uv" | "poetry" | "pipenv" if has("runserver") => {
            what("… runserver")
        }
        "python" | "python3" if has("flask") && has("run") => what("-m flask run"),
        "python" | "python3" if has("http.server") => what("-m http.server"),
        "django-admin" | "manage.py" if has("runserver") => what("runserver"),
        "npm" if first == "run" && dev(second) => what(&format!("run {second}")),
        "yarn" | "pnpm" | "bun" if dev(first) => what(first),
        "yarn" | "pnpm" | "bun" if first == "run" && dev(second) => what(&format!("run {second}")),
        "nodemon" | "webpack-dev-server" | "ts-node-dev" | "air" => Some(it.program.clone()),
        "vite" if first != "preview" && first != "build" => Some(it.program.clone()),
        "npx" if matches!(first, "nodemon" | "vite") && second != "preview" => what(first),
        "next" | "nuxt" | "astro" if first == "dev" => what("dev"),
        "gatsby" if first == "develop" => what("develop"),
        "ng" | "jekyll" | "mkdocs" | "hugo" if matches!(first, "serve" | "server") => what(first),
        "webpack" if first == "serve" => what("serve"),
        "php" if has("-S") => what("-S"),
        "php" if has("artisan") && has("serve") => what("artisan serve"),
        "uvicorn" | "gunicorn" | "fastapi" | "hypercorn" if has("--reload") => what("--reload"),
        "fastapi" if first == "dev" => what("dev"),
        "dotnet" if first == "watch" => what("watch"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::{check_dockerfile, messages};

    #[test]
    fn servers_to_develop_with() {
        for command in [
            "flask run --host 0.0.0.0",
            "python manage.py runserver 0.0.0.0:8000",
            "npm run dev",
            "yarn dev",
            "nodemon app.js",
            "php -S 0.0.0.0:80",
            "uvicorn app:app --reload",
            "next dev",
            "dotnet watch run",
        ] {
            let words: Vec<String> = command.split(' ').map(|it| format!("\"{it}\"")).collect();
            let text = format!("FROM a\nCMD [{}]\n", words.join(", "));
            assert_eq!(messages(&RULE, &text).len(), 1, "{text}");
            assert_eq!(
                messages(&RULE, &format!("FROM a\nCMD exec {command}\n")).len(),
                1,
                "{command}"
            );
            assert_eq!(
                messages(&RULE, &format!("FROM a AS dev\nCMD {command}\n")),
                [],
                "{command}"
            );
        }
        for command in [
            "gunicorn app:app",
            "npm start",
            "vite preview",
            "php-fpm",
            "uvicorn app:app",
            "yarn start",
        ] {
            assert_eq!(messages(&RULE, &format!("FROM a\nCMD {command}\n")), [], "{command}");
        }
    }

    #[test]
    fn the_command_is_marked() {
        check_dockerfile(
            &RULE,
            r#"
FROM debian:13
ENTRYPOINT ["tini", "--"]
CMD ["flask", "run"]
#    ^^^^^^^^^^^^^^ `flask run` is a server to develop with: it is slow, and tells too much
"#,
        );
    }
}
