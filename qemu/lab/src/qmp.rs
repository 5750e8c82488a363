// SPDX-License-Identifier: GPL-2.0

//! QEMU's monitor: plugging, unplugging, and waiting for it to have happened.

use std::io::{self, BufRead, BufWriter, Read};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use qapi::qmp::{self, Event, QmpCommand};
use qapi::{Dictionary, ErrorClass, ExecuteError, ExecuteResult, Qmp, Stream};
use serde_json::Value;

use crate::lines::Lines;

/// How long QEMU may take over any one command.
const PATIENCE: Duration = Duration::from_secs(20);

/// A connection to QEMU's monitor.
pub struct Monitor {
    /// What is written is buffered: QEMU does what it is told at the last brace, and when it is to end
    /// it is gone before a newline comes by itself.
    qmp: Qmp<Stream<Reader, BufWriter<UnixStream>>>,
    deleted: Vec<String>,
}

impl Monitor {
    /// Takes over a connected socket and shakes hands.
    pub fn new(stream: UnixStream) -> Result<Self> {
        let reader = Reader::new(stream.try_clone()?);
        let mut monitor = Self {
            qmp: Qmp::new(Stream::new(reader, BufWriter::new(stream))),
            deleted: Vec::new(),
        };
        monitor.allow(PATIENCE, usize::MAX);
        monitor
            .qmp
            .handshake()
            .context("QEMU's monitor does not answer")?;
        Ok(monitor)
    }

    /// Adds a connection to a listening socket, as character device `id`.
    pub fn add_socket(&mut self, id: &str, path: &Path) -> Result<()> {
        let address = qmp::UnixSocketAddress {
            abstract_: None,
            tight: None,
            path: path.display().to_string(),
        };
        let socket = qmp::ChardevSocket {
            base: qmp::ChardevCommon {
                logappend: None,
                logfile: None,
            },
            nodelay: None,
            reconnect: None,
            // Never a server, never one that reconnects: QEMU aborts with those.
            server: Some(false),
            telnet: None,
            tls_authz: None,
            tls_creds: None,
            tn3270: None,
            wait: None,
            websocket: None,
            addr: qmp::SocketAddressLegacy::unix(address.into()),
        };
        let command = qmp::chardev_add {
            id: id.to_owned(),
            backend: qmp::ChardevBackend::socket(socket.into()),
        };
        self.execute(&command)
            .with_context(|| format!("chardev-add {id}"))
            .map(drop)
    }

    /// Removes a character device.
    pub fn remove_chardev(&mut self, id: &str) -> Result<()> {
        let command = qmp::chardev_remove { id: id.to_owned() };
        self.execute(&command)
            .with_context(|| format!("chardev-remove {id}"))
            .map(drop)
    }

    /// Adds a device with the given properties.
    pub fn add_device(
        &mut self,
        driver: &str,
        id: &str,
        bus: &str,
        properties: &[(&str, Value)],
    ) -> Result<()> {
        let arguments: Dictionary = properties
            .iter()
            .map(|(name, value)| ((*name).to_owned(), value.clone()))
            .collect();
        let command = qmp::device_add {
            driver: driver.to_owned(),
            id: Some(id.to_owned()),
            bus: Some(bus.to_owned()),
            arguments,
        };
        self.execute(&command)
            .with_context(|| format!("device_add {id}"))
            .map(drop)
    }

    /// Asks the guest to let go of a device. One that is not there is one that it has let go of by
    /// itself: the event may yet be to come.
    pub fn delete_device(&mut self, id: &str) -> Result<()> {
        let command = qmp::device_del { id: id.to_owned() };
        match self.execute(&command) {
            Err(ExecuteError::Qapi(e)) if e.class == ErrorClass::DeviceNotFound => Ok(()),
            answer => answer.with_context(|| format!("device_del {id}")).map(drop),
        }
    }

    /// Waits until all the devices named are gone from the machine.
    pub fn wait_deleted(&mut self, ids: &[&str], limit: Duration) -> Result<()> {
        let deadline = Instant::now() + limit;
        loop {
            self.collect();
            if ids.iter().all(|id| self.deleted.iter().any(|d| d == id)) {
                self.deleted.retain(|d| !ids.contains(&d.as_str()));
                return Ok(());
            }
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                bail!(
                    "the guest has not let go of {} in {limit:?}",
                    ids.join(" and ")
                );
            }
            // No command is under way, so what arrives is one event, or nothing.
            self.allow(left, 1);
            match self.qmp.read_response::<qmp::query_version>() {
                Err(qapi::ExecuteError::Io(e))
                    if matches!(
                        e.kind(),
                        io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut
                    ) => {}
                Err(e) => return Err(e).context("QEMU's monitor"),
                Ok(_) => bail!("QEMU answered what nobody had asked"),
            }
        }
    }

    /// Presses the power button, which wakes a guest that sleeps.
    pub fn press_power_button(&mut self) -> Result<()> {
        self.execute(&qmp::system_powerdown {})
            .context("system_powerdown")
            .map(drop)
    }

    /// Ends QEMU.
    pub fn quit(&mut self) -> Result<()> {
        self.execute(&qmp::quit {}).context("quit").map(drop)
    }

    fn execute<C: QmpCommand>(&mut self, command: &C) -> ExecuteResult<C> {
        self.allow(PATIENCE, usize::MAX);
        let answer = self.qmp.execute(command);
        self.collect();
        answer
    }

    fn collect(&mut self) {
        for event in self.qmp.events() {
            if let Event::DEVICE_DELETED { data, .. } = event {
                self.deleted.extend(data.device);
            }
        }
    }

    fn allow(&mut self, time: Duration, lines: usize) {
        let reader = self.qmp.inner_mut().get_mut_read();
        reader.deadline = Instant::now() + time;
        reader.budget = lines;
    }
}

/// What [`Qmp`] reads from. It blocks on a read until there is an answer to a
/// command; this hands it whole lines only, so many of them, and until a
/// deadline, which lets it wait for an event too.
struct Reader {
    lines: Lines,
    line: Vec<u8>,
    read: usize,
    deadline: Instant,
    budget: usize,
}

impl Reader {
    fn new(stream: UnixStream) -> Self {
        Self {
            lines: Lines::new(stream),
            line: Vec::new(),
            read: 0,
            deadline: Instant::now(),
            budget: 0,
        }
    }
}

impl BufRead for Reader {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.read == self.line.len() {
            if self.budget == 0 {
                return Err(io::ErrorKind::WouldBlock.into());
            }
            self.line.clear();
            self.read = 0;
            if let Some(line) = self.lines.next(Some(self.deadline))? {
                self.budget -= 1;
                self.line.extend_from_slice(line.as_bytes());
                self.line.push(b'\n');
            }
        }
        Ok(&self.line[self.read..])
    }

    fn consume(&mut self, n: usize) {
        self.read += n;
    }
}

impl Read for Reader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.fill_buf()?.read(buffer)?;
        self.consume(n);
        Ok(n)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;
    use std::os::fd::OwnedFd;
    use std::os::unix::net::UnixDatagram;

    const SOON: Duration = Duration::from_millis(50);

    /// A monitor, and QEMU's end of it.
    fn monitor() -> (Monitor, UnixStream) {
        monitor_of(UnixStream::pair().unwrap())
    }

    fn monitor_of((ours, mut theirs): (UnixStream, UnixStream)) -> (Monitor, UnixStream) {
        say(
            &mut theirs,
            r#"{"QMP":{"version":{"qemu":{"micro":0,"minor":0,"major":11},"package":""},"capabilities":[]}}"#,
        );
        say(&mut theirs, r#"{"return":{}}"#);
        (Monitor::new(ours).unwrap(), theirs)
    }

    fn say(qemu: &mut UnixStream, line: &str) {
        writeln!(qemu, "{line}").unwrap();
    }

    fn say_deleted(qemu: &mut UnixStream, id: &str) {
        let data = format!(r#"{{"device":"{id}","path":"/p"}}"#);
        say(
            qemu,
            &format!(
                r#"{{"event":"DEVICE_DELETED","timestamp":{{"seconds":1,"microseconds":2}},"data":{data}}}"#
            ),
        );
    }

    #[test]
    fn an_event_ends_the_wait_and_a_missing_one_too() {
        let (mut monitor, mut qemu) = monitor();
        say_deleted(&mut qemu, "gpio");
        say_deleted(&mut qemu, "spi");
        monitor.wait_deleted(&["spi", "gpio"], SOON).unwrap();
        assert!(monitor.wait_deleted(&["spi"], SOON).is_err());
    }

    #[test]
    fn a_command_comes_in_one_piece() {
        // Of datagrams a read is given what one write has sent.
        let (ours, theirs) = UnixDatagram::pair().unwrap();
        let stream = |end| UnixStream::from(OwnedFd::from(end));
        let (mut monitor, mut qemu) = monitor_of((stream(ours), stream(theirs)));
        say(&mut qemu, r#"{"return":{}}"#);
        monitor.quit().unwrap();
        for command in ["qmp_capabilities", "quit"] {
            let mut said = [0; 4096];
            let n = qemu.read(&mut said).unwrap();
            let said = String::from_utf8_lossy(&said[..n]);
            assert!(said.contains(command) && said.ends_with("}\n"), "{said}");
        }
    }

    #[test]
    fn what_the_guest_has_let_go_of_already_is_waited_for() {
        let (mut monitor, mut qemu) = monitor();
        say(
            &mut qemu,
            r#"{"error":{"class":"DeviceNotFound","desc":"Device 'gpio' not found"}}"#,
        );
        monitor.delete_device("gpio").unwrap();
        say_deleted(&mut qemu, "gpio");
        monitor.wait_deleted(&["gpio"], SOON).unwrap();
        say(
            &mut qemu,
            r#"{"error":{"class":"GenericError","desc":"Device 'spi' is busy"}}"#,
        );
        assert!(monitor.delete_device("spi").is_err());
    }
}
