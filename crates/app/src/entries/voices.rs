//! How several see an entry: each sponsor’s assent to a joint decision, each person’s voice on an idea. Everybody who reads
//! the entry reads what was said; whoever sees it differently says why, and that is kept.

use std::collections::HashMap;

use axum::http::StatusCode;
use design::{Each, EntryKind, VoiceAnswer, Voices};
use kernel::{Fault, Invalid};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::Expr;
use sea_orm::{Condition, JoinType, QueryOrder, QuerySelect};
use store::fault;
use tables::{ConsentId, EntryId, PersonId, appointment, consent, entry, matter, person, place};
use ui::form::{self, Choice, Field};
use ui::parts::{self, Tone};
use ui::table::{Cell, Table};
use ui::{Html, html, words};

use super::reading::readable;
use super::withdraw;
use crate::ground::html::*;
use crate::ground::{Act, Answer, Cx, Draft, Held, Snapshot, Stop};
use crate::people::held_on;

const LONGEST_WHY: usize = 2_000;

/// The voices that the design asks for of this entry; of an extract or a step of a matter, none.
async fn asked<'a>(cx: &Cx, programme: &'a Snapshot, entry: &entry::Model) -> Result<Option<&'a Voices>, Fault> {
    let kind = programme.programme.design.kind(&entry.kind).filter(|_| entry.source_id.is_none() && !withdraw::is_gone(entry));
    let Some(voices) = kind.and_then(|k| k.voices.as_ref()) else { return Ok(None) };
    let step = super::matters::step_of(cx, programme, entry.id).await?.is_some();
    Ok((!step).then_some(voices))
}

/// Whose voice a role gives: the sponsor’s, or the person’s own.
fn side(voices: &Voices, held: &Held, me: PersonId) -> Option<String> {
    match voices.each {
        Each::Person => Some(me.to_string()),
        Each::Sponsor => held.sponsor.clone(),
    }
}

/// Whether somebody in this role is asked how they see an entry.
fn is_asked(cx: &Cx, voices: &Voices, entry: &entry::Model, held: &Held) -> bool {
    let kind = cx.programme().ok().and_then(|programme| programme.programme.design.kind(&entry.kind));
    voices.by.contains(&held.role) && kind.is_some_and(|kind| super::compose::reaches(held, kind, entry.place_id))
}

/// The role in which the viewer speaks, and whose voice it is.
fn speaker<'a>(cx: &'a Cx, voices: &Voices, entry: &entry::Model) -> Option<(&'a Held, String)> {
    let me = cx.viewer().person()?;
    let mut mine = cx.held().filter(|h| is_asked(cx, voices, entry, h));
    mine.find_map(|held| Some((held, side(voices, held, me)?)))
}

/// What is agreed to: the words as they stand.
pub(super) fn hash(entry: &entry::Model) -> String {
    store::sha256(format!("{}\n{}", entry.title, entry.text).as_bytes())
}

async fn said(db: &impl ConnectionTrait, id: EntryId) -> Result<Vec<consent::Model>, Fault> {
    let found = consent::Entity::find()
        .filter(consent::COLUMN.entry_id.eq(id))
        .order_by_asc(consent::Column::GivenAt)
        .order_by_asc(consent::Column::Id);
    found.all(db).await.map_err(fault("list voices"))
}

/// Something came of it that closed it, so nobody is heard on it any more.
async fn ended(db: &impl ConnectionTrait, id: EntryId) -> Result<bool, Fault> {
    Ok(super::matters::of_entry(db, id).await?.is_some_and(|row| !row.open))
}

fn answer_name<'a>(voices: &'a Voices, key: &'a str) -> &'a str {
    voices.answers.iter().find(|a| a.key == key).map_or(key, |a| &a.name)
}

/// The sponsors that somebody can speak for today.
async fn sponsors(cx: &Cx, programme: &Snapshot, voices: &Voices) -> Result<Vec<String>, Fault> {
    let found: Vec<Option<String>> = appointment::Entity::find()
        .select_only()
        .column(appointment::Column::Sponsor)
        .distinct()
        .filter(appointment::COLUMN.programme_id.eq(programme.id))
        .filter(appointment::COLUMN.role.is_in(voices.by.iter().map(String::as_str)))
        .filter(held_on(cx.today(), cx.now()))
        .into_tuple()
        .all(cx.read())
        .await
        .map_err(fault("list sponsors"))?;
    let mut keys: Vec<String> = found.into_iter().flatten().collect();
    let place = |key: &String| programme.programme.design.sponsors.iter().position(|s| s.key == *key);
    keys.sort_by_key(place);
    Ok(keys)
}

pub(super) fn sponsor_name<'a>(programme: &'a Snapshot, key: &'a str) -> &'a str {
    programme.programme.design.sponsors.iter().find(|s| s.key == key).map_or(key, |s| &s.name)
}

/// What was said of an entry, on its page.
pub(super) async fn section(cx: &Cx, programme: &Snapshot, entry: &entry::Model) -> Result<Html, Fault> {
    let Some(voices) = asked(cx, programme, entry).await? else { return Ok(html("")) };
    let all = said(cx.read(), entry.id).await?;
    let people = person::Entity::find().filter(person::COLUMN.id.is_in(all.iter().map(|c| c.person_id)));
    let people: HashMap<PersonId, String> =
        people.all(cx.read()).await.map_err(fault("load who spoke"))?.into_iter().map(|p| (p.id, p.name)).collect();
    let now = hash(entry);
    let whose = |c: &consent::Model| {
        let name = people.get(&c.person_id).map_or("", String::as_str);
        match voices.each {
            Each::Person => name.to_string(),
            Each::Sponsor => format!("{}, by {name}", sponsor_name(programme, &c.side)),
        }
    };
    let line = |c: &consent::Model| {
        let earlier = c.hash != now;
        vec![
            Cell::text(whose(c)).head(),
            Cell::html(maud! {
                (answer_name(voices, &c.answer))
                @if earlier { " " (parts::tag("of an earlier version", Tone::Warning)) }
            }),
            Cell::text(if c.why.is_empty() { "—" } else { &c.why }),
            Cell::day(c.given_at.day()),
        ]
    };
    let (live, before): (Vec<_>, Vec<_>) = all.iter().partition(|c| c.replaced_at.is_none());
    let missing: Vec<String> = match voices.each {
        Each::Person => Vec::new(),
        Each::Sponsor => {
            let keys = sponsors(cx, programme, voices).await?;
            let silent = keys.iter().filter(|key| live.iter().all(|c| c.side != **key));
            silent.map(|key| sponsor_name(programme, key).to_string()).collect()
        }
    };
    let table = |caption: &str, of: &[&consent::Model]| {
        Table::new(caption, &["Who", "Says", "Why", "When"], of.iter().map(|c| line(c)).collect()).html()
    };
    let ended = ended(cx.read(), entry.id).await?;
    let may = !ended && speaker(cx, voices, entry).is_some();
    Ok(html(maud! {
        (parts::section("voices", &voices.ask, maud! {
            p { (tally(voices, &live)) @if !missing.is_empty() { " Not said yet: " (missing.join(", ")) "." } }
            @if !live.is_empty() { (table("What each says", &live)) }
            @if !before.is_empty() { (parts::details("What they said before", table("Said before, and taken back by what they say now", &before))) }
            @if may {
                p { a href={ (programme.href()) "/entries/" (entry.id.to_string()) "/voice" } { "Say how you see it" } }
            }
        }))
    }))
}

fn tally(voices: &Voices, live: &[&consent::Model]) -> String {
    if live.is_empty() {
        return "Nobody has said anything yet.".into();
    }
    let count = |a: &VoiceAnswer| format!("{}: {}", a.name, live.iter().filter(|c| c.answer == a.key).count());
    format!("{}.", voices.answers.iter().map(count).collect::<Vec<_>>().join(" · "))
}

/// What somebody is about to say.
#[derive(Debug, Default)]
struct Typed {
    answer: String,
    why: String,
}

struct Speaking<'a> {
    voices: &'a Voices,
    held: &'a Held,
    side: String,
}

async fn speaking<'a>(cx: &'a Cx, programme: &'a Snapshot, entry: &entry::Model) -> Result<Speaking<'a>, Stop> {
    let voices = asked(cx, programme, entry).await?.ok_or(Stop::Missing)?;
    if ended(cx.read(), entry.id).await? {
        return Err(Stop::forbidden("It is closed", "What each said of it stands on its page."));
    }
    if let Some((held, side)) = speaker(cx, voices, entry) {
        return Ok(Speaking { voices, held, side });
    }
    let unsaid = cx.held().any(|h| is_asked(cx, voices, entry, h));
    Err(match unsaid {
        true => Stop::forbidden(
            "Your role speaks for no organisation yet",
            "Only a sponsor has a voice here. Whoever manages people can appoint you for the organisation that you speak for.",
        ),
        false => Stop::forbidden("Others have a voice here", "You read what they say on the page before."),
    })
}

/// `/programmes/{programme}/entries/{entry}/voice`
pub(super) async fn form(cx: Cx) -> Answer {
    let (programme, entry) = (cx.programme()?.clone(), cx.entry()?.clone());
    let speaking = speaking(&cx, &programme, &entry).await?;
    let all = said(cx.read(), entry.id).await?;
    let mine = all.iter().find(|c| c.replaced_at.is_none() && c.side == speaking.side);
    let typed = mine.map(|c| Typed { answer: c.answer.clone(), why: c.why.clone() }).unwrap_or_default();
    page(&cx, &programme, &entry, &speaking, (&typed, &Invalid::default()))
}

fn page(
    cx: &Cx,
    programme: &Snapshot,
    entry: &entry::Model,
    speaking: &Speaking<'_>,
    (typed, wrong): (&Typed, &Invalid),
) -> Answer {
    let voices = speaking.voices;
    let home = format!("{}/entries/{}", programme.href(), entry.id);
    let choices: Vec<Choice> =
        voices.answers.iter().map(|a| Choice::new(&a.key, &a.name).checked(a.key == typed.answer)).collect();
    let reasoned: Vec<String> = voices.answers.iter().filter(|a| a.why).map(|a| format!("“{}”", a.name)).collect();
    let hint = match reasoned.is_empty() {
        true => "If you like. Everybody who reads the page reads it.".to_string(),
        false => format!("Needed for {}. Everybody who reads the page reads it, and it is kept.", reasoned.join(" and ")),
    };
    let why = Field::new("why", "Why").hint(&hint).value(&typed.why).error(wrong.of("why"));
    let speaks = match voices.each {
        Each::Person => "You speak for yourself, and can change your mind.".to_string(),
        Each::Sponsor => {
            format!(
                "You speak for {}. What you say replaces what it said before; that is kept.",
                sponsor_name(programme, &speaking.side)
            )
        }
    };
    let most = voices.most.map(|most| {
        let first = voices.answers.first().map_or("", |a| &a.name);
        format!("“{first}” can be said of {most} at a time, so that everybody has to choose.")
    });
    let draft = Draft::new(&voices.ask).crumb(&programme.name, programme.href()).crumb(&entry.title, &home).invalid(wrong);
    Ok(draft.lead(speaks).page(
        cx,
        maud! {
            (parts::details("What it says", words::markdown(&entry.text)))
            (form::form(&format!("{home}/voice"), &cx.form_keys(), maud! {
                (form::hidden("hash", &hash(entry)))
                (form::radios(Field::new("answer", "How you see it").error(wrong.of("answer")), &choices))
                @if let Some(most) = &most { p class="muted" { (most) } }
                (form::long_text(if reasoned.is_empty() { why.optional() } else { why }, 3))
                (form::button("Say it"))
            }))
        },
    ))
}

pub(super) async fn save(act: Act) -> Answer {
    let (programme, seen) = (act.programme()?.clone(), act.entry()?.clone());
    let speaking = speaking(&act, &programme, &seen).await?;
    let typed = Typed { answer: act.form.get("answer").into(), why: act.form.get("why").into() };
    let mut wrong = Invalid::default();
    match speaking.voices.answers.iter().find(|a| a.key == typed.answer) {
        None => wrong.add("answer", "Choose how you see it"),
        Some(answer) if answer.why && typed.why.is_empty() => wrong.add("why", "Say why, so that it can be understood later"),
        Some(_) => {}
    }
    if typed.why.chars().count() > LONGEST_WHY {
        wrong.add("why", "Shorten this to 2,000 characters");
    }
    if !wrong.is_empty() {
        return page(&act, &programme, &seen, &speaking, (&typed, &wrong));
    }
    let me = act.person()?;
    let mut write = act.write("say how one sees an entry").await?;
    // Whoever speaks twice at once is counted once, and what they chose is counted against what they can choose.
    write.lock::<person::Entity>(me).await?.ok_or(Stop::Missing)?;
    let entry = write.lock::<entry::Entity>(seen.id).await?.ok_or(Stop::Missing)?;
    if act.form.get("hash") != hash(&entry) {
        return Err(changed(&programme, &entry));
    }
    if let Some(too_many) = beyond(write.tx(), &programme, &entry, &speaking, &typed.answer).await? {
        drop(write);
        return page(&act, &programme, &seen, &speaking, (&typed, &Invalid::one("answer", too_many)));
    }
    let all = said(write.tx(), entry.id).await?;
    let home = format!("{}/entries/{}?done=voice", programme.href(), entry.id);
    if let Some(before) = all.iter().find(|c| c.replaced_at.is_none() && c.side == speaking.side) {
        if (&before.answer, &before.why, before.hash.as_str()) == (&typed.answer, &typed.why, hash(&entry).as_str()) {
            return act.save(write, &home).await;
        }
        let replaced_at = Some(write.at());
        write.replace(before, consent::Model { replaced_at, ..before.clone() }).await?;
    }
    let row = consent::Model {
        id: ConsentId(write.id()),
        programme_id: programme.id,
        agreement_id: None,
        proposal_id: None,
        entry_id: Some(entry.id),
        side: speaking.side.clone(),
        person_id: me,
        role: speaking.held.role.clone(),
        hash: hash(&entry),
        given_at: write.at(),
        answer: typed.answer,
        why: typed.why,
        replaced_at: None,
    };
    write.insert(row).await?;
    act.save(write, &home).await
}

fn changed(programme: &Snapshot, entry: &entry::Model) -> Stop {
    Stop::Refused {
        status: StatusCode::CONFLICT,
        title: "Its words have changed".into(),
        why: "Somebody changed it after you opened it. Nothing was saved: read it as it stands now, then say how you see it."
            .into(),
        next: Some(("Open it as it stands".into(), format!("{}/entries/{}", programme.href(), entry.id))),
    }
}

/// Why somebody cannot be in favour of one more, where the design lets them choose so many.
async fn beyond(
    db: &impl ConnectionTrait,
    programme: &Snapshot,
    entry: &entry::Model,
    speaking: &Speaking<'_>,
    answer: &str,
) -> Result<Option<String>, Fault> {
    let voices = speaking.voices;
    let (Some(most), Some(first)) = (voices.most, voices.answers.first()) else { return Ok(None) };
    if first.key != answer {
        return Ok(None);
    }
    let link = consent::Entity::belongs_to(entry::Entity).from(consent::Column::EntryId).to(entry::Column::Id);
    let opened = consent::Entity::belongs_to(matter::Entity).from(consent::Column::EntryId).to(matter::Column::EntryId);
    // What no step ends is open for as long as it stands.
    let open = Condition::any().add(matter::Column::Open.is_null()).add(matter::COLUMN.open.eq(true));
    let here = match entry.place_id {
        Some(place) => entry::COLUMN.place_id.eq(place),
        None => entry::COLUMN.place_id.is_null(),
    };
    let given = consent::Entity::find()
        .join(JoinType::InnerJoin, link.into())
        .join(JoinType::LeftJoin, opened.into())
        .filter(consent::COLUMN.programme_id.eq(programme.id))
        .filter(consent::COLUMN.side.eq(&speaking.side))
        .filter(consent::COLUMN.answer.eq(answer))
        .filter(consent::COLUMN.replaced_at.is_null())
        .filter(consent::COLUMN.entry_id.ne(entry.id))
        .filter(entry::COLUMN.kind.eq(&entry.kind))
        .filter(here)
        .filter(open)
        .count(db)
        .await
        .map_err(fault("count what somebody chose"))?;
    Ok((given >= u64::from(most)).then(|| {
        format!(
            "You have said “{}” of {given} already, and {most} is the most. Change your mind about one of them first",
            first.name
        )
    }))
}

/// The kinds on which every person has a voice.
fn ranked_kinds(programme: &Snapshot) -> Vec<&EntryKind> {
    let all = programme.programme.design.kinds.iter();
    all.filter(|k| k.is_matter() && k.voices.as_ref().is_some_and(|v| v.each == Each::Person)).collect()
}

/// What people of a place would take up first, with how it was counted.
pub(super) async fn ranked(cx: &Cx, programme: &Snapshot, place: &place::Model) -> Result<Html, Fault> {
    const MOST: u64 = 200;
    let mut tables = Vec::new();
    for kind in ranked_kinds(programme) {
        let Some(voices) = &kind.voices else { continue };
        let link = entry::Entity::belongs_to(matter::Entity).from(entry::Column::Id).to(matter::Column::EntryId);
        let found: Vec<(EntryId, String)> = entry::Entity::find()
            .select_only()
            .columns([entry::Column::Id, entry::Column::Title])
            .join(JoinType::InnerJoin, link.into())
            .filter(readable(cx.viewer(), programme))
            .filter(entry::COLUMN.place_id.eq(place.id))
            .filter(entry::COLUMN.kind.eq(&kind.key))
            .filter(matter::COLUMN.open.eq(true))
            .order_by_asc(entry::Column::Id)
            .limit(MOST)
            .into_tuple()
            .all(cx.read())
            .await
            .map_err(fault("list what is ranked"))?;
        if found.is_empty() {
            continue;
        }
        let given: Vec<(Option<EntryId>, String, i64)> = consent::Entity::find()
            .select_only()
            .columns([consent::Column::EntryId, consent::Column::Answer])
            .column_as(Expr::cust("COUNT(*)"), "count")
            .filter(consent::COLUMN.entry_id.is_in(found.iter().map(|(id, _)| *id)))
            .filter(consent::COLUMN.replaced_at.is_null())
            .group_by(consent::Column::EntryId)
            .group_by(consent::Column::Answer)
            .into_tuple()
            .all(cx.read())
            .await
            .map_err(fault("count voices"))?;
        let count = |id: EntryId, a: &VoiceAnswer| {
            given.iter().filter(|(of, key, _)| *of == Some(id) && *key == a.key).map(|(.., n)| *n).sum::<i64>()
        };
        let mut rows: Vec<(Vec<i64>, &EntryId, &String)> =
            found.iter().map(|(id, title)| (voices.answers.iter().map(|a| count(*id, a)).collect(), id, title)).collect();
        rows.sort_by(|a, b| (b.0.first(), a.2).cmp(&(a.0.first(), b.2)));
        let cells = rows.iter().map(|(counts, id, title)| {
            let link = Cell::link(&format!("{}/entries/{id}", programme.href()), title).head();
            std::iter::once(link).chain(counts.iter().map(Cell::number)).collect()
        });
        let headers: Vec<&str> =
            std::iter::once(kind.name.as_str()).chain(voices.answers.iter().map(|a| a.name.as_str())).collect();
        let most = voices.most.map(|most| format!(" Each person can say it of {most} at a time.")).unwrap_or_default();
        let first = voices.answers.first().map_or("", |a| &a.name);
        let roles: Vec<&str> = voices.by.iter().map(|r| programme.role_name(r)).collect();
        let method = format!("In the order of how many say “{first}”.{most} These have a voice: {}.", roles.join(", "));
        let table = Table::new(&format!("{} “{}”", kind.name, voices.ask), &headers, cells.collect()).quiet().html();
        tables.push(parts::section(
            &format!("ranked-{}", kind.key),
            &format!("{}: {}", kind.name, voices.ask),
            maud! {
                p { (&method) }
                (table)
            },
        ));
    }
    Ok(html(maud! { @for table in &tables { (table) } }))
}
