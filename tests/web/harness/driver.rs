//! A driver process: started on a free port, and ended together with its browser.

use std::io::{BufRead, BufReader};
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};

use super::poll;

/// A running driver.
pub(super) struct Driver {
    child: Child,
    port: u16,
}

/// How often a driver may lose the race for a free port.
const TRIES: u32 = 5;

impl Driver {
    /// Starts a driver and waits until it says where it listens.
    pub(super) fn start(mut command: Command) -> Self {
        // A group of its own, so that the browser can be ended even when the driver hangs.
        command.process_group(0).stdout(Stdio::piped()).stderr(Stdio::null());
        let started = (0..TRIES).find_map(|_| Self::try_start(&mut command));
        started.unwrap_or_else(|| panic!("{:?} finds no free port", command.get_program()))
    }

    /// Starts a driver once. Nothing if it ended at once: ChromeDriver wants the same port for both
    /// kinds of address, and another program may have taken one of them meanwhile.
    fn try_start(command: &mut Command) -> Option<Self> {
        let mut child = match command.spawn() {
            Ok(it) => it,
            Err(error) => panic!("cannot start {:?}: {error}", command.get_program()),
        };
        let said = Arc::new(Mutex::new(Vec::<String>::new()));
        if let Some(stdout) = child.stdout.take() {
            let said = Arc::clone(&said);
            std::thread::spawn(move || {
                for line in BufReader::new(stdout).lines().map_while(Result::ok) {
                    said.lock().unwrap().push(line);
                }
            });
        }
        let answer = poll(|| {
            let listens = said.lock().unwrap().iter().find_map(|line| port(line));
            let ended = child.try_wait().is_ok_and(|it| it.is_some());
            listens.map(Some).or(ended.then_some(None))
        });
        match answer {
            Some(port) => port.map(|port| Self { child, port }),
            None => panic!("the driver did not say where it listens: {:?}", said.lock().unwrap()),
        }
    }

    /// Where it takes commands.
    pub(super) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        let group = format!("-{}", self.child.id());
        let _ended = Command::new("kill").args(["-KILL", "--", &group]).status();
        let _reaped = self.child.wait();
    }
}

/// Reads "… started successfully on port 4711." and "… Listening on 127.0.0.1:4711".
fn port(line: &str) -> Option<u16> {
    let (_, rest) = line.split_once(" on ")?;
    let rest = rest.strip_prefix("port ").or(rest.strip_prefix("127.0.0.1:"))?;
    // ChromeDriver first repeats the port it was told, which is none.
    rest.trim_end_matches('.').parse().ok().filter(|port| *port != 0)
}
