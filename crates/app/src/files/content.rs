//! What a file is. Its content says so; its name is believed only where content cannot tell, between a table and a
//! text that are both plain.

use std::io::{Cursor, Read};

use zip::ZipArchive;

/// A kind of file that is taken.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Known {
    pub media_type: &'static str,
    /// How its name ends; the first where it ends in another way.
    pub endings: &'static [&'static str],
}

const PDF: Known = Known { media_type: "application/pdf", endings: &[".pdf"] };
const PNG: Known = Known { media_type: "image/png", endings: &[".png"] };
const JPEG: Known = Known { media_type: "image/jpeg", endings: &[".jpg", ".jpeg"] };
const CSV: Known = Known { media_type: "text/csv", endings: &[".csv"] };
const TEXT: Known = Known { media_type: "text/plain", endings: &[".txt"] };
/// Office files of the newer kind: `[Content_Types].xml` names what they are, and they hold this part.
const OFFICE: [(Known, &str); 3] = [
    (
        Known { media_type: "application/vnd.openxmlformats-officedocument.wordprocessingml.document", endings: &[".docx"] },
        "word/",
    ),
    (Known { media_type: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", endings: &[".xlsx"] }, "xl/"),
    (
        Known { media_type: "application/vnd.openxmlformats-officedocument.presentationml.presentation", endings: &[".pptx"] },
        "ppt/",
    ),
];
/// Open documents: the part `mimetype` says what they are.
const OPEN: [Known; 3] = [
    Known { media_type: "application/vnd.oasis.opendocument.text", endings: &[".odt"] },
    Known { media_type: "application/vnd.oasis.opendocument.spreadsheet", endings: &[".ods"] },
    Known { media_type: "application/vnd.oasis.opendocument.presentation", endings: &[".odp"] },
];

const UNKNOWN: &str = "What is in this file is not of a kind that is taken here, whatever it is called. Choose another";
const OLD_OFFICE: &str = "This is an office file of the old kind, or one with a password. Save it without a password as .docx, .xlsx or .pptx, and choose that";
const MACROS: &str = "There are macros in this file. Save it without them, as .docx, .xlsx or .pptx, and choose that";
const UNPACKS: &str = "This file unpacks to more than can be looked through. Save it anew, or as a PDF, and choose that";
const NOT_UTF8: &str = "This text is not written in UTF-8. Save it as “CSV UTF-8” or as “Text, UTF-8”, and choose that";
const WEB_PAGE: &str = "This is a web page, whatever it is called. Print it to a PDF, and choose that";

/// What an office file may unpack to, its parts, and how much of the one part that is read.
const MOST_UNPACKED: u64 = 500_000_000;
const MOST_PARTS: usize = 10_000;
const MOST_READ: u64 = 1_000_000;

/// What these bytes are.
///
/// # Errors
/// Why they are not taken, in a sentence for whoever chose the file.
pub(super) fn known(bytes: &[u8], name: &str) -> Result<&'static Known, &'static str> {
    match bytes {
        [b'%', b'P', b'D', b'F', b'-', ..] => Ok(&PDF),
        [0x89, b'P', b'N', b'G', 0x0d, 0x0a, 0x1a, 0x0a, _, _, _, _, b'I', b'H', b'D', b'R', ..] => Ok(&PNG),
        [0xff, 0xd8, 0xff, ..] => Ok(&JPEG),
        [b'P', b'K', 3, 4, ..] => packed(bytes, MOST_UNPACKED, MOST_PARTS),
        [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1, ..] => Err(OLD_OFFICE),
        _ => text(bytes, name),
    }
}

fn packed(bytes: &[u8], most_unpacked: u64, most_parts: usize) -> Result<&'static Known, &'static str> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| UNKNOWN)?;
    if archive.len() > most_parts {
        return Err(UNPACKS);
    }
    let (mut names, mut unpacked): (Vec<String>, u64) = (Vec::new(), 0);
    for part in 0..archive.len() {
        let part = archive.by_index_raw(part).map_err(|_| UNKNOWN)?;
        unpacked = unpacked.saturating_add(part.size());
        names.push(String::from_utf8_lossy(part.name_raw()).to_lowercase());
    }
    if unpacked > most_unpacked {
        return Err(UNPACKS);
    }
    if names.iter().any(|name| name.ends_with("vbaproject.bin") || name.starts_with("basic/")) {
        return Err(MACROS);
    }
    if let Some(kinds) = part(&mut archive, "[Content_Types].xml") {
        let is = |(known, folder): &&(Known, &str)| {
            kinds.contains(&format!("\"{}.main+xml\"", known.media_type)) && names.iter().any(|n| n.starts_with(folder))
        };
        return OFFICE.iter().find(is).map(|(known, _)| known).ok_or(UNKNOWN);
    }
    let kind = part(&mut archive, "mimetype").unwrap_or_default();
    OPEN.iter().find(|known| known.media_type == kind.trim()).ok_or(UNKNOWN)
}

/// One part of a packed file, as far as it is read.
fn part(archive: &mut ZipArchive<Cursor<&[u8]>>, name: &str) -> Option<String> {
    let mut text = Vec::new();
    archive.by_name(name).ok()?.take(MOST_READ).read_to_end(&mut text).ok()?;
    String::from_utf8(text).ok()
}

fn text(bytes: &[u8], name: &str) -> Result<&'static Known, &'static str> {
    let name = name.to_lowercase();
    let plain = |known: &'static Known| known.endings.iter().any(|e| name.ends_with(e)).then_some(known);
    // Without any ending it may be a text; with one that says something else, it is not what it says.
    let known = plain(&CSV).or(plain(&TEXT)).or((!name.contains('.')).then_some(&TEXT));
    let wide = matches!(bytes, [0xff, 0xfe, ..] | [0xfe, 0xff, ..]);
    let Ok(text) = std::str::from_utf8(bytes) else {
        let program = bytes.iter().take(4096).any(|b| *b < 0x20 && !matches!(b, b'\t' | b'\n' | b'\r'));
        return Err(if known.is_some() && (wide || !program) { NOT_UTF8 } else { UNKNOWN });
    };
    let text = text.trim_start_matches('\u{feff}');
    let start: String = text.trim_start().chars().take(200).collect::<String>().to_lowercase();
    if ["<!doctype", "<html", "<head", "<body", "<script", "<svg", "<?xml"].iter().any(|tag| start.starts_with(tag)) {
        return Err(WEB_PAGE);
    }
    if text.chars().any(|c| c.is_control() && !matches!(c, '\t' | '\n' | '\r' | '\u{c}')) {
        return Err(UNKNOWN);
    }
    known.ok_or(UNKNOWN)
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use zip::ZipWriter;
    use zip::write::SimpleFileOptions;

    use super::*;

    fn zip(parts: &[(&str, &[u8])]) -> Vec<u8> {
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, content) in parts {
            writer.start_file(*name, SimpleFileOptions::default()).unwrap();
            writer.write_all(content).unwrap();
        }
        writer.finish().unwrap().into_inner()
    }

    fn types(of: &str) -> String {
        format!("<Types><Override PartName=\"/x\" ContentType=\"application/vnd.{of}.main+xml\"/></Types>")
    }

    #[test]
    fn content_decides_and_not_the_name() {
        let word = types("openxmlformats-officedocument.wordprocessingml.document");
        let table = types("openxmlformats-officedocument.spreadsheetml.sheet");
        let docx = zip(&[("[Content_Types].xml", word.as_bytes()), ("word/document.xml", b"<w/>")]);
        let xlsx = zip(&[("[Content_Types].xml", table.as_bytes()), ("xl/workbook.xml", b"<w/>")]);
        let odt = zip(&[("mimetype", b"application/vnd.oasis.opendocument.text"), ("content.xml", b"<o/>")]);
        for (bytes, name, media_type) in [
            (&b"%PDF-1.7\n..."[..], "letter.png", PDF.media_type),
            (&b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR...."[..], "letter.pdf", PNG.media_type),
            (&b"\xff\xd8\xff\xe0 picture"[..], "photo", JPEG.media_type),
            (&docx, "plan.pdf", OFFICE[0].0.media_type),
            (&xlsx, "budget.zip", OFFICE[1].0.media_type),
            (&odt, "plan", OPEN[0].media_type),
            ("\u{feff}a,b\r\nŵ,2\r\n".as_bytes(), "budget.CSV", CSV.media_type),
            ("Llanfair ŵ".as_bytes(), "note.txt", TEXT.media_type),
        ] {
            assert_eq!(known(bytes, name).map(|k| k.media_type), Ok(media_type), "{name}");
        }
    }

    #[test]
    fn what_poses_as_something_else_is_refused() {
        let word = types("openxmlformats-officedocument.wordprocessingml.document");
        let with_macros = zip(&[("[Content_Types].xml", word.as_bytes()), ("word/vbaProject.bin", b"x")]);
        let unfounded = zip(&[("[Content_Types].xml", word.as_bytes()), ("run.exe", b"MZ")]);
        let of_macros =
            zip(&[("[Content_Types].xml", types("ms-word.document.macroEnabled").as_bytes()), ("word/document.xml", b"<w/>")]);
        for (bytes, name, said) in [
            (&zip(&[("run.exe", b"MZ")])[..], "letter.pdf", UNKNOWN),
            (b"PK\x03\x04 cut short", "plan.docx", UNKNOWN),
            (&with_macros, "plan.docx", MACROS),
            (&unfounded, "plan.docx", UNKNOWN),
            (&of_macros, "plan.docx", UNKNOWN),
            (b"<!DOCTYPE html><script>alert(1)</script>", "picture.png", WEB_PAGE),
            (b" \n<svg onload='x'>", "note.txt", WEB_PAGE),
            (b"MZ\x90\0\x03\0\0\0", "letter.pdf", UNKNOWN),
            (b"MZ\x90\0\x03\0\0\0", "letter.txt", UNKNOWN),
            (b"#!/bin/sh\nrm", "run.sh", UNKNOWN),
            (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1...", "plan.doc", OLD_OFFICE),
            (b"a;b\r\ncaf\xe9;2", "budget.csv", NOT_UTF8),
            (b"\xff\xfea\0b\0", "note.txt", NOT_UTF8),
            (b"a\0b", "note.txt", UNKNOWN),
        ] {
            assert_eq!(known(bytes, name), Err(said), "{name}");
        }
    }

    #[test]
    fn what_unpacks_to_very_much_is_refused() {
        let word = types("openxmlformats-officedocument.wordprocessingml.document");
        let (types, zeros) = (("[Content_Types].xml", word.as_bytes()), [0; 100_000]);
        let bomb = zip(&[types, ("word/a.xml", &zeros), ("word/b.xml", &zeros)]);
        assert!(bomb.len() < 10_000, "small as it is sent: {}", bomb.len());
        assert_eq!(packed(&bomb, 201_000, 3).map(|k| k.endings), Ok(OFFICE[0].0.endings));
        assert_eq!(packed(&bomb, 200_000, 3), Err(UNPACKS));
        assert_eq!(packed(&bomb, 201_000, 2), Err(UNPACKS));
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_are_known_or_refused(start in 0..5_usize, bytes: Vec<u8>, name: String) {
            let starts: [&[u8]; 5] = [b"", b"PK\x03\x04", b"PK\x05\x06", b"\x89PNG\r\n\x1a\n", b"\xff\xfe"];
            let _ = known(&[starts[start], &bytes].concat(), &name);
        }
    }
}
