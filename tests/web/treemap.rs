//! The files of a saved image as areas: in step with the tree, for the pointer only, and drawn without
//! anything that the page's policy refuses.

use serde_json::json;
use tests::tar;

use crate::harness::{Engine, Page, Site};

/// Kilobytes of dots.
fn dots(kilobytes: usize) -> Vec<u8> {
    vec![b'.'; kilobytes << 10]
}

fn image() -> Vec<u8> {
    let token = format!("token = {}\n", ["glpat", "Zx81kqPw93TmLs0VbRfY"].join("-"));
    let mut secret = token.into_bytes();
    secret.resize(300 << 10, b'\n');
    let names: Vec<String> = (0..60).map(|it| format!("usr/share/doc/{it:02}")).collect();
    let (library, program, database) = (dots(900), dots(400), dots(700));
    let small = dots(9);
    let mut base: Vec<tar::Entry<'_>> = names.iter().map(|it| tar::file(it, &small)).collect();
    base.extend([
        tar::file("usr/lib/libmain.so", &library),
        tar::Entry { mode: 0o4755, ..tar::file("usr/bin/tool", &program) },
        tar::file("var/cache/<img src=x>", &database),
    ]);
    let top = [tar::file("srv/ci.conf", &secret), tar::file("var/.wh.cache", b"")];
    let layers = [("ADD rootfs.tar /", tar::archive(&base)), ("COPY . /", tar::archive(&top))];
    tar::saved(&layers, r#"{"User":"app","Cmd":["/usr/bin/tool"]}"#)
}

/// What the drawing says of the rectangle for a path.
fn look(page: &Page, path: &str) -> String {
    let script = format!(
        "const titles = [...document.querySelectorAll('#treemap title')];
         const one = titles.find(it => it.textContent.startsWith({}));
         return one ? one.closest('g').getAttribute('class') : 'none';",
        json!(path)
    );
    page.run(&script, vec![]).as_str().unwrap_or_default().to_owned()
}

/// The path under the mark.
fn marked(page: &Page) -> String {
    let script = "
        const mark = document.querySelector('#treemap .marked');
        const same = it => ['x', 'y', 'width', 'height'].every(
            name => it.getAttribute(name) === mark.getAttribute(name));
        const all = [...document.querySelectorAll('#treemap [data-id]')];
        return mark ? all.find(same).textContent : 'none';";
    page.run(script, vec![]).as_str().unwrap_or_default().to_owned()
}

#[test]
#[ignore = "runs through `cargo xtask test`"]
fn areas_follow_the_tree_and_the_tree_follows_them() {
    let site = Site::built().serve();
    let page = Page::open(Engine::Chromium, site.origin(), "/");
    page.resize(1280, 1200);
    page.wait_until_ready();
    page.choose_files("#open", &[("image.tar", &image())]);
    page.wait_until("document.querySelector('[data-input=layers] button')");
    page.click("[data-input=layers] button");
    page.wait_until("document.querySelector('#treemap .marked')");
    // What findings are about looks as they do; what is only in a layer is not among the rest.
    assert_eq!(
        (look(&page, "/srv/ci.conf,"), look(&page, "/usr,")),
        ("high".into(), "open".into())
    );
    assert_eq!(look(&page, "/var/cache"), "none");
    // Keys in the tree move the mark.
    page.run("document.querySelector('#files [tabindex=\"0\"]').focus();", vec![]);
    assert!(marked(&page).starts_with("/srv,"), "{}", marked(&page));
    page.press("u");
    page.wait_until("document.activeElement.textContent.includes('usr/')");
    assert!(marked(&page).starts_with("/usr,"), "{}", marked(&page));
    // A click leads to the row, and the keys go on from there.
    let click = "
        const titles = [...document.querySelectorAll('#treemap title')];
        const one = titles.find(it => it.textContent.startsWith('/usr/lib/libmain.so,'));
        one.parentElement.dispatchEvent(new MouseEvent('click', { bubbles: true }));";
    page.run(click, vec![]);
    page.wait_until("document.activeElement.textContent.includes('libmain.so')");
    assert!(marked(&page).starts_with("/usr/lib/libmain.so, 921 kB"), "{}", marked(&page));
    page.screenshot("treemap-1280");
    // It is a picture of what the tree says, and has nothing that the policy refuses.
    let says = "
        const map = document.querySelector('#treemap');
        return [map.getAttribute('aria-hidden'), map.querySelectorAll('[style], [tabindex]').length];";
    assert_eq!(page.run(says, vec![]), json!(["true", 0]));
    let mut errors = page.console_errors();
    errors.retain(|it| !it.contains("airlock-probe"));
    assert_eq!(errors, [""; 0]);
    // One layer, with what it holds in vain.
    page.click("#layers tbody tr:nth-child(2) button");
    page.wait_until("document.querySelector('#files').getAttribute('aria-label') === 'Layer 0'");
    page.wait_until("document.querySelector('#treemap .waste .hatch')");
    assert_eq!(look(&page, "/var/cache/<img src=x>,"), "waste");
    let hatch = "return getComputedStyle(document.querySelector('#treemap .hatch')).fill;";
    let fill = page.run(hatch, vec![]);
    assert!(fill.as_str().unwrap().contains("#in-vain"), "{fill}");
    page.screenshot("treemap-layer-1280");
    page.run("document.documentElement.dataset.theme = 'dark';", vec![]);
    page.screenshot("treemap-dark-1280");
    page.resize(390, 844);
    page.run("document.querySelector('#treemap').scrollIntoView();", vec![]);
    page.screenshot("treemap-390");
    // And whoever has no use for it puts it away.
    page.run("document.querySelector('#layers .fields [aria-pressed]').click();", vec![]);
    page.wait_until("!document.querySelector('#treemap')");
}
