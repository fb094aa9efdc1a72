//! The journal as people read it: who did what and when. What a change held is shown only to those who may read what
//! was changed.

use sea_orm::entity::prelude::*;
use sea_orm::{Condition, FromQueryResult, JoinType, QueryOrder, QuerySelect};
use store::fault;
use store::journal::BeforeAfter;
use tables::{EntryId, PersonId, ProgrammeId, journal, person};
use ui::table::{Cell, Table};
use ui::{Html, parts};

use crate::entries::{self, Asked};
use crate::ground::html::*;
use crate::ground::{Answer, Cx, Draft, Stop};

const PAGE: u64 = 50;

/// As which the journal knows whatever is done in a group's own space: that it was done, and nothing of what or by whom is shown.
pub(crate) const OF_A_GROUP: &str = "do something among a group";

#[derive(FromQueryResult)]
struct Record {
    number: i64,
    at: kernel::Moment,
    actor_id: Option<PersonId>,
    actor: Option<String>,
    act: String,
    kind: String,
    record_id: Uuid,
    change: String,
}

async fn records(cx: &Cx, chain: Uuid, wanted: Condition, limit: u64) -> Result<Vec<Record>, Stop> {
    let link = journal::Entity::belongs_to(person::Entity).from(journal::Column::ActorId).to(person::Column::Id).into();
    let found = journal::Entity::find()
        .select_only()
        .columns([
            journal::Column::Number,
            journal::Column::At,
            journal::Column::ActorId,
            journal::Column::Act,
            journal::Column::Kind,
            journal::Column::RecordId,
            journal::Column::Change,
        ])
        .column_as(person::Column::Name, "actor")
        .join(JoinType::LeftJoin, link)
        .filter(journal::COLUMN.chain.eq(chain))
        .filter(wanted)
        .order_by_desc(journal::Column::Number)
        .limit(limit);
    Ok(found.into_model::<Record>().all(cx.read()).await.map_err(fault("read the journal"))?)
}

impl Record {
    fn who(&self) -> String {
        match (&self.actor, self.actor_id) {
            _ if self.act == OF_A_GROUP => "Somebody of that group".into(),
            (Some(name), _) => name.clone(),
            (None, Some(_)) => "Somebody who is no longer known".into(),
            (None, None) => "Commonweal itself".into(),
        }
    }
    fn act(&self) -> String {
        let mut letters = self.act.chars();
        letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
    }
}

/// `/programmes/{programme}/journal`
pub(super) async fn page(cx: Cx) -> Answer {
    let programme = cx.programme()?.clone();
    let before: Option<i64> = cx.query("before").parse().ok();
    let wanted = Condition::all().add_option(before.map(|n| journal::COLUMN.number.lt(n)));
    let mut found = records(&cx, programme.id.0, wanted, PAGE + 1).await?;
    let older = (found.len() as u64 > PAGE).then(|| found[usize::try_from(PAGE).unwrap_or(50) - 1].number);
    found.truncate(usize::try_from(PAGE).unwrap_or(50));
    // Which of the entries named here the viewer may read: only those get their title.
    let ids: Vec<EntryId> = found.iter().filter(|r| r.kind == "entry").map(|r| EntryId(r.record_id)).collect();
    let readable = match ids.is_empty() {
        true => Vec::new(),
        false => entries::list(&cx, &programme, &Asked { only: Some(ids), limit: PAGE, ..Asked::default() }).await?,
    };
    let rows = found.iter().map(|r| {
        let entry = readable.iter().find(|e| e.id.0 == r.record_id);
        let what = match entry {
            Some(entry) => Cell::link(&format!("{}/entries/{}", programme.href(), entry.id), &entry.title),
            None if r.kind == "entry" => Cell::text("an entry in a circle that you are not in"),
            None if r.act == OF_A_GROUP => Cell::text("what only a group knows of"),
            None => Cell::text(&r.kind),
        };
        vec![Cell::number(r.number).head(), Cell::text(r.at.to_string()), Cell::text(r.who()), Cell::text(r.act()), what]
    });
    let table = Table::new("The journal, the newest first", &["No.", "When", "Who", "What was done", "To what"], rows.collect())
        .quiet()
        .html();
    let lead = "Every change in this programme: who, when, what. It shows that something was done, not what was written.";
    Ok(Draft::new("Journal").lead(lead).crumb(&programme.name, programme.href()).page(
        &cx,
        maud! {
            (table)
            @if let Some(older) = older { p class="older" { a href={ (cx.path()) "?before=" (older) } rel="next" { "Older" } } }
            (parts::details("How this is kept", maud! {
                p { "Each record holds a fingerprint of itself and of the one before it. Altering or removing one breaks the chain from there on, and the command “commonweal journal verify” finds the break." }
            }))
        },
    ))
}

/// What the journal says of one record, without what it held.
pub(crate) async fn of_record(cx: &Cx, programme: ProgrammeId, record: Uuid) -> Result<Html, Stop> {
    let found = records(cx, programme.0, Condition::all().add(journal::COLUMN.record_id.eq(record)), 200).await?;
    let rows = found.iter().map(|r| vec![Cell::text(r.at.to_string()).head(), Cell::text(r.who()), Cell::text(r.act())]);
    Ok(Table::new("Who changed this, the newest first", &["When", "Who", "What was done"], rows.collect()).quiet().html())
}

/// The same with what changed, for a record that is public in any case.
pub(crate) async fn of_record_in_full(cx: &Cx, programme: ProgrammeId, record: Uuid) -> Result<Html, Stop> {
    let found = records(cx, programme.0, Condition::all().add(journal::COLUMN.record_id.eq(record)), 200).await?;
    Ok(ui::html(maud! {
        @for record in &found {
            @let change: BeforeAfter = serde_json::from_str(&record.change).unwrap_or(BeforeAfter { before: Default::default(), after: Default::default() });
            section class="section" {
                h2 { (record.act()) }
                p class="muted" { (record.who()) ", " (record.at.to_string()) }
                @for (field, after) in change.after.iter().filter(|(f, _)| ["name", "problem", "vision"].contains(&f.as_str())) {
                    h3 { (label(field)) }
                    (ui::words::difference(text(change.before.get(field)), text(Some(after))))
                }
            }
        }
    }))
}

fn label(field: &str) -> &'static str {
    match field {
        "problem" => "The problem",
        "vision" => "The vision",
        _ => "Name",
    }
}

fn text(value: Option<&serde_json::Value>) -> &str {
    value.and_then(serde_json::Value::as_str).unwrap_or("")
}
