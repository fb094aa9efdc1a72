//! By which flows an entry can be shared onward: the design opens them to roles, and where it asks for an agreement with
//! the place, only those that were agreed when the entry happened are open. A later agreement changes what comes later.

use design::{Flow, Power};
use kernel::{Day, Fault};
use sea_orm::entity::prelude::*;
use sea_orm::{QueryOrder, QuerySelect};
use serde::{Deserialize, Serialize};
use store::fault;
use tables::{AppointmentId, PlaceId, agreement, entry};

use crate::ground::{Cx, Snapshot};

/// A flow as a place and its support agreed on it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct AgreedFlow {
    /// Keys of circles.
    pub from: String,
    pub to: String,
    /// The kinds of entry of which something may be shared.
    pub kinds: Vec<String>,
    /// Roles whose consent it needs, beside those that the design names.
    pub consent: Vec<String>,
}

/// The flows that an agreement opens.
///
/// # Errors
/// Where the row holds what this server cannot read.
pub(crate) fn flows_of(row: &agreement::Model) -> Result<Vec<AgreedFlow>, Fault> {
    serde_json::from_str(&row.flows).map_err(|e| Fault::new("read the flows of an agreement", e))
}

/// The agreement with a place that was in force on a day: of those that both sides have signed, the last that had begun.
pub(crate) async fn in_force(db: &impl ConnectionTrait, place: PlaceId, on: Day) -> Result<Option<agreement::Model>, Fault> {
    let found = agreement::Entity::find()
        .filter(agreement::COLUMN.place_id.eq(place))
        .filter(agreement::COLUMN.in_force_at.is_not_null())
        .filter(agreement::COLUMN.from_day.lte(on))
        .order_by_desc(agreement::Column::FromDay)
        .order_by_desc(agreement::Column::Number)
        .limit(1);
    found.one(db).await.map_err(fault("find the agreement in force"))
}

/// A way to share an entry that is open to the viewer.
#[derive(Debug, Clone)]
pub(crate) struct OpenFlow {
    /// The circle shared into.
    pub to: String,
    /// The role in which the viewer shares.
    pub by: AppointmentId,
    /// Roles that have to agree first, but for those that the viewer holds.
    pub needs: Vec<String>,
}

/// The ways to share an entry, and those that its agreement leaves shut.
#[derive(Debug, Default)]
pub(crate) struct Ways {
    pub open: Vec<OpenFlow>,
    /// Names of circles into which the design lets the viewer share, and nothing was agreed.
    pub shut: Vec<String>,
}

impl Ways {
    pub fn to(&self, circle: &str) -> Option<&OpenFlow> {
        self.open.iter().find(|flow| flow.to == circle)
    }
}

/// How the viewer may share this entry onward.
pub(crate) async fn ways(cx: &Cx, entry: &entry::Model) -> Result<Ways, Fault> {
    let Ok(programme) = cx.programme() else { return Ok(Ways::default()) };
    let Some(circle) = programme.circle(entry.circle_id) else { return Ok(Ways::default()) };
    ways_out_of(cx, programme, &circle.key, entry.place_id, (&entry.kind, entry.happened_on)).await
}

/// The same for an entry that is about to be written there.
pub(super) async fn ways_out_of(
    cx: &Cx,
    programme: &Snapshot,
    from: &str,
    place: Option<PlaceId>,
    (kind, happened_on): (&str, Day),
) -> Result<Ways, Fault> {
    let design = &programme.programme.design;
    let flows: Vec<(&Flow, AppointmentId)> = design
        .flows
        .iter()
        .filter(|flow| flow.from == from)
        .filter_map(|flow| Some((flow, sharer(cx, programme, flow, place)?)))
        .collect();
    if flows.is_empty() {
        return Ok(Ways::default());
    }
    let agreed = match place.filter(|_| design.is_governed(from)) {
        Some(place) => {
            let row = in_force(cx.read(), place, happened_on).await?;
            Some(row.as_ref().map(flows_of).transpose()?.unwrap_or_default())
        }
        None => None,
    };
    let mut ways = Ways::default();
    for (flow, by) in flows {
        let also = match &agreed {
            None => Vec::new(),
            Some(agreed) => {
                let wanted = |a: &&AgreedFlow| a.from == flow.from && a.to == flow.to && a.kinds.iter().any(|k| k == kind);
                match agreed.iter().find(wanted) {
                    Some(found) => found.consent.clone(),
                    None => {
                        ways.shut.push(design.circle(&flow.to).map_or_else(|| flow.to.clone(), |c| c.name.clone()));
                        continue;
                    }
                }
            }
        };
        let holds = |role: &str| cx.held().any(|h| h.role == role && h.reaches(place));
        let mut needs: Vec<String> = flow.agreed_by.iter().chain(&also).filter(|role| !holds(role)).cloned().collect();
        needs.sort();
        needs.dedup();
        ways.open.push(OpenFlow { to: flow.to.clone(), by, needs });
    }
    Ok(ways)
}

/// The role in which the viewer may share by this flow: one that reads where it starts.
fn sharer(cx: &Cx, programme: &Snapshot, flow: &Flow, place: Option<PlaceId>) -> Option<AppointmentId> {
    let reads = |role: &str| programme.circles_of(role).any(|(_, circle)| circle.key == flow.from);
    let mut held = cx.held().filter(|h| h.reaches(place) && programme.role_may(&h.role, Power::ShareExtracts));
    held.find(|h| flow.by.contains(&h.role) && reads(&h.role)).map(|h| h.id)
}
