// SPDX-License-Identifier: GPL-2.0

//! Firmware files: what is in them, and what is wrong with them.

use proptest::prelude::*;
use tinydrm_pure::firmware::{Commands, MAGIC, Malformed, VERSION};
use tinydrm_pure::step::Step;

fn file(commands: &[u8]) -> Vec<u8> {
    [&MAGIC[..], &[VERSION], commands].concat()
}

fn error(file: &[u8]) -> String {
    Commands::parse(file).unwrap_err().to_string()
}

#[test]
fn the_example_of_the_c_driver() {
    let bytes = file(&[
        0x11, 0x00, // command 0x11
        0x00, 0x01, 0x78, // sleep 120 ms
        0xb1, 0x03, 0x01, 0x2c, 0x2d, // command 0xb1 parameters 0x01, 0x2c, 0x2d
        0x29, 0x00, // command 0x29
    ]);
    let commands = Commands::parse(&bytes).unwrap();
    assert_eq!(
        commands.steps().collect::<Vec<_>>(),
        [
            Step::Command(0x11, &[]),
            Step::Sleep(120),
            Step::Command(0xb1, &[0x01, 0x2c, 0x2d]),
            Step::Command(0x29, &[]),
        ]
    );
    assert_eq!(commands.last(0xb1), Some(0x01));
    assert_eq!(commands.last(0x11), None);
    assert_eq!(Commands::checked(commands.as_bytes()), commands);
}

#[test]
fn a_no_op_is_a_wait_with_one_parameter_only() {
    let bytes = file(&[0x00, 0x00, 0x00, 0x02, 1, 2]);
    let steps: Vec<_> = Commands::parse(&bytes).unwrap().steps().collect();
    assert_eq!(steps, [Step::Command(0, &[]), Step::Command(0, &[1, 2])]);
}

#[test]
fn what_is_wrong_is_said_in_words() {
    assert_eq!(error(b""), "it is empty");
    let text = "it is text: convert it first (mipi-dbi-cmd)";
    assert_eq!(error(b"command 0x11\ndelay 120\n"), text);
    assert_eq!(error(b"hello\n"), text);
    assert_eq!(
        error(&file(&[])),
        "it has 16 bytes, too few for the header and one command"
    );
    assert_eq!(
        error(&file(&[0x11])),
        "it has 17 bytes, too few for the header and one command"
    );
    assert_eq!(
        error(&MAGIC),
        "it has 15 bytes, too few for the header and one command"
    );
    let mut wrong = file(&[0x11, 0x00]);
    wrong[0] = 0x7f;
    assert_eq!(
        error(&wrong),
        "it begins with [7f, 49, 50, 49, 20, 44, 42, 49, 00, 00, 00, 00, 00, 00, 00], \
         not with \"MIPI DBI\""
    );
    let mut newer = file(&[0x11, 0x00]);
    newer[15] = 2;
    assert_eq!(error(&newer), "it is of version 2, and only 1 is known");
    assert_eq!(
        error(&file(&[0x11, 0x00, 0xb1, 0x03, 0x01, 0x2c])),
        "command 0xb1 at byte 18 has 2 of 3 parameters: it was cut, or is corrupt"
    );
    assert_eq!(
        error(&file(&[0x11, 0x00, 0x29])),
        "it ends with 0x29, a command without its number of parameters"
    );
}

/// What `panel_mipi_dbi_check_commands()` makes of a file.
fn c_accepts(file: &[u8]) -> bool {
    if file.len() < 16 + 2 || file[..15] != MAGIC || file[15] != 1 {
        return false;
    }
    let commands = &file[16..];
    let mut i = 0;
    while i + 1 < commands.len() {
        i += 2 + usize::from(commands[i + 1]);
        if i > commands.len() {
            return false;
        }
    }
    i == commands.len()
}

proptest! {
    /// The same files are taken as in C, whatever is in them.
    #[test]
    fn the_same_files_are_taken_as_in_c(
        header in prop_oneof![3 => Just(file(&[])), 1 => prop::collection::vec(any::<u8>(), 0..20)],
        // Few parameters, so that not everything is cut.
        commands in prop::collection::vec(prop_oneof![0..4_u8, any::<u8>()], 0..40),
    ) {
        let bytes = [header, commands].concat();
        prop_assert_eq!(Commands::parse(&bytes).is_ok(), c_accepts(&bytes));
    }

    /// What is put in comes out.
    #[test]
    fn commands_come_out_as_they_were_put_in(
        list in prop::collection::vec((1..=255_u8, prop::collection::vec(any::<u8>(), 0..=255)), 1..8),
    ) {
        let mut commands = Vec::new();
        for (command, parameters) in &list {
            commands.push(*command);
            commands.push(parameters.len() as u8);
            commands.extend(parameters);
        }
        let bytes = file(&commands);
        let parsed = Commands::parse(&bytes).unwrap();
        let steps: Vec<_> = parsed.steps().collect();
        let wanted: Vec<_> = list.iter().map(|(c, p)| Step::Command(*c, p)).collect();
        prop_assert_eq!(steps, wanted);
        // A file that ends earlier is never taken for something else.
        for end in 0..bytes.len() {
            let cut = Commands::parse(&bytes[..end]);
            if let Ok(cut) = cut {
                let count = cut.steps().count();
                prop_assert!(count < list.len());
            } else {
                prop_assert!(!matches!(cut, Err(Malformed::Magic(_) | Malformed::Version(_))));
            }
        }
    }
}
