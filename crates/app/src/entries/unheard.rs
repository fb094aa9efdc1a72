//! Voices that are waited for: where a sponsor has not said how it sees an entry yet, or said it of words that have changed
//! since.

use design::{Each, EntryKind};
use kernel::Fault;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{Condition, JoinType, QueryOrder, QuerySelect};
use store::fault;
use tables::{EntryId, consent, entry, matter};
use ui::parts::{Task, Tone};

use super::reading::readable;
use super::voices::{hash, sponsor_name};
use super::withdraw;
use crate::ground::{Cx, Held, Snapshot};

/// A decision from longer ago waits for nobody.
const WAITS_DAYS: i64 = 365;

/// What waits for the voice of the viewer's sponsor, for their Today.
pub(crate) async fn waiting(cx: &Cx, programme: &Snapshot) -> Result<Vec<Task>, Fault> {
    let mut tasks = Vec::new();
    for kind in &programme.programme.design.kinds {
        let Some(voices) = kind.voices.as_ref().filter(|v| v.each == Each::Sponsor) else { continue };
        let held = cx.viewer().held_in(programme.id).find(|h| voices.by.contains(&h.role) && h.sponsor.is_some());
        let Some((held, sponsor)) = held.and_then(|h| Some((h, h.sponsor.as_deref()?))) else { continue };
        let name = sponsor_name(programme, sponsor);
        let task = |(id, title): (EntryId, String), why: &str| Task {
            text: title,
            href: format!("{}/entries/{id}/voice", programme.href()),
            detail: Some(format!("{} {why}", voices.ask)),
            due: None,
            tone: Tone::Waiting,
        };
        let never = format!("{} waits for what {name} says.", kind.name);
        let unsaid = unsaid(cx, programme, asked_of(cx, programme, kind, held), sponsor).await?;
        tasks.extend(unsaid.into_iter().map(|found| task(found, &never)));
        let since = format!("The words have changed since {name} said how it sees them.");
        let changed = changed_since(cx, programme, asked_of(cx, programme, kind, held), sponsor).await?;
        tasks.extend(changed.into_iter().map(|found| task(found, &since)));
    }
    Ok(tasks)
}

/// The entries of a kind on which the viewer can speak for a sponsor.
fn asked_of(cx: &Cx, programme: &Snapshot, kind: &EntryKind, held: &Held) -> Condition {
    // Steps of a matter are entries of the same kind, on which nobody is heard; nor on what is closed.
    let open = matter::Entity::find()
        .select_only()
        .column(matter::Column::EntryId)
        .filter(matter::COLUMN.programme_id.eq(programme.id))
        .filter(matter::COLUMN.open.eq(true));
    let open = sea_orm::QuerySelect::query(&mut open.clone()).to_owned();
    Condition::all()
        .add(readable(cx.viewer(), programme))
        .add(entry::COLUMN.kind.eq(&kind.key))
        .add(entry::COLUMN.source_id.is_null())
        .add(entry::COLUMN.happened_on.gte(cx.today().plus_days(-WAITS_DAYS)))
        .add_option(held.place.map(|p| entry::COLUMN.place_id.eq(p)))
        .add_option(kind.is_matter().then(|| entry::COLUMN.id.in_subquery(open)))
}

/// Those on which a sponsor has said nothing.
async fn unsaid(cx: &Cx, programme: &Snapshot, asked: Condition, sponsor: &str) -> Result<Vec<(EntryId, String)>, Fault> {
    const SOME: u64 = 20;
    let spoken = consent::Entity::find()
        .select_only()
        .column(consent::Column::EntryId)
        .filter(consent::COLUMN.programme_id.eq(programme.id))
        .filter(consent::COLUMN.side.eq(sponsor))
        .filter(consent::COLUMN.entry_id.is_not_null())
        .filter(consent::COLUMN.replaced_at.is_null());
    let spoken = sea_orm::QuerySelect::query(&mut spoken.clone()).to_owned();
    entry::Entity::find()
        .select_only()
        .columns([entry::Column::Id, entry::Column::Title])
        .filter(asked)
        .filter(entry::COLUMN.id.not_in_subquery(spoken))
        .order_by_asc(entry::Column::HappenedOn)
        .order_by_asc(entry::Column::Id)
        .limit(SOME)
        .into_tuple()
        .all(cx.read())
        .await
        .map_err(fault("look who has not spoken"))
}

/// Those on which it spoke of other words than stand there now. Only what was changed at all is looked at.
async fn changed_since(cx: &Cx, programme: &Snapshot, asked: Condition, sponsor: &str) -> Result<Vec<(EntryId, String)>, Fault> {
    const SOME: u64 = 50;
    let link = consent::Entity::belongs_to(entry::Entity).from(consent::Column::EntryId).to(entry::Column::Id);
    let found: Vec<(consent::Model, Option<entry::Model>)> = consent::Entity::find()
        .join(JoinType::InnerJoin, link.into())
        .select_also(entry::Entity)
        .filter(consent::COLUMN.programme_id.eq(programme.id))
        .filter(consent::COLUMN.side.eq(sponsor))
        .filter(consent::COLUMN.replaced_at.is_null())
        .filter(entry::COLUMN.revision.gt(1))
        .filter(Expr::col((entry::Entity, entry::Column::ChangedAt)).gte(Expr::col((consent::Entity, consent::Column::GivenAt))))
        .filter(asked)
        .order_by_desc(entry::Column::ChangedAt)
        .order_by_desc(entry::Column::Id)
        .limit(SOME)
        .all(cx.read())
        .await
        .map_err(fault("look what has changed since somebody spoke"))?;
    let other = |(said, entry): (consent::Model, Option<entry::Model>)| {
        entry.filter(|entry| said.hash != hash(entry) && !withdraw::is_gone(entry)).map(|entry| (entry.id, entry.title))
    };
    Ok(found.into_iter().filter_map(other).collect())
}
