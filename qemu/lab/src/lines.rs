// SPDX-License-Identifier: GPL-2.0

//! Lines from a socket, each with a deadline.

use std::io::{self, Read};
use std::os::unix::net::UnixStream;
use std::time::{Duration, Instant};

/// Reads whole lines; what arrived of a line before a deadline is kept for
/// the next call.
pub struct Lines {
    stream: UnixStream,
    pending: Vec<u8>,
}

impl Lines {
    /// Reads from `stream`.
    pub fn new(stream: UnixStream) -> Self {
        Self {
            stream,
            pending: Vec::new(),
        }
    }

    /// The next line without its end, `None` at the end of the stream, or an
    /// error of kind `TimedOut` when `deadline` passes first.
    pub fn next(&mut self, deadline: Option<Instant>) -> io::Result<Option<String>> {
        let mut searched = 0;
        loop {
            if let Some(end) = self.pending[searched..].iter().position(|&b| b == b'\n') {
                let line: Vec<u8> = self.pending.drain(..=searched + end).collect();
                let line = String::from_utf8_lossy(&line);
                return Ok(Some(line.trim_end_matches(['\n', '\r']).to_owned()));
            }
            searched = self.pending.len();

            let left = match deadline {
                Some(deadline) => Some(
                    deadline
                        .checked_duration_since(Instant::now())
                        .filter(|left| *left > Duration::from_millis(1))
                        .ok_or(io::ErrorKind::TimedOut)?,
                ),
                None => None,
            };
            self.stream.set_read_timeout(left)?;
            let mut chunk = [0; 4096];
            match self.stream.read(&mut chunk) {
                Ok(0) if self.pending.is_empty() => return Ok(None),
                // A stream that ends within a line: that is its last one.
                Ok(0) => self.pending.push(b'\n'),
                Ok(n) => self.pending.extend_from_slice(&chunk[..n]),
                Err(e)
                    if matches!(
                        e.kind(),
                        io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut
                    ) =>
                {
                    return Err(io::ErrorKind::TimedOut.into());
                }
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                // The peer was killed with words of ours unread.
                Err(e) if e.kind() == io::ErrorKind::ConnectionReset => return Ok(None),
                Err(e) => return Err(e),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    fn soon() -> Option<Instant> {
        Some(Instant::now() + Duration::from_millis(20))
    }

    #[test]
    fn lines_come_whole() {
        let (mut ours, theirs) = UnixStream::pair().unwrap();
        let mut lines = Lines::new(theirs);
        ours.write_all(b"one\r\ntwo\nthr").unwrap();
        assert_eq!(lines.next(soon()).unwrap().as_deref(), Some("one"));
        assert_eq!(lines.next(soon()).unwrap().as_deref(), Some("two"));
        assert_eq!(
            lines.next(soon()).unwrap_err().kind(),
            io::ErrorKind::TimedOut
        );
        ours.write_all(b"ee").unwrap();
        drop(ours);
        assert_eq!(lines.next(soon()).unwrap().as_deref(), Some("three"));
        assert_eq!(lines.next(soon()).unwrap(), None);
    }
}
