//! The static pages: they are read without scripts and without a network. Only the search needs a script.

use std::fmt::Write;

use anyhow::Result;
use report::{Applies, Question, Severity};
use rules::{RULES, Rule, page};

use super::Checker;
use super::render::{From, escape, render};
use super::topics::{Part, TOPICS, Topic};

/// In place of this line a page gets the names that hadolint's rules have here.
pub(super) const HADOLINT: &str = "<!-- hadolint -->";

/// In place of this line a page gets the element that it is about, where there is a checker for it.
pub(super) const EMBEDDED: &str = "<!-- embedded -->";

/// What a page is allowed beside its style and its own scripts, and brings along.
#[derive(Clone, Copy, Default)]
struct Extras {
    scripts: &'static str,
    policy: &'static str,
}

/// A page of prose.
pub(super) fn topic(topic: &Topic, checker: &Checker) -> Result<String> {
    let from = From { depth: 1, checker, rule: None };
    let mut body = format!("<h1>{}</h1>\n", escape(topic.title()));
    let generated = |marker| match (marker, checker) {
        (HADOLINT, _) => hadolint(),
        (EMBEDDED, Checker::Above) => DEMONSTRATION.to_owned(),
        _ => String::new(),
    };
    // What is generated goes between what is written.
    let mut rest = topic.body();
    for marker in [HADOLINT, EMBEDDED] {
        if let Some((before, after)) = rest.split_once(marker) {
            body.push_str(&render(before, from)?.html);
            body.push_str(&generated(marker));
            rest = after;
        }
    }
    body.push_str(&render(rest, from)?.html);
    let mut extras = Extras::default();
    // In the single file `companion.js` starts these scripts, when their pages are shown.
    if topic.name == "privacy" {
        body.push_str(TRY_TO_LEAK);
        extras.scripts = "<script src=\"../leak.js\" defer></script>\n";
    }
    if topic.name == "settings" {
        body.push_str(&settings(*checker != Checker::Around));
        extras.scripts = "<script src=\"../settings.js\" defer></script>\n";
    }
    if topic.name == "embed" && *checker == Checker::Above {
        extras.scripts = "<script src=\"../plimsoll-check.js\" defer></script>\n";
        extras.policy = "frame-src 'self'; ";
    }
    Ok(document(topic.title(), 1, checker, extras, &body))
}

/// The element as pages of others have it, but with the address of the checker beside it.
const DEMONSTRATION: &str = "<plimsoll-check checker=\"../../plimsoll.html\" label=\"A checker in this page\">\
<pre><code>FROM debian:13\nRUN apt-get update &amp;&amp; apt-get install -y curl\nCOPY app /srv/app\n\
CMD [&quot;/srv/app&quot;]\n</code></pre></plimsoll-check>\n";

/// Filled by its script; without one there is nothing to try.
const TRY_TO_LEAK: &str = "<section id=\"leak\" aria-labelledby=\"leak-heading\" hidden>\n\
<h2 id=\"leak-heading\">Try to leak</h2>\n\
<p>This page is closed like the checker. The button really tries each way, to this host and to one that \
does not exist.</p>\n\
<p><button type=\"button\" id=\"leak-try\">Try to send a word</button></p>\n\
<p id=\"leak-status\" role=\"status\"></p>\n<ul id=\"leak-results\"></ul>\n</section>\n";

/// The form beside the settings file, which its script fills. The rules stand in the page; in the single
/// file `companion.js` lists them, which has a page of each.
fn settings(with_rules: bool) -> String {
    let mut out = String::from(SETTINGS);
    for it in RULES.iter().filter(|_| with_rules) {
        let on = if it.default { "" } else { " data-on=\"no\"" };
        let aka = match it.aka {
            [] => String::new(),
            all => format!(" data-aka=\"{}\"", escape(&all.join(" "))),
        };
        let (id, title) = (it.id, escape(it.title));
        let _ = writeln!(
            out,
            "<li data-rule=\"{id}\"{aka}{on} hidden><span><a href=\"../rules/{id}/index.html\"><code>{id}</code></a> {title}</span></li>"
        );
    }
    out.push_str("</ul>\n</section>\n");
    out
}

const SETTINGS: &str = "<section id=\"settings-form\" aria-labelledby=\"settings-heading\" hidden>\n\
<h2 id=\"settings-heading\">Make one here</h2>\n\
<p>The form and the file follow each other. Nothing of it leaves this page. Comments of a file are not \
kept when the form changes it.</p>\n\
<div class=\"fields\">\n\
<label>Stage that is built <input id=\"settings-target\" autocomplete=\"off\" placeholder=\"the last one\"></label>\n\
<label>Fail on <select id=\"settings-fail-on\"><option>high</option><option selected>medium</option>\
<option>low</option><option>note</option><option>never</option></select></label>\n\
<label class=\"check\"><input id=\"settings-unknown\" type=\"checkbox\"> Fail on open questions too</label>\n\
<label class=\"check\"><input id=\"settings-foreign\" type=\"checkbox\" checked> Comments for other tools accept findings too</label>\n\
<label class=\"check\"><input id=\"settings-shell\" type=\"checkbox\"> Look through shell scripts too</label>\n\
<label>Registries that images may come from, one a line <textarea id=\"settings-trusted\" rows=\"2\" placeholder=\"any\"></textarea></label>\n\
<label>Build arguments, one a line <textarea id=\"settings-arguments\" rows=\"2\" placeholder=\"VERSION=1.2\"></textarea></label>\n\
</div>\n\
<label>plimsoll.toml <textarea id=\"settings-toml\" rows=\"10\" spellcheck=\"false\"></textarea></label>\n\
<p class=\"acts\"><label class=\"act\">Open\u{2026} <input type=\"file\" id=\"settings-open\"></label> \
<button type=\"button\" id=\"settings-copy\">Copy</button> <button type=\"button\" id=\"settings-save\">Save</button></p>\n\
<p id=\"settings-state\" role=\"status\"></p>\n\
<h3>Rules</h3>\n\
<label>Find a rule, by any tool's name <input id=\"settings-filter\" type=\"search\" autocomplete=\"off\"></label>\n\
<p id=\"settings-count\" role=\"status\"></p>\n<ul id=\"settings-rules\">\n";

/// The page of a rule.
pub(super) fn rule(rule: &Rule, checker: &Checker) -> Result<String> {
    let mut body = format!("<h1>{}</h1>\n<dl class=\"facts\">\n", escape(rule.title));
    let mut fact = |name: &str, what: &str| {
        let _ = writeln!(body, "<div><dt>{name}</dt><dd>{what}</dd></div>");
    };
    fact("Name", &format!("<code>{}</code>", rule.id));
    fact("Severity", &severity(rule.severity));
    fact("Question", rule.question.map_or("None of the four", Question::text));
    fact("Where the control applies", applies(rule.applies));
    if !rule.default {
        fact("Runs", "Only when it is asked for, by <code>[rules]</code> in the settings");
    }
    if !rule.aka.is_empty() {
        let names: Vec<String> =
            rule.aka.iter().map(|it| format!("<code>{}</code>", escape(it))).collect();
        fact("Elsewhere", &names.join(", "));
    }
    body.push_str("</dl>\n");
    let from = From { depth: 2, checker, rule: Some(rule) };
    body.push_str(&render(&page::filled(rule.doc), from)?.html);
    Ok(document(rule.title, 2, checker, Extras::default(), &body))
}

fn severity(it: Severity) -> String {
    format!(
        "<span class=\"severity {0}\"><span aria-hidden=\"true\">{1}</span> {0}</span>",
        it.id(),
        it.shape()
    )
}

fn applies(it: Applies) -> &'static str {
    match it {
        Applies::Build => "The build: while the image is made, and what the build can reach",
        Applies::Image => "The image: wherever it runs",
        Applies::Registry => "The registry that hands the image out",
        Applies::Host => "The host, or the manifest, that runs the container",
    }
}

/// The first page.
pub(super) fn index(checker: &Checker) -> String {
    let mut body = String::from(
        "<h1>Plimsoll, the companion</h1>\n\
<p>If this container is compromised: can it write important files? Does it run as root? Does it contain secrets? \
Does it include unnecessary tools? These pages say what stands behind the checks, and how to act on \
them. They need no network: search and reading work from a disk.</p>\n",
    );
    for part in Part::ALL {
        let _ = writeln!(body, "<h2>{}</h2>\n<ul class=\"topics\">", part.heading());
        for topic in TOPICS.iter().filter(|it| it.part == part) {
            let (name, title, about) = (topic.name, escape(topic.title()), escape(topic.about));
            let _ = writeln!(
                body,
                "<li><a href=\"{name}/index.html\">{title}</a> <span>{about}</span></li>"
            );
        }
        body.push_str("</ul>\n");
    }
    let _ = writeln!(
        body,
        "<h2>Rules</h2>\n<p>{} rules, each with examples that run as tests. \
<a href=\"rules/index.html\">All rules, by question</a></p>",
        RULES.len()
    );
    document("The companion", 0, checker, Extras::default(), &body)
}

/// The list of all rules.
pub(super) fn rules(checker: &Checker) -> String {
    let mut body = String::from("<h1>Rules</h1>\n");
    let questions = Question::ALL.into_iter().map(Some).chain([None]);
    for question in questions {
        let heading = question.map_or("Correctness, upkeep and other matters", Question::text);
        let id = question.map_or("other", Question::id);
        let _ = writeln!(body, "<h2 id=\"{id}\">{heading}</h2>");
        for weight in Severity::ALL {
            let all: Vec<_> = RULES
                .iter()
                .filter(|it| it.question == question && it.severity == weight)
                .collect();
            if all.is_empty() {
                continue;
            }
            let _ = writeln!(body, "<h3>{}</h3>\n<ul class=\"rules\">", severity(weight));
            for it in all {
                let (id, title) = (it.id, escape(it.title));
                let off = if it.default { "" } else { " <em>off unless asked for</em>" };
                let _ = writeln!(
                    body,
                    "<li><a href=\"{id}/index.html\"><code>{id}</code></a> {title}{off}</li>"
                );
            }
            body.push_str("</ul>\n");
        }
    }
    document("Rules", 1, checker, Extras::default(), &body)
}

/// The names of hadolint's rules, and ours beside them.
pub(super) fn hadolint_names() -> Vec<(&'static str, &'static Rule)> {
    let mut rows = Vec::new();
    for rule in RULES {
        for name in rule.aka.iter().filter(|it| it.starts_with("DL")) {
            let is_number =
                name.get(2..).is_some_and(|it| it.bytes().all(|it| it.is_ascii_digit()));
            if is_number && name.len() > 2 {
                rows.push((*name, *rule));
            }
        }
    }
    rows.sort_by_key(|(name, rule)| (*name, rule.id));
    rows
}

/// They as a table.
fn hadolint() -> String {
    let mut out = String::from(
        "<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"hadolint's rules\">\n<table>\n\
<thead><tr><th scope=\"col\">hadolint</th><th scope=\"col\">here</th><th scope=\"col\">severity</th></tr></thead>\n<tbody>\n",
    );
    for (name, rule) in hadolint_names() {
        let id = rule.id;
        let _ = writeln!(
            out,
            "<tr><td><code>{name}</code></td><td><a href=\"../rules/{id}/index.html\"><code>{id}</code></a> {}</td><td>{}</td></tr>",
            escape(rule.title),
            severity(rule.severity)
        );
    }
    out.push_str("</tbody>\n</table>\n</div>\n");
    out
}

/// A whole page, or what is on it where a checker is around it. Its policy lets it load its own style and scripts, and connect to nobody.
fn document(title: &str, depth: usize, checker: &Checker, extras: Extras, body: &str) -> String {
    let Extras { scripts, policy } = extras;
    let up = "../".repeat(depth);
    let back = match checker {
        Checker::None => String::new(),
        Checker::Above => format!("<a href=\"{up}../index.html\">Checker</a>\n"),
        Checker::At(address) => format!("<a href=\"{}\">Checker</a>\n", escape(address)),
        // What is around it has all this for every page.
        Checker::Around => return body.to_owned(),
    };
    let title = escape(title);
    let edition = super::edition();
    format!(
        "<!doctype html>\n<html lang=\"en\" data-up=\"{up}\">\n<head>\n<meta charset=\"utf-8\">\n\
<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; script-src 'self'; style-src 'self'; \
connect-src 'none'; {policy}form-action 'none'; base-uri 'none'; require-trusted-types-for 'script'; trusted-types 'none'\">\n\
<meta name=\"referrer\" content=\"no-referrer\">\n\
<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
<meta name=\"color-scheme\" content=\"light dark\">\n\
<title>{title} \u{b7} Plimsoll</title>\n<link rel=\"stylesheet\" href=\"{up}docs.css\">\n\
<script src=\"{up}search-index.js\" defer></script>\n<script src=\"{up}docs.js\" defer></script>\n{scripts}</head>\n\
<body>\n<a class=\"skip\" href=\"#main\">Skip to the text</a>\n\
<header>\n<nav aria-label=\"Companion\">\n<a class=\"wordmark\" href=\"{up}index.html\">Plimsoll companion</a>\n\
<a href=\"{up}rules/index.html\">Rules</a>\n{back}</nav>\n\
<div id=\"search\" role=\"search\" hidden>\n<label for=\"query\">Search</label>\n\
<input id=\"query\" type=\"search\" autocomplete=\"off\" spellcheck=\"false\" aria-describedby=\"found\">\n\
<p id=\"found\" role=\"status\"></p>\n<ul id=\"hits\"></ul>\n</div>\n</header>\n\
<main id=\"main\" tabindex=\"-1\">\n{body}</main>\n\
<footer><p>{edition}</p></footer>\n</body>\n</html>\n"
    )
}
