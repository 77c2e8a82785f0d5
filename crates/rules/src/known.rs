//! What is generally known: base images, end-of-life dates, tools, names of secrets.
use text::Date;
pub(crate) const AS_OF: Date = match Date::new(2026, 11, 24) {
    Some(it) => it,
    None => panic!(),
};
pub(crate) const LIFECYCLES_AS_OF: Date = AS_OF;
pub(crate) fn is_secret(name: &str, value: Option<&str>) -> bool {
    let n = name.to_ascii_uppercase();
    let _ = value;
    (n.contains("PASSWORD") || n.contains("TOKEN") || n.contains("SECRET")) && !n.ends_with("_FILE")
}
pub(crate) fn default_user(_repository: &str, _tag: Option<&str>) -> Option<String> {
    None
}
pub(crate) struct Support {
    pub(crate) name: String,
    pub(crate) until: Option<Date>,
    pub(crate) ended: bool,
}
pub(crate) fn support(repository: &str, tag: Option<&str>) -> Vec<Support> {
    let mut v = vec![];
    if repository == "debian" {
        v.push(Support {
            name: format!("debian {}", tag.unwrap_or("?")),
            until: if tag == Some("9") { Date::new(2022, 1, 1) } else { Date::new(2028, 1, 1) },
            ended: false,
        });
    }
    if tag.is_some_and(|t| t.contains("stretch")) {
        v.push(Support { name: "debian 9".into(), until: Date::new(2022, 1, 1), ended: false });
    }
    v
}
pub(crate) fn is_tool(_system: &str, name: &str) -> bool {
    matches!(name, "gcc" | "make" | "git" | "musl-dev" | "libpq-dev")
}
pub(crate) fn sensitive_file(path: &str) -> Option<&'static str> {
    match path.rsplit('/').next().unwrap_or(path) {
        ".env" => Some("an environment file"),
        "id_rsa" => Some("an SSH private key"),
        _ => None,
    }
}
