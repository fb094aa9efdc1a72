//! Parts say the same to the eye and to the ear, and whatever they are given stays text.

use super::common::{all, attr, one, page, text};
use kernel::{Day, Money};
use ui::figures::{Band, Happening, Line, Mark, Shock, Timeline, programme_timeline};
use ui::form::{self, Choice, Field};
use ui::parts::{self, EntryCard, FilterGroup, FilterOption, Page, Sector, Shape, Task, Tone, WhoReads};
use ui::shell::{FormKeys, NavProgramme, Notice, NoticeKind, RailItem, Shell, Undo, ViewerBar};
use ui::table::{Cell, Table, table};
use ui::{html, words};

const HOSTILE: &str = r#"<script>"'&"#;

fn hostile() -> String {
    HOSTILE.to_owned()
}

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

#[test]
fn a_table_stays_one_when_it_is_laid_out_as_cards() {
    let rows = vec![vec![Cell::link("/p", "Moorside").head(), Cell::money(Money::from_pounds(1250))]];
    let page = page(Table::new("Awards", &["Place", "Award"], rows).foot(vec![Cell::text("All").head(), Cell::number(7)]));
    assert_eq!(text(one(&page, "table[role=table] > caption")), "Awards");
    assert_eq!(all(&page, "thead th[scope=col][role=columnheader]").len(), 2);
    assert_eq!(text(one(&page, "tbody th[scope=row][role=rowheader]")), "Moorside");
    assert_eq!(attr(one(&page, "tbody td.number[role=cell]"), "data-label"), "Award");
    assert_eq!(text(one(&page, "tfoot td")), "7");
    assert_eq!(all(&page, "tr[role=row]").len(), 3);
}

#[test]
fn who_reads_says_how_many_who_and_by_name() {
    let who = WhoReads {
        circle: "Support circle",
        count: 2,
        roles: vec!["project lead".into()],
        names: vec!["Amara".into(), "Bethan".into()],
        ..WhoReads::default()
    };
    let page = page(parts::who_reads(&who));
    assert_eq!(text(one(&page, "summary")), "Who reads this: Support circle, 2 people: project lead");
    assert_eq!(all(&page, "details li").into_iter().map(text).collect::<Vec<_>>(), ["Amara", "Bethan"]);
}

#[test]
fn public_never_looks_like_a_circle_of_nobody() {
    let page = page(parts::who_reads(&WhoReads { circle: "Public", everybody: true, ..WhoReads::default() }));
    assert_eq!(text(one(&page, "summary")), "Who reads this: Public, everybody");
    assert!(text(one(&page, "details p")).contains("anybody can read it"));
}

#[test]
fn a_sector_has_a_word_and_a_shape_of_its_own() {
    let drawn: Vec<String> = Sector::ALL.iter().map(|s| parts::sector(s.key()).as_str().to_owned()).collect();
    for (i, a) in drawn.iter().enumerate() {
        assert!(a.contains(Sector::ALL[i].word()));
        assert!(drawn[i + 1..].iter().all(|b| a != b));
    }
    assert_eq!(Sector::of("NHS"), Sector::Nhs);
    assert_eq!(Sector::of("never heard of"), Sector::Other);
}

#[test]
fn pages_keep_the_filters_of_the_list() {
    let page = page(parts::pagination(&Page { number: 2, of: 3, base_href: "/places?sector=nhs".into() }));
    assert_eq!(attr(one(&page, "a[rel=prev]"), "href"), "/places?sector=nhs&page=1");
    assert_eq!(attr(one(&page, "a[rel=next]"), "href"), "/places?sector=nhs&page=3");
    assert_eq!(parts::pagination(&Page { number: 1, of: 1, base_href: "/places".into() }).as_str(), "");
}

#[test]
fn what_was_typed_is_kept_for_copying() {
    let page = page(parts::typed_text_kept(&[("What happened?".into(), HOSTILE.into()), ("Nothing".into(), " ".into())]));
    let kept = one(&page, "textarea[readonly]");
    assert_eq!(kept.text().collect::<String>(), HOSTILE);
    assert_eq!(text(one(&page, &format!("label[for='{}']", attr(kept, "id")))), "What happened?");
}

fn programme(name: &str) -> Timeline {
    let mark = |what: &str, at: &str, approx| Mark { name: format!("{what} {name}"), day: day(at), approx };
    Timeline {
        from: day("2022-01-01"),
        to: day("2027-12-31"),
        today: Some(day("2026-03-27")),
        phases: vec![Band { name: format!("phase {name}"), from: day("2022-01-01"), to: day("2024-01-01") }],
        gates: vec![mark("gate", "2024-01-01", false), mark("late gate", "2030-01-01", true)],
        reviews: vec![mark("review", "2025-01-01", false)],
        lines: vec![Line {
            name: format!("place {name}"),
            href: Some("/place".into()),
            from: day("2022-06-01"),
            to: day("2024-06-01"),
            note: Some(format!("note {name}")),
        }],
        shocks: vec![Shock { name: format!("shock {name}"), from: day("2023-01-01"), to: Some(day("2023-06-01")) }],
        happened: vec![Happening { name: format!("happening {name}"), href: "/entry".into(), day: day("2023-03-01") }],
    }
}

#[test]
fn the_table_of_the_timeline_holds_every_item_of_the_picture() {
    let page = page(programme_timeline(&programme("of many words that do not fit into a picture")));
    let rows: Vec<String> = all(&page, "tbody tr").into_iter().map(text).collect();
    for name in ["phase", "gate", "late gate", "review", "place", "shock", "happening", "note"] {
        let name = format!("{name} of many words that do not fit into a picture");
        assert!(rows.iter().any(|row| row.contains(&name)), "{name} is not in the table");
    }
    assert!(rows.iter().any(|row| row.contains("about 1 January 2030")));
    assert_eq!(text(one(&page, "tbody a[href='/place']")), "place of many words that do not fit into a picture");
    assert_eq!(text(one(&page, "tbody a[href='/entry']")), "happening of many words that do not fit into a picture");
    assert!(rows.iter().any(|row| row.contains("1 March 2023")), "with its day");
}

#[test]
fn the_picture_has_a_name_and_a_description_and_can_be_scrolled_by_keyboard() {
    let page = page(programme_timeline(&programme("x")));
    let picture = one(&page, "svg[role=img]");
    for id in attr(picture, "aria-labelledby").split(' ') {
        assert!(!text(one(&page, &format!("[id='{id}']"))).is_empty());
    }
    assert!(text(one(&page, "svg desc")).contains("1 phase, 2 gates, 1 review point, 1 place and 1 event from outside"));
    assert!(text(one(&page, "svg desc")).contains("what people wrote of: 1 event."));
    assert_eq!(all(&page, "svg circle.fig-dot").len(), 1);
    assert!(all(&page, "svg text").into_iter().any(|t| text(t) == "happening x"));
    assert_eq!(attr(one(&page, "[role=region]"), "tabindex"), "0");
    assert!(all(&page, "svg a").is_empty());
}

#[test]
fn a_programme_of_nothing_and_no_days_still_draws() {
    let empty = Timeline {
        from: day("2026-01-01"),
        to: day("2026-01-01"),
        today: None,
        phases: vec![],
        gates: vec![],
        reviews: vec![],
        lines: vec![],
        shocks: vec![],
        happened: vec![],
    };
    let piece = programme_timeline(&empty);
    assert!(!piece.as_str().contains("NaN") && !piece.as_str().contains("inf"));
}

/// Every part, fed with what a hostile person would type everywhere they can.
fn fed() -> Vec<ui::Html> {
    let h = HOSTILE;
    let keys = FormKeys { token: hostile(), once: hostile() };
    let undo = Undo { action: hostile(), keys: keys.clone(), label: hostile() };
    let field = Field::new("field", h).hint(h).value(h).error(Some(h)).autocomplete(h);
    let choices = [Choice::new(h, h).hint(h)];
    let who = WhoReads { circle: h, about: h, count: 1, roles: vec![hostile()], names: vec![hostile()], ..WhoReads::default() };
    let card = EntryCard {
        kind: h,
        title: h,
        href: hostile(),
        when: hostile(),
        author: h.into(),
        circle: h,
        shape: Shape::Few,
        snippet: Some(words::snippet(h, &[h])),
        extract: true,
    };
    let task = Task { text: hostile(), href: hostile(), detail: Some(hostile()), due: Some(hostile()), tone: Tone::Bad };
    vec![
        form::form(h, &keys, form::text(field)),
        form::email(field),
        form::date(field),
        form::money(field),
        form::password(field),
        form::long_text(field, 3),
        form::select(field, &choices),
        form::radios(field, &choices),
        form::checkboxes(field, &choices),
        form::button(h),
        form::secondary_button(h),
        form::warning_button(h),
        form::named_button(h, h, h),
        form::button_link(h, h),
        form::hidden(h, h),
        table(h, &[h, h], vec![vec![Cell::text(h).head(), Cell::number(h), Cell::link(h, h)]]),
        parts::tag(h, Tone::Good),
        parts::section_heading(h),
        parts::section("id", h, h),
        parts::inset(h),
        parts::details(h, h),
        parts::sources(&[(hostile(), hostile())]),
        parts::empty_state(h, h, Some((h, h))),
        parts::typed_text_kept(&[(hostile(), hostile())]),
        parts::undo_bar(h, &undo),
        html(parts::circle_badge(h, Shape::Place)),
        parts::sector(h),
        parts::who_reads(&who),
        html(parts::timeline([card].into_iter())),
        parts::task_list("What waits", &[task]),
        parts::summary_list(vec![(h, html(h))]),
        parts::pagination(&Page { number: 2, of: 3, base_href: hostile() }),
        parts::filters(&[FilterGroup {
            label: hostile(),
            options: vec![FilterOption { text: hostile(), href: hostile(), current: true, count: Some(1) }],
        }]),
        html(words::markdown(h)),
        words::plain(h),
        words::difference(h, "b"),
        words::difference("a", h),
        programme_timeline(&programme(h)),
    ]
}

#[test]
fn hostile_text_stays_text_everywhere() {
    for piece in fed() {
        let written = piece.as_str();
        assert!(!written.to_lowercase().contains("<script"), "{written}");
        let page = page(&piece);
        for element in all(&page, "*") {
            let mangled = element.value().attrs().any(|(name, _)| name.contains(['<', '"', '\'', '&']));
            assert!(!mangled, "an attribute was broken out of: {written}");
        }
    }
}

#[test]
fn hostile_text_stays_text_in_the_shell() {
    let shell = Shell {
        title: hostile(),
        title_lang: Some(HOSTILE),
        lead: Some(hostile()),
        programme: Some(NavProgramme { name: hostile(), href: hostile(), practice: true }),
        rail: vec![RailItem { text: hostile(), href: hostile(), current: true }],
        crumbs: vec![(hostile(), hostile())],
        viewer: Some(ViewerBar { id: hostile(), name: hostile() }),
        notice: Some(Notice { kind: NoticeKind::Important, text: hostile(), undo: None }),
        sign_out_form: Some(FormKeys { token: hostile(), once: hostile() }),
        invalid: Some(ui::shell::InvalidSummary { title: hostile(), items: vec![(hostile(), hostile())] }),
        footer: vec![(hostile(), hostile())],
        head: None,
        demo: true,
        print: true,
    };
    let written = shell.page(HOSTILE).into_inner();
    let page = scraper::Html::parse_document(&written);
    assert!(all(&page, "script").into_iter().all(|s| attr(s, "src").starts_with("/assets/")));
    assert_eq!(text(one(&page, "h1")), HOSTILE);
    assert!(text(one(&page, "title")).contains(HOSTILE));
}
