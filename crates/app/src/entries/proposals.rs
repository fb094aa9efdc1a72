//! Words that somebody wants to share where others have to agree first: those who are asked read exactly what would be
//! shared and with whom, and it is shared when the last of them has agreed.

use axum::http::StatusCode;
use kernel::{Fault, Invalid};
use sea_orm::entity::prelude::*;
use sea_orm::{Condition, QueryOrder, QuerySelect};
use store::fault;
use tables::{CircleId, ConsentId, PlaceId, ProposalId, consent, entry, person, proposal};
use ui::form::{self, Field};
use ui::parts::{self, Task, Tone};
use ui::{Html, html, words};

use super::agreed::OpenFlow;
use super::readers::readers_of_any;
use super::share::{self, Words, extract_of};
use crate::ground::html::*;
use crate::ground::{Act, Answer, Cx, Draft, Held, Snapshot, Stop, see_other};

pub(super) const WAITING: &str = "waiting";
const SHARED: &str = "shared";
const DECLINED: &str = "declined";
pub(super) const TAKEN_BACK: &str = "taken-back";

const SAID: &[(&str, &str)] = &[
    ("asked", "Asked. It is shared once everybody has agreed who has to; until then nobody else reads it."),
    ("agreed", "You have agreed. It is shared once the others have as well."),
    ("declined", "Declined. Nothing was shared."),
    ("taken-back", "Taken back. Nothing was shared."),
];

pub(super) async fn propose(
    act: &Act,
    programme: &Snapshot,
    seen: &entry::Model,
    flow: &OpenFlow,
    (circle_id, title, text): (CircleId, String, String),
) -> Answer {
    let mut write = act.write("ask to share an extract").await?;
    let source = write.lock::<entry::Entity>(seen.id).await?.ok_or(Stop::Missing)?;
    if (source.circle_id, source.happened_on) != (seen.circle_id, seen.happened_on) {
        return Err(share::moved());
    }
    let row = proposal::Model {
        id: ProposalId(write.id()),
        programme_id: programme.id,
        place_id: source.place_id,
        source_id: source.id,
        source_revision: source.revision,
        circle_id,
        title,
        text,
        needs: flow.needs.join(" "),
        appointment_id: flow.by,
        person_id: act.person()?,
        proposed_at: write.at(),
        state: WAITING.into(),
        extract_id: None,
        answer: String::new(),
        ended_at: None,
    };
    let row = write.insert(row).await?;
    act.save(write, &format!("{}?done=asked", href(programme, row.id))).await
}

fn href(programme: &Snapshot, id: ProposalId) -> String {
    format!("{}/proposals/{id}", programme.href())
}

fn needs(row: &proposal::Model) -> impl Iterator<Item = &str> {
    row.needs.split_whitespace()
}

/// The viewer's role that is asked to agree and has not yet, if there is one.
fn asked<'a>(cx: &'a Cx, row: &proposal::Model, given: &[consent::Model]) -> Option<&'a Held> {
    let open = |role: &str| given.iter().all(|g| g.side != role);
    cx.held().find(|held| held.reaches(row.place_id) && open(&held.role) && needs(row).any(|role| role == held.role))
}

/// The proposal that the path names, for those who are asked and those who may read what it is taken from.
async fn named(cx: &Cx) -> Result<proposal::Model, Stop> {
    let id: ProposalId = cx.param("proposal").parse().map_err(|_| Stop::Missing)?;
    let row = proposal::Entity::find_by_id(id).one(cx.read()).await.map_err(fault("load a proposal"))?.ok_or(Stop::Missing)?;
    let here = row.programme_id == cx.programme()?.id;
    if here && (asked(cx, &row, &[]).is_some() || super::find(cx, row.source_id).await?.is_some()) {
        return Ok(row);
    }
    Err(Stop::Missing)
}

async fn given(db: &impl ConnectionTrait, id: ProposalId) -> Result<Vec<consent::Model>, Fault> {
    let found = consent::Entity::find().filter(consent::COLUMN.proposal_id.eq(id)).order_by_asc(consent::Column::Id);
    found.all(db).await.map_err(fault("list consents"))
}

/// `/programmes/{programme}/proposals/{proposal}`
pub(super) async fn page(cx: Cx) -> Answer {
    let row = named(&cx).await?;
    shown(&cx, &row, &Invalid::default()).await
}

async fn shown(cx: &Cx, row: &proposal::Model, wrong: &Invalid) -> Answer {
    let programme = cx.programme()?.clone();
    let source = super::find(cx, row.source_id).await?;
    let given = given(cx.read(), row.id).await?;
    let circle = programme.circle(row.circle_id).ok_or(Stop::Missing)?;
    let line = readers_of_any(cx, &[circle], row.place_id).await?.line(circle);
    let by = person::Entity::find_by_id(row.person_id).one(cx.read()).await.map_err(fault("load a person"))?;
    let by = by.map(|p| p.name).unwrap_or_default();
    let place = crate::places::name_of(cx, row.place_id).await?.unwrap_or_else(|| programme.name.clone());
    let mine = asked(cx, row, &given).filter(|_| row.state == WAITING);
    let takes_back = row.state == WAITING && cx.viewer().person() == Some(row.person_id);
    let standing = match row.state.as_str() {
        WAITING => "waits for consent",
        SHARED => "was shared",
        DECLINED => "was declined",
        _ => "was taken back",
    };
    let home = href(&programme, row.id);
    let role = |role| (programme.role_name(role).to_string(), given.iter().any(|g: &consent::Model| g.side == role));
    let roles: Vec<(String, bool)> = needs(row).map(role).collect();
    let draft = Draft::new("To be shared with consent").crumb(&programme.name, programme.href()).done(cx, SAID).invalid(wrong);
    let lead = format!("{by} wants to share this of {place} with {}. It {standing}.", circle.name);
    Ok(draft.lead(lead).page(
        cx,
        maud! {
            (line)
            (parts::section("words", &row.title, words::markdown(&row.text)))
            (parts::section("consent", "Who has to agree", maud! {
                ul { @for (role, done) in &roles { li { (role) ": " @if *done { "has agreed" } @else { "is asked" } } } }
                @if !row.answer.is_empty() { p { "Why it was declined: " (&row.answer) } }
            }))
            @if let Some((source, _)) = &source {
                p { "Taken from " a href={ (programme.href()) "/entries/" (source.id.to_string()) } { (&source.title) } "." }
            }
            @if mine.is_some() {
                (form::form(&home, &cx.form_keys(), maud! {
                    (form::hidden("answer", "agree"))
                    (form::button("Agree to share exactly this"))
                }))
                (form::form(&home, &cx.form_keys(), maud! {
                    (form::hidden("answer", "decline"))
                    (form::text(Field::new("why", "Why not").value("").error(wrong.of("why"))))
                    (form::secondary_button("Decline"))
                }))
            }
            @if takes_back {
                (form::form(&home, &cx.form_keys(), maud! {
                    (form::hidden("answer", "take-back"))
                    (form::secondary_button("Take it back"))
                }))
            }
        },
    ))
}

pub(super) async fn save(act: Act) -> Answer {
    let (programme, seen) = (act.programme()?.clone(), named(&act).await?);
    let home = href(&programme, seen.id);
    let (answer, why) = (act.form.get("answer").to_string(), act.form.get("why").to_string());
    if answer == "decline" && why.is_empty() {
        return shown(&act, &seen, &Invalid::one("why", "Say why, so that they can find other words")).await;
    }
    let mut write = act.write("answer a proposal to share").await?;
    let row = write.lock::<proposal::Entity>(seen.id).await?.ok_or(Stop::Missing)?;
    let given = given(write.tx(), row.id).await?;
    let held = asked(&act, &row, &given);
    if row.state != WAITING {
        return Ok(see_other(&home));
    }
    let at = write.at();
    let ended = |state: &str| proposal::Model { state: state.into(), ended_at: Some(at), ..row.clone() };
    match (answer.as_str(), held) {
        ("agree", Some(held)) => {
            let row_id = ConsentId(write.id());
            let hash = store::sha256(format!("{}\n{}\n{}", row.circle_id, row.title, row.text).as_bytes());
            let side = held.role.clone();
            write
                .insert(consent::Model {
                    id: row_id,
                    programme_id: programme.id,
                    agreement_id: None,
                    proposal_id: Some(row.id),
                    side: side.clone(),
                    person_id: act.person()?,
                    role: side.clone(),
                    hash,
                    given_at: at,
                    answer: String::new(),
                    why: String::new(),
                    replaced_at: None,
                    entry_id: None,
                })
                .await?;
            if needs(&row).all(|role| role == side || given.iter().any(|g| g.side == role)) {
                let extract = carry_out(&mut write, &programme, &row).await?;
                write.replace(&row, proposal::Model { extract_id: Some(extract.id), ..ended(SHARED) }).await?;
                return act.save(write, &format!("{}/entries/{}?done=shared", programme.href(), extract.id)).await;
            }
            act.save(write, &format!("{home}?done=agreed")).await
        }
        ("decline", Some(_)) => {
            write.replace(&row, proposal::Model { answer: why, ..ended(DECLINED) }).await?;
            act.save(write, &format!("{home}?done=declined")).await
        }
        ("take-back", _) if act.viewer().person() == Some(row.person_id) => {
            write.replace(&row, ended(TAKEN_BACK)).await?;
            act.save(write, &format!("{home}?done=taken-back")).await
        }
        _ => Err(Stop::forbidden("You are not asked here", "Your consent is not needed, or you have given it already.")),
    }
}

/// Everybody has agreed: the extract is made as it was read, if its source still stands where it was taken from.
async fn carry_out(write: &mut store::Write, programme: &Snapshot, row: &proposal::Model) -> Result<entry::Model, Stop> {
    let source = write.lock::<entry::Entity>(row.source_id).await?.ok_or(Stop::Missing)?;
    let open = still_open(write, programme, &source, row).await?;
    if !open {
        return Err(Stop::Refused {
            status: StatusCode::CONFLICT,
            title: "This can no longer be shared".into(),
            why: "The entry was moved, or the programme no longer has this way of sharing. Nothing was shared.".into(),
            next: None,
        });
    }
    let words = Words {
        circle_id: row.circle_id,
        title: row.title.clone(),
        text: row.text.clone(),
        author: row.person_id,
        appointment: row.appointment_id,
    };
    // As it was when it was proposed, which is what those who agreed have read.
    extract_of(write, &entry::Model { revision: row.source_revision, ..source }, words).await
}

/// Whether the way is still there by which it is to be shared: in the design, and where an agreement governs it, in that.
async fn still_open(
    write: &store::Write,
    programme: &Snapshot,
    source: &entry::Model,
    row: &proposal::Model,
) -> Result<bool, Fault> {
    let design = &programme.programme.design;
    let Some((from, to)) = programme.circle(source.circle_id).zip(programme.circle(row.circle_id)) else { return Ok(false) };
    let Some(flow) = design.flows.iter().find(|f| f.from == from.key && f.to == to.key) else { return Ok(false) };
    let asked = |roles: &[String]| roles.iter().all(|role| needs(row).any(|n| n == role) || flow.by.contains(role));
    let Some(place) = source.place_id.filter(|_| design.is_governed(&from.key)) else { return Ok(asked(&flow.agreed_by)) };
    let Some(agreement) = super::in_force(write.tx(), place, source.happened_on).await? else { return Ok(false) };
    let flows = super::flows_of(&agreement)?;
    let agreed = flows.iter().find(|f| f.from == from.key && f.to == to.key && f.kinds.contains(&source.kind));
    Ok(asked(&flow.agreed_by) && agreed.is_some_and(|f| asked(&f.consent)))
}

/// What waits for the viewer's consent.
pub(crate) async fn waiting(cx: &Cx, programme: &Snapshot) -> Result<Vec<Task>, Stop> {
    let held: Vec<(&str, Option<PlaceId>)> = cx.viewer().held_in(programme.id).map(|h| (h.role.as_str(), h.place)).collect();
    let mine = held.iter().fold(Condition::any(), |any, (role, place)| {
        let named = store::search::holds(cx.read().get_database_backend(), proposal::Column::Needs, role);
        any.add(Condition::all().add(named).add_option(place.map(|p| proposal::COLUMN.place_id.eq(p))))
    });
    let found = proposal::Entity::find()
        .filter(proposal::COLUMN.programme_id.eq(programme.id))
        .filter(proposal::COLUMN.state.eq(WAITING))
        .filter(mine)
        .order_by_asc(proposal::Column::Id)
        .limit(50);
    let mut tasks = told(cx, programme).await?;
    for row in found.all(cx.read()).await.map_err(fault("list proposals"))? {
        let given = given(cx.read(), row.id).await?;
        // A role's key may stand within another's, so each is looked at.
        let open = |role: &str| needs(&row).any(|n| n == role) && given.iter().all(|g| g.side != role);
        if !held.iter().any(|(role, place)| open(role) && (place.is_none() || *place == row.place_id)) {
            continue;
        }
        let circle = programme.circle_name(row.circle_id);
        tasks.push(Task {
            text: format!("Agree to what is to be shared with {circle}, or decline"),
            href: href(programme, row.id),
            detail: Some(row.title.clone()),
            due: None,
            tone: Tone::Waiting,
        });
    }
    Ok(tasks)
}

/// So many days whoever proposed something is told what became of it.
const TOLD_DAYS: i64 = 7;

/// What became lately of what the viewer proposed.
async fn told(cx: &Cx, programme: &Snapshot) -> Result<Vec<Task>, Stop> {
    let Some(me) = cx.viewer().person() else { return Ok(Vec::new()) };
    let since = cx.now().plus_seconds(-TOLD_DAYS * 24 * 3600);
    let found = proposal::Entity::find()
        .filter(proposal::COLUMN.programme_id.eq(programme.id))
        .filter(proposal::COLUMN.person_id.eq(me))
        .filter(proposal::COLUMN.state.is_in([SHARED, DECLINED]))
        .filter(proposal::COLUMN.ended_at.gte(since))
        .order_by_desc(proposal::Column::EndedAt)
        .order_by_asc(proposal::Column::Id)
        .limit(10);
    let task = |row: proposal::Model| {
        let (circle, shared) = (programme.circle_name(row.circle_id), row.state == SHARED);
        Task {
            text: if shared {
                format!("Shared with {circle}: {}", row.title)
            } else {
                format!("Not shared with {circle}: {}", row.title)
            },
            href: href(programme, row.id),
            detail: Some(match shared {
                true => "Everybody agreed whom you asked.".into(),
                false if row.answer.is_empty() => "It was declined.".into(),
                false => format!("It was declined: {}", row.answer),
            }),
            due: None,
            tone: if shared { Tone::Good } else { Tone::Neutral },
        }
    };
    Ok(found.all(cx.read()).await.map_err(fault("list proposals"))?.into_iter().map(task).collect())
}

/// What is proposed to be shared of an entry, on its page.
pub(super) async fn of_entry(cx: &Cx, programme: &Snapshot, source: &entry::Model) -> Result<Html, Fault> {
    let found = proposal::Entity::find()
        .filter(proposal::COLUMN.source_id.eq(source.id))
        .filter(proposal::COLUMN.state.eq(WAITING))
        .order_by_asc(proposal::Column::Id)
        .all(cx.read())
        .await
        .map_err(fault("list proposals"))?;
    Ok(html(maud! {
        @for row in &found {
            p class="muted" { "Waits for consent to be shared with " (programme.circle_name(row.circle_id)) ": "
                a href=(href(programme, row.id)) { (&row.title) } }
        }
    }))
}
