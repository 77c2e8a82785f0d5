//! The JSON cursor: values, places, and texts that are not JSON.

use image::Config;
use image::json::{Json, Shape, check};
use proptest::prelude::*;

#[test]
fn values_are_found_with_their_places() {
    let text = r#" [ {"a": {"b": [1, "x\u00e9\ud83d\ude00\n", null]}, "a": {"b": ["last"]}} ] "#;
    let root = Json::first(text).unwrap();
    let object = root.items().next().unwrap();
    let found = object.get("a").unwrap().get("b").unwrap();
    assert_eq!(found.raw(), r#"["last"]"#);
    assert_eq!(&text[found.span().range()], found.raw());
    let first = object.members().next().unwrap().1.get("b").unwrap();
    let items: Vec<Json<'_>> = first.items().collect();
    assert_eq!(items[1].string().unwrap().as_str(), "x\u{e9}\u{1f600}\n");
    assert_eq!(items[2].shape(), Shape::Null);
    assert_eq!(items[0].number(), Some(1.0));
}

#[test]
fn several_documents_in_a_row() {
    let mut next = Json::first("{\"a\":1}\n{\"a\":2} , {\"a\":3}");
    let mut seen = Vec::new();
    while let Some(it) = next {
        seen.extend(it.get("a").and_then(Json::number));
        next = it.next();
    }
    assert_eq!(seen, [1.0, 2.0, 3.0]);
}

#[test]
fn a_cut_text_is_read_up_to_where_it_breaks() {
    let text = r#"[{"Config": {"User": "app", "Env": ["A=1", "B="#;
    let config = Config::read(Json::first(text).unwrap().items().next().unwrap()).unwrap();
    assert_eq!(config.user.unwrap().text.as_str(), "app");
    assert_eq!(config.env.len(), 2);
    let broken = check(text).unwrap_err();
    assert_eq!((broken.at as usize, broken.what), (text.len(), "the text ends inside a string"));
}

#[test]
fn what_is_not_json_is_said_with_its_place() {
    for (text, at) in [
        ("{\"a\" 1}", 5),
        ("{\"a\": 1,}", 8),
        ("[1 2]", 3),
        ("[1,]", 3),
        ("{a: 1}", 1),
        ("[\"a\nb\"]", 3),
        ("[tru]", 1),
        ("[1", 2),
        ("]", 0),
        ("[01x]", 1),
    ] {
        assert_eq!(check(text).map_err(|it| it.at), Err(at), "{text}");
    }
    for text in
        ["", " ", "{}", "[]", "[[], {}]", "1 2", "{\"a\":[{\"b\":\"\\\"\\\\\"}]}", "-1.5e+3"]
    {
        assert_eq!(check(text), Ok(()), "{text}");
    }
    assert_eq!(check(&"[".repeat(1000)).unwrap_err().what, "brackets nest too deep");
}

#[test]
fn docker_and_podman_spell_the_same_config() {
    let docker = r#"[{"Id": "sha256:1", "Config": {"User": "app:app", "Env": ["PATH=/bin", "X"],
        "Entrypoint": ["/run"], "Cmd": null, "ExposedPorts": {"80/tcp": {}}, "Volumes": {"/data": {}},
        "WorkingDir": "/srv", "Labels": {"a": "b"}, "Healthcheck": {"Test": ["CMD", "true"]}}}]"#;
    let config = Config::read(Json::first(docker).unwrap().items().next().unwrap()).unwrap();
    assert_eq!(config.user.as_ref().unwrap().text.as_str(), "app:app");
    assert_eq!(config.env[0].value.as_str(), "/bin");
    assert!(config.env[1].value.is_empty() && config.cmd.is_empty());
    assert_eq!(config.exposed_ports[0].text.as_str(), "80/tcp");
    assert_eq!(config.volumes[0].text.as_str(), "/data");
    assert_eq!(config.healthcheck.unwrap().test.len(), 2);
    let podman =
        r#"[{"User": "1001", "Healthcheck": {"Test": ["NONE"]}, "Config": {"Entrypoint": "run"}}]"#;
    let config = Config::read(Json::first(podman).unwrap().items().next().unwrap()).unwrap();
    assert_eq!(config.user.unwrap().text.as_str(), "1001");
    assert_eq!(config.entrypoint.len(), 1);
}

/// Texts made of JSON's own characters, mostly broken.
fn texts() -> impl Strategy<Value = String> {
    const WORDS: &[&str] = &[
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        "\"",
        "\\",
        "\"a\"",
        "\"Config\"",
        "null",
        "1",
        "\\u",
        "d83d",
        "\n",
        " ",
        "é",
        "\\ud83d\\ude00",
        "true",
        "-",
    ];
    prop::collection::vec(prop::sample::select(WORDS), 0..60).prop_map(|it| it.concat())
}

/// Walks everything that can be reached.
fn walk(it: Json<'_>, text: &str, depth: u8) {
    assert!(text.get(it.span().range()).is_some());
    if let Some(string) = it.string() {
        assert!(text.get(string.whole().range()).is_some(), "{text:?}");
    }
    if depth < 8 {
        it.items().for_each(|one| walk(one, text, depth + 1));
        for (name, value) in it.members() {
            walk(name, text, depth + 1);
            walk(value, text, depth + 1);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3000, failure_persistence: None, ..Default::default() })]

    #[test]
    fn any_text_can_be_walked(text in texts()) {
        let mut next = Json::first(&text);
        while let Some(it) = next {
            walk(it, &text, 0);
            next = it.next();
        }
        let _ = Json::first(&text).and_then(Config::read);
        if let Err(broken) = check(&text) {
            prop_assert!(text.is_char_boundary(broken.at as usize));
        }
    }
}
