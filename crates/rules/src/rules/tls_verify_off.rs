//! A program takes whoever answers for the one it meant to talk to.

use report::{Applies, Input, Outcome, Severity, Why, quote};

use crate::commands::{NO, Off, RunCommand, Url, Values, YES};
use crate::switched::{How, Switched, switched, undo};
use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "tls-verify-off",
    title: "The check of TLS certificates is switched off",
    question: None,
    severity: Severity::High,
    applies: Applies::Image,
    default: true,
    reads: &[Input::Dockerfile, Input::Config, Input::Run, Input::History],
    aka: &[
        "tls-verify-off-curl",
        "tls-verify-off-wget",
        "tls-verify-off-pip",
        "tls-verify-off-python",
        "tls-verify-off-node",
        "tls-verify-off-npm",
        "tls-verify-off-git",
        "tls-verify-off-yum",
        "tls-verify-off-other",
        "CKV2_DOCKER_2",
        "CKV2_DOCKER_3",
        "CKV2_DOCKER_4",
        "CKV2_DOCKER_5",
        "CKV2_DOCKER_6",
        "CKV2_DOCKER_12",
        "CKV2_DOCKER_13",
        "CKV2_DOCKER_14",
        "CKV2_DOCKER_15",
        "CKV2_DOCKER_16",
        "S4830",
    ],
    doc: page!("tls_verify_off.md"),
    check,
};

const DNF: &[&str] =
    &["yum", "dnf", "dnf5", "microdnf", "tdnf", "yum-config-manager", "dnf-config-manager"];
const APT: &[&str] = &["apt", "apt-get", "aptitude"];
const NODE: &[&str] = &["npm", "yarn", "pnpm"];
const PIP: &[&str] = &["pip", "uv", "pipx"];
const CONDA: &[&str] = &["conda"];
const CONTAINERS: &[&str] = &["skopeo", "podman", "buildah"];
const CLUSTERS: &[&str] = &["kubectl", "oc", "helm", "argocd", "flux"];
const MAVEN: &[&str] = &["mvn", "mvnw", "mvnd"];

/// Sources: the manuals of the programs, as of 2026.
#[rustfmt::skip]
static TABLE: &[Off] = &[
    Off::Option(&["curl"], "-k", Values::Any),
    Off::Option(&["curl"], "--insecure", Values::Any),
    Off::Option(&["curl"], "--proxy-insecure", Values::Any),
    Off::Option(&["wget"], "--no-check-certificate", Values::Any),
    Off::Option(&["wget"], "--no-check-cert", Values::Any),
    Off::Option(&["aria2c"], "--check-certificate", NO),
    Off::Option(&["git"], "-c", Values::With(&["sslverify=false", "sslverify=0", "sslverify=no", "sslverify=off"])),
    Off::Option(&["git"], "--config", Values::With(&["sslverify=false", "sslverify=0"])),
    Off::Command(&["git"], "http.*sslverify", NO),
    Off::Option(PIP, "--trusted-host", Values::Filled),
    Off::Option(PIP, "--allow-insecure-host", Values::Filled),
    Off::Command(PIP, "*trusted-host", Values::Filled),
    Off::Command(NODE, "strict-ssl", NO),
    Off::Command(NODE, "enablestrictssl", NO),
    Off::Option(NODE, "--strict-ssl", NO),
    Off::Option(NODE, "--no-strict-ssl", Values::Any),
    Off::Option(DNF, "--setopt", Values::With(&["sslverify=0", "sslverify=false", "sslverify=no", "sslverify=off"])),
    Off::Option(APT, "-o", Values::With(&["verify-peer=false", "verify-peer=0", "verify-host=false", "verify-host=0", "verify-peer=no"])),
    Off::Option(&["apk"], "--no-check-certificate", Values::Any),
    Off::Option(CONDA, "--insecure", Values::Any),
    Off::Command(CONDA, "ssl_verify", NO),
    Off::Command(&["composer"], "disable-tls", YES),
    Off::Command(&["composer"], "secure-http", NO),
    Off::Command(&["bundle", "bundler"], "ssl_verify_mode", Values::Of(&["0"])),
    Off::Option(MAVEN, "-Dmaven.wagon.http.ssl.insecure", Values::Of(&["", "true"])),
    Off::Option(MAVEN, "-Dmaven.wagon.http.ssl.allowall", Values::Of(&["", "true"])),
    Off::Option(&["go"], "-insecure", Values::Any),
    Off::Option(CLUSTERS, "--insecure-skip-tls-verify", Values::Of(&["", "true"])),
    Off::Option(CLUSTERS, "--kube-insecure-skip-tls-verify", Values::Of(&["", "true"])),
    Off::Option(CONTAINERS, "--tls-verify", NO),
    Off::Option(CONTAINERS, "--src-tls-verify", NO),
    Off::Option(CONTAINERS, "--dest-tls-verify", NO),
    Off::Option(&["svn"], "--trust-server-cert", Values::Any),
    Off::Option(&["svn"], "--trust-server-cert-failures", Values::Any),
    Off::Option(&["hg"], "--insecure", Values::Any),
    Off::Option(&["aws"], "--no-verify-ssl", Values::Any),
    Off::Option(&["http", "https"], "--verify", NO),
    Off::Option(&["rclone"], "--no-check-certificate", Values::Any),
    Off::Option(&["ansible-galaxy"], "--ignore-certs", Values::Any),
    Off::Variable("NODE_TLS_REJECT_UNAUTHORIZED", Values::Of(&["0"])),
    Off::Variable("PYTHONHTTPSVERIFY", Values::Of(&["0"])),
    Off::Variable("PERL_LWP_SSL_VERIFY_HOSTNAME", Values::Of(&["0"])),
    Off::Variable("NPM_CONFIG_STRICT_SSL", NO),
    Off::Variable("YARN_STRICT_SSL", NO),
    Off::Variable("YARN_ENABLE_STRICT_SSL", NO),
    // Git asks only whether it is there.
    Off::Variable("GIT_SSL_NO_VERIFY", Values::Any),
    Off::Variable("PIP_TRUSTED_HOST", Values::Filled),
    Off::Variable("UV_INSECURE_HOST", Values::Filled),
    Off::Variable("REQUESTS_CA_BUNDLE", Values::Empty),
    Off::Variable("CURL_CA_BUNDLE", Values::Empty),
    Off::Variable("CONDA_SSL_VERIFY", NO),
    Off::Variable("BUNDLE_SSL_VERIFY_MODE", Values::Of(&["0"])),
    Off::Variable("GOINSECURE", Values::Filled),
    Off::Variable("VAULT_SKIP_VERIFY", YES),
    Off::Variable("CONSUL_HTTP_SSL_VERIFY", NO),
    Off::Variable("NOMAD_SKIP_VERIFY", YES),
    Off::Variable("AZURE_CLI_DISABLE_CONNECTION_VERIFICATION", YES),
    Off::Variable("MAVEN_OPTS", Values::With(&["ssl.insecure=true", "ssl.allowall=true"])),
    Off::Line("strict-ssl", NO, "npmrc|yarnrc"),
    Off::Line("enablestrictssl", NO, "yarnrc"),
    Off::Line("insecure", Values::Any, "curlrc"),
    Off::Line("check_certificate", NO, "wgetrc"),
    Off::Line("check-certificate", NO, "wgetrc"),
    Off::Line("trusted-host", Values::Filled, "pip"),
    Off::Line("sslverify", NO, "gitconfig|.repo|yum.conf|dnf.conf"),
    Off::Line("*verify-peer", NO, "apt"),
    Off::Line("*verify-host", NO, "apt"),
    Off::Line("ssl_verify", NO, "condarc"),
    Off::Line(":ssl_verify_mode", Values::Of(&["0"]), "gemrc"),
];

fn check(case: &Case, out: &mut Outcome) {
    let found = switched(case, TABLE);
    let mut variables: Vec<(&str, usize)> = Vec::new();
    for it in found.switched.iter().filter(|it| !stays_near(it)) {
        // A variable that several places set is one finding.
        if let How::Variable(name, _) = &it.how {
            let same = variables.iter().find(|(other, _)| other == name).map(|it| it.1);
            if let Some(first) = same.and_then(|it| out.findings.get_mut(it)) {
                first.related(&it.at, "and here");
                continue;
            }
            variables.push((name, out.findings.len()));
        }
        out.fail(&it.at, message(it)).fix(undo(case, it));
    }
    for (name, at) in &found.open {
        out.gap(at, Why::BuildArg(name.as_str().into()));
    }
    if let (true, Some(at)) = (out.findings.is_empty(), &found.looked_at) {
        out.clear(at, "nothing switches the check of certificates off");
    }
}

fn message(it: &Switched<'_>) -> String {
    match &it.how {
        How::Command(command, _, thrown) => {
            let program = quote(&command.program);
            match &thrown.value {
                Some(value) if !thrown.name.starts_with('-') => format!(
                    "{} makes {program} trust whoever answers, from here on",
                    quote(&format!("{} {value}", thrown.name))
                ),
                Some(value) => {
                    let option = quote(&format!("{} {value}", thrown.name));
                    format!("with {option} {program} trusts whoever answers")
                }
                None => format!("with {} {program} trusts whoever answers", quote(&thrown.name)),
            }
        }
        How::Variable(name, value) => {
            let set = quote(&format!("{name}={value}"));
            format!("{set} makes programs trust whoever answers")
        }
        How::Line(line, Some(path)) => {
            format!("{} in {} makes programs trust whoever answers", quote(line), quote(path))
        }
        How::Line(line, None) => format!("{} makes programs trust whoever answers", quote(line)),
    }
}

/// Whether only this machine is talked to, or a mirror on it.
fn stays_near(it: &Switched<'_>) -> bool {
    let local = |it: &str| Url::parse(it).is_local();
    match &it.how {
        How::Command(command, _, thrown) => match &thrown.value {
            Some(value) if thrown.name.contains("host") => local(value),
            Some(_) | None => talks_to_itself(command),
        },
        How::Variable(name, value) => {
            name.to_ascii_uppercase().ends_with("_HOST") && value.split_whitespace().all(local)
        }
        How::Line(line, _) => line.strip_prefix("trusted-host=").is_some_and(local),
    }
}

fn talks_to_itself(command: &RunCommand) -> bool {
    let Some(fetch) = command.fetches() else { return false };
    !fetch.urls.is_empty() && fetch.urls.iter().all(|(url, _)| Url::parse(url).is_local())
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::check_dockerfile;

    #[test]
    fn options_are_marked_where_they_stand() {
        check_dockerfile(
            &RULE,
            r#"
FROM debian:13
RUN curl -fsSLk https://example.com/x && wget --no-check-certificate https://example.com/y
#        ^^^^^^ with `-k` `curl` trusts whoever answers
#                                             ^^^^^^^^^^^^^^^^^^^^^^ with `--no-check-certificate` `wget` trusts whoever answers
RUN pip3 install --trusted-host pypi.example.com x
#                ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ with `--trusted-host pypi.example.com` `pip3` trusts whoever answers
RUN git -c http.sslVerify=false clone https://example.com/x
#       ^^^^^^^^^^^^^^^^^^^^^^^ with `-c http.sslVerify=false` `git` trusts whoever answers
RUN npm config set strict-ssl false
#                  ^^^^^^^^^^^^^^^^ `strict-ssl false` makes `npm` trust whoever answers, from here on
RUN git config --global http.https://example.com/.sslVerify 0
#                       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ `http.https://example.com/.sslVerify 0` makes `git` trust whoever answers, from here on
RUN apt-get -o Acquire::https::Verify-Peer=false update
#           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ with `-o Acquire::https::Verify-Peer=false` `apt-get` trusts whoever answers
"#,
        );
    }

    #[test]
    fn variables_and_files() {
        check_dockerfile(
            &RULE,
            r#"
FROM debian:13
ENV A=1 NODE_TLS_REJECT_UNAUTHORIZED=0
#       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ `NODE_TLS_REJECT_UNAUTHORIZED=0` makes programs trust whoever answers
RUN GIT_SSL_NO_VERIFY=0 git clone https://example.com/x
#   ^^^^^^^^^^^^^^^^^^^ `GIT_SSL_NO_VERIFY=0` makes programs trust whoever answers
RUN export PYTHONHTTPSVERIFY="0" && make
#          ^^^^^^^^^^^^^^^^^^^^^ `PYTHONHTTPSVERIFY=0` makes programs trust whoever answers
RUN echo 'strict-ssl=false' >> ~/.npmrc
#         ^^^^^^^^^^^^^^^^ `strict-ssl=false` in `~/.npmrc` makes programs trust whoever answers
COPY <<EOF /etc/yum.repos.d/x.repo
[x]
sslverify=0
#^^^^^^^^^^ `sslverify=0` in `/etc/yum.repos.d/x.repo` makes programs trust whoever answers
EOF
ENV NODE_TLS_REJECT_UNAUTHORIZED=0
"#,
        );
    }

    #[test]
    fn near_hosts_and_other_options_are_fine() {
        check_dockerfile(
            &RULE,
            r#"
FROM debian:13
RUN curl -o k https://example.com/k && curl -k https://localhost:8443/ready
RUN pip install --trusted-host localhost -i http://localhost:3141/ x
RUN wget https://example.com/x | grep "--no-check-certificate"
RUN npm config set strict-ssl true && npm install strict-ssl false
RUN NODE_TLS_REJECT_UNAUTHORIZED=1 node x
RUN git config --global http.sslVerify true
ENV NODE_TLS_REJECT_UNAUTHORIZED="0\"" REQUESTS_CA_BUNDLE=/etc/ssl/ca.pem
ARG GIT_SSL_NO_VERIFY
HEALTHCHECK CMD curl -fk https://127.0.0.1/ || exit 1
"#,
        );
    }
}
