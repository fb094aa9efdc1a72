//! Guessing is slowed down: after a few failures for an address or from an address, further attempts wait. An attempt is
//! counted before it is looked at, so that many at once gain nothing, and one that turns out right is taken off again.

use kernel::{Fault, Moment};
use sea_orm::Set;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict};
use store::{fault, sha256};
use tables::attempt;

use crate::ground::Act;

/// Attempts within the time below, for one mail address, before the next has to wait.
const FOR_ONE_NAME: i32 = 8;
/// The same from one network address, behind which a whole office may sit.
const FROM_ONE_PLACE: i32 = 300;
const SECONDS: i64 = 900;

/// Counts an attempt. Nothing where it may go ahead, or the moment from which the next may.
pub(super) async fn attempt(act: &Act, name: &str) -> Result<Option<Moment>, Fault> {
    let write = act.write("count an attempt").await?;
    let mut wait = None;
    for (subject, most) in [(of_name(name), FOR_ONE_NAME), (of_place(act), FROM_ONE_PLACE)] {
        let db = write.unrecorded();
        let known = attempt::Entity::find_by_id(subject.clone()).one(db).await.map_err(fault("count an attempt"))?;
        let running = known.as_ref().is_some_and(|k| k.until > act.now());
        let row = attempt::ActiveModel { subject: Set(subject), count: Set(1), until: Set(act.now().plus_seconds(SECONDS)) };
        let again = OnConflict::column(attempt::Column::Subject)
            .value(
                attempt::Column::Count,
                if running { Expr::col((attempt::Entity, attempt::Column::Count)).add(1) } else { Expr::value(1) },
            )
            .value(
                attempt::Column::Until,
                known.as_ref().filter(|_| running).map_or_else(|| act.now().plus_seconds(SECONDS), |k| k.until),
            )
            .to_owned();
        attempt::Entity::insert(row).on_conflict(again).exec_without_returning(db).await.map_err(fault("count an attempt"))?;
        if let Some(known) = known.filter(|k| running && k.count >= most) {
            wait = Ord::max(wait, Some(known.until));
        }
    }
    write.save().await?;
    Ok(wait)
}

/// The attempt was right: nobody was guessing. The count for the name starts anew, and what this attempt added to the
/// count for the place is taken off.
pub(super) async fn was_right(act: &Act, name: &str) -> Result<(), Fault> {
    let write = act.write("forget attempts").await?;
    let db = write.unrecorded();
    attempt::Entity::delete_by_id(of_name(name)).exec(db).await.map_err(fault("forget attempts"))?;
    attempt::Entity::update_many()
        .col_expr(attempt::Column::Count, Expr::col(attempt::Column::Count).sub(1))
        .filter(attempt::COLUMN.subject.eq(of_place(act)))
        .filter(attempt::COLUMN.count.gt(0))
        .exec(db)
        .await
        .map_err(fault("forget attempts"))?;
    write.save().await
}

fn of_name(name: &str) -> String {
    sha256(format!("name {}", name.to_lowercase()).as_bytes())
}

fn of_place(act: &Act) -> String {
    sha256(format!("place {}", act.peer()).as_bytes())
}
