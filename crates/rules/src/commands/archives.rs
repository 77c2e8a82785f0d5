//! Calls of tar, whose options come in three styles.

use dockerfile::shell::ShellWord;

use super::files::is_cluster;

/// A call of tar that unpacks.
pub(super) struct TarCall<'a> {
    pub(super) archive: &'a ShellWord,
    pub(super) folder: Option<&'a ShellWord>,
}

/// `tar -xzf FILE -C FOLDER`, `tar xzfC FILE FOLDER`, `tar --extract --file=FILE`.
pub(super) fn tar_call(arguments: &[ShellWord]) -> Option<TarCall<'_>> {
    let mut unpacks = false;
    let mut archive = None;
    let mut folder = None;
    let mut index = 0;
    while let Some(word) = arguments.get(index) {
        let text = word.text();
        let next = arguments.get(index + 1);
        index += 1;
        match &*text {
            "--extract" | "--get" => unpacks = true,
            "--file" => (archive, index) = (next, index + 1),
            "--directory" => (folder, index) = (next, index + 1),
            "--strip-components" | "--exclude" | "--transform" | "--use-compress-program" => {
                index += 1;
            }
            long if long.starts_with("--file=") => archive = Some(word),
            long if long.starts_with("--directory=") => folder = Some(word),
            long if long.starts_with("--") => {}
            short if is_cluster(short) || index == 1 => {
                for letter in short.trim_start_matches('-').chars() {
                    match letter {
                        'x' => unpacks = true,
                        'f' => (archive, index) = (arguments.get(index), index + 1),
                        'C' => (folder, index) = (arguments.get(index), index + 1),
                        'I' | 'X' | 'T' => index += 1,
                        _ => {}
                    }
                }
            }
            _ => {}
        }
    }
    let archive = archive.filter(|it| !it.is("-") && !it.text().starts_with("--"))?;
    unpacks.then_some(TarCall { archive, folder })
}
