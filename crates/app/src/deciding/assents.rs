//! Assenting to many at once: everything that waits for one's sponsor, in full, each ticked by itself; what says the same
//! in every word stands there once, with all of which it is said.

use std::collections::HashMap;

use design::{Power, Sponsor};
use kernel::Invalid;
use sea_orm::entity::prelude::*;
use sea_orm::{Condition, JoinType, QueryOrder, QuerySelect};
use store::fault;
use tables::{ApplicationId, CallId, DecisionId, application, call, decision};
use ui::form::{self, Choice, Field};
use ui::parts::{self, Task, Tone};

use super::assent::{Given, Voice, changed, give, overtaken, spoke_for_another, sponsor_of};
use super::shown;
use super::standing::{Decided, deciders, names, standing, voices, with_assents};
use crate::calls::{self, SUBMITTED, reference, stage_of};
use crate::ground::html::*;
use crate::ground::{Act, Answer, Cx, Draft, Snapshot, Stop};

const SAID: &[(&str, &str)] = &[("assented", "Your sponsor’s assent is noted.")];

/// A decision that waits for somebody's sponsor.
struct Waits {
    application: application::Model,
    decided: Decided,
}

/// What waits for one of these sponsors at a call, but for that with which the viewer has a conflict of interest; and
/// how many of those there are.
async fn waiting_at(cx: &Cx, call: &call::Model, mine: &[&Sponsor]) -> Result<(Vec<Waits>, Vec<i32>), Stop> {
    let wanted = decision::Entity::find()
        .filter(decision::COLUMN.call_id.eq(call.id))
        .filter(decision::COLUMN.replaced_at.is_null())
        .filter(decision::COLUMN.counts_at.is_null());
    let me = cx.person()?;
    let found = with_assents(cx.read(), wanted).await?;
    let open = |d: &Decided| !d.overtaken && mine.iter().any(|s| !d.has(&s.key)) && d.assents.iter().all(|a| a.person_id != me);
    let mut by_application: HashMap<ApplicationId, Decided> =
        found.into_iter().filter(open).map(|d| (d.row.application_id, d)).collect();
    let ids: Vec<ApplicationId> = by_application.keys().copied().collect();
    let near = calls::conflicts(cx.read(), me, &ids).await?;
    let rows = application::Entity::find()
        .filter(application::COLUMN.id.is_in(ids))
        .filter(application::COLUMN.state.eq(SUBMITTED))
        .order_by_asc(application::Column::Number)
        .all(cx.read())
        .await
        .map_err(fault("list applications"))?;
    let (aside, rest): (Vec<_>, Vec<_>) = rows.into_iter().partition(|row| near.contains(&row.id));
    let waits = rest.into_iter().filter_map(|application| {
        let decided = by_application.remove(&application.id)?;
        Some(Waits { application, decided })
    });
    Ok((waits.collect(), aside.into_iter().map(|row| row.number).collect()))
}

pub(super) async fn page(cx: Cx) -> Answer {
    show(&cx, &Invalid::default()).await
}

async fn show(cx: &Cx, wrong: &Invalid) -> Answer {
    let (programme, call) = (cx.programme()?.clone(), cx.call()?.clone());
    let stage = stage_of(&programme, &call)?;
    let mine = voices(cx, &programme, &stage);
    let (waits, aside) = match mine.is_empty() {
        true => Default::default(),
        false => waiting_at(cx, &call, &mine).await?,
    };
    let all: Vec<Decided> = waits.iter().map(|w| w.decided.clone()).collect();
    let names = names(cx.read(), &all).await?;
    let sponsors = deciders(&programme, &stage);
    let alike = alike(&waits, &sponsors);
    let choices: Vec<Choice> = alike.iter().map(|same| choice(&programme, &call, same, (&sponsors, &names))).collect();
    // Where nothing is left to tick, there is nothing to put right either.
    let none = Invalid::default();
    let wrong = if choices.is_empty() { &none } else { wrong };
    let speaks: Vec<Choice> = mine.iter().map(|s| Choice::new(&s.key, &s.name)).collect();
    let whose: Vec<&str> = mine.iter().map(|s| s.name.as_str()).collect();
    let forum = format!("{}/calls/{}/forum", programme.href(), call.slug);
    let draft = Draft::new("What waits for your sponsor’s assent").lead(format!("{}.", call.name)).done(cx, SAID);
    Ok(draft.invalid(wrong).crumb(&programme.name, programme.href()).crumb("Forum", forum).page(
        cx,
        maud! {
            @for number in &aside { p { (reference(&call, *number)) ": you stand aside." } }
            @if mine.is_empty() { p { "You speak for no sponsor that decides on this call." } }
            @else if choices.is_empty() { p { "Nothing waits for " (whose.join(" or ")) "." } }
            @else {
                p { "Read each, and tick those to which " (whose.join(" or ")) " assents. A decision counts once every sponsor who decides has assented." }
                (form::form(cx.path(), &cx.form_keys(), maud! {
                    @if let [one] = &mine[..] { (form::hidden("_sponsor", &one.key)) }
                    @else { (form::radios(Field::new("_sponsor", "For which sponsor do you speak?").error(wrong.of("_sponsor")), &speaks)) }
                    (form::checkboxes(Field::new("_decision", "Decisions").error(wrong.of("_decision")), &choices))
                    (form::button("Assent to those ticked"))
                }))
            }
        },
    ))
}

/// What waits, with those together that say the same in every word and were proposed at once.
fn alike<'a>(waits: &'a [Waits], sponsors: &[&Sponsor]) -> Vec<Vec<&'a Waits>> {
    let words = |w: &Waits| {
        let row = &w.decided.row;
        (shown::texts(&w.decided).map(|(_, text)| text), row.proposed_by, row.proposed_at, w.decided.how_far(sponsors))
    };
    let mut places = HashMap::new();
    let mut alike: Vec<Vec<&Waits>> = Vec::new();
    for one in waits {
        let place = *places.entry(words(one)).or_insert(alike.len());
        if place == alike.len() {
            alike.push(Vec::new());
        }
        alike[place].push(one);
    }
    alike
}

/// A tick for decisions that say the same: it names each of them, so that each is assented to as it was read.
fn choice(programme: &Snapshot, call: &call::Model, same: &[&Waits], (sponsors, names): (&[&Sponsor], &shown::Names)) -> Choice {
    let ids: Vec<String> = same.iter().map(|w| w.decided.row.id.to_string()).collect();
    let of = |w: &Waits| format!("{} {}", reference(call, w.application.number), w.application.name);
    let Some(first) = same.first() else { return Choice::default() };
    let outcome = first.decided.outcome().map_or("", super::Outcome::words);
    let label = match same {
        [one] => format!("{}: {outcome}", of(one)),
        many => format!("{} applications in the same words: {outcome}", many.len()),
    };
    let which = maud! {
        ul { @for w in same { li { a href={ (programme.href()) "/applications/" (w.application.id.to_string()) "/decision" } { (of(w)) } } } }
    };
    let more = maud! {
        (shown::whole(&first.decided, names))
        p { (first.decided.how_far(sponsors)) "." }
        @if same.len() > 1 { (parts::details(&format!("Which {} they are", same.len()), which)) }
    };
    Choice::new(ids.join(" "), label).more(Some(ui::html(more)))
}

pub(super) async fn save(act: Act) -> Answer {
    let (programme, call) = (act.programme()?.clone(), act.call()?.clone());
    let stage = stage_of(&programme, &call)?;
    let (sponsors, mine) = (deciders(&programme, &stage), voices(&act, &programme, &stage));
    let ticked = act.form.pairs().filter(|(name, _)| *name == "_decision").flat_map(|(_, ids)| ids.split_whitespace());
    let ticked: Vec<&str> = ticked.collect();
    let ids: Result<Vec<DecisionId>, _> = ticked.iter().map(|id| id.parse()).collect();
    let ids = ids.map_err(|_| Stop::Missing)?;
    if ids.is_empty() {
        return show(&act, &Invalid::one("_decision", "Tick the decisions to which your sponsor assents")).await;
    }
    if mine.len() > 1 && act.form.get("_sponsor").is_empty() {
        return show(&act, &Invalid::one("_sponsor", "Choose the sponsor for which you speak")).await;
    }
    let sponsor = sponsor_of(&act, &mine)?;
    let mut write = act.write("assent to decisions").await?;
    let row = write.lock::<call::Entity>(call.id).await?.ok_or(Stop::Missing)?;
    let voice = Voice { person: act.person()?, sponsor: &sponsor.key, deciders: &sponsors };
    let mut stale = Vec::new();
    for id in ids {
        match give(&mut write, &row, id, &voice).await? {
            Given::Noted { .. } => {}
            Given::SpokeForAnother => return Err(spoke_for_another()),
            Given::Overtaken => return Err(overtaken()),
            Given::Stale { seen, now } => stale.push((*seen, *now)),
        }
    }
    if stale.is_empty() {
        return act.save(write, &format!("{}?done=assented", act.path())).await;
    }
    drop(write);
    let ids: Vec<ApplicationId> = stale.iter().map(|(seen, _)| seen.row.application_id).collect();
    let found = application::Entity::find().filter(application::COLUMN.id.is_in(ids)).all(act.read()).await;
    let found: HashMap<_, _> = found.map_err(fault("list applications"))?.into_iter().map(|a| (a.id, a.name)).collect();
    let with_names = stale.into_iter().map(|(seen, now)| {
        let id = seen.row.application_id;
        let href = format!("{}/applications/{id}/decision", programme.href());
        (found.get(&id).cloned().unwrap_or_default(), href, seen, now)
    });
    Ok(changed(&act, &programme.name, &programme.href(), &with_names.collect::<Vec<_>>()))
}

/// What waits for the viewer's assent in a programme, for their start page.
pub(crate) async fn waiting(cx: &Cx, programme: &Snapshot) -> Result<Vec<Task>, Stop> {
    let runs = cx.viewer().may(Power::RunCalls, programme.id, None);
    if !runs && cx.viewer().decides_for(programme.id).next().is_none() {
        return Ok(Vec::new());
    }
    let pending: Vec<CallId> = decision::Entity::find()
        .join(
            JoinType::InnerJoin,
            decision::Entity::belongs_to(call::Entity).from(decision::Column::CallId).to(call::Column::Id).into(),
        )
        .filter(call::COLUMN.programme_id.eq(programme.id))
        .filter(decision::COLUMN.replaced_at.is_null())
        .filter(decision::COLUMN.counts_at.is_null())
        .select_only()
        .column(decision::Column::CallId)
        .distinct()
        .into_tuple()
        .all(cx.read())
        .await
        .map_err(fault("list what waits for assent"))?;
    let untold = Condition::all()
        .add(call::COLUMN.programme_id.eq(programme.id))
        .add(call::COLUMN.released_at.is_null())
        .add(call::COLUMN.closes_at.lte(cx.now().plus_seconds(-60)));
    let deciding = call::Entity::find()
        .filter(Condition::any().add(call::COLUMN.id.is_in(pending)).add(untold))
        .order_by_asc(call::Column::ClosesAt)
        .order_by_asc(call::Column::Id)
        .all(cx.read())
        .await
        .map_err(fault("list calls"))?;
    let mut tasks = Vec::new();
    for call in deciding {
        tasks.extend(assents_waiting(cx, programme, &call).await?);
        if call.released_at.is_none() {
            tasks.extend(deciding_waits(cx, programme, &call, runs).await?);
        }
        if runs && call.released_at.is_some() {
            tasks.extend(telling_waits(cx, programme, &call).await?);
        }
    }
    Ok(tasks)
}

/// What nobody has proposed anything on, when everybody is to hear soon; and that everybody can be told.
async fn deciding_waits(cx: &Cx, programme: &Snapshot, call: &call::Model, runs: bool) -> Result<Option<Task>, Stop> {
    const SOON_DAYS: i64 = 14;
    let soon = call.decides_on.is_none_or(|day| day <= cx.today().plus_days(SOON_DAYS));
    let speaks = runs || !voices(cx, programme, &stage_of(programme, call)?).is_empty();
    if !soon || !speaks {
        return Ok(None);
    }
    let (all, said) = (calls::submitted(cx.read(), call.id).await?, standing(cx.read(), call.id).await?);
    let open = all.iter().filter(|a| !said.contains_key(&a.id)).count();
    let counts = all.iter().all(|a| said.get(&a.id).is_some_and(|said| said.now.counts()));
    let (text, end) = match open {
        0 if counts && runs && call.tells_at.is_none() && !all.is_empty() => {
            ("Everything is decided: tell everybody".to_string(), "release")
        }
        0 => return Ok(None),
        1 => ("Decide on an application".to_string(), "forum"),
        n => (format!("Decide on {n} applications"), "forum"),
    };
    Ok(Some(Task {
        text,
        href: format!("{}/calls/{}/{end}", programme.href(), call.slug),
        detail: Some(format!("{}.", call.name)),
        due: call.decides_on.map(|day| format!("told on {day}")),
        tone: Tone::Waiting,
    }))
}

async fn assents_waiting(cx: &Cx, programme: &Snapshot, call: &call::Model) -> Result<Option<Task>, Stop> {
    let mine = voices(cx, programme, &stage_of(programme, call)?);
    let waits = if mine.is_empty() { Vec::new() } else { waiting_at(cx, call, &mine).await?.0 };
    let text = match waits.len() {
        0 => return Ok(None),
        1 => "Assent to a decision, or propose another".to_string(),
        n => format!("Assent to {n} decisions, or propose others"),
    };
    Ok(Some(Task {
        text,
        href: format!("{}/calls/{}/assents", programme.href(), call.slug),
        detail: Some(format!("{}. They count once each sponsor has assented.", call.name)),
        due: call.decides_on.filter(|_| call.released_at.is_none()).map(|day| format!("told on {day}")),
        tone: Tone::Waiting,
    }))
}

/// Applicants of a call that was told who are to be told otherwise: every sponsor has assented.
async fn telling_waits(cx: &Cx, programme: &Snapshot, call: &call::Model) -> Result<Vec<Task>, Stop> {
    let stage = stage_of(programme, call)?;
    let sponsors = deciders(programme, &stage);
    let said = standing(cx.read(), call.id).await?;
    let agreed = said.into_iter().filter(|(_, said)| said.later.as_ref().is_some_and(|later| later.all_assented(&sponsors)));
    let mut ids: Vec<ApplicationId> = agreed.map(|(id, _)| id).collect();
    let near = calls::conflicts(cx.read(), cx.person()?, &ids).await?;
    ids.retain(|id| !near.contains(id));
    let rows = application::Entity::find()
        .filter(application::COLUMN.id.is_in(ids))
        .filter(application::COLUMN.state.eq(SUBMITTED))
        .order_by_asc(application::Column::Number)
        .order_by_asc(application::Column::Id)
        .all(cx.read())
        .await
        .map_err(fault("list applications"))?;
    let task = |row: application::Model| Task {
        text: format!("Tell {} what was decided anew", row.name),
        href: format!("{}/applications/{}/decision", programme.href(), row.id),
        detail: Some(format!("{}. Every sponsor has assented; it counts once they are told.", reference(call, row.number))),
        due: None,
        tone: Tone::Waiting,
    };
    Ok(rows.into_iter().map(task).collect())
}
