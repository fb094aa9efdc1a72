//! What a programme rests on: purpose, hypotheses, assumptions, gaps in knowledge. How each stands and why, what speaks for
//! and against it, and when it is looked at next. Nothing is overwritten.

use design::{Power, Statement, Status};
use kernel::{Day, Fault, Invalid};
use sea_orm::QueryOrder;
use sea_orm::entity::prelude::*;
use store::fault;
use tables::{EntryId, EvidenceId, StatementMoveId, entry, evidence, person, statement_move};
use ui::form::{self, Choice, Field};
use ui::parts;
use ui::table::{Cell, Table};

use crate::entries::{self, Asked};
use crate::ground::html::*;
use crate::ground::{Act, Answer, Cx, Draft, Held, Snapshot, Stop};

/// The lists that are followed: what may turn out to be otherwise.
const FOLLOWED: [(&str, &str); 6] = [
    ("purpose", "Purpose"),
    ("hypotheses", "Hypotheses"),
    ("assumptions", "Assumptions"),
    ("gaps", "Gaps in knowledge"),
    ("unintended", "Unintended effects"),
    ("questions", "Open questions"),
];

const SAID: &[(&str, &str)] =
    &[("moved", "Saved. How it stood before stays below."), ("linked", "Saved. Those who may read the entry see it here.")];

fn all(programme: &Snapshot) -> Vec<(&'static str, &'static str, &Statement)> {
    let lists = programme.programme.design.statements();
    let of = |(key, name): (&'static str, &'static str)| {
        let list = lists.iter().find(|(list, _)| *list == key).map(|(_, s)| *s).unwrap_or_default();
        list.iter().map(move |s| (key, name, s)).collect::<Vec<_>>()
    };
    FOLLOWED.into_iter().flat_map(of).collect()
}

fn id(list: &str, statement: &Statement) -> String {
    format!("{list}.{}", statement.key)
}

async fn moves(cx: &Cx, programme: &Snapshot, of: Option<&str>) -> Result<Vec<statement_move::Model>, Fault> {
    let mut query = statement_move::Entity::find().filter(statement_move::COLUMN.programme_id.eq(programme.id));
    if let Some(of) = of {
        query = query.filter(statement_move::COLUMN.statement.eq(of));
    }
    let query = query.order_by_asc(statement_move::Column::At).order_by_asc(statement_move::Column::Id);
    query.all(cx.read()).await.map_err(fault("list looks at statements"))
}

fn status_words(key: &str) -> &str {
    match Status::from_key(key) {
        Some(status) => status.words(),
        None => key,
    }
}

fn by_design(statement: &Statement) -> &'static str {
    statement.status.map_or("not stated", Status::words)
}

/// `/programmes/{programme}/statements`
pub(super) async fn list(cx: Cx) -> Answer {
    let programme = cx.programme()?.clone();
    let moves = moves(&cx, &programme, None).await?;
    let brought = match offered(&cx) {
        Some(id) => entries::find(&cx, id).await?.map(|(entry, _)| entry),
        None => None,
    };
    let end = brought.as_ref().map(|entry| format!("?entry={}#link", entry.id)).unwrap_or_default();
    let rows = all(&programme).into_iter().map(|(list, name, statement)| {
        let key = id(list, statement);
        let last = moves.iter().rev().find(|m| m.statement == key);
        let owner = statement.owner.as_deref().map_or("nobody", |r| programme.role_name(r));
        let late = last.and_then(|m| m.next_look).is_some_and(|day| day < cx.today());
        vec![
            Cell::text(name),
            Cell::link(&format!("{}/statements/{key}{end}", programme.href()), &statement.text).head(),
            Cell::text(owner),
            Cell::text(last.map_or_else(|| by_design(statement), |m| status_words(&m.status))),
            match last.and_then(|m| m.next_look) {
                Some(day) if late => Cell::html(maud! { (day.to_string()) " " (parts::tag("late", parts::Tone::Warning)) }),
                Some(day) => Cell::day(day),
                None => Cell::text("—"),
            },
        ]
    });
    let table = Table::new("What the programme rests on", &["", "Statement", "Kept by", "Stands", "Next look"], rows.collect())
        .quiet()
        .html();
    let lead = "Each with who keeps it, how it has fared, and when it is looked at again.";
    Ok(Draft::new("What the programme rests on").lead(lead).crumb(&programme.name, programme.href()).page(
        &cx,
        maud! {
            (super::pages(&cx))
            @if let Some(entry) = &brought {
                (parts::inset(maud! { p { "Choose the statement that “" (&entry.title) "” speaks for or against." } }))
            }
            (table)
        },
    ))
}

/// An entry that somebody means to bring as evidence.
fn offered(cx: &Cx) -> Option<EntryId> {
    cx.query("entry").parse().ok()
}

fn named<'a>(cx: &Cx, programme: &'a Snapshot) -> Result<(String, &'static str, &'a Statement), Stop> {
    let wanted = cx.param("statement");
    let found = all(programme).into_iter().find(|(list, _, s)| id(list, s) == wanted);
    found.map(|(list, name, s)| (id(list, s), name, s)).ok_or(Stop::Missing)
}

/// The role in which the viewer keeps a statement: its owner's, or one that runs the programme.
fn keeper<'a>(cx: &'a Cx, programme: &Snapshot, statement: &Statement) -> Option<&'a Held> {
    cx.held().find(|h| statement.owner.as_ref() == Some(&h.role) || programme.role_may(&h.role, Power::RunProgramme))
}

/// `/programmes/{programme}/statements/{statement}`
pub(super) async fn show(cx: Cx) -> Answer {
    shown(&cx, &Invalid::default()).await
}

/// What was sent, where this page answers a form.
fn sent<'a>(form: Option<&'a crate::ground::Form>, name: &str) -> &'a str {
    form.map_or("", |f| f.get(name))
}

async fn shown(cx: &Cx, wrong: &Invalid) -> Answer {
    page(cx, None, wrong).await
}

async fn page(cx: &Cx, form_sent: Option<&crate::ground::Form>, wrong: &Invalid) -> Answer {
    let programme = cx.programme()?.clone();
    let (key, list, statement) = named(cx, &programme)?;
    let moves = moves(cx, &programme, Some(&key)).await?;
    let people = person::Entity::find().filter(person::COLUMN.id.is_in(moves.iter().map(|m| m.person_id)));
    let people = people.all(cx.read()).await.map_err(fault("list people"))?;
    let stands = moves.last().map_or_else(|| by_design(statement), |m| status_words(&m.status));
    let history = moves.iter().rev().map(|m| {
        let who = people.iter().find(|p| p.id == m.person_id).map(|p| p.name.clone()).unwrap_or_default();
        vec![Cell::day(m.at.day()).head(), Cell::text(status_words(&m.status)), Cell::text(&m.why), Cell::text(who)]
    });
    let history =
        Table::new("How it has stood, the newest first", &["When", "Stands", "Why", "Who"], history.collect()).quiet().html();
    let (speaks_for, against) = (linked(cx, &programme, &key, "for").await?, linked(cx, &programme, &key, "against").await?);
    let keeps = keeper(cx, &programme, statement).is_some();
    let writes = cx.held().any(|h| programme.role_may(&h.role, Power::WriteEntries));
    let home = format!("{}/statements/{key}", programme.href());
    let statuses: Vec<Choice> = Status::ALL.iter().map(|s| Choice::new(s.key(), s.words())).collect();
    let sides = [Choice::new("for", "It speaks for it"), Choice::new("against", "It speaks against it")];
    let draft = Draft::new(list)
        .crumb(&programme.name, programme.href())
        .crumb("What it rests on", format!("{}/statements", programme.href()));
    let offered = offered(cx).map(|id| format!("{}/entries/{id}", programme.href())).unwrap_or_default();
    let hint = "As your browser shows it when you have the entry open. Only those who may read the entry see the link.";
    Ok(draft.lead(&statement.text).invalid(wrong).done(cx, SAID).page(
        cx,
        maud! {
            p { "It stands: " strong { (stands) } ". Kept by " (statement.owner.as_deref().map_or("nobody", |r| programme.role_name(r))) "." }
            @if let Some(evidence) = &statement.evidence { p { (evidence) } }
            (parts::section("evidence", "What speaks for and against it", maud! {
                h3 { "For" } (speaks_for)
                h3 { "Against" } (against)
            }))
            @if !moves.is_empty() { (history) }
            @if keeps {
                (parts::section("look", "Look at it again", maud! {
                    (form::form(&home, &cx.form_keys(), maud! {
                        (form::hidden("do", "move"))
                        (form::radios(Field::new("status", "How does it stand now?").value(sent(form_sent, "status")).error(wrong.of("status")), &statuses))
                        (form::long_text(Field::new("why", "Why").value(sent(form_sent, "why")).error(wrong.of("why")), 3))
                        (form::date(Field::new("next_look", "When to look next").value(sent(form_sent, "next_look")).error(wrong.of("next_look")).optional()))
                        (form::button("Save how it stands"))
                    }))
                }))
            }
            @if writes {
                (parts::section("link", "Bring evidence", maud! {
                    p { "Or open the entry, and choose “Bring it as evidence” there." }
                    (form::form(&home, &cx.form_keys(), maud! {
                        (form::hidden("do", "link"))
                        (form::text(Field::new("entry", "The entry’s address").hint(hint).value(form_sent.map_or(&offered, |f| f.get("entry"))).error(wrong.of("entry"))))
                        (form::radios(Field::new("side", "What does it say?").value(sent(form_sent, "side")).error(wrong.of("side")), &sides))
                        (form::secondary_button("Bring this entry"))
                    }))
                }))
            }
        },
    ))
}

/// The entries on one side, as far as the viewer may read them.
async fn linked(cx: &Cx, programme: &Snapshot, key: &str, side: &str) -> Result<ui::Html, Fault> {
    let found = evidence::Entity::find()
        .filter(evidence::COLUMN.programme_id.eq(programme.id))
        .filter(evidence::COLUMN.statement.eq(key))
        .filter(evidence::COLUMN.side.eq(side))
        .order_by_asc(evidence::Column::Id);
    let ids: Vec<EntryId> = found.all(cx.read()).await.map_err(fault("list evidence"))?.into_iter().map(|e| e.entry_id).collect();
    let entries = match ids.is_empty() {
        true => Vec::new(),
        false => entries::list(cx, programme, &Asked { only: Some(ids), limit: 200, ..Asked::default() }).await?,
    };
    Ok(ui::html(maud! {
        @if entries.is_empty() { p { "Nothing that you may read." } } @else {
            ul class="govuk-list govuk-list--bullet" {
                @for one in &entries { li { a href={ (programme.href()) "/entries/" (one.id.to_string()) } { (&one.title) } ", " (one.happened_on.to_string()) } }
            }
        }
    }))
}

pub(super) async fn save(act: Act) -> Answer {
    let programme = act.programme()?.clone();
    let (key, _, statement) = named(&act, &programme)?;
    let home = format!("{}/statements/{key}", programme.href());
    let mut wrong = Invalid::default();
    if act.form.get("do") == "link" {
        let held = act.held().any(|h| programme.role_may(&h.role, Power::WriteEntries));
        if !held {
            return Err(Stop::forbidden("Others bring evidence", "Your roles read this page."));
        }
        let id = act.form.get("entry").rsplit("/entries/").next().unwrap_or_default();
        let id = id.split(['?', '#', '/']).next().unwrap_or_default().parse::<EntryId>().ok();
        let found = match id {
            Some(id) => entries::find(&act, id).await?.map(|(entry, _)| entry),
            None => None,
        };
        if found.is_none() {
            wrong.add("entry", "There is no entry of this programme that you may read at this address");
        }
        let side = act.form.get("side");
        if !["for", "against"].contains(&side) {
            wrong.add("side", "Choose what it says");
        }
        let Some(found) = found.filter(|_| wrong.is_empty()) else { return page(&act, Some(&act.form), &wrong).await };
        return link(&act, &programme, &key, &found, &home).await;
    }
    let held = keeper(&act, &programme, statement)
        .ok_or_else(|| Stop::forbidden("Others keep this statement", "Its keeper says how it stands."))?;
    let (status, why, next) = (act.form.get("status"), act.form.get("why"), act.form.get("next_look"));
    if Status::from_key(status).is_none() {
        wrong.add("status", "Choose how it stands");
    }
    match why.chars().count() {
        0 => wrong.add("why", "Say why: it is what people will look for later"),
        1..=5_000 => {}
        _ => wrong.add("why", "Shorten this to 5,000 characters"),
    }
    let next_look = match next {
        "" => None,
        text => Day::parse_as_written(text).map_err(|e| wrong.add("next_look", e.to_string())).ok(),
    };
    if !wrong.is_empty() {
        return page(&act, Some(&act.form), &wrong).await;
    }
    let mut write = act.write("look at what the programme rests on").await?;
    let row = statement_move::Model {
        id: StatementMoveId(write.id()),
        programme_id: programme.id,
        statement: key,
        status: status.to_string(),
        why: why.to_string(),
        next_look,
        person_id: act.person()?,
        appointment_id: held.id,
        at: write.at(),
    };
    write.insert(row).await?;
    act.save(write, &format!("{home}?done=moved")).await
}

async fn link(act: &Act, programme: &Snapshot, key: &str, entry: &entry::Model, home: &str) -> Answer {
    let mut write = act.write("bring evidence").await?;
    write.lock::<entry::Entity>(entry.id).await?.ok_or(Stop::Missing)?;
    let known =
        evidence::Entity::find().filter(evidence::COLUMN.statement.eq(key)).filter(evidence::COLUMN.entry_id.eq(entry.id));
    let side = act.form.get("side").to_string();
    match known.one(write.tx()).await.map_err(fault("look for evidence"))? {
        Some(before) => {
            write.replace(&before, evidence::Model { side, ..before.clone() }).await?;
        }
        None => {
            let row = evidence::Model {
                id: EvidenceId(write.id()),
                programme_id: programme.id,
                statement: key.to_string(),
                entry_id: entry.id,
                side,
                note: String::new(),
                person_id: act.person()?,
                at: write.at(),
            };
            write.insert(row).await?;
        }
    }
    act.save(write, &format!("{home}?done=linked")).await
}
