//! Calendars as files: iCalendar (RFC 5545), as little of it as says what an event is, when and where.

use kernel::Moment;

/// The longest line, in octets, without its end.
const LONGEST: usize = 75;
/// A calendar holds at least one component (RFC 5545 §3.6); where there is no event, it is the zone in which we live.
const LONDON: &str = "BEGIN:VTIMEZONE\nTZID:Europe/London\nBEGIN:DAYLIGHT\nDTSTART:19810329T010000\nTZOFFSETFROM:+0000\nTZOFFSETTO:+0100\n\
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU\nTZNAME:BST\nEND:DAYLIGHT\nBEGIN:STANDARD\nDTSTART:19961027T020000\nTZOFFSETFROM:+0100\n\
TZOFFSETTO:+0000\nRRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU\nTZNAME:GMT\nEND:STANDARD\nEND:VTIMEZONE";

/// Of what kind such a file is.
pub(super) const MIME: &str = "text/calendar; charset=utf-8";

/// An event as a calendar has it.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    /// The same for the same event, always and everywhere.
    pub uid: String,
    /// Counts the changes, so that the newest is taken.
    pub sequence: i32,
    pub changed_at: Moment,
    pub begins_at: Moment,
    pub ends_at: Moment,
    pub summary: String,
    pub location: String,
    pub description: String,
    pub url: String,
    pub cancelled: bool,
}

/// A whole calendar. `now` is when it was asked for.
pub(super) fn file(name: &str, events: &[Entry], now: Moment) -> String {
    let mut out = Lines::default();
    out.plain("BEGIN:VCALENDAR");
    out.plain("VERSION:2.0");
    out.plain("PRODID:-//Commonweal//Events//EN");
    out.plain("CALSCALE:GREGORIAN");
    out.plain("METHOD:PUBLISH");
    out.text("NAME", name);
    out.text("X-WR-CALNAME", name);
    out.plain("REFRESH-INTERVAL;VALUE=DURATION:PT2H");
    out.plain("X-PUBLISHED-TTL:PT2H");
    if events.is_empty() {
        LONDON.lines().for_each(|line| out.plain(line));
    }
    for event in events {
        out.plain("BEGIN:VEVENT");
        out.text("UID", &event.uid);
        out.plain(&format!("DTSTAMP:{}", utc(now)));
        out.plain(&format!("LAST-MODIFIED:{}", utc(event.changed_at)));
        out.plain(&format!("SEQUENCE:{}", event.sequence));
        out.plain(&format!("DTSTART:{}", utc(event.begins_at)));
        out.plain(&format!("DTEND:{}", utc(event.ends_at)));
        out.text("SUMMARY", &event.summary);
        if !event.location.is_empty() {
            out.text("LOCATION", &event.location);
        }
        if !event.description.is_empty() {
            out.text("DESCRIPTION", &event.description);
        }
        out.plain(&format!("URL:{}", event.url));
        out.plain(if event.cancelled { "STATUS:CANCELLED" } else { "STATUS:CONFIRMED" });
        out.plain("END:VEVENT");
    }
    out.plain("END:VCALENDAR");
    out.0
}

/// A moment in UTC, which needs no zone beside it: 20261204T100000Z.
fn utc(at: Moment) -> String {
    let iso = at.iso();
    let seconds = iso.get(..19).unwrap_or(&iso);
    format!("{}Z", seconds.replace(['-', ':'], ""))
}

/// A text as a value: what has a meaning in the format is marked, and what cannot stand in it is left out.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for letter in text.replace("\r\n", "\n").chars() {
        match letter {
            '\\' => out.push_str("\\\\"),
            ';' => out.push_str("\\;"),
            ',' => out.push_str("\\,"),
            '\n' | '\r' => out.push_str("\\n"),
            '\t' => out.push(' '),
            control if control.is_control() => {}
            other => out.push(other),
        }
    }
    out
}

#[derive(Default)]
struct Lines(String);

impl Lines {
    fn text(&mut self, name: &str, value: &str) {
        self.plain(&format!("{name}:{}", escaped(value)));
    }
    /// A line, folded where it is too long: never within a letter.
    fn plain(&mut self, line: &str) {
        let mut room = LONGEST;
        for letter in line.chars() {
            if letter.len_utf8() > room {
                self.0.push_str("\r\n ");
                // The blank that says that the line goes on is one of its octets.
                room = LONGEST - 1;
            }
            room -= letter.len_utf8();
            self.0.push(letter);
        }
        self.0.push_str("\r\n");
    }
}

#[cfg(test)]
mod tests {
    use kernel::{Day, Deadline};

    use super::*;

    fn event(summary: &str) -> Entry {
        let at = |hour| Deadline { day: Day::new(2026, 7, 1).unwrap(), hour, minute: 30 }.moment();
        Entry {
            uid: "gat_1@example.org".into(),
            sequence: 2,
            changed_at: at(8),
            begins_at: at(10),
            ends_at: at(12),
            summary: summary.into(),
            location: String::new(),
            description: String::new(),
            url: "https://example.org/e".into(),
            cancelled: false,
        }
    }

    /// What a reader makes of the lines.
    fn unfolded(file: &str) -> Vec<String> {
        file.replace("\r\n ", "").split("\r\n").filter(|line| !line.is_empty()).map(ToString::to_string).collect()
    }

    #[test]
    fn lines_are_folded_by_octets_and_never_within_a_letter() {
        let long = "Ŵythnos o ddysgu – 学ぶ週 🌱 ".repeat(20);
        let file = file("Calendar", &[event(&long)], event("").begins_at);
        for line in file.split("\r\n") {
            assert!(line.len() <= 75, "{} octets: {line}", line.len());
        }
        assert!(!file.replace("\r\n", "").contains(['\r', '\n']), "every line ends in both");
        assert!(unfolded(&file).contains(&format!("SUMMARY:{long}")));
    }

    #[test]
    fn what_has_a_meaning_is_marked_and_nothing_can_be_smuggled_in() {
        let file = file("A; B, C", &[event("One\\two; three, four\r\nEND:VEVENT\nATTENDEE:x\u{7}")], event("").begins_at);
        let lines = unfolded(&file);
        assert!(lines.contains(&"NAME:A\\; B\\, C".to_string()));
        assert!(lines.contains(&"SUMMARY:One\\\\two\\; three\\, four\\nEND:VEVENT\\nATTENDEE:x".to_string()), "{lines:?}");
        assert_eq!(lines.iter().filter(|line| *line == "END:VEVENT").count(), 1);
    }

    #[test]
    fn times_are_those_of_utc_and_what_is_cancelled_says_so() {
        let cancelled = Entry { cancelled: true, ..event("Off") };
        let file = file("Calendar", &[event("On"), cancelled], event("").begins_at);
        let lines = unfolded(&file);
        // Half past ten in a London summer.
        assert!(
            lines.contains(&"DTSTART:20260701T093000Z".to_string()) && lines.contains(&"SEQUENCE:2".to_string()),
            "{lines:?}"
        );
        assert!(lines.contains(&"STATUS:CONFIRMED".to_string()) && lines.contains(&"STATUS:CANCELLED".to_string()));
    }

    #[test]
    fn a_calendar_without_events_is_one_all_the_same() {
        let lines = unfolded(&file("Empty", &[], event("").begins_at));
        assert_eq!(lines.first().map(String::as_str), Some("BEGIN:VCALENDAR"));
        assert_eq!(lines.last().map(String::as_str), Some("END:VCALENDAR"));
        assert!(lines.contains(&"BEGIN:VTIMEZONE".to_string()));
    }
}
