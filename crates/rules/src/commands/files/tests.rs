//! What steps do to files.

use dockerfile::Expansion;

use super::*;
use crate::commands::parsed;

fn changes(text: &str) -> Vec<String> {
    let mut scope = Scope::stage(true);
    let value = Expansion { text: "/opt/app".to_owned(), ..Expansion::default() };
    scope.set_env("APP", &value);
    let reader = FileReader::new(&scope, Some("/work"), Some("/root"));
    let show = |it: &FileChange| {
        let unsure = if it.known { "" } else { "?" };
        let deep = if it.recursive { "/**" } else { "" };
        format!("{:?} {}{deep}{unsure}", it.act, it.path)
    };
    reader.read(&parsed(text)).iter().map(show).collect()
}

#[test]
fn paths_are_followed() {
    for (text, expected) in [
        (
            "cd /var/lib && rm -rf apt dpkg",
            &["Remove /var/lib/apt/**", "Remove /var/lib/dpkg/**"][..],
        ),
        ("(cd /x && rm a) && rm b", &["Remove /x/a", "Remove /work/b"]),
        ("rm -r /var/lib/{apt,dpkg}/*", &["Remove /var/lib/apt/*/**", "Remove /var/lib/dpkg/*/**"]),
        ("rm $APP/x ~/.cache $Y/z", &["Remove /opt/app/x", "Remove /root/.cache", "Remove $Y/z?"]),
        ("D=/srv; rm \"$D/a\" $HOME/b", &["Remove /srv/a", "Remove /root/b"]),
        ("cd $UNKNOWN && rm a", &["Remove a?"]),
        ("find /a /b -type f -delete", &["Remove /a/**", "Remove /b/**"]),
        ("find / -name '*.pyc' -delete", &[]),
    ] {
        assert_eq!(changes(text), expected, "{text}");
    }
}

#[test]
fn what_commands_do_to_files() {
    for (text, expected) in [
        ("mv a /b", &["Leave /work/a/**", "Arrive(\"/work/a\") /b/**"][..]),
        ("cp -t /b a", &["Arrive(\"/work/a\") /b"]),
        ("chown -R app:app /x", &["Own(\"app:app\") /x/**"]),
        ("chmod -R +x /x", &["Mode(\"+x\") /x/**"]),
        ("chmod -x /x", &["Mode(\"-x\") /x"]),
        ("tar xzf a.tgz -C /opt", &["Unpack(Some(\"/opt\")) /work/a.tgz"]),
        ("tar -C /opt --strip-components 1 -xf a.tar", &["Unpack(Some(\"/opt\")) /work/a.tar"]),
        ("tar czf a.tgz .", &[]),
        ("curl x | tar xz", &[]),
        ("tar xf - -C /y", &[]),
        ("unzip -q a.zip -d /o", &["Unpack(Some(\"/o\")) /work/a.zip"]),
        ("wget http://h/a.tgz && curl -o b http://h/x", &["Fetch /work/a.tgz", "Fetch /work/b"]),
        ("curl http://h/x > /c", &["Fetch /c"]),
        ("git clone http://h/p.git", &["Fetch /work/p/**"]),
        ("echo 'a b' > /f", &["Write(Some(\"a b\")) /f"]),
        ("echo a | tee -a /f", &["Append(Some(\"a\")) /f"]),
        ("{ echo a; echo b; } > /f", &["Write(Some(\"a\")) /f", "Append(Some(\"b\")) /f"]),
        ("sed -i s/a/b/ /f", &["Edit /f"]),
        (
            "dpkg -i a.deb && rpm -ivh b.rpm",
            &["Unpack(None) /work/a.deb", "Unpack(None) /work/b.rpm"],
        ),
        ("dpkg --print-architecture", &[]),
        ("sed s/a/b/ /f", &[]),
        ("mkdir -p /a b", &["MakeFolder /a", "MakeFolder /work/b"]),
        ("install -m 755 a /b", &["Arrive(\"/work/a\") /b"]),
        ("make > /dev/null 2>&1", &[]),
    ] {
        assert_eq!(changes(text), expected, "{text}");
    }
}
