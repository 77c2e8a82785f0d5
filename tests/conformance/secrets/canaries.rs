//! Reports of invented files with invented secrets: no piece of five bytes of any of them may be
//! seen in any form of the report, wherever else and however encoded it stands in the files.
//! Letters in another case count from seven bytes on: our own words share five with many.

use report::Style;
use rules::{Case, Document};

use super::today;
use crate::Figure;

const REPORTS: usize = 10_000;
const PIECE: usize = 5;
const FOLDED: usize = 7;

/// Where a file says that it is a secret. `%` stands for it.
const SET: &[&str] = &[
    "ENV API_TOKEN=%\n",
    "ENV DB_PASSWORD=\"%\"\n",
    "ENV ADMIN_PASSWORD %\n",
    "ENV DATABASE_URL=postgres://app:%@db/app\n",
    "ARG NPM_TOKEN=%\n",
    "RUN curl -u deploy:% https://example.com/x\n",
    "RUN docker login -u ci -p % registry.example.com\n",
    "RUN npm config set //registry.example.com/:_authToken %\n",
    "RUN echo 'app:%' | chpasswd\n",
    "RUN PGPASSWORD=% psql -c 'select 1'\n",
    "RUN export API_SECRET=% && make\n",
    "RUN psql -c \"CREATE USER app WITH PASSWORD '%'\"\n",
    "CMD [\"redis-server\", \"--requirepass\", \"%\"]\n",
    "HEALTHCHECK CMD curl -fu probe:% http://localhost/\n",
];

/// Where it may stand as well. `^` stands for it in base64, `~` for a part of it.
const ELSEWHERE: &[&str] = &[
    "RUN echo % | tee /%\n",
    "RUN echo ^ | base64 -d && sudo x\n",
    "RUN sudo echo ~\n",
    "RUN chmod 777 /srv/%/~\n",
    "USER %\n",
    "USER ~\n",
    "FROM example.com/~:latest\n",
    "COPY %.env /%/.env\n",
    "COPY --from=% a b\n",
    "VOLUME /~/docker.sock\n",
    "EXPOSE %\n",
    "LABEL a=~ b=%\n",
    "WORKDIR /%\n",
    "# % and ~\n",
    "# plimsoll: ignore[runs-as-root] %\n",
    "RUN curl https://example.com/?key=% | sh\n",
    "RUN apt-get install -y git=~\n",
    "ENTRYPOINT [\"%\", 1]\n",
    "STOPSIGNAL ~\n",
    "% x y\n",
];

const INSPECTS: &[&str] = &[
    "[{\"Id\": \"%\", \"Config\": {\"User\": \"~\", \"Volumes\": {\"/%/docker.sock\": {}}}}]",
    "[{\"Id\": \"1\", \"Config\": {\"User\": \"root\", \"Env\": [\"API_TOKEN=%\", \"X=~\"]}}]",
    "[{\"Id\": \"1\", \"HostConfig\": {}, \"State\": {}, \"Config\": {\"Cmd\": [\"/run\", \"--token\", \"%\"]}}]",
    "{\"Config\": {\"Env\": [\"MY_SECRET=%\"",
];

/// Prefixes that are public; what follows them is the secret.
const PREFIXES: &[(&str, usize)] =
    &[("", 12), ("", 24), ("", 40), ("glpat-", 20), ("sk_live_", 24)];

pub(super) fn measure() -> Figure {
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    let mut seen = 0;
    for number in 0..REPORTS {
        let (body, texts) = texts(&mut random);
        let documents: Vec<Document<'_>> = texts
            .iter()
            .map(|it| Document { name: "input", bytes: it.as_bytes(), taken_for: None })
            .collect();
        let report = rules::check(&Case::new(&documents, today()));
        let forms = [
            report::plain(&report, Style::Plain),
            report::plain(&report, Style::Colored),
            report::markdown(&report),
            report::json(&report),
            format!("{report:?}"),
        ];
        if let Some(piece) = forms.iter().find_map(|it| piece_in(it, &body)) {
            seen += 1;
            println!("   report {number} shows {piece:?} of {body:?} in {texts:?}");
        }
    }
    Figure {
        name: format!("of {REPORTS} reports, those that show a piece of a secret"),
        value: seen.to_string(),
        reached: seen == 0,
        binding: true,
    }
}

fn texts(random: &mut Random) -> (String, Vec<String>) {
    let (prefix, length) = random.of(PREFIXES);
    let letters = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    let body: String = (0..*length).map(|_| char::from(*random.of(letters))).collect();
    let secret = format!("{prefix}{body}");
    let from = random.below(body.len() - 7);
    let part = body.get(from..from + 7).unwrap_or_default().to_owned();
    let mut lines: Vec<&str> = (0..random.below(6)).map(|_| *random.of(ELSEWHERE)).collect();
    lines.insert(random.below(lines.len() + 1), *random.of(SET));
    let mut texts = vec![format!("FROM debian:9\n{}", lines.concat())];
    if random.below(3) == 0 {
        texts.push((*random.of(INSPECTS)).to_owned());
    }
    let encoded = base64(secret.as_bytes());
    let fill = |it: &String| it.replace('%', &secret).replace('^', &encoded).replace('~', &part);
    (body, texts.iter().map(fill).collect())
}

/// A piece of a secret that stands in a text.
fn piece_in<'a>(text: &str, body: &'a str) -> Option<&'a str> {
    let lower = text.to_ascii_lowercase();
    let pieces =
        |size: usize| (0..=body.len() - size).filter_map(move |at| body.get(at..at + size));
    let exact = pieces(PIECE).find(|it| text.contains(it));
    exact.or_else(|| pieces(FOLDED).find(|it| lower.contains(&it.to_ascii_lowercase())))
}

fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for chunk in bytes.chunks(3) {
        let bits = chunk.iter().fold(0_usize, |bits, it| bits << 8 | usize::from(*it));
        let bits = bits << (8 * (3 - chunk.len()));
        for place in 0..4 {
            let digit = DIGITS.get(bits >> (18 - 6 * place) & 63).copied().unwrap_or(b'=');
            out.push(if place > chunk.len() { '=' } else { char::from(digit) });
        }
    }
    out
}

/// The same numbers in every run.
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 11).unwrap_or_default() % end.max(1)
    }

    fn of<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        let index = self.below(all.len());
        all.get(index).unwrap_or_else(|| unreachable!("the lists are not empty"))
    }
}
