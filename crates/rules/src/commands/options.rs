//! Options and operands of a command line, as most programs read them.

use std::borrow::Cow;

use dockerfile::shell::ShellWord;

/// A command line taken apart.
#[derive(Clone, Debug, Default)]
pub struct Options<'a> {
    /// Its options, in order.
    pub flags: Vec<Flag<'a>>,
    /// Everything that is no option and no option's value.
    pub operands: Vec<&'a ShellWord>,
}

/// An option.
#[derive(Clone, Debug)]
pub struct Flag<'a> {
    /// Its name with its dashes, each of a cluster by itself: `-xzf` is `-x`, `-z`, `-f`.
    pub name: Cow<'a, str>,
    /// Its value, when it has one.
    pub value: Option<Cow<'a, str>>,
    /// The word it stands in.
    pub word: &'a ShellWord,
}

impl<'a> Options<'a> {
    /// Takes words apart. `valued`: the options that take a value, with their dashes. Operands and
    /// options may be mixed; `--` ends the options.
    pub fn parse(words: &'a [ShellWord], valued: &[&str]) -> Self {
        let mut out = Self::default();
        let mut rest = words.iter();
        while let Some(word) = rest.next() {
            let text = word.text();
            if text == "--" {
                out.operands.extend(rest);
                break;
            }
            if text.starts_with("--") {
                out.long(word, text, valued, &mut rest);
            } else if text.len() > 1 && text.starts_with('-') {
                out.short(word, text, valued, &mut rest);
            } else {
                out.operands.push(word);
            }
        }
        out
    }

    /// Whether one of these options is given.
    pub fn has(&self, names: &[&str]) -> bool {
        self.flag(names).is_some()
    }

    /// The last of these options.
    pub fn flag(&self, names: &[&str]) -> Option<&Flag<'a>> {
        self.flags.iter().rfind(|it| names.contains(&&*it.name))
    }

    /// The value of the last of these options.
    pub fn value(&self, names: &[&str]) -> Option<&str> {
        self.flag(names)?.value.as_deref()
    }

    fn long(
        &mut self,
        word: &'a ShellWord,
        text: Cow<'a, str>,
        valued: &[&str],
        rest: &mut std::slice::Iter<'a, ShellWord>,
    ) {
        let (name, value) = match text.find('=') {
            Some(at) => {
                let (name, value) = text.split_at(at);
                let value = value.strip_prefix('=').unwrap_or_default().to_owned();
                (Cow::Owned(name.to_owned()), Some(Cow::Owned(value)))
            }
            None if valued.contains(&&*text) => (text, rest.next().map(ShellWord::text)),
            None => (text, None),
        };
        self.flags.push(Flag { name, value, word });
    }

    fn short(
        &mut self,
        word: &'a ShellWord,
        text: Cow<'a, str>,
        valued: &[&str],
        rest: &mut std::slice::Iter<'a, ShellWord>,
    ) {
        // `-exec` and other long names with one dash are known as such, or not at all.
        if valued.contains(&&*text) {
            let value = rest.next().map(ShellWord::text);
            self.flags.push(Flag { name: text, value, word });
            return;
        }
        for (at, letter) in text.char_indices().skip(1) {
            let name = format!("-{letter}");
            let takes = valued.contains(&&*name);
            let behind = text.get(at + letter.len_utf8()..).unwrap_or_default();
            let value = match (behind.strip_prefix('='), takes, behind.is_empty()) {
                // `-q=2`: behind an equals sign stands a value, whatever the option.
                (Some(value), _, _) => Some(Cow::Owned(value.to_owned())),
                (None, false, _) => None,
                (None, true, true) => rest.next().map(ShellWord::text),
                (None, true, false) => Some(Cow::Owned(behind.to_owned())),
            };
            let ends = value.is_some() || takes;
            self.flags.push(Flag { name: Cow::Owned(name), value, word });
            if ends {
                break;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::commands::parsed;

    #[test]
    fn options_come_apart_as_programs_read_them() {
        let list = parsed("tar -xzf a.tgz --strip-components=1 -C /opt b -- -c");
        let it = list[0].options(&["-f", "-C"]);
        let names: Vec<&str> = it.flags.iter().map(|it| &*it.name).collect();
        assert_eq!(names, ["-x", "-z", "-f", "--strip-components", "-C"]);
        assert_eq!((it.value(&["-f"]), it.value(&["-C"])), (Some("a.tgz"), Some("/opt")));
        assert_eq!(it.value(&["--strip-components"]), Some("1"));
        let operands: Vec<_> = it.operands.iter().map(|it| it.text().into_owned()).collect();
        assert_eq!(operands, ["b", "-c"]);
    }

    #[test]
    fn values_may_be_glued_on() {
        let list = parsed("wget -qO- --header 'A: b' https://example.com");
        let it = list[0].options(&["-O", "--header"]);
        assert_eq!((it.value(&["-O"]), it.value(&["--header"])), (Some("-"), Some("A: b")));
        assert_eq!(it.operands.len(), 1);
        assert!(it.has(&["-q", "--quiet"]) && !it.has(&["-x"]));
        let list = parsed("apt-get -yq=2 install a");
        let it = list[0].options(&[]);
        assert_eq!((it.value(&["-q"]), it.operands.len()), (Some("2"), 2));
    }
}
