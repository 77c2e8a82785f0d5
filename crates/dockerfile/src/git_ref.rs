//! Addresses of git repositories, as `ADD` takes them.

/// A repository that `ADD` clones, and what of it.
///
/// BuildKit takes `git://`, `ssh://` and `user@host:path` for repositories, and addresses of the
/// web only when their path ends in `.git`. What is wanted of it follows behind `#` as
/// `reference:folder`, or behind `?` by name.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct GitRef {
    /// The repository.
    pub remote: String,
    /// The branch, tag or commit; the default branch when none is given.
    pub reference: Option<String>,
    /// The commit that the reference has to be, when it is checked.
    pub commit: Option<String>,
    /// The folder of it that is taken.
    pub folder: Option<String>,
}

impl GitRef {
    /// Reads an address; nothing when it is none of a repository.
    pub fn parse(text: &str) -> Option<Self> {
        let end = text.find(['#', '?']).unwrap_or(text.len());
        let (remote, rest) = text.split_at(end);
        if !is_repository(remote) {
            return None;
        }
        let mut out =
            Self { remote: remote.to_owned(), reference: None, commit: None, folder: None };
        if let Some(query) = rest.strip_prefix('?') {
            out.query(query.split('#').next().unwrap_or_default());
        }
        if let Some((_, fragment)) = rest.split_once('#') {
            let (reference, folder) = fragment.split_once(':').unwrap_or((fragment, ""));
            out.reference = out.reference.or(filled(reference));
            out.folder = out.folder.or(filled(folder));
        }
        Some(out)
    }

    /// Whether it names one commit, which can never become another.
    pub fn is_fixed(&self) -> bool {
        let hash = |it: &str| {
            let hex = it.bytes().all(|it| it.is_ascii_hexdigit());
            hex && matches!(it.len(), 40 | 64)
        };
        self.commit.is_some() || self.reference.as_deref().is_some_and(hash)
    }

    fn query(&mut self, query: &str) {
        for part in query.split('&') {
            let (name, value) = part.split_once('=').unwrap_or((part, ""));
            match name {
                "ref" | "branch" | "tag" => self.reference = filled(value),
                "commit" | "checksum" => self.commit = filled(value),
                "subdir" => self.folder = filled(value),
                _ => {}
            }
        }
    }
}

fn filled(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

fn is_repository(remote: &str) -> bool {
    match remote.split_once("://") {
        Some(("git" | "ssh", _)) => true,
        Some(("http" | "https", rest)) => rest.contains('/') && rest.ends_with(".git"),
        Some(_) => false,
        // `git@host:path`, which is no path of the build context.
        None => match remote.split_once(':') {
            Some((host, path)) => host.contains('@') && !host.contains('/') && !path.is_empty(),
            None => false,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repositories_and_what_is_wanted_of_them() {
        let hash = "0123456789abcdef0123456789abcdef01234567";
        for (text, remote, reference, folder, fixed) in [
            ("https://example.com/a.git", "https://example.com/a.git", None, None, false),
            (
                "https://example.com/a.git#v1:x",
                "https://example.com/a.git",
                Some("v1"),
                Some("x"),
                false,
            ),
            ("git@example.com:a/b.git#main", "git@example.com:a/b.git", Some("main"), None, false),
            ("ssh://git@example.com/a", "ssh://git@example.com/a", None, None, false),
            (&format!("git://example.com/a#{hash}"), "git://example.com/a", Some(hash), None, true),
            (
                "https://example.com/a.git?tag=v1&subdir=x&commit=0123456",
                "https://example.com/a.git",
                Some("v1"),
                Some("x"),
                true,
            ),
            ("https://example.com/a.git#:x", "https://example.com/a.git", None, Some("x"), false),
        ] {
            let it = GitRef::parse(text).unwrap();
            assert_eq!(
                (&*it.remote, it.reference.as_deref(), it.folder.as_deref(), it.is_fixed()),
                (remote, reference, folder, fixed),
                "{text}"
            );
        }
    }

    #[test]
    fn everything_else_is_none() {
        for text in ["https://example.com/a.tar.gz", "github.com/a/b", "./a.git", "a@b", "a:b", ""]
        {
            assert_eq!(GitRef::parse(text), None, "{text}");
        }
    }
}
