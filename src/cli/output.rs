//! Data to stdout, everything else to stderr; a reader who goes away early is no error.

use std::io::{ErrorKind, Write};

/// Prints data.
pub(crate) fn data(text: &str) -> Result<(), super::Failure> {
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(e) if e.kind() != ErrorKind::BrokenPipe => Err(super::Failure::Job(format!("cannot write to stdout: {e}"))),
        _ => Ok(()),
    }
}

/// Says something beside the data.
pub(crate) fn say(text: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{text}");
}

/// Says what a reader of a file should know and that is no reason to stop.
pub(crate) fn say_notes(notes: &[String]) {
    notes.iter().for_each(|n| say(&format!("lamplight: {n}")));
}
