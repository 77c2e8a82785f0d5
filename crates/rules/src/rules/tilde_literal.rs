//! A tilde where no shell replaces it.

use dockerfile::{Kind, Word};
use report::{Applies, Input, Outcome, Severity};

use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "tilde-literal",
    title: "A tilde stands where no shell replaces it",
    question: None,
    severity: Severity::Medium,
    applies: Applies::Build,
    default: true,
    reads: &[Input::Dockerfile],
    aka: &[],
    doc: page!("tilde_literal.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    for build in &case.builds {
        let mut sound = None;
        for it in build.dockerfile.instructions() {
            let words: Vec<&Word> = match &it.kind {
                Kind::Add(paths) | Kind::Copy(paths) => {
                    paths.sources.iter().chain(&paths.destination).collect()
                }
                Kind::Workdir(word) => vec![word],
                Kind::Volume(paths) => paths.iter().collect(),
                Kind::Env(pairs) => pairs.iter().map(|it| &it.value).collect(),
                _ => continue,
            };
            match words.into_iter().find(|it| is_home(it.as_str())) {
                Some(word) => {
                    let message = "the tilde is a folder of that name here; only a shell takes it for the home";
                    out.fail(&build.at(word.span), message);
                }
                None => sound = sound.or(Some(it.word.span)),
            }
        }
        if let Some(span) = sound {
            out.clear(&build.at(span), "no tilde");
        }
    }
}

fn is_home(word: &str) -> bool {
    let word = word.trim_matches(['"', '\'']);
    word == "~" || word.starts_with("~/") || word.contains(":~/")
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::check_dockerfile;

    #[test]
    fn tildes() {
        check_dockerfile(
            &RULE,
            r#"
FROM debian:13
WORKDIR ~/app
#       ^^^^^ the tilde is a folder of that name here; only a shell takes it for the home
COPY .bashrc ~/
#            ^^ the tilde is a folder of that name here; only a shell takes it for the home
ENV PATH="$PATH:~/bin"
#        ^^^^^^^^^^^^^ the tilde is a folder of that name here; only a shell takes it for the home
RUN cd ~/app
COPY a~ /b/~x
ENV A=~user
"#,
        );
    }
}
