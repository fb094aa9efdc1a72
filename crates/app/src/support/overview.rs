//! Days at a glance: each consultant with each place, what is allotted, used and left, and who is over or behind.

use design::Power;
use kernel::Days;
use ui::figures::{DayBar, day_bars};
use ui::parts::{self, FilterGroup, FilterOption, Page};
use ui::table::{Cell, Table};
use ui::{Html, form, html};

use super::shares::{self, Row};
use super::year_asked;
use crate::calls::{csv_line, sent_as_file};
use crate::ground::html::*;
use crate::ground::{Answer, Cx, Draft, Snapshot, Stop};
use crate::ledger::days::Years;

const AT_ONCE: usize = 25;

const SAID: &[(&str, &str)] = &[
    ("allotted", "Allotted. The people concerned see it here."),
    ("changed", "Changed. What stood before stays in the ledger."),
    ("year-end", "Done. What was left lapsed or was carried over, as the list said."),
];

/// What the address asks for, and what the viewer sees of it.
struct Seen {
    years: Years,
    year: i32,
    /// The address of the place that the list is narrowed to.
    place: String,
    /// All rows of the year, and those of the place.
    all: Vec<Row>,
    rows: Vec<Row>,
}

async fn seen(cx: &Cx) -> Result<Seen, Stop> {
    let years = Years::of(cx.programme()?);
    let (year, place) = (year_asked(cx, years), cx.query("place").to_string());
    let all = shares::in_year(cx, cx.read(), year).await?;
    let rows = all.iter().filter(|row| place.is_empty() || row.slug == place).cloned().collect();
    Ok(Seen { years, year, place, all, rows })
}

pub(super) async fn page(cx: Cx) -> Answer {
    let programme = cx.programme()?.clone();
    let seen = seen(&cx).await?;
    let home = format!("{}/days", programme.href());
    let allots = [Power::RunProgramme, Power::ManagePeople].iter().any(|p| cx.viewer().may(*p, programme.id, None));
    let staff = [Power::RunProgramme, Power::SeePeople].iter().any(|p| cx.viewer().may(*p, programme.id, None));
    let (from, to) = seen.years.span(seen.year);
    let over = to < cx.today();
    let of = seen.rows.len().div_ceil(AT_ONCE).max(1);
    let number = cx.query("page").parse().unwrap_or(1_usize).clamp(1, of);
    let shown: Vec<&Row> = seen.rows.iter().skip((number - 1) * AT_ONCE).take(AT_ONCE).collect();
    let kept = address(&home, seen.year, &seen.place);
    let has_days = programme.programme.design.place_days().next().is_some();
    let left_over = over && seen.rows.iter().any(|row| row.left > Days::ZERO);
    let lead = format!("{}: {from} to {to}. What each consultant has for each place, in days.", seen.years.name(seen.year));
    Ok(Draft::new("Days").lead(lead).done(&cx, SAID).crumb(&programme.name, programme.href()).page(
        &cx,
        maud! {
            @if allots && has_days {
                (form::button_link("Allot days", &format!("{home}/allot?year={}", seen.year)))
                @if left_over { p { a href={ (&home) "/year-end?year=" (seen.year) } { "This year is over: see what becomes of the days that are left" } } }
            }
            (parts::filters(&narrowing(&home, &seen, cx.today())))
            @if seen.rows.is_empty() {
                (parts::empty_state("No days here that you may see", "Once days are allotted to a consultant for a place, or logged with an entry, they stand here.", None))
            } @else {
                (picture(&programme, &seen, &shown, allots))
                (parts::pagination(&Page { number, of, base_href: kept.clone() }))
                p { a href={ (&home) ".csv?year=" (seen.year) "&place=" (&seen.place) } { "Download this list (CSV)" } }
            }
            p class="muted" { (seen.years.words()) " An even pace is the part of what is allotted that the part of the year gone by would come to." }
            (super::skills::links(&cx, &programme))
            @if staff { p { a href={ (&home) "/staff" } { "The time of the programme’s own staff" } } }
        },
    ))
}

fn address(home: &str, year: i32, place: &str) -> String {
    if place.is_empty() { format!("{home}?year={year}") } else { format!("{home}?year={year}&place={place}") }
}

fn narrowing(home: &str, seen: &Seen, today: kernel::Day) -> Vec<FilterGroup> {
    let now = seen.years.at(today);
    let mut shown: Vec<i32> = (now - 2..=now + 1).chain([seen.year]).filter(|y| *y >= 1).collect();
    shown.sort_unstable();
    shown.dedup();
    let option = |text: String, href: String, current| FilterOption { text, href, current, count: None };
    let by_year = shown.iter().map(|y| option(seen.years.name(*y), address(home, *y, &seen.place), *y == seen.year));
    let mut groups = vec![FilterGroup { label: "Year".into(), options: by_year.collect() }];
    let mut places: Vec<(&str, &str)> = seen.all.iter().map(|row| (row.place.as_str(), row.slug.as_str())).collect();
    places.sort_unstable();
    places.dedup();
    if (2..=30).contains(&places.len()) {
        let mut options = vec![option("All".into(), address(home, seen.year, ""), seen.place.is_empty())];
        options.extend(
            places.iter().map(|(name, slug)| option((*name).into(), address(home, seen.year, slug), *slug == seen.place)),
        );
        groups.push(FilterGroup { label: "Place".into(), options });
    }
    groups
}

fn picture(programme: &Snapshot, seen: &Seen, shown: &[&Row], allots: bool) -> Html {
    let bars: Vec<DayBar> = shown
        .iter()
        .map(|row| DayBar { name: row.name.clone(), allotted: row.allotted, used: row.used, expected: row.expected })
        .collect();
    let home = programme.href();
    let rows = shown.iter().map(|row| {
        let mut cells = vec![
            Cell::html(maud! { (&row.name) @if row.mine { " (you)" } }).head(),
            Cell::link(&format!("{home}/places/{}", row.slug), &row.place),
            Cell::number(row.allotted.number()),
            Cell::number(row.used.number()),
            Cell::number(row.left.number()),
            Cell::text(row.pace()),
        ];
        if allots {
            cells.push(row.account.map_or_else(
                || Cell::text("None allotted yet"),
                |account| {
                    let href = format!("{home}/days/change?account={account}");
                    let whose = format!(" the days of {}", row.name);
                    Cell::html(
                        maud! { a class="govuk-link" href=(&href) { "Change" span class="govuk-visually-hidden" { (&whose) } } },
                    )
                },
            ));
        }
        cells
    });
    let mut headings = vec!["Who", "Place", "Allotted", "Used", "Left", "How it stands"];
    if allots {
        headings.push("Allotment");
    }
    let sum = |of: fn(&Row) -> Days| Days::from_quarters(seen.rows.iter().map(|row| of(row).quarters()).sum()).number();
    let mut foot = vec![
        Cell::text("All of this list").head(),
        Cell::text(""),
        Cell::number(sum(|r| r.allotted)),
        Cell::number(sum(|r| r.used)),
        Cell::number(sum(|r| r.left)),
        Cell::text(""),
    ];
    if allots {
        foot.push(Cell::text(""));
    }
    let caption = format!("Days in {}, used against allotted", seen.years.name(seen.year));
    let table = Table::new(&caption, &headings, rows.collect()).quiet().foot(foot).html();
    html(maud! { (day_bars(&caption, &bars, &table)) })
}

/// `/programmes/{programme}/days.csv`
pub(super) async fn csv(cx: Cx) -> Answer {
    let programme = cx.programme()?.clone();
    let seen = seen(&cx).await?;
    let heads = ["Year", "Place", "Who", "Role", "Allotted", "Used", "Lapsed or carried on", "Left", "Even pace by today"];
    let mut text = csv_line(heads.iter().map(ToString::to_string))?;
    for row in &seen.rows {
        let fields = [
            seen.years.name(seen.year),
            row.place.clone(),
            row.name.clone(),
            programme.role_name(&row.role).to_string(),
            row.allotted.decimal(),
            row.used.decimal(),
            row.gone.decimal(),
            row.left.decimal(),
            row.expected.decimal(),
        ];
        text.extend(csv_line(fields.into_iter())?);
    }
    Ok(sent_as_file("text/csv; charset=utf-8", &format!("days-{}.csv", seen.year), text.into()))
}
