//! What the kernel counts of the processes of a browser that is driven; Linux only, nothing elsewhere.

use std::fs;
use std::path::PathBuf;

/// Kilobytes that the largest process of a page below another process has had at most.
pub(super) fn memory(driver: u32) -> Option<u64> {
    pages(driver).iter().filter_map(|it| number(&status(it), "VmHWM:")).max()
}

/// Milliseconds that each thread of a worker has worked so far, and has waited for a core, in all pages
/// below a process, in the order in which they were started.
pub(super) fn work(driver: u32) -> Option<Vec<[f64; 2]>> {
    let mut all = Vec::new();
    for page in pages(driver) {
        for thread in fs::read_dir(page.join("task")).ok()?.flatten() {
            let Some((name, worked)) = stat(&thread.path()) else { continue };
            if name.contains("DedicatedWorker") {
                all.push([worked, waited(&thread.path()).unwrap_or_default()]);
            }
        }
    }
    Some(all)
}

/// Milliseconds that a process has worked so far.
pub(super) fn worked(process: u32) -> Option<f64> {
    Some(stat(&PathBuf::from(format!("/proc/{process}")))?.1)
}

/// The name of a thread or process, and how long it has worked.
fn stat(process: &std::path::Path) -> Option<(String, f64)> {
    let stat = fs::read_to_string(process.join("stat")).ok()?;
    // The name stands in parentheses, of which it may have some itself.
    let (head, rest) = stat.rsplit_once(") ")?;
    let ticks = |at: usize| rest.split(' ').nth(at)?.parse::<f64>().ok();
    // User and system time are the fields 14 and 15, in hundredths of a second.
    Some((head.to_owned(), (ticks(11)? + ticks(12)?) * 10.0))
}

/// How long a thread has waited for a core, which the kernel counts in nanoseconds.
fn waited(thread: &std::path::Path) -> Option<f64> {
    let all = fs::read_to_string(thread.join("schedstat")).ok()?;
    Some(all.split(' ').nth(1)?.parse::<f64>().ok()? / 1e6)
}

/// Processes of pages below another process.
fn pages(driver: u32) -> Vec<PathBuf> {
    let all = fs::read_dir("/proc").into_iter().flatten().flatten().map(|it| it.path());
    let is_page = |it: &PathBuf| {
        let command = fs::read(it.join("cmdline")).unwrap_or_default();
        String::from_utf8_lossy(&command).contains("--type=renderer")
    };
    all.filter(|it| is_page(it) && is_below(&status(it), driver)).collect()
}

fn status(process: &std::path::Path) -> String {
    fs::read_to_string(process.join("status")).unwrap_or_default()
}

fn is_below(status: &str, ancestor: u32) -> bool {
    let mut parent = number(status, "PPid:");
    for _ in 0..10 {
        match parent {
            None | Some(0) => return false,
            Some(it) if it == u64::from(ancestor) => return true,
            Some(it) => {
                let status = fs::read_to_string(format!("/proc/{it}/status")).unwrap_or_default();
                parent = number(&status, "PPid:");
            }
        }
    }
    false
}

fn number(status: &str, name: &str) -> Option<u64> {
    let line = status.lines().find_map(|it| it.strip_prefix(name))?;
    line.split_whitespace().next()?.parse().ok()
}
