//! Matters: entries that something is to become of, such as a challenge, an experiment or an action. Their steps are
//! entries too, in the same circle; what stands here is only how far a matter has come.

use design::{EntryKind, Power, StepRule};
use kernel::{Day, Fault};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{Condition, JoinType, QueryOrder, QuerySelect};
use store::{Write, fault};
use tables::{AppointmentId, EntryId, MatterId, PersonId, PlaceId, appointment, entry, matter, person, place, step};

use super::reading::readable;
use crate::ground::{Cx, Held, Snapshot};
use crate::people::held_on;

/// What is said of a matter when it is opened.
#[derive(Debug, Clone, Default)]
pub(crate) struct About {
    pub to: Option<PersonId>,
    /// A day that was named, instead of the one that the design gives.
    pub due: Option<Day>,
    /// What the design calls it: a need, a tipping point.
    pub key: String,
}

/// Opens the matter of an entry that has just been recorded.
pub(crate) async fn open(
    write: &mut Write,
    kind: &EntryKind,
    entry: &entry::Model,
    about: About,
) -> Result<matter::Model, Fault> {
    let row = matter::Model {
        id: MatterId(write.id()),
        programme_id: entry.programme_id,
        place_id: entry.place_id,
        entry_id: entry.id,
        kind: kind.key.clone(),
        state: String::new(),
        open: true,
        to_person: about.to,
        due_on: about.due.or_else(|| due(kind, None, entry.happened_on)),
        opened_on: entry.happened_on,
        moved_at: write.at(),
        about: about.key,
    };
    write.insert(row).await
}

/// When the next step is expected, where the design says so.
pub(super) fn due(kind: &EntryKind, state: Option<&str>, from: Day) -> Option<Day> {
    kind.awaited(state).iter().filter_map(|s| s.within).min().map(|days| from.plus_days(i64::from(days)))
}

/// The matter of an entry whose day was put right goes by the new day, as long as nothing has come of it.
pub(super) async fn follow(
    write: &mut Write,
    kind: &EntryKind,
    before: &entry::Model,
    after: &entry::Model,
) -> Result<(), Fault> {
    if before.happened_on == after.happened_on {
        return Ok(());
    }
    let Some(row) = of_entry(write.tx(), after.id).await?.filter(|row| row.state.is_empty()) else { return Ok(()) };
    // A day that somebody named stays.
    let due_on = if row.due_on == due(kind, None, before.happened_on) { due(kind, None, after.happened_on) } else { row.due_on };
    write.replace(&row, matter::Model { opened_on: after.happened_on, due_on, ..row.clone() }).await?;
    Ok(())
}

/// The last step; none of a matter that is as it was opened.
pub(crate) fn state(row: &matter::Model) -> Option<&str> {
    Some(row.state.as_str()).filter(|s| !s.is_empty())
}

/// How a matter stands, as people say it.
pub(crate) fn stands<'a>(kind: Option<&'a EntryKind>, row: &'a matter::Model) -> &'a str {
    match state(row) {
        None => "open",
        Some(key) => kind.and_then(|k| k.step(key)).map_or(key, |s| &s.stands),
    }
}

pub(crate) async fn of_entry(db: &impl ConnectionTrait, id: EntryId) -> Result<Option<matter::Model>, Fault> {
    let found = matter::Entity::find().filter(matter::COLUMN.entry_id.eq(id));
    found.one(db).await.map_err(fault("load a matter"))
}

/// The role in which the viewer may take a step of this entry: one that the design names and that writes where it stands.
pub(super) fn taker<'a>(cx: &'a Cx, programme: &Snapshot, rule: &StepRule, entry: &entry::Model) -> Option<&'a Held> {
    let circle = programme.circle(entry.circle_id)?;
    let kind = programme.programme.design.kind(&entry.kind)?;
    let reaches = |held: &Held| super::compose::reaches(held, kind, entry.place_id);
    if rule.own && cx.viewer().person() != Some(entry.author_id) {
        return None;
    }
    let mut held = cx.viewer().held_in(programme.id).filter(|h| reaches(h) && programme.role_may(&h.role, Power::WriteEntries));
    held.find(|h| rule.by.contains(&h.role) && circle.writers.contains(&h.role))
}

/// Whether the viewer may ever take a step of this entry.
pub(crate) fn may_step(cx: &Cx, entry: &entry::Model) -> bool {
    let Ok(programme) = cx.programme() else { return false };
    let kind = programme.programme.design.kind(&entry.kind).filter(|_| entry.source_id.is_none());
    kind.is_some_and(|kind| kind.steps.iter().any(|rule| taker(cx, programme, rule, entry).is_some()))
}

/// Whether the viewer holds a role that takes this step of an entry, be it possible now or not.
pub(crate) fn takes(cx: &Cx, programme: &Snapshot, entry: &entry::Model, key: &str) -> bool {
    let rule = programme.programme.design.kind(&entry.kind).and_then(|kind| kind.step(key));
    entry.source_id.is_none() && rule.is_some_and(|rule| taker(cx, programme, rule, entry).is_some())
}

/// A step that was taken, with the words that were said.
#[derive(Debug)]
pub(crate) struct Taken {
    pub step: String,
    pub entry: entry::Model,
    pub author: String,
    pub role: String,
}

/// The steps of a matter, the first first, as far as the viewer may read them.
pub(crate) async fn steps(cx: &Cx, programme: &Snapshot, id: MatterId) -> Result<Vec<Taken>, Fault> {
    let of =
        step::Entity::find().filter(step::COLUMN.matter_id.eq(id)).order_by_asc(step::Column::At).order_by_asc(step::Column::Id);
    let rows = of.all(cx.read()).await.map_err(fault("list steps"))?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<EntryId> = rows.iter().map(|s| s.entry_id).collect();
    let readable = Condition::all().add(entry::COLUMN.id.is_in(ids)).add(readable(cx.viewer(), programme));
    let found = entry::Entity::find().filter(readable).all(cx.read()).await.map_err(fault("load steps"))?;
    let people = person::Entity::find().filter(person::COLUMN.id.is_in(found.iter().map(|e| e.author_id)));
    let people = people.all(cx.read()).await.map_err(fault("load who took steps"))?;
    let held = appointment::Entity::find().filter(appointment::COLUMN.id.is_in(found.iter().map(|e| e.appointment_id)));
    let held = held.all(cx.read()).await.map_err(fault("load roles"))?;
    let taken = rows.into_iter().filter_map(|row| {
        let entry = found.iter().find(|e| e.id == row.entry_id)?.clone();
        let author = people.iter().find(|p| p.id == entry.author_id)?.name.clone();
        let role = held.iter().find(|a| a.id == entry.appointment_id)?.role.clone();
        Some(Taken { step: row.step, entry, author, role })
    });
    Ok(taken.collect())
}

/// The matter that this entry is a step of, with the entry that opened it, if the viewer may read that.
pub(super) async fn step_of(cx: &Cx, programme: &Snapshot, id: EntryId) -> Result<Option<(step::Model, entry::Model)>, Fault> {
    let found = step::Entity::find().filter(step::COLUMN.entry_id.eq(id)).one(cx.read()).await.map_err(fault("load a step"))?;
    let Some(row) = found else { return Ok(None) };
    let link = entry::Entity::belongs_to(matter::Entity).from(entry::Column::Id).to(matter::Column::EntryId);
    let opened = entry::Entity::find()
        .join(JoinType::InnerJoin, link.into())
        .filter(matter::COLUMN.id.eq(row.matter_id))
        .filter(readable(cx.viewer(), programme));
    Ok(opened.one(cx.read()).await.map_err(fault("load a matter"))?.map(|entry| (row, entry)))
}

/// A matter as a list shows it.
#[derive(Debug)]
pub(crate) struct Listed {
    pub matter: matter::Model,
    pub entry: EntryId,
    pub title: String,
    pub place: Option<String>,
    pub place_slug: Option<String>,
    pub to: Option<String>,
}

type Row = (matter::Model, Option<entry::Model>);

/// What is looked for among matters.
#[derive(Debug, Default)]
pub(crate) struct Wanted {
    pub open: Option<bool>,
    pub kind: Option<String>,
    pub place: Option<PlaceId>,
    pub about: Option<String>,
    /// Beside all this.
    pub also: Option<Condition>,
    /// So many are passed over.
    pub offset: u64,
    pub limit: u64,
}

/// The matters of a programme whose entries the viewer may read; what is due first stands first.
pub(crate) async fn list(cx: &Cx, programme: &Snapshot, wanted: Wanted) -> Result<Vec<Listed>, Fault> {
    use matter::COLUMN as M;
    let link = matter::Entity::belongs_to(entry::Entity).from(matter::Column::EntryId).to(entry::Column::Id);
    let found: Vec<Row> = matter::Entity::find()
        .join(JoinType::InnerJoin, link.into())
        .select_also(entry::Entity)
        .filter(M.programme_id.eq(programme.id))
        .filter(readable(cx.viewer(), programme))
        .filter(
            Condition::all()
                .add_option(wanted.open.map(|open| M.open.eq(open)))
                .add_option(wanted.kind.map(|kind| M.kind.eq(kind)))
                .add_option(wanted.place.map(|place| M.place_id.eq(place)))
                .add_option(wanted.about.map(|about| M.about.eq(about)))
                .add_option(wanted.also),
        )
        .order_by_with_nulls(matter::Column::DueOn, sea_orm::Order::Asc, sea_orm::sea_query::NullOrdering::Last)
        .order_by_asc(matter::Column::OpenedOn)
        .order_by_asc(matter::Column::Id)
        .offset(wanted.offset)
        .limit(wanted.limit)
        .all(cx.read())
        .await
        .map_err(fault("list matters"))?;
    let places: Vec<PlaceId> = found.iter().filter_map(|(m, _)| m.place_id).collect();
    let places =
        place::Entity::find().filter(place::COLUMN.id.is_in(places)).all(cx.read()).await.map_err(fault("list places"))?;
    let people: Vec<PersonId> = found.iter().filter_map(|(m, _)| m.to_person).collect();
    let people = still_there(cx, programme, &people).await?;
    let listed = found.into_iter().filter_map(|(matter, entry)| {
        let entry = entry?;
        let place = places.iter().find(|p| Some(p.id) == matter.place_id);
        let to = people.iter().find(|(id, _)| Some(*id) == matter.to_person).map(|(_, name)| name.clone());
        let (place, place_slug) = (place.map(|p| p.name.clone()), place.map(|p| p.slug.clone()));
        Some(Listed { entry: entry.id, title: entry.title, place, place_slug, to, matter })
    });
    Ok(listed.collect())
}

/// Of these people those who still hold a role in the programme, with their names: what was with somebody who left is with
/// nobody in particular.
pub(super) async fn still_there(cx: &Cx, programme: &Snapshot, people: &[PersonId]) -> Result<Vec<(PersonId, String)>, Fault> {
    // Often it is the same few; asked for one by one, so that the database begins with them and not with everybody.
    let mut few: Vec<PersonId> = people.to_vec();
    few.sort_unstable();
    few.dedup();
    if few.is_empty() {
        return Ok(Vec::new());
    }
    let there = appointment::Entity::find()
        .select_only()
        .column(appointment::Column::PersonId)
        .filter(appointment::COLUMN.person_id.is_in(few.iter().copied()))
        .filter(appointment::COLUMN.programme_id.eq(programme.id))
        .filter(held_on(cx.today(), cx.now()));
    let there: Vec<PersonId> = there.into_tuple().all(cx.read()).await.map_err(fault("list who is there"))?;
    few.retain(|id| there.contains(id));
    person::Entity::find()
        .select_only()
        .columns([person::Column::Id, person::Column::Name])
        .filter(person::COLUMN.id.is_in(few))
        .into_tuple()
        .all(cx.read())
        .await
        .map_err(fault("list people"))
}

/// The matters that wait for the viewer: a role they hold may take the next step, and it was said to them, to nobody in
/// particular, or to somebody who holds no role here any more.
pub(crate) async fn waiting(cx: &Cx, programme: &Snapshot, limit: u64) -> Result<Vec<Listed>, Fault> {
    use matter::COLUMN as M;
    let design = &programme.programme.design;
    // Asked of the few who are addressed, one by one: a list of everybody who is there would be made anew for each page.
    let there = appointment::Entity::find()
        .select_only()
        .column(appointment::Column::Id)
        .filter(
            Expr::col((appointment::Entity, appointment::Column::PersonId)).equals((matter::Entity, matter::Column::ToPerson)),
        )
        .filter(appointment::COLUMN.programme_id.eq(programme.id))
        .filter(held_on(cx.today(), cx.now()));
    let there = sea_orm::QuerySelect::query(&mut there.clone()).to_owned();
    let to_me = Condition::any()
        .add(M.to_person.is_null())
        .add_option(cx.viewer().person().map(|me| M.to_person.eq(me)))
        .add(Expr::not_exists(there));
    let mut mine = Condition::any();
    for held in cx.viewer().held_in(programme.id) {
        let mut turns = Condition::any();
        // Events and peers say for themselves what waits.
        for kind in design.kinds.iter().filter(|k| k.is_matter() && !k.is_of_all()) {
            let states = std::iter::once("").chain(kind.steps.iter().filter(|s| !s.ends).map(|s| s.key.as_str()));
            let turn = |state: &&str| {
                let state = Some(*state).filter(|s| !s.is_empty());
                kind.awaited(state).iter().any(|step| step.by.contains(&held.role))
            };
            let states: Vec<&str> = states.filter(turn).collect();
            if !states.is_empty() {
                // To whom it was said binds those it could have been said to; whoever said it hears the answer in any case.
                let bound = kind.addressed_to.contains(&held.role).then(|| to_me.clone());
                turns = turns.add(Condition::all().add(M.kind.eq(kind.key.clone())).add(M.state.is_in(states)).add_option(bound));
            }
        }
        if !turns.is_empty() {
            mine = mine.add(Condition::all().add(turns).add_option(held.place.map(|p| M.place_id.eq(p))));
        }
    }
    if mine.is_empty() {
        return Ok(Vec::new());
    }
    list(cx, programme, Wanted { open: Some(true), also: Some(mine), limit, ..Wanted::default() }).await
}

/// Who may take the next step that is waited for, as people say it.
pub(crate) fn waits_for(programme: &Snapshot, row: &matter::Model) -> String {
    let Some(kind) = programme.programme.design.kind(&row.kind).filter(|_| row.open) else { return String::new() };
    let mut roles: Vec<&str> = Vec::new();
    for role in kind.awaited(state(row)).iter().flat_map(|s| &s.by) {
        let name = programme.role_name(role);
        if !roles.contains(&name) {
            roles.push(name);
        }
    }
    roles.join(", ")
}

/// People to whom an entry of this kind can be said: those who hold a role that the design names, here and now.
pub(super) async fn addressees(
    cx: &Cx,
    programme: &Snapshot,
    kind: &EntryKind,
    place: Option<PlaceId>,
) -> Result<Vec<(PersonId, AppointmentId, String, String)>, Fault> {
    if kind.addressed_to.is_empty() {
        return Ok(Vec::new());
    }
    let here = Condition::any().add(appointment::COLUMN.place_id.is_null());
    let here = here.add_option(place.map(|p| appointment::COLUMN.place_id.eq(p)));
    let link = appointment::Entity::belongs_to(person::Entity).from(appointment::Column::PersonId).to(person::Column::Id);
    appointment::Entity::find()
        .select_only()
        .columns([appointment::Column::PersonId, appointment::Column::Id])
        .column(person::Column::Name)
        .column(appointment::Column::Role)
        .join(JoinType::InnerJoin, link.into())
        .filter(appointment::COLUMN.programme_id.eq(programme.id))
        .filter(appointment::COLUMN.role.is_in(kind.addressed_to.clone()))
        .filter(held_on(cx.today(), cx.now()))
        .filter(here)
        .order_by_asc(person::Column::Name)
        .order_by_asc(appointment::Column::Id)
        .limit(100)
        .into_tuple()
        .all(cx.read())
        .await
        .map_err(fault("list who can be addressed"))
}
