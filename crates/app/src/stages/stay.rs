//! Those who came far and were not chosen stay, where the design says so and they were asked to: with one press all who wrote
//! such an application are given the role that the design keeps for them.

use std::collections::HashMap;

use design::{Power, Side};
use kernel::Fault;
use sea_orm::entity::prelude::*;
use sea_orm::{Condition, JoinType, QueryOrder, QuerySelect};
use store::fault;
use tables::{AppointmentId, PersonId, appointment, call, member, person};
use ui::form;
use ui::parts::{Task, Tone};
use ui::table::{Cell, Table};

use crate::calls::{self, Outcome};
use crate::ground::html::*;
use crate::ground::{Act, Answer, Cx, Draft, Snapshot, Stop};
use crate::people;

const SAID: &[(&str, &str)] = &[("done", "Done. Each of them is told by mail, and reads from now on what this role reads.")];

/// The role that a call keeps for those who were asked to stay.
fn role_of(programme: &Snapshot, call: &call::Model) -> Result<Option<String>, Fault> {
    let design = programme.programme.design.call.as_ref();
    // What a call was opened with may be older than the rule.
    let stage = calls::stage_of(programme, call)?;
    let now = design.and_then(|of| of.stage(&stage.key)).and_then(|stage| stage.stays_as.clone());
    Ok(stage.stays_as.or(now).filter(|key| programme.role(key).is_some()))
}

/// Somebody who was asked to stay.
struct Asked {
    id: PersonId,
    name: String,
    email: Option<String>,
    application: String,
    stands: Stands,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stands {
    /// They hold nothing here yet.
    Open,
    /// They hold this role.
    There,
    /// They hold a role of a place, and the sides of a programme never mix.
    OfPlace,
}

/// Who was asked to stay, once everybody has been told; but for those from whose application the viewer stands aside.
async fn asked(
    cx: &Cx,
    db: &impl ConnectionTrait,
    (programme, call, role): (&Snapshot, &call::Model, &str),
) -> Result<Vec<Asked>, Stop> {
    let mut of: Vec<_> = calls::going_on(db, call, Outcome::Network.key()).await?.into_iter().collect();
    let aside = calls::conflicts(db, cx.person()?, &of).await?;
    of.retain(|id| !aside.contains(id));
    let link = member::Entity::belongs_to(person::Entity).from(member::Column::PersonId).to(person::Column::Id);
    let wrote = member::Entity::belongs_to(tables::application::Entity)
        .from(member::Column::ApplicationId)
        .to(tables::application::Column::Id);
    let found: Vec<(PersonId, String, Option<String>, String)> = member::Entity::find()
        .select_only()
        .column(person::Column::Id)
        .column(person::Column::Name)
        .column(person::Column::Email)
        .column_as(tables::application::Column::Name, "wrote")
        .join(JoinType::InnerJoin, link.into())
        .join(JoinType::InnerJoin, wrote.into())
        .filter(member::COLUMN.application_id.is_in(of))
        .filter(member::COLUMN.ended_at.is_null())
        .order_by_asc(person::Column::Name)
        .order_by_asc(person::Column::Id)
        .order_by_asc(member::Column::Id)
        .into_tuple()
        .all(db)
        .await
        .map_err(fault("list who was asked to stay"))?;
    let held = held(cx, db, programme, found.iter().map(|one| one.0).collect()).await?;
    let mut all: Vec<Asked> = Vec::new();
    for (id, name, email, application) in found {
        if all.last().is_some_and(|before| before.id == id) {
            continue;
        }
        let roles = held.get(&id).map(Vec::as_slice).unwrap_or_default();
        let of_place = |key: &String| programme.role(key).is_some_and(|role| role.side == Side::Place);
        let stands = match () {
            () if roles.iter().any(|key| key == role) => Stands::There,
            () if roles.iter().any(of_place) => Stands::OfPlace,
            () => Stands::Open,
        };
        all.push(Asked { id, name, email, application, stands });
    }
    Ok(all)
}

/// The roles that these people hold, now or from a later day.
async fn held(
    cx: &Cx,
    db: &impl ConnectionTrait,
    programme: &Snapshot,
    of: Vec<PersonId>,
) -> Result<HashMap<PersonId, Vec<String>>, Fault> {
    let found: Vec<(PersonId, String)> = appointment::Entity::find()
        .select_only()
        .columns([appointment::Column::PersonId])
        .column(appointment::Column::Role)
        .filter(appointment::COLUMN.programme_id.eq(programme.id))
        .filter(appointment::COLUMN.person_id.is_in(of))
        .filter(appointment::COLUMN.ended_at.is_null())
        .filter(Condition::any().add(appointment::COLUMN.to_day.is_null()).add(appointment::COLUMN.to_day.gte(cx.today())))
        .into_tuple()
        .all(db)
        .await
        .map_err(fault("list roles"))?;
    let mut all: HashMap<PersonId, Vec<String>> = HashMap::new();
    for (id, role) in found {
        all.entry(id).or_default().push(role);
    }
    Ok(all)
}

/// The role, for a page that those open who appoint to it once everybody was told.
fn open(cx: &Cx, programme: &Snapshot, call: &call::Model) -> Result<String, Stop> {
    let role = role_of(programme, call)?.ok_or(Stop::Missing)?;
    if call.released_at.is_none() {
        return Err(Stop::forbidden(
            "Nobody has been told yet",
            "Who is asked to stay hears it with everybody else, and then comes in.",
        ));
    }
    match people::manages(cx, programme, &role, None) {
        true => Ok(role),
        false => Err(Stop::forbidden("Others take them in", "Ask somebody who manages the people of this programme.")),
    }
}

/// `/programmes/{programme}/calls/{call}/stay`
pub(super) async fn page(cx: Cx) -> Answer {
    let (programme, call) = (cx.programme()?.clone(), cx.call()?.clone());
    let role = open(&cx, &programme, &call)?;
    let all = asked(&cx, cx.read(), (&programme, &call, &role)).await?;
    let open = all.iter().filter(|one| one.stands == Stands::Open).count();
    let named = programme.role_name(&role).to_string();
    let rows = all.iter().map(|one| {
        let stands = match one.stands {
            Stands::Open => "Not in the network yet".to_string(),
            Stands::There => format!("In it, as {}", named.to_lowercase()),
            Stands::OfPlace => "Holds a role of a place".into(),
        };
        vec![Cell::text(&one.name).head(), Cell::text(&one.application), Cell::text(stands)]
    });
    let table = Table::new("Asked to stay", &["Name", "Application", "Stands"], rows.collect()).quiet().html();
    let circles: Vec<&str> =
        programme.programme.design.circles.iter().filter(|c| c.readers.contains(&role)).map(|c| c.name.as_str()).collect();
    let button = if open == 1 { "Take this person in".to_string() } else { format!("Take these {open} people in") };
    let draft = Draft::new("Those who were asked to stay").crumb(&programme.name, programme.href());
    let draft = draft.crumb(&call.name, format!("{}/calls/{}", programme.href(), call.slug)).done(&cx, SAID);
    Ok(draft.lead(format!("{}. Not chosen, told so, and asked to stay as: {named}.", call.name)).page(
        &cx,
        maud! {
            @if all.is_empty() { p { "Nobody was asked to stay." } } @else {
                (table)
                p { "In this role they read: " @if circles.is_empty() { "nothing" } @else { (circles.join(", ")) } ". Of what stands in other circles they are told nothing." }
                @if open > 0 { (form::form(cx.path(), &cx.form_keys(), form::button(&button))) }
            }
        },
    ))
}

pub(super) async fn save(act: Act) -> Answer {
    let (programme, call) = (act.programme()?.clone(), act.call()?.clone());
    let role = open(&act, &programme, &call)?;
    let mut write = act.write("take in who was asked to stay").await?;
    // One after the other, so that nobody is taken in twice.
    write.lock::<call::Entity>(call.id).await?.ok_or(Stop::Missing)?;
    let named = programme.role_name(&role).to_string();
    for one in asked(&act, write.tx(), (&programme, &call, &role)).await? {
        if one.stands != Stands::Open || act.viewer().person() == Some(one.id) {
            continue;
        }
        let row = appointment::Model {
            id: AppointmentId(write.id()),
            programme_id: programme.id,
            person_id: one.id,
            role: role.clone(),
            organisation_id: None,
            sponsor: None,
            place_id: None,
            from_day: write.at().day(),
            to_day: None,
            ended_at: None,
            created_at: write.at(),
        };
        write.insert(row).await?;
        if let Some(email) = &one.email {
            let (subject, text) = people::appointed(&act.app().settings.address, &named, &programme.name);
            write.mail(email, subject, text).await?;
        }
    }
    act.save(write, &format!("{}?done=done", act.path())).await
}

/// What waits for those who appoint: people who were asked to stay, and are not there yet.
pub(crate) async fn waiting(cx: &Cx, programme: &Snapshot) -> Result<Vec<Task>, Stop> {
    let design = &programme.programme.design;
    let keeps = design.call.iter().flat_map(|call| &call.stages).any(|stage| stage.stays_as.is_some());
    let runs = cx.viewer().may(Power::RunCalls, programme.id, None);
    if !keeps || !runs || !cx.viewer().may(Power::ManagePeople, programme.id, None) {
        return Ok(Vec::new());
    }
    let told = call::Entity::find()
        .filter(call::COLUMN.programme_id.eq(programme.id))
        .filter(call::COLUMN.released_at.is_not_null())
        .order_by_asc(call::Column::Id);
    let mut tasks = Vec::new();
    for call in told.all(cx.read()).await.map_err(fault("list calls"))? {
        let Some(role) = role_of(programme, &call)?.filter(|role| people::manages(cx, programme, role, None)) else { continue };
        let all = asked(cx, cx.read(), (programme, &call, &role)).await?;
        let open = all.iter().filter(|one| one.stands == Stands::Open).count();
        if open > 0 {
            tasks.push(Task {
                text: "Take in those who were asked to stay".into(),
                href: format!("{}/calls/{}/stay", programme.href(), call.slug),
                detail: Some(format!(
                    "{}: {open} {} not there yet.",
                    call.name,
                    if open == 1 { "person is" } else { "people are" }
                )),
                due: None,
                tone: Tone::Waiting,
            });
        }
    }
    Ok(tasks)
}
