//! A text file read a piece at a time: as much of it is in memory as the piece in hand takes.

use std::io::Read;

use crate::Stop;

/// How a text file is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Encoding {
    Utf8,
    /// What older Windows programs write.
    Cp1252,
}

pub(crate) struct Window<R> {
    from: R,
    encoding: Encoding,
    text: String,
    /// What of it has been taken.
    taken: usize,
    /// Lines and bytes before what is left.
    lines: u64,
    before: u64,
    /// Letters of the line that what is at hand begins in, which are no longer at hand.
    letters: usize,
    raw: Vec<u8>,
    /// Bytes of a letter whose rest was not read yet, at the beginning of `raw`.
    held: usize,
    begun: bool,
    ended: bool,
}

const CHUNK: usize = 256 * 1024;
/// One grant, or one row, and all that belongs to it.
const LARGEST: usize = 64_000_000;

impl<R: Read> Window<R> {
    pub fn new(from: R, encoding: Encoding) -> Self {
        let raw = vec![0; CHUNK + 4];
        Self {
            from,
            encoding,
            text: String::new(),
            taken: 0,
            lines: 0,
            before: 0,
            letters: 0,
            raw,
            held: 0,
            begun: false,
            ended: false,
        }
    }

    /// What is at hand and not taken yet.
    pub fn rest(&self) -> &str {
        self.text.get(self.taken..).unwrap_or("")
    }
    pub fn ended(&self) -> bool {
        self.ended
    }
    /// The line that what is left begins in, counted from 1.
    pub fn line(&self) -> u64 {
        self.lines + 1
    }
    /// How many bytes have been taken.
    pub fn before(&self) -> u64 {
        self.before
    }

    /// The column of its line that this byte of what is left stands in, counted from 1.
    pub fn column(&self, at: usize) -> usize {
        let before = self.text.get(..self.taken + at).unwrap_or("");
        match before.rfind('\n') {
            Some(end) => before.get(end + 1..).unwrap_or("").chars().count() + 1,
            None => self.letters + before.chars().count() + 1,
        }
    }

    pub fn take(&mut self, bytes: usize) {
        let to = (self.taken + bytes).min(self.text.len());
        let passed = self.text.as_bytes().get(self.taken..to).unwrap_or_default();
        self.lines += lines(passed);
        self.before += u64::try_from(passed.len()).unwrap_or(0);
        self.taken = to;
    }

    /// Reads on, at least as much again as is at hand.
    pub fn fill(&mut self) -> Result<(), Stop> {
        self.letters = self.column(0) - 1;
        self.text.drain(..self.taken);
        self.taken = 0;
        let wanted = self.text.len().saturating_mul(2).max(CHUNK);
        if self.text.len() > LARGEST {
            let what = format!("line {}: what begins here is longer than {} megabytes", self.line(), LARGEST / 1_000_000);
            return Err(Stop::Unreadable(what));
        }
        while !self.ended && self.text.len() < wanted {
            self.chunk()?;
        }
        Ok(())
    }

    fn chunk(&mut self) -> Result<(), Stop> {
        let space = self.raw.get_mut(self.held..self.held + CHUNK).unwrap_or_default();
        let read = match self.from.read(space) {
            Ok(read) => read,
            Err(e) if e.kind() == std::io::ErrorKind::Interrupted => return Ok(()),
            Err(e) => return Err(Stop::Unreadable(format!("it cannot be read: {e}"))),
        };
        let mut bytes = self.raw.get(..self.held + read).unwrap_or_default();
        if read == 0 {
            self.ended = true;
            return if self.held == 0 { Ok(()) } else { Err(self.not_utf8()) };
        }
        if !self.begun && (bytes.len() >= 4 || bytes.first().is_some_and(|b| *b < 0x80)) {
            self.begun = true;
            look_at_beginning(bytes)?;
            if let Some(after) = bytes.strip_prefix(b"\xef\xbb\xbf") {
                bytes = after;
            }
        } else if !self.begun {
            self.held += read;
            return Ok(());
        }
        if self.encoding == Encoding::Cp1252 {
            self.text.extend(bytes.iter().map(|b| letter(*b)));
            self.held = 0;
            return Ok(());
        }
        match std::str::from_utf8(bytes) {
            Ok(text) => {
                self.text.push_str(text);
                self.held = 0;
                Ok(())
            }
            Err(e) => {
                let (good, cut) = bytes.split_at(e.valid_up_to());
                self.text.push_str(std::str::from_utf8(good).unwrap_or(""));
                if e.error_len().is_some() {
                    return Err(self.not_utf8());
                }
                let cut = cut.to_vec();
                self.held = cut.len();
                self.raw.get_mut(..cut.len()).unwrap_or_default().copy_from_slice(&cut);
                Ok(())
            }
        }
    }

    fn not_utf8(&self) -> Stop {
        Stop::NotUtf8 { line: self.lines + lines(self.text.as_bytes()) + 1 }
    }
}

pub(crate) fn lines(bytes: &[u8]) -> u64 {
    u64::try_from(memchr::memchr_iter(b'\n', bytes).count()).unwrap_or(0)
}

fn look_at_beginning(bytes: &[u8]) -> Result<(), Stop> {
    let what = if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        "it is written in UTF-16; save it as UTF-8, in a spreadsheet as ‘CSV UTF-8’"
    } else if bytes.starts_with(b"PK\x03\x04") {
        "it is a workbook or another packed file; if it is a workbook, let its name end in .xlsx"
    } else if bytes.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]) {
        "it is an old workbook (.xls); save it as .xlsx"
    } else {
        return Ok(());
    };
    Err(Stop::Unreadable(what.to_owned()))
}

/// A byte of the Windows code page 1252, which differs from Unicode's first 256 letters in these.
fn letter(byte: u8) -> char {
    const FROM_0X80: &str = "€\u{81}‚ƒ„…†‡ˆ‰Š‹Œ\u{8d}Ž\u{8f}\u{90}‘’“”•–—˜™š›œ\u{9d}žŸ";
    match byte {
        0x80..=0x9f => FROM_0X80.chars().nth(usize::from(byte - 0x80)).unwrap_or(char::from(byte)),
        _ => char::from(byte),
    }
}
