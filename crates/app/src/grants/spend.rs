//! What was spent of an award, line by line as it was noted, and taking back what was noted wrongly. Nothing is changed: what
//! is taken back stays in the ledger, with what takes it back.

use kernel::{Invalid, Money};
use sea_orm::Condition;
use sea_orm::entity::prelude::*;
use store::fault;
use tables::{MovementId, PersonId, award, movement, person};
use ui::form::{self, Field};
use ui::table::{Cell, Table};
use ui::{Html, html, parts};

use super::accounts::{SPEND, SPENT};
use super::award::{Standing, Whole, below, href, line_name, named, not_now, whole as load};
use super::talk;
use crate::ground::html::*;
use crate::ground::{Act, Answer, Cx, Snapshot, Stop};
use crate::ledger::{NotPosted, Told, counter, movements};

/// The newest that the page lists.
const LISTED: u64 = 200;
const LONGEST_REASON: usize = 300;

fn noted(whole: &Whole) -> Condition {
    Condition::all().add(movement::COLUMN.award_id.eq(whole.row.id)).add(movement::COLUMN.kind.eq(SPEND))
}

/// Whether what was noted can be taken back now, by whoever looks.
fn open(cx: &Cx, whole: &Whole) -> bool {
    let may = |power| cx.viewer().may(power, whole.row.programme_id, Some(whole.row.place_id));
    whole.standing() == Standing::Agreed && (may(design::Power::ManageGrants) || may(design::Power::PlanMoney))
}

/// The section of an award's page.
pub(super) async fn section(cx: &Cx, programme: &Snapshot, whole: &Whole, home: &str) -> Result<Html, Stop> {
    let all = movements(cx.read(), noted(whole), LISTED).await?;
    let by = names(cx, &all).await?;
    let (open, reads) = (open(cx, whole), talk::open(cx, whole).is_ok());
    let rows = all.iter().filter_map(|told| {
        let (line, amount) = spent(programme, told)?;
        let id = told.movement.id;
        let name = by.iter().find(|p| p.id == told.movement.person_id).map_or("", |p| p.name.as_str());
        let stands = match &told.countered_by {
            Some(counter) => html(maud! { (parts::tag("Taken back", parts::Tone::Neutral)) " " (&counter.why) }),
            None if open => html(maud! {
                a class="govuk-link" href={ (home) "/spent/" (id.to_string()) } {
                    "Take back" span class="govuk-visually-hidden" { " " (amount.to_string()) " for " (&line) ", " (told.movement.on_day.to_string()) }
                }
            }),
            None => html(""),
        };
        Some(vec![
            // Whoever writes in the conversation reads in it what was said.
            match told.movement.entry_id.filter(|_| reads) {
                Some(entry) => Cell::link(&format!("{}/entries/{entry}", programme.href()), &told.movement.on_day.to_string()).head(),
                None => Cell::day(told.movement.on_day).head(),
            },
            Cell::text(line),
            Cell::money(amount),
            Cell::text(name),
            Cell::html(stands),
        ])
    });
    let rows: Vec<_> = rows.collect();
    let (none, full) = (rows.is_empty(), all.len() as u64 == LISTED);
    let table =
        Table::new("What was noted as spent", &["Day", "Line", "Amount", "Noted by", "If it is wrong"], rows).quiet().html();
    Ok(html(maud! {
        @if none { p { "Nothing was noted as spent yet." } } @else { (table) }
        @if full { p class="muted" { "The newest " (LISTED.to_string()) "." } }
    }))
}

/// The line that a movement of spend is for, and how much it is.
fn spent(programme: &Snapshot, told: &Told) -> Option<(String, Money)> {
    let (account, amount) = told.at(SPENT)?;
    Some((line_name(programme, &account.key).to_string(), Money::from_pence(amount)))
}

async fn names(cx: &Cx, all: &[Told]) -> Result<Vec<person::Model>, Stop> {
    let ids: Vec<PersonId> = all.iter().map(|t| t.movement.person_id).collect();
    let found = person::Entity::find().filter(person::COLUMN.id.is_in(ids)).all(cx.read()).await;
    Ok(found.map_err(fault("list people"))?)
}

/// The movement that the path names, as one of the award's that counts.
async fn one(cx: &Cx, whole: &Whole) -> Result<Told, Stop> {
    let id: MovementId = cx.param("movement").parse().map_err(|_| Stop::Missing)?;
    let found = movements(cx.read(), noted(whole).add(movement::COLUMN.id.eq(id)), 1).await?;
    let found = found.into_iter().next().ok_or(Stop::Missing)?;
    let here = href(cx.programme()?, cx.place()?, whole.row.id);
    if !found.stands() {
        return Err(not_now(whole, "It was taken back already", "What was noted here does not count any more.", here));
    }
    if whole.standing() != Standing::Agreed {
        return Err(not_now(whole, "The award is not in force", "What was spent of it stands.", here));
    }
    Ok(found)
}

/// `…/awards/{award}/spent/{movement}`
pub(super) async fn form(cx: Cx) -> Answer {
    let whole = named(&cx).await?;
    let told = one(&cx, &whole).await?;
    page(&cx, &whole, &told, "", &Invalid::default())
}

fn page(cx: &Cx, whole: &Whole, told: &Told, why: &str, wrong: &Invalid) -> Answer {
    let (line, amount) = spent(cx.programme()?, told).ok_or(Stop::Missing)?;
    let draft = below(cx, whole, "Take back what was noted as spent")?
        .lead("For what was noted wrongly. It stays in the ledger, with your reason, and does not count any more. Then note what is right.")
        .invalid(wrong);
    let row = |name: &str, text: String| (name.to_string(), html(text.as_str()));
    let hint = "Everybody who sees the award reads it.";
    let field = Field::new("why", "What is wrong with it?").hint(hint).value(why).error(wrong.of("why"));
    Ok(draft.page(
        cx,
        maud! {
            (parts::summary_list(vec![row("Line", line.clone()), row("Amount", amount.to_string()), row("Day", told.movement.on_day.to_string())]))
            (form::form(cx.path(), &cx.form_keys(), maud! { (form::text(field)) (form::warning_button("Take it back")) }))
        },
    ))
}

pub(super) async fn take_back(act: Act) -> Answer {
    let (programme, place) = (act.programme()?.clone(), act.place()?.clone());
    let whole = named(&act).await?;
    let (told, why) = (one(&act, &whole).await?, act.form.get("why"));
    if why.is_empty() || why.chars().count() > LONGEST_REASON {
        let wrong = Invalid::one("why", format!("Say what is wrong with it, in at most {LONGEST_REASON} characters"));
        return page(&act, &whole, &told, why, &wrong);
    }
    let here = href(&programme, &place, whole.row.id);
    let mut write = act.write("take back what was noted as spent").await?;
    let before = write.lock::<award::Entity>(whole.row.id).await?.ok_or(Stop::Missing)?;
    let whole = load(write.tx(), before).await?;
    if whole.standing() != Standing::Agreed {
        return Err(not_now(&whole, "The award is not in force", "Somebody has closed it meanwhile.", here));
    }
    match counter(&mut write, &told.movement, told.movement.on_day, why.to_string(), act.person()?).await {
        Ok(_) => act.save(write, &format!("{here}?done=spend-taken-back")).await,
        Err(NotPosted::Fault(fault)) => Err(fault.into()),
        Err(NotPosted::Refused(refused)) => Err(not_now(&whole, "It cannot be taken back", &format!("{refused}."), here)),
    }
}
