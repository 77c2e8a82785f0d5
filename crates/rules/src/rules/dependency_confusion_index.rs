//! pip looks for the same name in a private and in the public index.

use report::{Applies, Input, Locus, Outcome, Severity, Why, quote};

use crate::commands::{Library, RunCommand, Url, resolved};
use crate::facts::{Origin, Step};
use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "dependency-confusion-index",
    title: "A private package index is mixed with the public one",
    question: None,
    severity: Severity::Medium,
    applies: Applies::Build,
    default: true,
    reads: &[Input::Dockerfile, Input::History],
    aka: &["dockerfile-pip-extra-index-url"],
    doc: page!("dependency_confusion_index.md"),
    check,
};

/// Hosts that publish for everybody: the public index itself, its mirrors, and wheels of vendors.
const PUBLIC: [&str; 32] = [
    "pypi.org",
    "pypi.python.org",
    "test.pypi.org",
    "files.pythonhosted.org",
    "download.pytorch.org",
    "data.pyg.org",
    "pypi.nvidia.com",
    "pypi.ngc.nvidia.com",
    "developer.download.nvidia.com",
    "www.piwheels.org",
    "piwheels.org",
    "wheels.vllm.ai",
    "flashinfer.ai",
    "wheels.home-assistant.io",
    "wheel-index.linuxserver.io",
    "alpine-wheels.github.io",
    "pypi.anaconda.org",
    "repo.radeon.com",
    "storage.googleapis.com",
    "pip.repos.neuron.amazonaws.com",
    "download.openmmlab.com",
    "abetlen.github.io",
    "pytorch-extension.intel.com",
    "mirrors.aliyun.com",
    "pypi.tuna.tsinghua.edu.cn",
    "mirrors.tuna.tsinghua.edu.cn",
    "pypi.doubanio.com",
    "pypi.douban.com",
    "mirrors.cloud.tencent.com",
    "mirrors.ustc.edu.cn",
    "pypi.mirrors.ustc.edu.cn",
    "repo.huaweicloud.com",
];

fn check(case: &Case, out: &mut Outcome) {
    let mut looked_at = None;
    for step in case.facts.steps() {
        for (number, command) in step.run.commands.iter().enumerate() {
            if command.libraries().is_some_and(|it| it.library == Library::Pip) {
                looked_at = looked_at.or(Some(step.at.clone()));
                call(&step, number, command, out);
            }
            for it in command.assigned().iter().filter(|it| it.name == "PIP_EXTRA_INDEX_URL") {
                judge(it.value.as_str(), &step.at(it.span), out);
            }
        }
    }
    for seen in &case.facts.env {
        let Ok(it) = &seen.value else { continue };
        if it.name != "PIP_EXTRA_INDEX_URL" {
            continue;
        }
        match &it.value {
            Some(value) => judge(value, &seen.at, out),
            None if it.origin == Origin::Env => {
                out.gap(&seen.at, Why::BuildArg(it.name.as_str().into()))
            }
            None => {}
        }
    }
    if let (true, Some(at)) = (out.findings.is_empty(), looked_at) {
        out.clear(&at, "pip asks no private index beside the public one");
    }
}

fn call(step: &Step<'_>, number: usize, command: &RunCommand, out: &mut Outcome) {
    let options = command.options(Library::Pip.valued());
    // With hashes nothing else than what was meant is taken.
    if options.has(&["--require-hashes", "--no-index"]) {
        return;
    }
    let arguments = command.arguments();
    let mut indexes: Vec<(String, Option<String>, Locus)> = Vec::new();
    let mut main = None;
    for flag in &options.flags {
        let is_main = matches!(&*flag.name, "-i" | "--index-url");
        if !is_main && flag.name != "--extra-index-url" {
            continue;
        }
        let at = arguments.iter().position(|it| it.span == flag.word.span);
        let own = flag.word.text().contains('=');
        let word = at.and_then(|it| arguments.get(it + usize::from(!own)));
        let Some(value) = word.map(|it| resolved(step.run, number, it)) else { continue };
        let text = match own {
            true => value.text.split_once('=').map_or("", |it| it.1).to_owned(),
            false => value.text,
        };
        if is_main {
            main = Some(text);
        } else {
            let place = flag.word.span.to(word.map_or(flag.word.span, |it| it.span));
            indexes.push((text, value.open, step.at(place)));
        }
    }
    // Without an index of its own pip asks the public one.
    let main_is_private = main.as_deref().is_some_and(|it| !is_public(it));
    for (url, open, at) in &indexes {
        match open.as_deref().filter(|_| Url::parse(url).host.contains('$')) {
            Some(name) if step.run.asks_for(name) => out.gap(at, Why::BuildArg(name.into())),
            _ if is_public(url) && main_is_private => {
                let message =
                    "a name of the private index can be taken from the public one instead";
                out.fail(at, message);
            }
            _ if is_public(url) || main_is_private => {}
            _ => private(url, at, out),
        }
    }
}

fn judge(urls: &str, at: &Locus, out: &mut Outcome) {
    if let Some(url) = urls.split_whitespace().find(|it| !is_public(it)) {
        private(url, at, out);
    }
}

fn private(url: &str, at: &Locus, out: &mut Outcome) {
    let host = Url::parse(url).host;
    let host = if host.is_empty() || host.contains('$') {
        "the private index".to_owned()
    } else {
        quote(host)
    };
    out.fail(at, format!("a name of {host} can be taken from the public index instead"));
}

fn is_public(url: &str) -> bool {
    let host = Url::parse(url).host.to_ascii_lowercase();
    PUBLIC.contains(&&*host) || host.ends_with(".pytorch.org") || host.ends_with(".nvidia.com")
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::check_dockerfile;

    #[test]
    fn private_beside_public_is_marked() {
        check_dockerfile(
            &RULE,
            r#"
FROM python:3.13
ENV HOST=pypi.example.com
RUN pip install --extra-index-url https://$HOST/simple app
#               ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ a name of `pypi.example.com` can be taken from the public index instead
RUN pip install -i https://pypi.example.com/simple --extra-index-url=https://pypi.org/simple app
#                                                  ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ a name of the private index can be taken from the public one instead
RUN PIP_EXTRA_INDEX_URL=https://pypi.example.com/simple pip install app
#   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ a name of `pypi.example.com` can be taken from the public index instead
"#,
        );
    }

    #[test]
    fn one_index_and_vendors_are_fine() {
        check_dockerfile(
            &RULE,
            r#"
FROM python:3.13
RUN pip install torch --extra-index-url https://download.pytorch.org/whl/cpu
RUN pip install -i https://pypi.example.com/simple app
RUN pip install --require-hashes --extra-index-url https://pypi.example.com/simple -r requirements.txt
RUN uv pip install --extra-index-url https://pypi.example.com/simple app
"#,
        );
    }
}
