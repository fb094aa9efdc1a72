//! A small sound programme, to be broken in one place at a time.

use design::{Problem, Programme, Sources};

pub const SOURCES: &str = r#"[S1]
title = "A report"
publisher = "A publisher"
kind = "report"
"#;

pub const DESIGN: &str = r#"name = "Small"
summary = "Two places learn together."
modelled = "All of it is made up for a test."

[[sponsors]]
key = "fund"
name = "A Fund"
part = "funder"
leads = ["grants"]

[[sponsors]]
key = "helper"
name = "A Helper"
part = "support-partner"
leads = ["support"]

[[components]]
key = "grants"
name = "Grants"
kind = "grants"
led_by = ["fund"]
needs = [{ key = "progress", what = "how places get on", from = ["support"] }]

[[components]]
key = "support"
name = "Support"
kind = "support"
led_by = ["helper"]
supplies = ["progress"]

[[phases]]
key = "first"
name = "First phase"
from = "2021-02"
to = "2021-10"

[[phases]]
key = "second"
name = "Second phase"
from = "2022"
to = "2024"

[[gates]]
key = "on"
name = "Going on"
after = "first"
before = "second"
decided_by = ["lead"]

[[roles]]
key = "lead"
name = "Lead"
scope = "programme"
side = "sponsor"
may = ["run-programme", "manage-people", "write-entries", "share-extracts"]

[[roles]]
key = "consultant"
name = "Consultant"
scope = "place"
side = "support"
may = ["write-entries", "share-extracts"]
component = "support"

[[roles]]
key = "member"
name = "Member"
scope = "place"
side = "place"
may = ["write-entries", "share-extracts"]

[[circles]]
key = "place"
name = "Place"
scope = "place"
readers = ["member"]
writers = ["member"]
own = true

[[circles]]
key = "support"
name = "Support"
scope = "place"
readers = ["consultant", "member"]
writers = ["consultant", "member"]

[[circles]]
key = "team"
name = "Team"
scope = "place"
readers = ["lead"]
writers = ["lead"]

[[flows]]
from = "support"
to = "team"
by = ["consultant"]

[[kinds]]
key = "session"
name = "Session"
writers = ["consultant"]
circles = ["support"]

[[money]]
key = "grants"
name = "Grants"
component = "grants"
phase = "first"
amount = "£50,000"
count = 2

[[totals]]
key = "all"
what = "all grants"
amount = "£100,000"
of = ["grants"]
exact = true
sources = ["S1 2 Money"]

[[days]]
role = "consultant"
days = 7.5
per = "year"
"#;

pub const HISTORY: &str = r#"[[organisations]]
key = "friends"
name = "Friends"
sector = "voluntary"
sources = ["S1"]

[[places]]
slug = "north"
name = "North"
lead = "friends"
phases = ["first", "second"]
sources = ["S1"]

[[places]]
slug = "south"
name = "South"
sources = ["S1"]

[[awards]]
place = "north"
phase = "first"
amount = "£50,000"
instalments = ["£30,000", "£20,000"]
sources = ["S1"]

[[events]]
key = "start"
title = "Start"
text = "It starts."
kind = "launch"
from = "2021-02-15"
to = "2021-03"
sources = ["S1 1"]
"#;

pub fn sources() -> Sources {
    Sources::from_text("sources.toml", SOURCES).expect("the test's own text is sound")
}

pub fn read(design: &str, history: &str) -> Result<Programme, Vec<Problem>> {
    let files = [("programme.toml".to_owned(), design.to_owned()), ("history.toml".to_owned(), history.to_owned())];
    Programme::from_files("small", &files, &sources())
}

/// The small programme with one text exchanged for another wherever it first stands.
pub fn changed(from: &str, to: &str) -> Result<Programme, Vec<Problem>> {
    if DESIGN.contains(from) {
        read(&DESIGN.replacen(from, to, 1), HISTORY)
    } else {
        assert!(HISTORY.contains(from), "{from} does not stand in the small programme");
        read(DESIGN, &HISTORY.replacen(from, to, 1))
    }
}
