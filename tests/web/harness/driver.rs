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

impl Driver {
    /// Starts a driver and waits until it says where it listens.
    pub(super) fn start(mut command: Command) -> Self {
        // A group of its own, so that the browser can be ended even when the driver hangs.
        command.process_group(0).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut said = Vec::new();
        // ChromeDriver wants its port in both address families, and gives up when another process
        // has the one that it drew in the other family.
        for _ in 0..5 {
            match Self::try_start(&mut command) {
                Ok(it) => return it,
                Err(lines) => said.extend(lines),
            }
        }
        panic!("{:?} does not listen; it said: {said:#?}", command.get_program());
    }

    /// Starts a driver; what it said, when it ended instead.
    fn try_start(command: &mut Command) -> Result<Self, Vec<String>> {
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
        let found = poll(|| {
            let has_ended = child.try_wait().is_ok_and(|it| it.is_some());
            let port = said.lock().unwrap().iter().find_map(|line| port(line));
            (has_ended || port.is_some()).then_some(port)
        });
        let driver = Self { child, port: found.flatten().unwrap_or_default() };
        if driver.port == 0 { Err(said.lock().unwrap().clone()) } else { Ok(driver) }
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
