//! Ruby gems: `specifications/*.gemspec`, as RubyGems writes them on installation.

use super::{Package, Read};
use crate::bytes::{lines, text, trim};

/// Reads name, version and license by their assignments. The file is a Ruby program, but an
/// installed one always has the same form.
pub(crate) fn gem(file: &[u8]) -> Read {
    let mut package = Package::default();
    for line in lines(file) {
        let Some((left, right)) = assignment(line) else { continue };
        match left {
            b"name" if package.name.is_empty() => package.name = text(right),
            b"version" if package.version.is_empty() => package.version = text(right),
            b"licenses" if package.license.is_none() => package.license = Some(text(right)),
            _ => {}
        }
    }
    let whole = !package.name.is_empty() && !package.version.is_empty();
    whole.then_some(package).into_iter().collect::<Vec<_>>().into()
}

/// `s.name = "rake".freeze`: the attribute, and the first text in double quotes.
fn assignment(line: &[u8]) -> Option<(&[u8], &[u8])> {
    let (left, right) = line.split_at_checked(memchr::memchr(b'=', line)?)?;
    let attribute = left.split_at_checked(memchr::memchr(b'.', left)? + 1)?.1;
    let quoted = right.split_at_checked(memchr::memchr(b'"', right)? + 1)?.1;
    let end = memchr::memchr(b'"', quoted)?;
    Some((trim(attribute), quoted.get(..end)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_of_a_specification() {
        let file = b"Gem::Specification.new do |s|\n  s.name = \"rake\".freeze\n  s.version = \
            \"13.0.6\"\n  s.licenses = [\"MIT\".freeze]\n  if s.respond_to? :specification_version \
            then\n    s.specification_version = 4\n  end\nend\n";
        let packages = gem(file).packages;
        assert_eq!((&*packages[0].name, &*packages[0].version), ("rake", "13.0.6"));
        assert_eq!(packages[0].license.as_deref(), Some("MIT"));
        assert!(gem(b"x = 1").packages.is_empty());
    }
}
