//! A line on standard error while a run on a terminal takes longer than a second.

use std::io::{self, IsTerminal, Write};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

/// Runs `work`; shows `what` while it takes longer than a second, if standard error is a terminal.
pub(super) fn while_running<T>(what: &str, work: impl FnOnce() -> T) -> T {
    if !io::stderr().is_terminal() {
        return work();
    }
    let (done, waiting) = channel::<()>();
    thread::scope(|scope| {
        scope.spawn(move || {
            if waiting.recv_timeout(Duration::from_secs(1)) == Err(RecvTimeoutError::Timeout) {
                let mut stderr = io::stderr().lock();
                let _ = write!(stderr, "{what} …").and_then(|()| stderr.flush());
                drop(stderr);
                let _ = waiting.recv();
                let _ = write!(io::stderr().lock(), "\r\x1b[2K");
            }
        });
        let result = work();
        drop(done);
        result
    })
}
