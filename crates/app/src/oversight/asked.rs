//! The time that is asked of places: questions, reports and meetings of a quarter, as far as the viewer may read.

use std::collections::BTreeMap;

use kernel::Fault;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::Expr;
use sea_orm::{Condition, QuerySelect};
use store::fault;
use tables::{PlaceId, entry};

use super::digest::quarter;
use crate::entries;
use crate::ground::{Cx, Snapshot};

/// What was asked of a place since the first day of the quarter.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Asked {
    pub questions: i64,
    /// Forms in which a place says how things stand, such as talks about its money.
    pub reports: i64,
    pub meetings: i64,
}

impl Asked {
    pub const fn all(self) -> i64 {
        self.questions + self.reports + self.meetings
    }
}

/// Of one place or of all.
pub(super) async fn this_quarter(
    cx: &Cx,
    programme: &Snapshot,
    place: Option<PlaceId>,
) -> Result<BTreeMap<PlaceId, Asked>, Fault> {
    let design = &programme.programme.design;
    let with_days: Vec<&String> = design.place_days().flat_map(|line| &line.kinds).collect();
    let meets = |k: &design::EntryKind| with_days.contains(&&k.key) || k.parts.iter().any(|p| p.attendance);
    let wanted = design.kinds.iter().filter(|k| k.asks || k.reports_spending || meets(k)).map(|k| k.key.as_str());
    let found: Vec<(Option<PlaceId>, String, i64)> = entry::Entity::find()
        .select_only()
        .columns([entry::Column::PlaceId, entry::Column::Kind])
        .column_as(Expr::cust("COUNT(*)"), "count")
        .filter(entries::readable(cx.viewer(), programme))
        .filter(Condition::all().add_option(place.map(|p| entry::COLUMN.place_id.eq(p))))
        .filter(entry::COLUMN.place_id.is_not_null())
        .filter(entry::COLUMN.source_id.is_null())
        .filter(entry::COLUMN.kind.is_in(wanted))
        .filter(entry::COLUMN.happened_on.gte(quarter(cx.today())))
        // A step of a question is an answer to it, and no question.
        .filter(Expr::cust("NOT EXISTS (SELECT 1 FROM steps WHERE steps.entry_id = entries.id)"))
        .group_by(entry::Column::PlaceId)
        .group_by(entry::Column::Kind)
        .into_tuple()
        .all(cx.read())
        .await
        .map_err(fault("count what is asked of places"))?;
    let mut all: BTreeMap<PlaceId, Asked> = BTreeMap::new();
    for (place, kind, n) in found {
        let (Some(place), Some(kind)) = (place, design.kind(&kind)) else { continue };
        let asked = all.entry(place).or_default();
        match (kind.asks, kind.reports_spending) {
            (true, _) => asked.questions += n,
            (_, true) => asked.reports += n,
            _ => asked.meetings += n,
        }
    }
    Ok(all)
}
