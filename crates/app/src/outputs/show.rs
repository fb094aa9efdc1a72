//! An output's page: what it says so far, how far it has come, who agreed, and what is still to be done before it is public.

use std::collections::HashMap;

use kernel::{Days, Fault, Invalid};
use sea_orm::QueryOrder;
use sea_orm::entity::prelude::*;
use store::fault;
use tables::{PlaceId, consent, person, place, publication};
use ui::form;
use ui::parts::{self, SummaryRow, Tone};
use ui::table::{Cell, Table};
use ui::{Html, html};

use super::consents::{self, Consents, Quoted, Stands};
use super::names::{self, Flag};
use super::{Output, State, named, plan, publishes, writer};
use crate::entries;
use crate::ground::html::*;
use crate::ground::{Answer, Cx, Draft, Form, Stop};
use crate::learning;
use crate::ledger::days;

const SAID: &[(&str, &str)] = &[
    ("started", "Started. Write on whenever you like; those named below can read it."),
    ("written", "Saved. The version before is kept."),
    ("asked-again", "Saved, and being written again: the version before is kept. Put it to those it is about when it is ready."),
    ("quoted", "Quoted. Whoever said it is asked when you put the output to those it is about."),
    ("unquoted", "Removed."),
    ("planned", "Saved."),
    (
        "asking",
        "They are asked now: it stands in their Today, and those whose address is known get a mail. What they answer stands below.",
    ),
    ("draft", "It can be written on."),
    ("replaced", "Replaced wherever it stood. Whoever’s words this touches is asked again."),
    (
        "taken-over",
        "Their words stand now. Whoever says them in their own name has agreed to them; whoever answers for somebody else is asked once more.",
    ),
    ("published", "Published. Everybody can read it now."),
    ("withdrawn", "Withdrawn. Its address says so, and why."),
    ("restarted", "It can be written on."),
];

/// Who reads what stands in an output's circle.
pub(super) async fn readers(cx: &Cx, output: &Output) -> Result<Html, Stop> {
    let circle = output.programme.circle(output.entry.circle_id).ok_or(Stop::Missing)?;
    Ok(entries::who_reads(cx, circle, output.entry.place_id).await?)
}

/// `/programmes/{programme}/outputs/{entry}`
pub(super) async fn page(cx: Cx) -> Answer {
    let output = named(&cx).await?;
    shown(&cx, &output, &Form::default(), &Invalid::default()).await
}

pub(super) async fn shown(cx: &Cx, output: &Output, typed: &Form, wrong: &Invalid) -> Answer {
    let quoted = consents::quoted(cx, output).await?;
    let writes = writer(cx, output).is_some();
    let line = readers(cx, output).await?;
    let way = way(cx, output, &quoted).await?;
    let asked = asked(cx, output, &quoted, writes).await?;
    let margin = learning::margin(cx, &output.programme, &output.entry).await?;
    let flags = if writes { names::flags(cx, output, &quoted).await? } else { Vec::new() };
    let flagged = flagged(cx, output, &flags, typed, wrong);
    let planned = if writes { plan::section(cx, output, typed, wrong).await? } else { html("") };
    let published = published(cx, output, typed, wrong).await?;
    let home = output.href();
    let kind = output.programme.kind_name(&output.entry.kind);
    let draft = Draft::new(&output.entry.title)
        .crumb(&output.programme.name, output.programme.href())
        .crumb("Outputs", format!("{}/outputs", output.programme.href()));
    Ok(draft.lead(format!("{kind}: {}.", output.state().name().to_lowercase())).done(cx, SAID).invalid(wrong).page(
        cx,
        maud! {
            (line)
            (way)
            @if writes {
                p class="entry-actions" {
                    a href={ (&home) "/write" } { "Write" } " · "
                    a href={ (&home) "/quote" } { "Quote an excerpt" } " · "
                    a href={ (output.programme.href()) "/entries/" (output.entry.id.to_string()) "/history" } { "History" }
                }
            }
            (parts::section("text", "What it says", maud! {
                (output.text().whole(|number| consents::shown(&quoted, number)))
            }))
            (asked)
            (parts::section("margin", "In the margin", &margin))
            (flagged)
            (published)
            (planned)
        },
    ))
}

/// How far it has come, and the next step.
async fn way(cx: &Cx, output: &Output, quoted: &[Quoted]) -> Result<Html, Stop> {
    let row = &output.row;
    let owner = person::Entity::find_by_id(row.owner_id).one(cx.read()).await.map_err(fault("load who looks after it"))?;
    let places = names_of(cx, &output.about()).await?;
    let staff = entries::sees_staff_time(cx, &output.programme);
    let used = if staff { days::staff_used(cx.read(), &[output.entry.id]).await?.remove(&output.entry.id) } else { None };
    let rows = [
        ("Stands", output.state().name().to_string()),
        ("Looked after by", owner.map(|p| p.name).unwrap_or_default()),
        ("To be out by", row.due_on.map(|d| d.to_string()).unwrap_or_default()),
        ("For", row.audience.clone()),
        ("About", places.join(", ")),
        ("Time booked", if row.booked > 0 { Days::from_quarters(row.booked.into()).to_string() } else { String::new() }),
        ("Time of the staff logged", used.map(|days| days.to_string()).unwrap_or_default()),
    ];
    let rows: Vec<SummaryRow> = rows
        .into_iter()
        .filter(|(_, v)| !v.is_empty())
        .map(|(key, value)| SummaryRow::from((key, html(maud! { (&value) }))))
        .collect();
    let unanswered = quoted.iter().filter(|q| matches!(q.stands, Stands::Waiting)).count();
    let keys = cx.form_keys();
    let home = output.href();
    let (writes, publishes) = (writer(cx, output).is_some(), publishes(cx, output));
    let summary = parts::summary_list(rows);
    let lacks = output.text().lacks();
    Ok(html(maud! {
        (summary)
        @if staff && !output.state().is_over() { p { a href={ (output.programme.href()) "/days/staff?entry=" (output.entry.id.to_string()) "#log" } { "Log your time for it" } } }
        @match output.state() {
            State::Idea if writes => (plan::step(&home, &keys, "draft", "Begin to write it")),
            State::Draft if writes && lacks.is_empty() => (plan::step(&home, &keys, "asking", "Put it to those it is about")),
            State::Draft if writes => {
                p { "Before it is put to those it is about, " a href={ (&home) "/write" } { "write on" } ". They see exactly what would be published, and something is missing:" }
                ul { @for lack in &lacks { li { (lack) "." } } }
            }
            State::Asking => {
                @if publishes { p { (form::button_link("Look at what is missing, and publish", &format!("{home}/publish"))) } }
                @if writes { (plan::step_back(&home, &keys, "draft", "Take it back to write on")) }
                @if unanswered > 0 { p { (unanswered) @if unanswered == 1 { " quotation waits for an answer." } @else { " quotations wait for an answer." } } }
            }
            State::Published if writes => p { "To bring it up to date, write on: what is published stays until the new text is signed off and takes its place." }
            State::Withdrawn if writes => (plan::step(&home, &keys, "draft", "Begin again from this text")),
            _ => {}
        }
    }))
}

/// The names of places, in the order in which they are named.
pub(super) async fn names_of(cx: &Cx, places: &[PlaceId]) -> Result<Vec<String>, Fault> {
    let found = place::Entity::find().filter(place::COLUMN.id.is_in(places.iter().copied()));
    let found: HashMap<PlaceId, String> =
        found.all(cx.read()).await.map_err(fault("load places"))?.into_iter().map(|p| (p.id, p.name)).collect();
    Ok(places.iter().filter_map(|id| found.get(id).cloned()).collect())
}

/// Who is asked, and what each says.
async fn asked(cx: &Cx, output: &Output, quoted: &[Quoted], writes: bool) -> Result<Html, Stop> {
    let consents = Consents::of(cx.read(), output.entry.id).await?;
    let hash = consents::hash_of_all(output, quoted);
    let all = consents::places(output, quoted, &consents);
    let names = names_of(cx, &all).await?;
    let mut rows = Vec::new();
    for q in quoted {
        rows.push(quotation_row(cx, output, q, writes));
    }
    for (id, name) in all.iter().zip(&names) {
        let said = consents.said(id, &hash);
        let stands = match said.map(|c| c.answer.as_str()) {
            Some(consents::YES) => parts::tag("signed off", Tone::Good),
            Some(consents::CHANGED) => parts::tag("signed off if it is changed", Tone::Warning),
            Some(_) => parts::tag("not signed off", Tone::Warning),
            None if consents.all_of(id).next().is_some() => parts::tag("not answered for this text", Tone::Neutral),
            None => parts::tag("not answered yet", Tone::Neutral),
        };
        let why = said.map_or_else(|| earlier(consents.last_of(id)), |c| c.why.clone());
        rows.push(vec![
            Cell::text(name).head(),
            Cell::text("the whole text"),
            Cell::html(stands),
            Cell::text(&why),
            Cell::text(""),
        ]);
    }
    let signs: Vec<&str> = output.rule.signed_by.iter().map(|r| output.programme.role_name(r)).collect();
    let table = Table::new("Who is asked", &["Who", "For", "Says", "In their words", ""], rows).html();
    Ok(html(maud! {
        (parts::section("asked", "Who agrees", maud! {
            @if quoted.is_empty() && all.is_empty() { p class="muted" { "Nobody is quoted, and it is about no place. Nobody has to agree." } } @else { (table) }
            @if !signs.is_empty() && !all.is_empty() {
                p class="muted" { "For a place, one of these signs off, once everybody who is quoted has agreed: " (signs.join(", ").to_lowercase()) "." }
            }
        }))
    }))
}

/// What was said of words that have changed since.
fn earlier(before: Option<&consent::Model>) -> String {
    before.filter(|c| !c.why.is_empty()).map(|c| format!("Before: {}", c.why)).unwrap_or_default()
}

fn quotation_row(cx: &Cx, output: &Output, q: &Quoted, writes: bool) -> Vec<Cell> {
    let who = match q.own {
        true if q.row.attribution.is_empty() => "Somebody who is not named".to_string(),
        true => q.row.attribution.clone(),
        false => "Somebody who is quoted".to_string(),
    };
    let tone = match q.stands {
        Stands::Agreed => Tone::Good,
        Stands::Waiting | Stands::Unused => Tone::Neutral,
        _ => Tone::Warning,
    };
    // How somebody else agreed stays between them and whoever answers for them.
    let told = |c: &&consent::Model| q.own && (!q.row.for_another || c.answer == consents::CHANGED);
    let why = match q.said.as_ref() {
        Some(said) => Some(said).filter(told).map(|c| c.why.clone()).unwrap_or_default(),
        None => earlier(q.before.as_ref().filter(told)),
    };
    let takes = writes && q.own && q.stands == Stands::Changed && !why.is_empty();
    let keys = cx.form_keys();
    let home = output.href();
    let number = q.row.number;
    let buttons = html(maud! {
        @if takes {
            (form::button_form(&home, &keys, maud! {
                (form::hidden("do", "take-over")) (form::hidden("quotation", &q.row.id.to_string()))
                (form::secondary_button(&format!("Use their words for quotation {number}")))
            }))
        }
        @if writes {
            (form::button_form(&home, &keys, maud! {
                (form::hidden("do", "unquote")) (form::hidden("quotation", &q.row.id.to_string()))
                (form::secondary_button(&format!("Remove quotation {number}")))
            }))
        }
    });
    vec![
        Cell::text(who).head(),
        Cell::text(format!("quotation {number}")),
        Cell::html(parts::tag(q.stands.name(), tone)),
        Cell::text(&why),
        Cell::html(buttons),
    ]
}

/// What may tell who somebody is, and the form that replaces it everywhere.
fn flagged(cx: &Cx, output: &Output, flags: &[Flag], typed: &Form, wrong: &Invalid) -> Html {
    if writer(cx, output).is_none() {
        return html("");
    }
    let rows = flags.iter().map(|f| vec![Cell::text(&f.text).head(), Cell::text(f.what), Cell::number(f.times)]).collect();
    let table = Table::new("Found in title, text and quotations", &["What stands there", "It is", "How often"], rows).html();
    let name =
        form::Field::new("name", "Replace").hint("As it stands in the text.").value(typed.get("name")).error(wrong.of("name"));
    let by = form::Field::new("by", "By").hint("Such as “a project lead”.").value(typed.get("by")).error(wrong.of("by"));
    html(maud! {
        (parts::section("names", "Names and details", maud! {
            @if flags.is_empty() { p { "No name of anybody in this programme, of its other places or organisations, no address and no number was found. Nobody but you can see what else gives somebody away: a job, an illness, a street, a name from outside. Read it once more for that." } } @else { (table) }
            (form::form(&output.href(), &cx.form_keys(), maud! {
                (form::hidden("do", "replace"))
                (form::text(name))
                (form::text(by))
                (form::secondary_button("Replace it everywhere"))
            }))
        }))
    })
}

/// The versions that were published.
async fn published(cx: &Cx, output: &Output, typed: &Form, wrong: &Invalid) -> Result<Html, Stop> {
    let found = publication::Entity::find()
        .filter(publication::COLUMN.entry_id.eq(output.entry.id))
        .order_by_desc(publication::Column::Number)
        .order_by_desc(publication::Column::Id);
    let all = found.all(cx.read()).await.map_err(fault("list publications"))?;
    let rows = all.iter().map(|p| {
        vec![
            Cell::link(&format!("/library/{}/{}", p.slug, p.number), &format!("Version {}", p.number)).head(),
            Cell::day(p.published_on),
            Cell::text(&p.title),
            p.withdrawn_at.map_or_else(|| Cell::text("stands"), |at| Cell::text(format!("withdrawn on {}", at.day()))),
        ]
    });
    let live = all.iter().any(|p| p.withdrawn_at.is_none());
    let table = Table::new("What was published", &["Version", "On", "Title", "Stands"], rows.collect()).html();
    let may = publishes(cx, output) && live;
    Ok(html(maud! {
        @if !all.is_empty() {
            (parts::section("published", "Published", maud! {
                (table)
                @if may { (plan::withdraw_form(cx, output, typed, wrong)) }
            }))
        }
    }))
}
