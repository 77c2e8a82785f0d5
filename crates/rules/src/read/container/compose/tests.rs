//! Services of one file and of several.

use super::*;
use crate::facts::MountType;

#[track_caller]
fn told(text: &str, check: impl Fn(&Told)) {
    let json = image::yaml(text, 0..text.len()).json.text;
    let objects = Json::objects(&json, 0);
    let services = services(&objects);
    check(&read(&[(SourceId(0), &services[0])]).unwrap());
}

#[test]
fn short_and_long_forms_say_the_same() {
    for volumes in
        ["[\"/etc:/host:ro\"]", "[{type: bind, source: /etc, target: /host, read_only: true}]"]
    {
        told(&format!("services:\n  a:\n    volumes: {volumes}\n"), |it| {
            let mount = &it.container.mounts.all()[0].value;
            assert_eq!((mount.kind, &*mount.source), (MountType::Bind, "/etc"));
            assert!(mount.read_only);
        });
    }
    for ports in ["[\"127.0.0.1:80:8080\"]", "[{target: 8080, published: 80, host_ip: 127.0.0.1}]"]
    {
        told(&format!("services:\n  a:\n    ports: {ports}\n"), |it| {
            let port = &it.container.ports.all()[0].value;
            assert_eq!((&*port.address, port.host), ("127.0.0.1", Some((80, 80))));
        });
    }
    for env in ["[A=1]", "{A: 1}"] {
        told(&format!("services:\n  a:\n    environment: {env}\n"), |it| {
            let it = &it.config.env[0];
            assert_eq!((it.name.as_str(), it.value.as_str()), ("A", "1"));
        });
    }
}

#[test]
fn limits_stand_in_two_places() {
    told(
        "services:\n  a:\n    mem_limit: 1g\n    deploy: {resources: {limits: {cpus: '2'}}}\n",
        |it| {
            assert_eq!(it.container.memory.value().map(String::as_str), Some("1g"));
            assert_eq!(it.container.cpus.value().map(String::as_str), Some("2"));
            assert_eq!(it.container.pids.value(), None);
        },
    );
}

#[test]
fn services_take_over_others_of_the_file() {
    let base =
        "b:\n    image: x\n    privileged: true\n    cap_add: [A]\n    environment: {A: 1, B: 1}\n";
    let own =
        "a:\n    extends: b\n    privileged: false\n    cap_add: [B]\n    environment: [B=2]\n";
    told(&format!("services:\n  {own}  {base}"), |it| {
        assert_eq!(it.container.privileged.value(), Some(&false));
        assert_eq!(it.container.caps_added.all().len(), 2);
        assert_eq!(it.container.image.as_ref().unwrap().value, "x");
        let env: Vec<&str> = it.config.env.iter().map(|it| it.value.as_str()).collect();
        assert_eq!(env, ["1", "2"]);
        assert!(it.unread.is_empty());
    });
    // A circle, and a service that is not there.
    told("services:\n  a: {extends: b}\n  b: {extends: a}\n", |it| {
        assert_eq!(it.unread.len(), 1);
    });
    told("services:\n  a: {extends: {service: c}}\n", |it| assert_eq!(it.unread.len(), 1));
    told("a:\n  image: x\n  privileged: true\n", |it| {
        assert_eq!(it.container.privileged.value(), Some(&true));
    });
}

#[test]
fn what_stands_in_other_files_is_said() {
    told("services:\n  a:\n    env_file: a.env\n    extends: {file: b.yml, service: c}\n", |it| {
        assert_eq!(it.unread.len(), 2);
    });
}

#[test]
fn a_later_deploy_section_holds() {
    let limit = |it: &str| format!("deploy: {{resources: {{limits: {{memory: {it}}}}}}}");
    let text = format!(
        "services:\n  a:\n    extends: b\n    {}\n  b:\n    {}\n",
        limit("1g"),
        limit("2g")
    );
    told(&text, |it| {
        assert_eq!(it.container.memory.value().map(String::as_str), Some("1g"));
    });
}

/// Two files are put together as Compose does: single values are replaced, lists grow,
/// variables and volumes are replaced by name and by path.
#[test]
fn files_are_put_together() {
    let first = "services:\n  web:\n    image: x\n    privileged: true\n    cap_add: [A]\n    \
                 user: '1'\n    environment: {A: 1, B: 1}\n    volumes: ['/a:/x', '/b:/y']\n    entrypoint: a\n    command: b\n";
    let second = "services:\n  web:\n    privileged: false\n    cap_add: [B]\n    \
                  environment: [B=2]\n    volumes: ['/c:/x']\n    entrypoint: c\n";
    let json = [first, second].map(|it| image::yaml(it, 0..it.len()).json.text);
    let objects = json.each_ref().map(|it| Json::objects(it, 0));
    let services = objects.each_ref().map(|it| services(it));
    let layers = [(SourceId(0), &services[0][0]), (SourceId(1), &services[1][0])];
    let it = read(&layers).unwrap();
    assert_eq!(it.container.privileged.value(), Some(&false));
    assert_eq!(it.container.caps_added.all().len(), 2);
    let mounts: Vec<&str> =
        it.container.mounts.all().iter().map(|it| it.value.source.as_str()).collect();
    assert_eq!(mounts, ["/b", "/c"]);
    let env =
        |it: &Config| it.env.iter().map(|it| it.value.as_str().to_owned()).collect::<Vec<_>>();
    assert_eq!((env(&it.under[0].1), env(&it.config)), (vec!["1".into()], vec!["2".into()]));
    assert_eq!(it.config_in, Some(SourceId(1)));
    assert!(it.under[0].1.user.is_some() && it.config.user.is_none());
    // Each of the two is replaced by itself.
    let starts = |it: &Config| [it.entrypoint.len(), it.cmd.len()];
    assert_eq!((starts(&it.under[0].1), starts(&it.config)), ([0, 1], [1, 0]));
    let said = remarks(&layers, &["a.yml", "b.yml"], &services[0]);
    assert!(said[0].message.contains("docker compose -f a.yml -f b.yml"), "{said:?}");
}

#[test]
fn services_with_a_profile_are_off_by_default() {
    let text = "services:\n  a: {image: x}\n  b: {image: y, profiles: [dev, debug]}\n";
    let json = image::yaml(text, 0..text.len()).json.text;
    let objects = Json::objects(&json, 0);
    let all = services(&objects);
    assert_eq!(all.iter().map(|it| it.listed().is_minor).collect::<Vec<_>>(), [false, true]);
    let said = |it: usize| remarks(&[(SourceId(0), &all[it])], &["x"], &all);
    let [of_a, of_b] = [said(0), said(1)];
    let note = &of_a[0].places[0].note;
    assert_eq!(note, "`b` starts only when profile `dev` or `debug` is asked for");
    assert!(of_b[0].message.contains("`b` is off by default"), "{of_b:?}");
}
