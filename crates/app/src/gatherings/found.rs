//! Finding events, through the entries that they are.

use std::collections::HashMap;

use design::{EntryKind, Gathering};
use kernel::{Fault, Moment};
use sea_orm::entity::prelude::*;
use sea_orm::{Condition, JoinType, QueryOrder, QuerySelect};
use store::fault;
use tables::{EntryId, GatheringId, PersonId, ProgrammeId, entry, gathering, matter, sign_up};

use crate::entries;
use crate::ground::{Cx, Snapshot, Stop, Viewer};

/// As many events as a page and a calendar look back over.
const MOST: u64 = 500;

/// An event: its words, how far it has come, and once that is set, when and where it is.
#[derive(Debug, Clone)]
pub(super) struct Event<'a> {
    pub kind: &'a EntryKind,
    pub rule: &'a Gathering,
    pub entry: entry::Model,
    pub matter: matter::Model,
    pub row: Option<gathering::Model>,
}

impl Event<'_> {
    fn state(&self) -> &str {
        &self.matter.state
    }
    /// It will be held: people sign up.
    pub fn is_agreed(&self) -> bool {
        self.state() == self.rule.agreed
    }
    pub fn is_held(&self) -> bool {
        self.state() == self.rule.held
    }
    pub fn is_cancelled(&self) -> bool {
        self.state() == self.rule.cancelled
    }
    /// People thought of it, and nobody has agreed that it is held.
    pub fn is_idea(&self) -> bool {
        self.matter.open && !self.is_agreed()
    }
    /// It was to be held, has a day, and that has gone by.
    pub fn is_over(&self, now: Moment) -> bool {
        self.is_held() || (self.is_agreed() && self.row.as_ref().is_some_and(|row| row.ends_at <= now))
    }
    pub fn stands(&self) -> &str {
        entries::stands(Some(self.kind), &self.matter)
    }
    pub fn href(&self, programme: &Snapshot) -> String {
        format!("{}/gatherings/{}", programme.href(), self.entry.id)
    }
    /// Whoever may say that it was held runs it.
    pub fn is_run_by(&self, cx: &Cx, programme: &Snapshot) -> bool {
        entries::takes_step(cx, programme, &self.entry, &self.rule.held)
    }
    /// The roles that run it, as people say them.
    pub fn run_by(&self, programme: &Snapshot) -> String {
        let by = self.kind.step(&self.rule.held).map(|step| step.by.as_slice()).unwrap_or_default();
        by.iter().map(|role| programme.role_name(role)).collect::<Vec<_>>().join(", ")
    }
}

/// When it is, in London time.
pub(super) fn when(row: &gathering::Model) -> String {
    format!("{}, {} to {}", row.begins_at.day(), row.begins_at.clock_time(), row.ends_at.clock_time())
}

/// The event that the path names.
pub(super) async fn named<'a>(cx: &Cx, programme: &'a Snapshot) -> Result<Event<'a>, Stop> {
    let entry = cx.entry()?.clone();
    let kind = programme.programme.design.kind(&entry.kind).filter(|_| entry.source_id.is_none()).ok_or(Stop::Missing)?;
    let rule = kind.gathering.as_ref().ok_or(Stop::Missing)?;
    // Its steps are entries of the same kind, and no events.
    let matter = entries::matter_of(cx.read(), entry.id).await?.ok_or(Stop::Missing)?;
    let row = row_of(cx.read(), entry.id).await?;
    Ok(Event { kind, rule, entry, matter, row })
}

/// The same for those who run it.
pub(super) async fn run<'a>(cx: &Cx, programme: &'a Snapshot) -> Result<Event<'a>, Stop> {
    let event = named(cx, programme).await?;
    match event.is_run_by(cx, programme) {
        true => Ok(event),
        false => Err(Stop::forbidden("Others run this event", format!("It is run by: {}.", event.run_by(programme)))),
    }
}

pub(super) async fn row_of(db: &impl ConnectionTrait, id: EntryId) -> Result<Option<gathering::Model>, Fault> {
    let found = gathering::Entity::find().filter(gathering::COLUMN.entry_id.eq(id));
    found.one(db).await.map_err(fault("load an event"))
}

/// The events of a programme that somebody may read, those with the latest day first.
pub(super) async fn all<'a>(
    db: &impl ConnectionTrait,
    viewer: &Viewer,
    programme: &'a Snapshot,
) -> Result<Vec<Event<'a>>, Fault> {
    those(db, viewer, programme, Condition::all()).await
}

/// Those of them that may still ask something of somebody: what is not closed, and what ended after this moment.
pub(super) async fn not_long_over<'a>(
    db: &impl ConnectionTrait,
    viewer: &Viewer,
    programme: &'a Snapshot,
    after: Moment,
) -> Result<Vec<Event<'a>>, Fault> {
    let mut late = gathering::Entity::find()
        .select_only()
        .column(gathering::Column::EntryId)
        .filter(gathering::COLUMN.programme_id.eq(programme.id))
        .filter(gathering::COLUMN.ends_at.gte(after));
    let late = matter::Column::EntryId.in_subquery(QuerySelect::query(&mut late).to_owned());
    those(db, viewer, programme, Condition::any().add(matter::COLUMN.open.eq(true)).add(late)).await
}

async fn those<'a>(
    db: &impl ConnectionTrait,
    viewer: &Viewer,
    programme: &'a Snapshot,
    wanted: Condition,
) -> Result<Vec<Event<'a>>, Fault> {
    let keys: Vec<&str> = programme.programme.design.gatherings().map(|(kind, _)| kind.key.as_str()).collect();
    if keys.is_empty() {
        return Ok(Vec::new());
    }
    let link = matter::Entity::belongs_to(entry::Entity).from(matter::Column::EntryId).to(entry::Column::Id);
    let found = matter::Entity::find()
        .join(JoinType::InnerJoin, link.into())
        .select_also(entry::Entity)
        .filter(matter::COLUMN.programme_id.eq(programme.id))
        .filter(matter::COLUMN.kind.is_in(keys))
        .filter(entries::readable(viewer, programme))
        .filter(wanted)
        .order_by_desc(matter::Column::OpenedOn)
        .order_by_desc(matter::Column::Id)
        .limit(MOST)
        .all(db)
        .await
        .map_err(fault("list events"))?;
    let ids: Vec<EntryId> = found.iter().map(|(matter, _)| matter.entry_id).collect();
    let rows = gathering::Entity::find().filter(gathering::COLUMN.entry_id.is_in(ids));
    let mut rows: HashMap<EntryId, gathering::Model> =
        rows.all(db).await.map_err(fault("list when events are"))?.into_iter().map(|row| (row.entry_id, row)).collect();
    let mut all: Vec<Event<'a>> = found
        .into_iter()
        .filter_map(|(matter, entry)| {
            let entry = entry.filter(|entry| entry.source_id.is_none())?;
            let kind = programme.programme.design.kind(&entry.kind)?;
            let rule = kind.gathering.as_ref()?;
            let row = rows.remove(&entry.id);
            Some(Event { kind, rule, entry, matter, row })
        })
        .collect();
    all.sort_by_key(|event| std::cmp::Reverse((event.row.as_ref().map(|row| row.begins_at), event.entry.id)));
    Ok(all)
}

/// What somebody has said of coming to an event, if anything.
pub(super) async fn sign_up_of(
    db: &impl ConnectionTrait,
    id: GatheringId,
    person: PersonId,
) -> Result<Option<sign_up::Model>, Fault> {
    let mine = sign_up::Entity::find().filter(sign_up::COLUMN.gathering_id.eq(id)).filter(sign_up::COLUMN.person_id.eq(person));
    mine.one(db).await.map_err(fault("look for a sign-up"))
}

/// What somebody says of coming to the events of a programme.
pub(super) async fn sign_ups_of(
    db: &impl ConnectionTrait,
    programme: ProgrammeId,
    person: PersonId,
) -> Result<Vec<sign_up::Model>, Fault> {
    let mine = sign_up::Entity::find().filter(sign_up::COLUMN.programme_id.eq(programme));
    mine.filter(sign_up::COLUMN.person_id.eq(person)).all(db).await.map_err(fault("list sign-ups"))
}

/// All that was said of coming to an event, the first first; those who have left and those who only came included.
pub(super) async fn sign_ups(db: &impl ConnectionTrait, id: GatheringId) -> Result<Vec<sign_up::Model>, Fault> {
    sign_up::Entity::find()
        .filter(sign_up::COLUMN.gathering_id.eq(id))
        .order_by_asc(sign_up::Column::SignedAt)
        .order_by_asc(sign_up::Column::Id)
        .all(db)
        .await
        .map_err(fault("list sign-ups"))
}

/// What somebody says of an event that still counts: they mean to come, or came.
pub(super) fn counts(row: &sign_up::Model) -> bool {
    row.left_at.is_none()
}
