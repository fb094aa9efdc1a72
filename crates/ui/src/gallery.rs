//! One page with every component in every state, to look at and to test. Whatever can be said badly is said with
//! long names, odd characters and numbers of an awkward size.

use kernel::{Day, Invalid, Money};

use crate::dsl::*;
use crate::figures::{Band, Happening, Line, Mark, Shock as Event, Timeline, programme_timeline};
use crate::form::{self, Choice, Field};
use crate::parts::{self, Change, EntryCard, FilterGroup, FilterOption, Page, Sector, Shape, SummaryRow, Task, Tone, WhoReads};
use crate::shell::{FormKeys, InvalidSummary, NavProgramme, Notice, NoticeKind, RailItem, Shell, Undo, ViewerBar};
use crate::table::{Cell, Table};
use crate::{mark, words};

/// The page's body; put it into [`shell`], or into a shell of your own.
#[must_use]
pub fn gallery() -> Html {
    html(maud! {
        (parts::task_list("What waits for you", &tasks()))
        (parts::section("entries", "Entries and who reads them", entries()))
        (parts::section("forms", "Forms", forms()))
        (crate::gallery_answers::gallery_answers())
        (parts::section("tables", "Tables and facts", tables()))
        (parts::section("lists", "Lists", lists()))
        (parts::section("words", "Words people wrote", written()))
        (parts::section("small", "Small parts", small()))
        (parts::section("figures", "Pictures", programme_timeline(&timeline())))
        (parts::section("mark", "The mark", mark::plait_large()))
    })
}

/// A shell with everything on it.
#[must_use]
pub fn shell() -> Shell {
    let item = |text: &str, href: &str, current| RailItem { text: text.into(), href: href.into(), current };
    let mut invalid = Invalid::one("award", "Enter the award as pounds, like £50,000");
    invalid.add("first-paid", "Enter a date, like 27 March 2026 or 27/3/2026");
    Shell {
        title: "Everything there is".into(),
        title_lang: None,
        lead: Some("Every part of a page in every state, so that a change to one is seen everywhere.".into()),
        programme: Some(NavProgramme { name: "Strong Roots, Shared Ground".into(), href: "/p/roots".into(), practice: true }),
        rail: vec![
            item("Programme home", "/p/roots", false),
            item("Places", "/p/roots/places", true),
            item("Entries", "/p/roots/entries", false),
            item("Plans and change", "/p/roots/plans", false),
            item("Money and days", "/p/roots/money", false),
        ],
        crumbs: vec![("Strong Roots, Shared Ground".into(), "/p/roots".into()), ("Places".into(), "/p/roots/places".into())],
        viewer: Some(ViewerBar { id: "per_1".into(), name: "Amara Okafor".into() }),
        notice: Some(Notice {
            kind: NoticeKind::Success,
            text: "Sent to the 3 people of the programme team. They see the summary, not your session.".into(),
            undo: Some(Undo { action: "/undo".into(), keys: keys(), label: "Undo".into() }),
        }),
        demo: true,
        sign_out_form: Some(keys()),
        invalid: Some(InvalidSummary::from(invalid)),
        print: false,
        footer: vec![("About".into(), "/about".into()), ("Programmes".into(), "/programmes".into())],
        head: None,
    }
}

fn keys() -> FormKeys {
    FormKeys { token: "token".into(), once: "once".into() }
}

fn day(year: i32, month: u32, day: u32) -> Day {
    Day::new(year, month, day).unwrap_or_else(|_| Day::new(2000, 1, 1).expect("the first day of 2000 is a day"))
}

fn tasks() -> Vec<Task> {
    let task = |text: &str, detail: &str, due: &str, tone| Task {
        text: text.into(),
        href: "/task".into(),
        detail: Some(detail.into()),
        due: Some(due.into()),
        tone,
    };
    vec![
        task("Read Moorside’s reflection", "Shared with the support circle by Jo Hughes", "New", Tone::Waiting),
        task("Say how the session went", "Harbour Towns, visit of 12 March 2026", "3 days late", Tone::Warning),
        Task { text: "Agree the notes of the learning day".into(), href: "/task".into(), ..Task::default() },
    ]
}

fn support_circle() -> WhoReads<'static> {
    WhoReads {
        circle: "Support circle",
        about: "The people who support this place, and the place’s own leads.",
        count: 9,
        roles: vec!["project lead".into(), "learning lead".into(), "your consultant".into()],
        names: [
            "Amara Okafor",
            "Bethan Rees",
            "Callum Reid",
            "Dilys Morgan",
            "Ewan Blake",
            "Farah Aziz",
            "Gwen Price",
            "Hamid Shah",
            "Iona Fraser",
        ]
        .map(String::from)
        .to_vec(),
        ..WhoReads::default()
    }
}

fn entries() -> Html {
    let change = Change { text: "Change who reads this", href: "/change" };
    let public = WhoReads { circle: "Public", everybody: true, ..WhoReads::default() };
    let nobody = WhoReads { circle: "Advisory group", about: "", count: 0, ..WhoReads::default() };
    let card = |kind: &'static str, title: &'static str, circle: &'static str, shape, extract| EntryCard {
        kind,
        title,
        href: "/entry".into(),
        when: "12 March 2026".into(),
        author: "Bethan Rees, consultant".into(),
        circle,
        shape,
        snippet: Some(words::snippet(
            "We talked for most of the morning about trust: who has it, who lends it, and what happens when a partner leaves.",
            &["trust"],
        )),
        extract,
    };
    html(maud! {
        (parts::who_reads_with(&support_circle(), Shape::Few, Some(change)))
        (parts::who_reads(&public))
        (parts::who_reads(&nobody))
        (parts::timeline([
            card("Session", "A morning at the harbour office", "Support circle", Shape::Few, false),
            card("Reflection", "What we would do differently", "Everyone in Harbour Towns", Shape::Place, false),
            card("Session", "From the harbour morning: on trust", "Programme team", Shape::Programme, true),
            card("Story", "The choir that opened the library", "Public", Shape::Public, false),
        ].into_iter()))
        p { @for sector in Sector::ALL { (parts::sector(sector.key())) " " } }
    })
}

fn forms() -> Html {
    let choices = [
        Choice::new("support", "Support circle").hint("9 people who support this place").checked(true),
        Choice::new("place", "Everyone in Harbour Towns"),
        Choice::new("public", "Public").hint("Anybody can read it"),
    ];
    let body = maud! {
        (form::text(Field::new("name", "Name of the place").hint("As people there call it").value("Harbour Towns")))
        (form::money(Field::new("award", "Award").value("about fifty").error(Some("Enter the award as pounds, like £50,000"))))
        (form::date(Field::new("first-paid", "When is it first paid?").value("next spring").error(Some("Enter a date, like 27 March 2026 or 27/3/2026"))))
        (form::email(Field::new("email", "E-mail address").autocomplete("email").optional()))
        (form::password(Field::new("password", "Password").autocomplete("current-password")))
        (form::long_text(Field::new("story", "What happened?").hint("A few sentences are enough.").value("We met at the library.\nNobody had brought the keys."), 5))
        (form::long_text(Field::new("learned", "What did you learn?").error(Some("Write what you learned, or leave this for later"))  , 3))
        (form::select(Field::new("phase", "Phase"), &[Choice::new("1", "Development"), Choice::new("2", "Delivery").checked(true)]))
        (form::radios(Field::new("circle", "Who reads this?").hint("You can change this later."), &choices))
        (form::checkboxes(Field::new("sectors", "Who was there?").error(Some("Choose who was there, or “Nobody else”")), &[
            Choice::new("voluntary", "Voluntary sector"), Choice::new("nhs", "NHS").checked(true), Choice::new("council", "Council"),
        ]))
        (form::button_group(maud! {
            (form::button("Share with the support circle"))
            (form::secondary_button("Keep as a draft"))
            (form::button_link("Start again", "/again"))
        }))
        (form::warning_button("Close this place for good"))
    };
    form::form("/save", &keys(), body)
}

fn tables() -> Html {
    let headers = ["Place", "Lead", "Since", "Award", "Days"];
    let row = |name: &str, lead: &str, award: i32, days: &str| {
        vec![
            Cell::link("/place", name).head(),
            if lead.is_empty() { Cell::not_stated() } else { Cell::text(lead) },
            Cell::day(day(2024, 4, 1)),
            Cell::money(Money::from_pounds(award)),
            Cell::number(days),
        ]
    };
    let rows = vec![
        row("Harbour Towns", "Harbour Community Trust", 450_000, "12½"),
        row("Moorside", "", 1_250, "3"),
        row("Llanfair Valleys and the Upper Border Villages", "Cyngor Sir y Gororau", 98_765, "21¼"),
    ];
    let foot = vec![
        Cell::text("All 3 places").head(),
        Cell::text(""),
        Cell::text(""),
        Cell::money(Money::from_pounds(550_015)),
        Cell::number("36¾"),
    ];
    let places = Table::new("Places and what they were awarded", &headers, rows).foot(foot);
    html(maud! {
        (places)
        (parts::summary_list(vec![
            SummaryRow { key: "Lead organisation".into(), value: html("Harbour Community Trust"), action: Some(("Change".into(), "/change".into())) },
            SummaryRow::from(("Sector", parts::sector("voluntary"))),
            SummaryRow::from(("Ends", parts::not_stated())),
        ]))
        (parts::sources(&[("Programme prospectus, page 4".into(), "https://example.org/prospectus".into()), ("Minutes of 3 May 2024".into(), String::new())]))
    })
}

fn lists() -> Html {
    let option = |text: &str, current, count| FilterOption { text: text.into(), href: "?sector=x".into(), current, count };
    let groups = [
        FilterGroup {
            label: "Sector".into(),
            options: vec![option("All", true, Some(42)), option("NHS", false, Some(12)), option("Council", false, Some(0))],
        },
        FilterGroup {
            label: "Phase".into(),
            options: vec![option("All", true, None), option("Development", false, None), option("Delivery", false, None)],
        },
    ];
    html(maud! {
        (parts::filters(&groups))
        (parts::pagination(&Page { number: 2, of: 7, base_href: "/places?sector=nhs".into() }))
        (parts::empty_state("No reflections yet", "A reflection is a few sentences on what you are learning. Places that write them find that the next plan writes itself.", Some(("Write the first one", "/write"))))
        (parts::task_list("What waits for the team", &[]))
    })
}

fn written() -> Html {
    let text = "# What we heard\n\nPeople said it **plainly**: the *bus* stopped, so they stopped coming.\n\n- the last bus leaves at 17:10\n- a taxi costs £18\n\n> “I would come if I could get home.”\n\nMore in [the notes](https://example.org/notes).";
    html(maud! {
        (words::markdown(text))
        (parts::section_heading("What changed"))
        (words::difference("We will open two hubs by April 2026 and staff both with volunteers.", "We will open one hub by September 2026 and pay the two people who run it."))
        (parts::inset(words::plain("“It was the first time anybody asked us.”\nA member of the choir")))
    })
}

fn small() -> Html {
    let undo = Undo { action: "/undo".into(), keys: keys(), label: String::new() };
    html(maud! {
        p {
            (parts::tag("Draft", Tone::Neutral)) " " (parts::tag("Agreed", Tone::Good)) " " (parts::tag("With the council", Tone::Waiting)) " "
            (parts::tag("Due on Friday", Tone::Warning)) " " (parts::tag("Closed", Tone::Bad))
        }
        (parts::undo_bar("Moorside’s session was moved to the programme team.", &undo))
        (parts::details("Why we ask this", maud! { p { "So that the next place can see what it took." } }))
        (parts::typed_text_kept(&[("What happened?".into(), "We met at the library.\nNobody had brought the keys.".into()), ("What did you learn?".into(), "  ".into())]))
    })
}

fn timeline() -> Timeline {
    let gate = |name: &str, at, approx| Mark { name: name.into(), day: at, approx };
    let place = |name: &str, to: Day, note: Option<&str>| Line {
        name: name.into(),
        href: Some("/place".into()),
        from: day(2022, 9, 1),
        to,
        note: note.map(String::from),
    };
    Timeline {
        from: day(2022, 1, 1),
        to: day(2027, 12, 31),
        today: Some(day(2026, 3, 27)),
        phases: vec![
            Band { name: "Call".into(), from: day(2022, 1, 10), to: day(2022, 8, 31) },
            Band { name: "Development".into(), from: day(2022, 9, 1), to: day(2024, 3, 31) },
            Band { name: "Delivery".into(), from: day(2024, 4, 1), to: day(2026, 9, 30) },
            Band { name: "Handing on".into(), from: day(2026, 10, 1), to: day(2027, 12, 31) },
        ],
        gates: vec![
            gate("Places chosen", day(2022, 7, 14), false),
            gate("Delivery agreed", day(2024, 2, 20), false),
            gate("Whether to go on", day(2024, 9, 1), true),
            gate("Legacy plan agreed", day(2027, 3, 1), true),
        ],
        reviews: [(2023, 3), (2023, 9), (2024, 10), (2025, 3), (2025, 9), (2026, 9)]
            .map(|(y, m)| gate("Review with the places", day(y, m, 15), false))
            .to_vec(),
        lines: vec![
            place("Harbour Towns", day(2027, 12, 31), None),
            place("Moorside", day(2024, 3, 31), Some("Ended with the development phase")),
            place("Llanfair Valleys and the Upper Border Villages", day(2027, 12, 31), None),
            place("City East", day(2026, 1, 31), Some("Merged with its neighbour")),
        ],
        shocks: vec![
            Event { name: "Energy prices double".into(), from: day(2022, 10, 1), to: Some(day(2023, 6, 30)) },
            Event { name: "Health boards reorganised".into(), from: day(2025, 3, 13), to: None },
        ],
        happened: vec![
            Happening { name: "The surgery on the square closed".into(), href: "/entry".into(), day: day(2024, 5, 2) },
            Happening { name: "A new bus line".into(), href: "/entry".into(), day: day(2024, 6, 20) },
        ],
    }
}
