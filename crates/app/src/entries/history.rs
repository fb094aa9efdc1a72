//! An entry's history: its versions, any two side by side, and what the journal says of it.

use sea_orm::QueryOrder;
use sea_orm::entity::prelude::*;
use store::fault;
use tables::{CircleId, entry, entry_revision};
use ui::table::{Cell, Table};
use ui::{parts, words};

use crate::ground::html::*;
use crate::ground::{Answer, Cx, Draft, Snapshot};
use crate::house;

/// A version, the last one included.
struct Version {
    number: i32,
    title: String,
    text: String,
    when: kernel::Moment,
    reason: String,
}

pub(super) async fn page(cx: Cx) -> Answer {
    let (programme, entry) = (cx.programme()?.clone(), cx.entry()?.clone());
    let versions = versions(&cx, &programme, &entry).await?;
    let journal = house::of_record(&cx, programme.id, entry.id.0).await?;
    let home = format!("{}/entries/{}", programme.href(), entry.id);
    let pick = |name: &str, default: usize| {
        let wanted = cx.query(name).parse::<i32>().ok();
        versions.iter().find(|v| Some(v.number) == wanted).or_else(|| versions.get(default))
    };
    let compared = (versions.len() > 1).then(|| pick("from", versions.len() - 2).zip(pick("to", versions.len() - 1))).flatten();
    let rows = versions.iter().rev().map(|v| {
        let before = v.number - 1;
        let compare = match versions.iter().any(|o| o.number == before) {
            true => Cell::link(&format!("{home}/history?from={before}&to={}", v.number), "What changed"),
            false => Cell::text("As first written"),
        };
        vec![Cell::number(v.number), Cell::text(v.when.to_string()), Cell::text(&v.title), Cell::text(&v.reason), compare]
    });
    let headings = ["Version", "Written", "Title", "Why it was changed after", "Compare"];
    let table = Table::new("Versions of this entry", &headings, rows.collect()).quiet().html();
    let draft =
        Draft::new(format!("History of “{}”", entry.title)).crumb(&programme.name, programme.href()).crumb(&entry.title, &home);
    Ok(draft.lead("Every version is kept, and so is who changed what and when.").page(
        &cx,
        maud! {
            (parts::section("versions", "Versions", &table))
            @if let Some((from, to)) = compared {
                (parts::section("compared", &format!("From version {} to version {}", from.number, to.number), maud! {
                    @if from.title != to.title { (words::difference(&from.title, &to.title)) }
                    (words::difference(&from.text, &to.text))
                }))
            }
            (parts::section("journal", "What the journal says", &journal))
        },
    ))
}

/// Versions that the viewer may read. One that stood in another circle is for that circle alone: moving an entry does
/// not open its past.
async fn versions(cx: &Cx, programme: &Snapshot, entry: &entry::Model) -> Result<Vec<Version>, kernel::Fault> {
    let reach = cx.viewer().reach(programme);
    let reads = |circle: CircleId| super::reads(&reach, entry.place_id, circle, None);
    let earlier = entry_revision::Entity::find()
        .filter(entry_revision::COLUMN.entry_id.eq(entry.id))
        .order_by_asc(entry_revision::Column::Revision)
        .order_by_asc(entry_revision::Column::Id)
        .all(cx.read())
        .await
        .map_err(fault("load earlier versions"))?;
    let earlier = earlier.into_iter().filter(|r| reads(r.circle_id));
    let earlier =
        earlier.map(|r| Version { number: r.revision, title: r.title, text: r.text, when: r.written_at, reason: r.reason });
    let last = Version {
        number: entry.revision,
        title: entry.title.clone(),
        text: entry.text.clone(),
        when: entry.changed_at,
        reason: String::new(),
    };
    Ok(earlier.chain(std::iter::once(last)).collect())
}

/// The text of every version of an entry that the viewer may read, by its number.
pub(crate) async fn texts(cx: &Cx, programme: &Snapshot, entry: &entry::Model) -> Result<Vec<(i32, String)>, kernel::Fault> {
    Ok(versions(cx, programme, entry).await?.into_iter().map(|v| (v.number, v.text)).collect())
}
