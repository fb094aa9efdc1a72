//! What a workbook is packed in, looked through before anything reads it: a small file can unpack to one that fills all
//! memory, and so can a count in it that nobody has checked.

use std::io::{Cursor, Read};

use zip::ZipArchive;

use crate::Bad;

const PARTS: usize = 1_000;
/// No small workbook has more different texts.
const TEXTS: u64 = 1_000_000;

/// Unpacks each part once, as far as it may go, whatever its own account of its size.
pub(crate) fn look_through(bytes: &[u8], unpacked: usize) -> Result<(), Bad> {
    let unreadable = |e: &dyn std::fmt::Display| Bad::NotAWorkbook(e.to_string());
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|e| unreadable(&e))?;
    if archive.len() > PARTS {
        return Err(Bad::TooLarge { most: PARTS, of: "parts" });
    }
    let (mut left, mut part) = (unpacked, Vec::new());
    for at in 0..archive.len() {
        let file = archive.by_index(at).map_err(|e| unreadable(&e))?;
        let name = file.name().map_err(|e| unreadable(&e))?.to_lowercase();
        part.clear();
        let most = u64::try_from(left).unwrap_or(u64::MAX).saturating_add(1);
        file.take(most).read_to_end(&mut part).map_err(|e| unreadable(&e))?;
        left = left.checked_sub(part.len()).ok_or(Bad::TooLarge { most: unpacked / 1_000_000, of: "megabytes unpacked" })?;
        if name.ends_with(".xml") {
            counts(&part)?;
        }
    }
    Ok(())
}

/// The reader makes room for as many texts as a part says that it holds, so it may not say more than there can be.
fn counts(part: &[u8]) -> Result<(), Bad> {
    const COUNT: &[u8] = b"uniqueCount";
    if part.starts_with(&[0xfe, 0xff]) || part.starts_with(&[0xff, 0xfe]) || part.iter().take(4).any(|b| *b == 0) {
        return Err(Bad::NotAWorkbook("its parts are not written in UTF-8".to_owned()));
    }
    for at in part.windows(COUNT.len()).enumerate().filter(|(_, window)| *window == COUNT).map(|(at, _)| at) {
        let rest = part.iter().skip(at + COUNT.len()).skip_while(|b| b"= \t\r\n\"'".contains(b));
        let digits: String = rest.take_while(|b| b.is_ascii_digit()).map(|b| char::from(*b)).collect();
        if !digits.is_empty() && digits.parse().map_or(true, |count: u64| count > TEXTS) {
            return Err(Bad::TooLarge { most: 1_000_000, of: "texts" });
        }
    }
    Ok(())
}
