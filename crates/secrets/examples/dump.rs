//! Prints what is found in a file: kind, severity, verification, place and masked form.
//!
//! Usage: `cargo run --release --example dump -- PATH…`

use std::io::{self, Write};

use secrets::Options;

fn main() -> io::Result<()> {
    let today = text::Date::from_unix_days(20_781).ok_or(io::ErrorKind::InvalidData)?;
    let options = Options::new(today, [7; 32]);
    let mut out = io::stdout().lock();
    for path in std::env::args().skip(1) {
        let bytes = std::fs::read(&path)?;
        let scan = secrets::scan(&options, Some(&path), &bytes);
        for it in scan.hits {
            let facts: Vec<String> =
                it.facts.iter().map(|it| format!("{}={}", it.name, it.value)).collect();
            let name = it.name.unwrap_or_default();
            writeln!(
                out,
                "{path}:{}+{} {} {:?} {:?} {:?} {} {} {name} {}",
                it.place.offset,
                it.place.length,
                it.kind.id,
                it.severity,
                it.confidence,
                it.verification,
                it.masked,
                it.fingerprint,
                facts.join(" "),
            )?;
        }
    }
    Ok(())
}
