// SPDX-License-Identifier: GPL-2.0

//! Faults on demand: which request is refused, held, or the backend's last.

use serde::{Deserialize, Serialize};

/// One of the two devices that the host plugs in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wire {
    /// The SPI controller.
    Spi,
    /// The GPIO controller.
    Gpio,
}

impl Wire {
    /// Both of them.
    pub const ALL: [Self; 2] = [Self::Spi, Self::Gpio];
}

/// Which devices a fault is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Wires {
    /// The SPI controller alone.
    Spi,
    /// The GPIO controller alone.
    Gpio,
    /// Both.
    #[default]
    Both,
}

impl Wires {
    /// Whether `wire` is one of them.
    pub fn has(self, wire: Wire) -> bool {
        match self {
            Self::Both => true,
            Self::Spi => wire == Wire::Spi,
            Self::Gpio => wire == Wire::Gpio,
        }
    }
}

/// What goes wrong.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// Nothing.
    #[default]
    None,
    /// Requests are answered with an error.
    Error,
    /// Requests are not answered until the fault is over.
    Stall,
    /// The backend closes its connections; it listens on.
    Vanish,
}

/// What a request does: only those that change something can be refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// An SPI transfer.
    Transfer,
    /// A GPIO line is set, or its direction.
    Set,
    /// A GPIO line is looked at.
    Get,
}

impl Act {
    /// The device that it is asked of.
    pub fn wire(self) -> Wire {
        match self {
            Self::Transfer => Wire::Spi,
            Self::Set | Self::Get => Wire::Gpio,
        }
    }
}

/// What becomes of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is served.
    Serve,
    /// It is answered with an error.
    Refuse,
    /// It waits for the next fault, or the end of this one.
    Hold,
    /// Its connection is closed instead.
    Vanish,
}

/// A fault, as it is asked for.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
pub struct Fault {
    /// What goes wrong.
    pub mode: Mode,
    /// After so many more SPI requests.
    #[serde(default)]
    pub after: u64,
    /// For so many requests; for all without a number.
    #[serde(default)]
    pub count: Option<u64>,
    /// On which device.
    #[serde(default)]
    pub wire: Wires,
}

impl Fault {
    /// Whether the fault is there from now on, and not after some requests.
    pub fn is_immediate(&self) -> bool {
        self.after == 0
    }

    /// The verdict on the next request.
    pub fn judge(&mut self, act: Act) -> Verdict {
        if self.mode == Mode::None {
            return Verdict::Serve;
        }
        if self.after > 0 {
            if act == Act::Transfer {
                self.after -= 1;
            }
            return Verdict::Serve;
        }
        if !self.wire.has(act.wire()) || (self.mode == Mode::Error && act == Act::Get) {
            return Verdict::Serve;
        }
        match &mut self.count {
            Some(0) => return Verdict::Serve,
            Some(left) => *left -= 1,
            None => {}
        }
        let verdict = match self.mode {
            Mode::None => Verdict::Serve,
            Mode::Error => Verdict::Refuse,
            Mode::Stall => Verdict::Hold,
            Mode::Vanish => Verdict::Vanish,
        };
        // What is stalled stays so until it is said otherwise.
        if self.count == Some(0) && self.mode != Mode::Stall {
            *self = Self::default();
        }
        verdict
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdicts(fault: &mut Fault, acts: &[Act]) -> Vec<Verdict> {
        acts.iter().map(|act| fault.judge(*act)).collect()
    }

    #[test]
    fn after_and_count() {
        let mut fault = Fault {
            mode: Mode::Error,
            after: 2,
            count: Some(1),
            ..Fault::default()
        };
        use Act::{Get, Set, Transfer};
        use Verdict::{Refuse, Serve};
        assert_eq!(
            verdicts(&mut fault, &[Transfer, Set, Transfer, Get, Set, Transfer]),
            [Serve, Serve, Serve, Serve, Refuse, Serve]
        );
        assert_eq!(fault.mode, Mode::None);
    }

    #[test]
    fn one_wire_only() {
        let mut fault = Fault {
            mode: Mode::Stall,
            wire: Wires::Gpio,
            ..Fault::default()
        };
        assert_eq!(fault.judge(Act::Transfer), Verdict::Serve);
        assert_eq!(fault.judge(Act::Get), Verdict::Hold);
    }

    #[test]
    fn a_counted_stall_stays_a_stall() {
        let mut fault = Fault {
            mode: Mode::Stall,
            count: Some(1),
            ..Fault::default()
        };
        assert_eq!(fault.judge(Act::Transfer), Verdict::Hold);
        assert_eq!(fault.judge(Act::Transfer), Verdict::Serve);
        assert_eq!(fault.mode, Mode::Stall);
    }
}
