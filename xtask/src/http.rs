//! The little of HTTP/1.1 that serving files on loopback needs: one request, one answer.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::time::Duration;

/// Longest line that is read, and most header lines.
const MAX_LINE: u64 = 64 * 1024;
const MAX_HEADERS: usize = 200;
/// Largest body that is read.
const MAX_BODY: u64 = 64 * 1024 * 1024;
/// Browsers open connections ahead of need; one that stays silent is given up.
const SILENCE: Duration = Duration::from_secs(30);

/// A request as it arrived.
#[derive(Clone, Debug)]
pub struct Request {
    /// `GET` and so on.
    pub method: String,
    /// What follows the method: path and query as written.
    pub target: String,
    /// Names as written, values without surrounding space.
    pub headers: Vec<(String, String)>,
    /// Empty when there was none.
    pub body: Vec<u8>,
}

/// An answer.
#[derive(Clone, Debug)]
pub struct Response {
    /// The status code.
    pub status: u16,
    /// In the order they are sent.
    pub headers: Vec<(String, String)>,
    /// Sent unless the request was `HEAD`.
    pub body: Vec<u8>,
}

impl Request {
    /// The value of a header, by its name in any case.
    pub fn header(&self, name: &str) -> Option<&str> {
        header(&self.headers, name)
    }
}

impl Response {
    /// An answer without headers.
    pub fn new(status: u16, body: Vec<u8>) -> Self {
        Self { status, headers: Vec::new(), body }
    }

    /// With one more header.
    #[must_use]
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// The value of a header, by its name in any case.
    pub fn header(&self, name: &str) -> Option<&str> {
        header(&self.headers, name)
    }
}

fn header<'a>(headers: &'a [(String, String)], name: &str) -> Option<&'a str> {
    headers.iter().find(|(it, _)| it.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
}

/// Answers every connection on a thread of its own, for as long as the process lives.
pub fn serve(listener: &TcpListener, answer: Arc<dyn Fn(&Request) -> Response + Send + Sync>) {
    for stream in listener.incoming() {
        let Ok(stream) = stream else { continue };
        let answer = Arc::clone(&answer);
        std::thread::spawn(move || {
            // A browser that hangs up early is no event: there is nobody left to tell.
            let _gone = talk(stream, answer.as_ref());
        });
    }
}

fn talk(stream: TcpStream, answer: &dyn Fn(&Request) -> Response) -> io::Result<()> {
    stream.set_read_timeout(Some(SILENCE))?;
    let mut reader = BufReader::new(&stream);
    let Some(request) = read(&mut reader)? else { return Ok(()) };
    let response = answer(&request);
    write(&mut &stream, &response, request.method == "HEAD")
}

/// Reads one request; nothing if the other side closed without a word.
pub fn read(reader: &mut impl BufRead) -> io::Result<Option<Request>> {
    let first = line(reader)?;
    if first.is_empty() {
        return Ok(None);
    }
    let mut words = first.split(' ');
    let (Some(method), Some(target), Some(version)) = (words.next(), words.next(), words.next())
    else {
        return Err(malformed("request line"));
    };
    if !version.starts_with("HTTP/1.") || words.next().is_some() {
        return Err(malformed("request line"));
    }
    let headers = headers(reader)?;
    let length = match header(&headers, "content-length") {
        Some(it) => it.parse().map_err(|_| malformed("content length"))?,
        None => 0,
    };
    if length > MAX_BODY {
        return Err(malformed("content length"));
    }
    let mut body = Vec::new();
    reader.take(length).read_to_end(&mut body)?;
    Ok(Some(Request { method: method.to_owned(), target: target.to_owned(), headers, body }))
}

fn headers(reader: &mut impl BufRead) -> io::Result<Vec<(String, String)>> {
    let mut headers = Vec::new();
    loop {
        let line = line(reader)?;
        if line.is_empty() {
            return Ok(headers);
        }
        let Some((name, value)) = line.split_once(':') else { return Err(malformed("header")) };
        headers.push((name.to_owned(), value.trim().to_owned()));
        if headers.len() > MAX_HEADERS {
            return Err(malformed("number of headers"));
        }
    }
}

fn line(reader: &mut impl BufRead) -> io::Result<String> {
    let mut bytes = Vec::new();
    reader.take(MAX_LINE).read_until(b'\n', &mut bytes)?;
    let text = String::from_utf8_lossy(&bytes);
    Ok(text.trim_end_matches(['\r', '\n']).to_owned())
}

fn malformed(what: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, format!("malformed {what}"))
}

/// Writes one answer and says that the connection ends with it.
pub fn write(writer: &mut impl Write, response: &Response, head_only: bool) -> io::Result<()> {
    let mut head = format!("HTTP/1.1 {} {}\r\n", response.status, reason(response.status));
    for (name, value) in &response.headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    head.push_str(&format!("Content-Length: {}\r\nConnection: close\r\n\r\n", response.body.len()));
    writer.write_all(head.as_bytes())?;
    if !head_only {
        writer.write_all(&response.body)?;
    }
    writer.flush()
}

fn reason(status: u16) -> &'static str {
    match status {
        200 => "OK",
        204 => "No Content",
        308 => "Permanent Redirect",
        400 => "Bad Request",
        404 => "Not Found",
        405 => "Method Not Allowed",
        _ => "Answer",
    }
}

#[cfg(test)]
mod tests {
    use super::{Response, read, write};

    #[test]
    fn a_request_is_read_whole() {
        let text = "POST /a?b HTTP/1.1\r\nHost: x\r\ncontent-LENGTH: 3\r\n\r\nabcd";
        let request = read(&mut text.as_bytes()).unwrap().unwrap();
        assert_eq!(request.method, "POST");
        assert_eq!(request.target, "/a?b");
        assert_eq!(request.header("Host"), Some("x"));
        assert_eq!(request.body, b"abc");
    }

    #[test]
    fn silence_is_no_request_and_nonsense_an_error() {
        assert!(read(&mut "".as_bytes()).unwrap().is_none());
        for text in ["GET /\r\n\r\n", "GET / HTTP/1.1 x\r\n\r\n", "GET / HTTP/1.1\r\nnope\r\n\r\n"]
        {
            assert!(read(&mut text.as_bytes()).is_err(), "{text:?}");
        }
    }

    #[test]
    fn a_head_answer_has_no_body() {
        let response = Response::new(200, b"body".to_vec()).with("X", "y");
        let mut bytes = Vec::new();
        write(&mut bytes, &response, true).unwrap();
        let text = String::from_utf8(bytes).unwrap();
        assert_eq!(
            text,
            "HTTP/1.1 200 OK\r\nX: y\r\nContent-Length: 4\r\nConnection: close\r\n\r\n"
        );
    }
}
