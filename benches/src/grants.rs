//! A file of made-up grants, as many as are wanted. A few words are in most of them and most words in few, as in what people write.

use std::fmt::Write as _;
use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::Path;

use crate::Outcome;

const WORDS: u64 = 40_000;
const FUNDERS: u64 = 300;
const AREAS: u64 = 400;

/// Numbers that look like chance, and are the same each time.
struct Chance(u64);

impl Chance {
    fn below(&mut self, end: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) % end
    }
    /// Small ones are as likely as all that are ten times as large together.
    fn seldom(&mut self, end: u64) -> u64 {
        let digits = end.ilog2();
        let most = 1 << self.below(u64::from(digits) + 1);
        self.below(most).min(end - 1)
    }
}

/// The word of this rank; the first are the commonest.
pub fn word(rank: u64) -> String {
    const BEGINNINGS: [&str; 20] =
        ["b", "d", "f", "g", "h", "k", "l", "m", "n", "p", "r", "s", "t", "v", "w", "br", "st", "pl", "gr", "ch"];
    const ENDS: [&str; 10] = ["a", "o", "u", "ar", "on", "um", "il", "ep", "at", "ok"];
    let (mut left, mut out) = (rank + 200, String::new());
    while left > 0 {
        let at = usize::try_from(left % 200).unwrap_or(0);
        out.push_str(BEGINNINGS[at / 10]);
        out.push_str(ENDS[at % 10]);
        left /= 200;
    }
    out
}

pub fn funder(rank: u64) -> String {
    format!("GB-CHC-{}", 200_000 + rank)
}

pub fn area(rank: u64) -> String {
    format!("E{:08}", 7_000_000 + rank)
}

fn words(chance: &mut Chance, count: u64) -> String {
    let all: Vec<String> = (0..count).map(|_| word(chance.seldom(WORDS))).collect();
    all.join(" ")
}

/// Writes so many grants as a package.
pub fn write(to: &Path, grants: u64) -> Outcome<()> {
    let (mut out, mut chance, mut line) = (BufWriter::new(File::create(to)?), Chance(8_360_360), String::new());
    out.write_all(b"{\"publisher\": {\"name\": \"Made up\"}, \"grants\": [\n")?;
    for n in 0..grants {
        line.clear();
        let (funder_at, place, recipient) = (chance.seldom(FUNDERS), chance.below(AREAS), chance.below(grants / 5 + 1));
        let amount = (1 + chance.below(9)) * 10_u64.pow(u32::try_from(2 + chance.below(5))?) + chance.below(100);
        let (title, description) = (words(&mut chance, 8), words(&mut chance, 35));
        let currency = if chance.below(100) == 0 { "EUR" } else { "GBP" };
        let (year, month, day) = (2004 + chance.below(22), 1 + chance.below(12), 1 + chance.below(28));
        write!(
            line,
            "{}{{\"id\":\"360G-made-{n}\",\"title\":\"{title}\",\"description\":\"{description}\",\"currency\":\"{currency}\",\
             \"amountAwarded\":{amount},\"awardDate\":\"{year}-{month:02}-{day:02}\",\
             \"plannedDates\":[{{\"startDate\":\"{year}-{month:02}-{day:02}\",\"duration\":24}}],\
             \"recipientOrganization\":[{{\"id\":\"GB-COH-{recipient:08}\",\"name\":\"{} {recipient}\",\"postalCode\":\"AB{} 1CD\"}}],\
             \"beneficiaryLocation\":[{{\"name\":\"Area {place}\",\"geoCode\":\"{}\"}}],\
             \"fundingOrganization\":[{{\"id\":\"{}\",\"name\":\"Funder {funder_at}\"}}],\
             \"grantProgramme\":[{{\"title\":\"Programme {} of {funder_at}\"}}]}}",
            if n > 0 { ",\n" } else { "" },
            word(recipient % 500),
            recipient % 90,
            area(place),
            funder(funder_at),
            chance.below(5),
        )?;
        out.write_all(line.as_bytes())?;
    }
    out.write_all(b"\n]}\n")?;
    Ok(out.flush()?)
}
