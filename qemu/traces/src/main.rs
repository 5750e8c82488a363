// SPDX-License-Identifier: GPL-2.0

//! Writes the traces anew.

use std::path::Path;
use std::{fs, io};

use tinydrm_traces::{TRACES, generate};

fn main() -> io::Result<()> {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("data");
    for (name, _) in TRACES {
        let trace = generate::by_name(name).ok_or(io::ErrorKind::NotFound)?;
        let text = format!("# SPDX-License-Identifier: GPL-2.0\n{trace}");
        fs::write(data.join(name).with_extension("trace"), text)?;
    }
    Ok(())
}
