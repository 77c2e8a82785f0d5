//! A server that remembers every request, whatever it answers.

use std::io::BufReader;
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use xtask::http::{self, Request, Response};

/// Browsers keep unused connections open; a recorder does not wait for them for ever.
const SILENCE: Duration = Duration::from_secs(60);

/// A recording server on a port of its own, which makes it an origin of its own.
#[derive(Clone)]
pub(crate) struct Recorder {
    origin: String,
    log: Arc<Mutex<Log>>,
}

#[derive(Default)]
struct Log {
    requests: Vec<Request>,
    /// Connections, also those on which nothing was ever said.
    connections: usize,
}

impl Recorder {
    /// Starts recording.
    pub(crate) fn start(answer: impl Fn(&Request) -> Response + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        let log = Arc::new(Mutex::new(Log::default()));
        let recorder = Self { origin, log };
        let (log, answer) = (Arc::clone(&recorder.log), Arc::new(answer));
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                log.lock().unwrap().connections += 1;
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

    /// Scheme, host and port.
    pub(crate) fn origin(&self) -> &str {
        &self.origin
    }

    /// The requests so far.
    pub(crate) fn requests(&self) -> Vec<Request> {
        self.log.lock().unwrap().requests.clone()
    }

    /// The method and target of each request so far.
    pub(crate) fn lines(&self) -> Vec<String> {
        self.requests().iter().map(|it| format!("{} {}", it.method, it.target)).collect()
    }

    /// How often anybody connected, even without asking for anything.
    pub(crate) fn n_connections(&self) -> usize {
        self.log.lock().unwrap().connections
    }
}

fn talk(stream: &TcpStream, log: &Mutex<Log>, answer: &dyn Fn(&Request) -> Response) {
    let _kept = stream.set_read_timeout(Some(SILENCE));
    if let Ok(Some(request)) = http::read(&mut BufReader::new(stream)) {
        // Recorded before it is answered: whoever sees the answer finds the record.
        log.lock().unwrap().requests.push(request.clone());
        let response = answer(&request);
        let mut writer = stream;
        let _gone = http::write(&mut writer, &response, request.method == "HEAD");
    }
}

/// Whether a text occurs anywhere in a request.
pub(crate) fn mentions(request: &Request, text: &str) -> bool {
    let is_in_header =
        request.headers.iter().any(|(name, value)| name.contains(text) || value.contains(text));
    let body = String::from_utf8_lossy(&request.body);
    request.target.contains(text) || is_in_header || body.contains(text)
}
