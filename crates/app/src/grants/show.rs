//! An award's page: what it is for, what was paid and spent of it, its budget and how that changed, and what comes next.

use design::Power;
use kernel::{Day, Money};
use tables::instalment;
use ui::table::{Cell, Table};
use ui::{Html, form, html, parts, words};

use super::accounts::{self, AWARDED, BUDGET, PAID, SPENT, UNSPENT};
use super::award::{APPROVED, ASKED_BACK, Standing, Version, WITHDRAWN, Whole, href, line_name, named, of_place, year_name};
use super::figures;
use super::money::{about, foreseen};
use crate::ground::html::*;
use crate::ground::{Answer, Cx, Snapshot, Stop};

const SAID: &[(&str, &str)] = &[
    ("terms", "The terms are saved."),
    ("budget", "The budget is saved."),
    ("instalments", "The instalments are saved."),
    ("offered", "Offered. Those who plan money in the place have been told."),
    ("taken-back", "The offer is a draft again, and what was signed under it is void."),
    ("met", "Noted: it has happened."),
    ("talked", "Saved. What was spent stands in the ledger."),
    ("spend-taken-back", "Taken back. It stays in the ledger with your reason, and does not count any more."),
    ("proposed", "Proposed. Those who approve it have been told."),
    ("withdrawn", "The proposal is withdrawn."),
    ("closed", "Closed. What was left is noted as underspend."),
];

/// What the ledger holds of an award.
pub(super) struct Figures {
    pub held: Vec<(tables::account::Model, i64)>,
    /// What was spent, by day.
    pub spend: Vec<(Day, Money)>,
}

impl Figures {
    pub async fn of(cx: &Cx, whole: &Whole) -> Result<Self, Stop> {
        let held = accounts::held(cx.read(), whole.row.id, None).await?;
        let spend = accounts::spend_by_day(cx.read(), &[whole.row.id]).await?.remove(&whole.row.id).unwrap_or_default();
        Ok(Self { spend, held })
    }
    pub fn sum(&self, kind: &str) -> Money {
        accounts::sum(&self.held, kind)
    }
    /// What one account of a kind holds for a line in a year.
    pub fn cell(&self, kind: &str, line: &str, year: i32) -> Money {
        let mine = self.held.iter().filter(|(a, _)| a.kind == kind && a.key == line && a.year == Some(year));
        Money::from_pence(mine.map(|(_, b)| b).sum())
    }
}

pub(super) async fn page(cx: Cx) -> Answer {
    let (programme, place) = (cx.programme()?.clone(), cx.place()?.clone());
    let whole = named(&cx).await?;
    let figures = Figures::of(&cx, &whole).await?;
    let home = href(&programme, &place, whole.row.id);
    let may = |power| cx.viewer().may(power, programme.id, Some(place.id));
    let in_force = matches!(whole.standing(), Standing::Agreed | Standing::Closed);
    let spent = if in_force { super::spend::section(&cx, &programme, &whole, &home).await? } else { html("") };
    let talks = may(Power::ManageGrants) || may(Power::PlanMoney);
    let short = match whole.standing() {
        Standing::Draft | Standing::Offered if may(Power::ManageGrants) => {
            let free = accounts::free(cx.read(), &programme, &whole.row.line).await?;
            (free < whole.amount()).then_some(free)
        }
        _ => None,
    };
    let steps = next_steps(&cx, &programme, &whole, &home);
    let draft = of_place(&cx, format!("Award {}", whole.row.reference))?
        .lead(format!("{} to {}, for {}.", whole.amount(), whole.holder, place.name))
        .done(&cx, SAID);
    Ok(draft.page(
        &cx,
        maud! {
            @if let Some(free) = short {
                (parts::inset(maud! { p {
                    "Of this line " (free.to_string()) " is committed and not awarded. Before both sides can have signed, "
                    a class="govuk-link" href={ (programme.href()) "/money/commit" } { "note what the sponsors commit" } "."
                } }))
            }
            (steps)
            (terms(&programme, &whole, &home))
            @if in_force { (parts::section("money", "The money", money(&cx, &whole, &figures))) }
            (parts::section("instalments", "Instalments", instalments(&cx, &whole, &home)))
            (parts::section("budget", "Budget", maud! {
                (budget(&programme, &whole, &figures))
                (versions(&programme, &whole, &home))
                @if may(Power::PlanMoney) && whole.standing() == Standing::Agreed && whole.waiting().is_none() {
                    p { a class="govuk-link" href={ (&home) "/change" } { "Propose to move money, or to end later" } }
                }
            }))
            @if in_force {
                (parts::section("spent", "What was spent", maud! {
                    @if talks && whole.standing() == Standing::Agreed {
                        ul class="govuk-list" {
                            li { a class="govuk-link" href={ (&home) "/talk" } { "Note what was spent" } }
                            li { a class="govuk-link" href={ (&home) "/sheet" } { "Read it from a spreadsheet" } }
                        }
                    }
                    (&spent)
                }))
            }
            @if whole.standing() == Standing::Agreed && may(Power::ManageGrants) {
                p { a class="govuk-link" href={ (&home) "/close" } { "Close the award" } }
            }
        },
    ))
}

/// What whoever looks can do next, first.
fn next_steps(cx: &Cx, programme: &Snapshot, whole: &Whole, home: &str) -> Html {
    let may = |power| cx.viewer().may(power, programme.id, Some(whole.row.place_id));
    let (makes, plans) = (may(Power::ManageGrants), may(Power::PlanMoney));
    let missing = whole.not_ready(&programme.programme.design.budget_lines);
    html(maud! {
        @match whole.standing() {
            Standing::Draft => {
                (parts::inset(maud! {
                    p { "A draft, which only those who make awards see." }
                    @if !missing.is_empty() { p { "Before it can be offered:" } ul { @for why in &missing { li { (why) } } } }
                }))
                ul class="govuk-list" {
                    li { a class="govuk-link" href={ (home) "/terms" } { "Change the terms" } }
                    li { a class="govuk-link" href={ (home) "/budget" } { "Plan the budget" } }
                    li { a class="govuk-link" href={ (home) "/instalments" } { "Set the instalments" } }
                }
                @if missing.is_empty() {
                    (form::button_form(&format!("{home}/offer"), &cx.form_keys(), form::button("Offer it to the place")))
                }
            }
            Standing::Offered => {
                p { a class="govuk-link" href={ (home) "/agreement" } {
                    @if plans || makes { "Read the agreement and sign it" } @else { "Read the agreement" }
                } }
                @if makes { (form::button_form(&format!("{home}/take-back"), &cx.form_keys(), form::secondary_button("Take the offer back"))) }
            }
            Standing::Agreed => {
                @if makes || plans { (form::button_link("Talk about how it goes", &format!("{home}/talk"))) }
                @if let Some(back) = whole.versions.last().filter(|v| v.row.outcome.as_deref() == Some(ASKED_BACK)) {
                    (parts::inset(maud! { p { "A change was asked back: ‘" (&back.row.answer) "’ " a class="govuk-link" href={ (home) "/changes/" (back.row.number) } { "Version " (back.row.number) } @if plans { ", " a class="govuk-link" href={ (home) "/change" } { "propose it anew" } } "." } }))
                }
                @if let Some(waiting) = whole.waiting() {
                    (parts::inset(maud! { p { "A change waits for an answer: " a class="govuk-link" href={ (home) "/changes/" (waiting.row.number) } { "version " (waiting.row.number) " of the budget" } "." } }))
                }
            }
            Standing::Closed => {}
        }
    })
}

fn terms(programme: &Snapshot, whole: &Whole, home: &str) -> Html {
    let row = &whole.row;
    let line = programme.programme.design.money.iter().find(|l| l.key == row.line).map_or(row.line.as_str(), |l| &l.name);
    let text = |text: &str| html(text);
    let rows = vec![
        ("Stands".to_string(), text(whole.standing().words())),
        ("Comes out of".to_string(), text(line)),
        ("Starts".to_string(), text(&row.starts_on.to_string())),
        ("Ends".to_string(), text(&row.ends_on.to_string())),
    ];
    let list = parts::summary_list(rows);
    html(maud! {
        (list)
        (parts::section("purpose", "What it is for", words::markdown(&row.purpose)))
        @if !row.conditions.is_empty() { (parts::section("conditions", "Conditions", maud! {
            ul class="govuk-list govuk-list--bullet" { @for one in super::agree::conditions(&row.conditions) { li { (one) } } }
        })) }
        @if whole.standing() != Standing::Draft && whole.standing() != Standing::Offered {
            p { a class="govuk-link" href={ (home) "/agreement" } { "The agreement that both sides signed" } }
        }
    })
}

/// Awarded, paid, spent and left, and what will have been spent by the end if it goes on as it does.
fn money(cx: &Cx, whole: &Whole, figures: &Figures) -> Html {
    let (paid, spent) = (figures.sum(PAID), figures.sum(SPENT));
    let with_place = Money::from_pence(paid.pence() - spent.pence());
    let text = |m: Money| html(m.to_string().as_str());
    let mut rows = vec![
        ("Awarded".to_string(), text(whole.amount())),
        ("Paid".to_string(), text(paid)),
        ("Still to be paid".to_string(), text(figures.sum(AWARDED))),
        ("Spent by the place".to_string(), text(spent)),
        match with_place >= Money::ZERO {
            true => ("Paid and not spent".to_string(), text(with_place)),
            false => ("Spent before it is paid".to_string(), text(Money::from_pence(-with_place.pence()))),
        },
        ("Left in the budget".to_string(), text(figures.sum(BUDGET))),
    ];
    if whole.standing() == Standing::Closed {
        rows.push(("Underspend".to_string(), text(figures.sum(UNSPENT))));
    }
    let list = parts::summary_list(rows);
    html(maud! {
        (list)
        @if whole.standing() == Standing::Agreed { (forecast(cx, whole, figures)) }
    })
}

fn forecast(cx: &Cx, whole: &Whole, figures: &Figures) -> Html {
    let row = &whole.row;
    let ahead = ledger::forecast(&figures.spend, row.starts_on, row.ends_on, cx.today(), whole.amount());
    html(maud! {
        h3 { "By the end, if it goes on as it does" }
        @match ahead {
            None => p { "Nothing can be said before three whole months of the award are over." }
            Some(ahead) => {
                @let (least, most) = ahead.underspend();
                p {
                    "By " (row.ends_on.to_string()) " " (foreseen(&ahead)) " will have been spent. "
                    @if most > Money::ZERO { "Between " (about(least.max(Money::ZERO)).to_string()) " and " (about(most).to_string()) " would be left." }
                    @else { "Nothing would be left." }
                    @if ahead.high > whole.amount() { " At the highest rate that is more than the award." }
                }
                (parts::details("How this is worked out", maud! { p { (ledger::METHOD) } p { "From " (ahead.months) " whole months." } }))
            }
        }
    })
}

fn instalments(cx: &Cx, whole: &Whole, home: &str) -> Html {
    let sets = super::schedule::may_set(cx, whole);
    let agreed = whole.standing() == Standing::Agreed;
    let rows = whole.instalments.iter().filter(|i| i.amount > 0).map(|i| {
        let waits = agreed && sets && i.paid_at.is_none() && !i.milestone.is_empty() && i.met_at.is_none();
        let first = html(maud! {
            (&i.milestone)
            @if i.met_at.is_some() { " " (parts::tag("Has happened", parts::Tone::Good)) }
            @if waits {
                (form::button_form(&format!("{home}/milestone"), &cx.form_keys(), maud! {
                    (form::hidden("_instalment", &i.id.to_string()))
                    button class="govuk-button govuk-button--secondary" type="submit" { "It has happened" span class="govuk-visually-hidden" { " before instalment " (i.number) } }
                }))
            }
        });
        vec![
            Cell::number(i.number).head(),
            Cell::money(Money::from_pence(i.amount)),
            i.due_on.map_or_else(|| Cell::text("No day"), Cell::day),
            Cell::html(first),
            Cell::text(stands(i)),
        ]
    });
    let rows: Vec<_> = rows.collect();
    let foot =
        vec![Cell::text("Together").head(), Cell::money(whole.scheduled()), Cell::text(""), Cell::text(""), Cell::text("")];
    let none = rows.is_empty();
    let table = Table::new("Instalments", &["Instalment", "Amount", "Due", "First", "Stands"], rows).foot(foot).quiet().html();
    html(maud! {
        @if none { p { "None is set yet." } } @else { (table) }
        @if sets && agreed { p { a class="govuk-link" href={ (home) "/instalments" } { "Change what is not approved yet" } } }
    })
}

fn stands(row: &instalment::Model) -> String {
    match (row.paid_on, row.payment_file_id) {
        (Some(day), _) => format!("Paid on {day}, {}", row.paid_reference),
        (None, Some(_)) => "Handed over to be paid".into(),
        (None, None) => "Not paid".into(),
    }
}

/// The budget in force, with what is spent and left of each line.
fn budget(programme: &Snapshot, whole: &Whole, figures: &Figures) -> Html {
    let Some(version) = whole.budget().filter(|v| v.total() > Money::ZERO) else {
        return html(maud! { p { "Nothing is planned yet." } });
    };
    let agreed = matches!(whole.standing(), Standing::Agreed | Standing::Closed);
    let mut rows = Vec::new();
    for year in 1..=whole.years() {
        let of_year = programme.programme.design.budget_lines.iter().map(|l| l.key.as_str());
        let of_year = of_year.flat_map(|line| version.cells.iter().filter(move |c| c.year == year && c.line == line));
        let there = |line: &str| programme.programme.design.budget_lines.iter().any(|l| l.key == line);
        let gone = version.cells.iter().filter(|c| c.year == year && !there(&c.line));
        for cell in of_year.chain(gone) {
            let (planned, spent) = (Money::from_pence(cell.after), figures.cell(SPENT, &cell.line, year));
            if planned == Money::ZERO && spent == Money::ZERO {
                continue;
            }
            let mut row = vec![
                Cell::text(line_name(programme, &cell.line)).head(),
                Cell::text(year_name(&whole.row, year)),
                Cell::money(planned),
            ];
            if agreed {
                row.extend([Cell::money(spent), Cell::money(figures.cell(BUDGET, &cell.line, year))]);
            }
            rows.push(row);
        }
    }
    let mut foot = vec![Cell::text("Together").head(), Cell::text(""), Cell::money(version.total())];
    let mut heads = vec!["Line", "Year", "Planned"];
    if agreed {
        heads.extend(["Spent", "Left"]);
        foot.extend([Cell::money(figures.sum(SPENT)), Cell::money(figures.sum(BUDGET))]);
    }
    html(Table::new("The budget in force", &heads, rows).foot(foot))
}

/// How the budget came to be what it is: every version, drawn and told.
fn versions(programme: &Snapshot, whole: &Whole, home: &str) -> Html {
    if whole.versions.len() < 2 {
        return html("");
    }
    let rows = whole.versions.iter().rev().map(|v| {
        let what = match v.row.number {
            1 => "The budget that was agreed".to_string(),
            _ => said(v),
        };
        vec![
            Cell::link(&format!("{home}/changes/{}", v.row.number), &format!("Version {}", v.row.number)).head(),
            Cell::text(v.row.proposed_at.day().to_string()),
            Cell::text(what),
            Cell::text(stands_version(v)),
        ]
    });
    let table = Table::new("Versions of the budget", &["Version", "Proposed", "What changes", "Stands"], rows.collect()).html();
    html(maud! { (figures::steps(programme, whole)) (table) })
}

/// What a version asks for, in a line.
pub(super) fn said(version: &Version) -> String {
    let moved = (version.moved() > Money::ZERO).then(|| format!("{} moves", version.moved()));
    let ends = version.row.ends_on.map(|day| format!("ends on {day}"));
    [moved, ends].into_iter().flatten().collect::<Vec<_>>().join(", ")
}

pub(super) fn stands_version(version: &Version) -> String {
    match version.row.outcome.as_deref() {
        None => "Waits for an answer".into(),
        Some(APPROVED) => "Approved".into(),
        Some(ASKED_BACK) => "Asked back".into(),
        Some(WITHDRAWN) => "Withdrawn".into(),
        Some(other) => other.to_string(),
    }
}
