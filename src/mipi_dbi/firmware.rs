// SPDX-License-Identifier: GPL-2.0

//! The firmware file of a panel that no driver knows: its init sequence.
//!
//! The format is that of the kernel's `panel-mipi-dbi.c`, which its tool `mipi-dbi-cmd` writes: the
//! magic, the version, and then command, number of parameters, parameters, over and over. A no-op
//! with one parameter is a wait of so many milliseconds.
//!
//! Pure: this file uses `core` alone, and is tested on the host (`qemu/pure`).

use super::step::Step;
use core::fmt;

/// How each file begins.
pub const MAGIC: [u8; 15] = *b"MIPI DBI\0\0\0\0\0\0\0";

/// The one version that there is.
pub const VERSION: u8 = 1;

/// Magic and version.
const HEADER: usize = MAGIC.len() + 1;

/// What is wrong with a file. Displayed, it says what to do about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Malformed {
    /// There is nothing in it.
    Empty,
    /// It is text: the source of a file, not the file.
    Text,
    /// It has so many bytes, too few for a header and a command.
    Short(usize),
    /// It begins like this.
    Magic([u8; MAGIC.len()]),
    /// It is of this version.
    Version(u8),
    /// This command, at this byte of the file, wants more parameters than there are.
    Cut {
        /// The command.
        command: u8,
        /// Where it is.
        at: usize,
        /// The parameters that it says it has.
        wanted: u8,
        /// Those that are there.
        found: usize,
    },
    /// The last byte is a command without its number of parameters.
    Dangling(u8),
}

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => write!(f, "it is empty"),
            Self::Text => write!(f, "it is text: convert it first (mipi-dbi-cmd)"),
            Self::Short(size) => write!(
                f,
                "it has {size} bytes, too few for the header and one command"
            ),
            Self::Magic(start) => write!(f, "it begins with {start:02x?}, not with \"MIPI DBI\""),
            Self::Version(version) => {
                write!(f, "it is of version {version}, and only {VERSION} is known")
            }
            Self::Cut {
                command,
                at,
                wanted,
                found,
            } => write!(
                f,
                "command 0x{command:02x} at byte {at} has {found} of {wanted} parameters: it was cut, or is corrupt"
            ),
            Self::Dangling(command) => write!(
                f,
                "it ends with 0x{command:02x}, a command without its number of parameters"
            ),
        }
    }
}

/// The commands of a file, checked.
///
/// # Examples
///
/// ```ignore
/// let commands = Commands::parse(firmware.data())?;
/// for step in commands.steps() {
///     // ...
/// }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Commands<'a>(&'a [u8]);

impl<'a> Commands<'a> {
    /// Reads a file.
    ///
    /// # Errors
    ///
    /// What is wrong with it.
    pub fn parse(file: &'a [u8]) -> Result<Self, Malformed> {
        let text = |byte: &u8| byte.is_ascii_graphic() || byte.is_ascii_whitespace();
        let Some((header, commands)) = file.split_at_checked(HEADER) else {
            return Err(match file {
                [] => Malformed::Empty,
                _ if file.iter().all(text) => Malformed::Text,
                _ => Malformed::Short(file.len()),
            });
        };
        if file.iter().all(text) {
            return Err(Malformed::Text);
        }
        let (magic, version) = header.split_at(MAGIC.len());
        if magic != MAGIC {
            let mut start = [0; MAGIC.len()];
            start.copy_from_slice(magic);
            return Err(Malformed::Magic(start));
        }
        if version != [VERSION] {
            return Err(Malformed::Version(version[0]));
        }
        if commands.len() < 2 {
            return Err(Malformed::Short(file.len()));
        }
        let mut rest = commands;
        while let [command, tail @ ..] = rest {
            let [wanted, tail @ ..] = tail else {
                return Err(Malformed::Dangling(*command));
            };
            rest = tail.get((*wanted).into()..).ok_or(Malformed::Cut {
                command: *command,
                at: file.len() - rest.len(),
                wanted: *wanted,
                found: tail.len(),
            })?;
        }
        Ok(Self(commands))
    }

    /// Takes bytes that [`Commands::parse`] has accepted, without the header.
    pub fn checked(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    /// The bytes without the header.
    pub fn as_bytes(&self) -> &'a [u8] {
        self.0
    }

    /// The steps, in order.
    pub fn steps(&self) -> impl Iterator<Item = Step<'a>> {
        let mut rest = self.0;
        core::iter::from_fn(move || {
            let [command, count, tail @ ..] = rest else {
                return None;
            };
            let (parameters, tail) = tail.split_at_checked((*count).into())?;
            rest = tail;
            Some(match (command, parameters) {
                (0x00, [ms]) => Step::Sleep((*ms).into()),
                _ => Step::Command(*command, parameters),
            })
        })
    }

    /// The parameter that `command` was given last.
    pub fn last(&self, command: u8) -> Option<u8> {
        self.steps()
            .filter_map(|step| match step {
                Step::Command(sent, [parameter, ..]) if sent == command => Some(*parameter),
                _ => None,
            })
            .last()
    }
}
