//! What a workbook is packed in, looked through before anything reads it: a small file can unpack to one that fills all
//! memory, and so can a count in it that nobody has checked.

use std::io::{BufReader, Read, Seek};

use zip::ZipArchive;

use crate::Stop;

const PARTS: usize = 1_000;
/// A part that unpacks to more than this has to be less than so many times as large as it is packed.
const FREELY: u64 = 20_000_000;
const TIMES: u64 = 100;
/// All parts together, and the texts of a workbook, which are held in memory.
const UNPACKED: u64 = 8_000_000_000;
const TEXTS: u64 = 1_500_000_000;
/// The longest that anything between two marks may be; a cell holds 32,767 letters.
const RUN: usize = 4_000_000;

/// Unpacks each part once, whatever its own account of its size, and says whether cells are merged anywhere.
pub(crate) fn look_through(file: impl Read + Seek) -> Result<bool, Stop> {
    let mut archive = ZipArchive::new(BufReader::new(file)).map_err(|e| unreadable(&e))?;
    if archive.len() > PARTS {
        return Err(too_large(&format!("it has more than {PARTS} parts")));
    }
    let (mut all, mut merged) = (0, false);
    for at in 0..archive.len() {
        let part = archive.by_index(at).map_err(|e| unreadable(&e))?;
        let name = part.name().map_err(|e| unreadable(&e))?.to_lowercase();
        let most = part.compressed_size().saturating_mul(TIMES).max(FREELY);
        let texts = name.ends_with("sharedstrings.xml");
        let most = if texts { most.min(TEXTS) } else { most };
        // What is no text of the workbook is never read.
        if !name.ends_with(".xml") && !name.ends_with(".rels") {
            continue;
        }
        let mut look = Look { size: 0, run: 0, merged: false, tail: Vec::new(), count: 0 };
        look.all(part, most, all)?;
        all += look.size;
        merged |= look.merged;
        if look.count > look.size {
            return Err(Stop::Unreadable("its list of texts says that it is longer than it can be".to_owned()));
        }
    }
    Ok(merged)
}

fn unreadable(error: &dyn std::fmt::Display) -> Stop {
    Stop::Unreadable(format!("it cannot be read as a workbook: {error}"))
}
fn too_large(what: &str) -> Stop {
    Stop::Unreadable(format!("{what}, which no workbook of grants does"))
}

struct Look {
    size: u64,
    /// Since the last mark.
    run: usize,
    merged: bool,
    /// The end of the piece before, in case a word stands across two.
    tail: Vec<u8>,
    /// How many texts the part says that it holds: room is made for so many.
    count: u64,
}

impl Look {
    fn all(&mut self, mut part: impl Read, most: u64, before: u64) -> Result<(), Stop> {
        let mut piece = vec![0; 1 << 16];
        loop {
            let read = part.read(&mut piece).map_err(|e| unreadable(&e))?;
            if read == 0 {
                return Ok(());
            }
            let bytes = piece.get(..read).unwrap_or_default();
            if self.size == 0
                && (bytes.starts_with(&[0xfe, 0xff]) || bytes.starts_with(&[0xff, 0xfe]) || bytes.iter().take(4).any(|b| *b == 0))
            {
                return Err(Stop::Unreadable("it cannot be read as a workbook: its parts are not written in UTF-8".to_owned()));
            }
            self.size += u64::try_from(read).unwrap_or(0);
            if self.size > most || before + self.size > UNPACKED {
                return Err(too_large(&format!(
                    "it unpacks to more than {} megabytes, {TIMES} times its size or more",
                    self.size / 1_000_000
                )));
            }
            self.look(bytes)?;
        }
    }

    fn look(&mut self, bytes: &[u8]) -> Result<(), Stop> {
        match (memchr::memchr(b'<', bytes), memchr::memrchr(b'<', bytes)) {
            (Some(first), Some(last)) => {
                self.short(self.run + first)?;
                self.run = bytes.len() - last;
            }
            _ => self.run += bytes.len(),
        }
        self.short(self.run)?;
        self.tail.extend_from_slice(bytes);
        self.merged |= memchr::memmem::find(&self.tail, b"mergeCell ").is_some();
        const COUNT: &[u8] = b"niqueCount";
        // The account stands at the beginning.
        if self.size <= 1 << 20
            && let Some(at) = memchr::memmem::find(&self.tail, COUNT)
        {
            let rest = self.tail.iter().skip(at + COUNT.len()).skip_while(|b| b"= \t\r\n\"'".contains(b));
            let digits: String = rest.take_while(|b| b.is_ascii_digit()).take(20).map(|b| char::from(*b)).collect();
            self.count = self.count.max(if digits.is_empty() { 0 } else { digits.parse().unwrap_or(u64::MAX) });
        }
        let keep = self.tail.len().saturating_sub(64);
        self.tail.drain(..keep);
        Ok(())
    }

    fn short(&self, run: usize) -> Result<(), Stop> {
        if run > RUN { Err(too_large("it holds a cell of more than four million letters")) } else { Ok(()) }
    }
}
