//! A server that remembers every request, whatever it answers.

use std::io::{BufReader, ErrorKind};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use xtask::http::{self, Request, Response};

/// Browsers keep unused connections open; a recorder does not wait for them for ever.
const SILENCE: Duration = Duration::from_secs(60);

/// A recording server on a port of its own, which makes it an origin of its own.
#[derive(Clone)]
pub(crate) struct Recorder {
    origin: String,
    log: Arc<Mutex<Vec<Request>>>,
    stopped: Arc<AtomicBool>,
}

impl Recorder {
    /// Starts recording.
    pub(crate) fn start(answer: impl Fn(&Request) -> Response + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        let recorder = Self { origin, log: Arc::default(), stopped: Arc::default() };
        let (log, stopped) = (Arc::clone(&recorder.log), Arc::clone(&recorder.stopped));
        let answer = Arc::new(answer);
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                if stopped.load(Ordering::SeqCst) {
                    return;
                }
                let (log, answer) = (Arc::clone(&log), Arc::clone(&answer));
                std::thread::spawn(move || talk(&stream, &log, answer.as_ref()));
            }
        });
        recorder
    }

    /// Another origin, which welcomes every request.
    pub(crate) fn elsewhere() -> Self {
        Self::start(|_| {
            Response::new(200, b"/* welcome */".to_vec())
                .with("Access-Control-Allow-Origin", "*")
                .with("Access-Control-Allow-Headers", "*")
                .with("Content-Type", "text/javascript")
        })
    }

    /// Ends the server: from here on nobody listens there.
    pub(crate) fn stop(&self) {
        self.stopped.store(true, Ordering::SeqCst);
        let address = self.origin.trim_start_matches("http://");
        // The first connection wakes it, and it is gone when there is no second one.
        while TcpStream::connect(address).is_ok() {
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// Scheme, host and port.
    pub(crate) fn origin(&self) -> &str {
        &self.origin
    }

    /// The requests so far.
    pub(crate) fn requests(&self) -> Vec<Request> {
        self.log.lock().unwrap().clone()
    }

    /// The method and target of each request so far.
    pub(crate) fn lines(&self) -> Vec<String> {
        self.requests().iter().map(|it| format!("{} {}", it.method, it.target)).collect()
    }
}

fn talk(stream: &TcpStream, log: &Mutex<Vec<Request>>, answer: &dyn Fn(&Request) -> Response) {
    let _kept = stream.set_read_timeout(Some(SILENCE));
    let request = match http::read(&mut BufReader::new(stream)) {
        Ok(Some(request)) => request,
        // What is no request was still sent; silence was not.
        Err(error) if error.kind() == ErrorKind::InvalidData => garbage(&error.to_string()),
        Ok(None) | Err(_) => return,
    };
    // Recorded before it is answered: whoever sees the answer finds the record.
    log.lock().unwrap().push(request.clone());
    let response = answer(&request);
    let mut writer = stream;
    let _gone = http::write(&mut writer, &response, request.method == "HEAD");
}

fn garbage(what: &str) -> Request {
    let (headers, body) = (Vec::new(), Vec::new());
    Request { method: "?".to_owned(), target: what.to_owned(), headers, body }
}

/// Whether a text occurs anywhere in a request.
pub(crate) fn mentions(request: &Request, text: &str) -> bool {
    let is_in_header =
        request.headers.iter().any(|(name, value)| name.contains(text) || value.contains(text));
    let body = String::from_utf8_lossy(&request.body);
    request.target.contains(text) || is_in_header || body.contains(text)
}
