//! Guessing is slowed down: after a few failures for an address or from an address, further attempts wait.

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
    let subjects = [(format!("name {}", name.to_lowercase()), FOR_ONE_NAME), (format!("place {}", act.peer()), FROM_ONE_PLACE)];
    let write = act.write("count an attempt").await?;
    let mut wait = None;
    for (subject, most) in subjects {
        let subject = sha256(subject.as_bytes());
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

/// A success clears the count for the name.
pub(super) async fn forget(act: &Act, name: &str) -> Result<(), Fault> {
    let write = act.write("forget attempts").await?;
    let subject = sha256(format!("name {}", name.to_lowercase()).as_bytes());
    attempt::Entity::delete_by_id(subject).exec(write.unrecorded()).await.map_err(fault("forget attempts"))?;
    write.save().await
}
