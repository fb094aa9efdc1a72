//! Going on to a further stage with the application that was written for the one before: its organisations, its people
//! and the answers that are asked again go along.

use forms::{Answers, Carried, Text, Value};
use kernel::Fault;
use sea_orm::entity::prelude::*;
use sea_orm::{JoinType, QueryOrder, QuerySelect};
use store::{Write, fault};
use tables::{ApplicantId, ApplicationId, MemberId, PersonId, applicant, application, call, member, programme, sheet};
use ui::{Html, form, html, parts};

use crate::answers;
use crate::calls::{Standing, applicants, going_on, new_applicant, new_member, not_open, receipt_of, standing, start};
use crate::files;
use crate::ground::html::*;
use crate::ground::{Act, Answer, App, Cx, Draft, Snapshot, Stop};

/// An application that may go on, and the one it has become where somebody went on with it already.
struct Coming {
    earlier: application::Model,
    went_on: Option<ApplicationId>,
}

/// The call that this one goes on from.
async fn before(cx: &Cx) -> Result<call::Model, Stop> {
    let id = cx.call()?.after_id.ok_or(Stop::Missing)?;
    let found = call::Entity::find_by_id(id).one(cx.read()).await.map_err(fault("load a call"))?;
    found.ok_or(Stop::Missing)
}

/// The applications of the call before that the viewer writes and that may go on.
async fn coming(cx: &Cx, before: &call::Model) -> Result<Vec<Coming>, Stop> {
    let (call, person) = (cx.call()?, cx.person()?);
    let outcomes = call.after_outcomes.as_deref().unwrap_or_default();
    let may = going_on(cx.read(), before, outcomes).await?;
    let mine = member::Entity::find()
        .filter(member::COLUMN.person_id.eq(person))
        .filter(member::COLUMN.ended_at.is_null())
        .filter(member::COLUMN.application_id.is_in(may))
        .all(cx.read())
        .await
        .map_err(fault("list parts in applications"))?;
    let ids: Vec<ApplicationId> = mine.into_iter().map(|m| m.application_id).collect();
    let found = application::Entity::find()
        .filter(application::COLUMN.id.is_in(ids.iter().copied()))
        .order_by_asc(application::Column::Number)
        .order_by_asc(application::Column::Id)
        .all(cx.read())
        .await
        .map_err(fault("list applications"))?;
    let gone = application::Entity::find()
        .filter(application::COLUMN.call_id.eq(call.id))
        .filter(application::COLUMN.earlier_id.is_in(ids))
        .all(cx.read())
        .await
        .map_err(fault("list applications"))?;
    let went_on = |id| gone.iter().find(|a| a.earlier_id == Some(id)).map(|a| a.id);
    Ok(found.into_iter().map(|earlier| Coming { went_on: went_on(earlier.id), earlier }).collect())
}

/// The stage that is open now to an application which was told that it can go on, and has not: its name and where.
///
/// # Errors
/// Where the database does not answer.
pub(crate) async fn open_next(cx: &Cx, told: &application::Model, of: &call::Model) -> Result<Option<(String, String)>, Fault> {
    let next = call::Entity::find()
        .select_also(programme::Entity)
        .join(
            JoinType::InnerJoin,
            call::Entity::belongs_to(programme::Entity).from(call::Column::ProgrammeId).to(programme::Column::Id).into(),
        )
        .filter(call::COLUMN.after_id.eq(of.id))
        .order_by_asc(call::Column::OpensAt)
        .order_by_asc(call::Column::Id)
        .all(cx.read())
        .await
        .map_err(fault("list calls"))?;
    for (call, programme) in next.into_iter().filter(|(call, _)| standing(call, cx.now()) == Standing::Open) {
        let may = going_on(cx.read(), of, call.after_outcomes.as_deref().unwrap_or_default()).await?;
        let gone = application::Entity::find()
            .filter(application::COLUMN.call_id.eq(call.id))
            .filter(application::COLUMN.earlier_id.eq(told.id))
            .count(cx.read())
            .await
            .map_err(fault("look for an application"))?;
        if may.contains(&told.id) && gone == 0 {
            let slug = programme.map(|p| p.slug).unwrap_or_default();
            return Ok(Some((call.name, format!("/programmes/{slug}/calls/{}/carry-on", call.slug))));
        }
    }
    Ok(None)
}

/// What goes along of what was submitted before.
async fn carried(app: &App, call: &call::Model, before: &call::Model, earlier: &application::Model) -> Result<Carried, Stop> {
    let receipt = receipt_of(earlier)?.ok_or(Stop::Missing)?;
    let then = answers::form_of(app, before.form_id).await?;
    let now = answers::form_of(app, call.form_id).await?;
    Ok(now.form().carry(&Answers::default(), &then, &receipt.answers, &Text::from(format!("“{}”", before.name))))
}

pub(super) async fn form(cx: Cx) -> Answer {
    let (programme, call) = (cx.programme()?.clone(), cx.call()?.clone());
    let before = before(&cx).await?;
    let mut cards = Vec::new();
    for one in coming(&cx, &before).await? {
        let carried = carried(cx.app(), &call, &before, &one.earlier).await?;
        cards.push(card(&cx, &programme, &one, &carried));
    }
    let draft = Draft::new(format!("Go on: {}", call.name))
        .lead(format!("Those who come from “{}” go on with the application they wrote.", before.name))
        .crumb(&programme.name, programme.href());
    Ok(draft.crumb(&call.name, format!("{}/calls/{}", programme.href(), call.slug)).page(
        &cx,
        maud! {
            @if standing(&call, cx.now()) != Standing::Open { p { "This stage opens on " (call.opens_at.to_string()) " and closes on " (call.closes_at.to_string()) "." } }
            @if cards.is_empty() {
                (parts::empty_state("None of your applications goes on from there", "If you think one should, ask those who run the call. Perhaps it was written with another address than the one you are signed in with.", None))
            }
            @for card in &cards { (card) }
        },
    ))
}

fn card(cx: &Cx, programme: &Snapshot, one: &Coming, carried: &Carried) -> Html {
    let left = carried.left.iter().filter(|l| l.path.group().is_none()).count();
    html(maud! {
        (parts::section(&one.earlier.id.to_string(), &one.earlier.name, maud! {
            @match one.went_on {
                Some(id) => p { "It has gone on. " a href={ (programme.href()) "/applications/" (id.to_string()) } { "Write it further" } }
                None => {
                    p { (carried.suggestions.len()) " answers go along, with every organisation and everybody who writes. Each is marked until somebody has saved the page it stands on." }
                    @if left > 0 { p { (left) " answers stay behind, because they are not asked any more or asked in another way. You can go on reading them." } }
                    (form::form(cx.path(), &cx.form_keys(), maud! {
                        (form::hidden("application", &one.earlier.id.to_string()))
                        (form::button(&format!("Go on with {}", one.earlier.name)))
                    }))
                }
            }
        }))
    })
}

pub(super) async fn save(act: Act) -> Answer {
    let (programme, call) = (act.programme()?.clone(), act.call()?.clone());
    if standing(&call, act.now()) != Standing::Open {
        return Err(not_open(&call, &act));
    }
    let before = before(&act).await?;
    let wanted = act.form.get("application").to_string();
    let one = coming(&act, &before).await?.into_iter().find(|c| c.earlier.id.to_string() == wanted);
    let earlier = one.ok_or(Stop::Missing)?.earlier;
    let mut write = act.write("go on with an application").await?;
    let locked = write.lock::<call::Entity>(call.id).await?.ok_or(Stop::Missing)?;
    let (row, begun) = go_on(act.app(), &mut write, &locked, &before, &earlier, act.person()?).await?;
    let done = if begun.is_some() { "?done=started" } else { "" };
    act.save(write, &format!("{}/applications/{}{done}", programme.href(), row.id)).await
}

/// The application that an earlier one becomes at a further stage, in a write that holds the call's row: with a sheet
/// where it begins now, and without where it has gone on already.
///
/// # Errors
/// Where the earlier one was not submitted, or the database refuses it.
pub(crate) async fn go_on(
    app: &App,
    write: &mut Write,
    call: &call::Model,
    before: &call::Model,
    earlier: &application::Model,
    by: PersonId,
) -> Result<(application::Model, Option<sheet::Model>), Stop> {
    let gone = application::Entity::find()
        .filter(application::COLUMN.call_id.eq(call.id))
        .filter(application::COLUMN.earlier_id.eq(earlier.id))
        .one(write.tx())
        .await
        .map_err(fault("look for an application"))?;
    if let Some(gone) = gone {
        return Ok((gone, None));
    }
    let carried = carried(app, call, before, earlier).await?;
    let (row, sheet) = start(write, call, earlier.name.clone(), Some(earlier)).await?;
    everybody(app, write, call, earlier, &row).await?;
    answers::suggest(write, &sheet, &carried.suggestions, by).await?;
    let hash = |value: &Value| if let Value::File(file) = value { Some(file.hash.clone()) } else { None };
    let hashes: Vec<String> = carried.suggestions.iter().filter_map(|s| hash(&s.value)).collect();
    files::carry(write, earlier.sheet_id, &sheet, hashes).await?;
    Ok((row, Some(sheet)))
}

/// The organisations of an application, and the people of each, join the one that goes on.
async fn everybody(
    app: &App,
    write: &mut Write,
    call: &call::Model,
    earlier: &application::Model,
    row: &application::Model,
) -> Result<(), Stop> {
    let form = answers::form_of(app, call.form_id).await?;
    let writing = member::Entity::find()
        .filter(member::COLUMN.application_id.eq(earlier.id))
        .filter(member::COLUMN.ended_at.is_null())
        .order_by_asc(member::Column::Id)
        .all(write.tx())
        .await
        .map_err(fault("list who writes"))?;
    for old in applicants(write.tx(), earlier.id).await? {
        let new: applicant::Model =
            new_applicant(ApplicantId(write.id()), row, old.name.clone(), old.sector.clone(), old.lead, write.at());
        let new = write.insert(new).await?;
        for one in writing.iter().filter(|m| m.applicant_id == old.id) {
            // Who could write in some sections only keeps those that are still there.
            let sections = one.sections.as_ref().map(|keys| {
                let there = keys.split(' ').filter(|key| form.form().sections.iter().any(|s| s.key == *key));
                there.collect::<Vec<_>>().join(" ")
            });
            let member = new_member(MemberId(write.id()), &new, one.person_id, sections, write.at());
            write.insert(member).await?;
        }
    }
    Ok(())
}
