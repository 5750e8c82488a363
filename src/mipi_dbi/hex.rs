// SPDX-License-Identifier: GPL-2.0

//! Bytes as people write them: in hexadecimal digits, with blanks between.
//!
//! Pure: this file uses `core` alone, and is tested on the host (`qemu/pure`).

/// What is wrong with a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Malformed {
    /// Something in it is not a byte.
    NoByte,
    /// There is no room for so many.
    TooMany,
}

/// Reads `text` into `bytes`, and returns how many there were.
///
/// # Errors
///
/// What is wrong with it.
pub fn read(text: &[u8], bytes: &mut [u8]) -> Result<usize, Malformed> {
    let mut count = 0;
    let words = text.split(u8::is_ascii_whitespace);
    for word in words.filter(|word| !word.is_empty()) {
        let byte = byte(word).ok_or(Malformed::NoByte)?;
        *bytes.get_mut(count).ok_or(Malformed::TooMany)? = byte;
        count += 1;
    }
    Ok(count)
}

/// One or two digits, maybe with `0x` before them.
fn byte(word: &[u8]) -> Option<u8> {
    let digits = word
        .strip_prefix(b"0x")
        .or(word.strip_prefix(b"0X"))
        .unwrap_or(word);
    if !matches!(digits.len(), 1 | 2) || !digits.iter().all(u8::is_ascii_hexdigit) {
        return None;
    }
    u8::from_str_radix(core::str::from_utf8(digits).ok()?, 16).ok()
}
