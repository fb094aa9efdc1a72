//! Readings of markers: each function reads alone, and sees the others' once it has read itself, or the round is over.

use design::Marker;
use kernel::{Day, Fault};
use sea_orm::QueryOrder;
use sea_orm::entity::prelude::*;
use store::fault;
use tables::{PlaceId, marker_reading};

use crate::ground::{Cx, Held, Snapshot};

/// The first day of the interval in which a day lies. Intervals are counted from January 2000, so that they are the same for
/// every place.
pub(crate) fn round(marker: &Marker, day: Day) -> Day {
    let months = (day.year() - 2000) * 12 + i32::try_from(day.month()).unwrap_or(1) - 1;
    let every = i32::try_from(marker.every_months).unwrap_or(1).max(1);
    let first = Day::new(2000, 1, 1).unwrap_or(day);
    first.plus_months(months.div_euclid(every) * every)
}

/// The round before, or after where it counts up.
pub(crate) fn round_before(marker: &Marker, round: Day) -> Day {
    round.plus_months(-i32::try_from(marker.every_months).unwrap_or(1).max(1))
}

pub(super) async fn of_place(db: &impl ConnectionTrait, place: PlaceId) -> Result<Vec<marker_reading::Model>, Fault> {
    let found = marker_reading::Entity::find()
        .filter(marker_reading::COLUMN.place_id.eq(place))
        .order_by_asc(marker_reading::Column::Round)
        .order_by_asc(marker_reading::Column::ReadAt)
        .order_by_asc(marker_reading::Column::Id);
    found.all(db).await.map_err(fault("list readings of markers"))
}

/// The role in which the viewer reads this marker here.
pub(super) fn reader<'a>(cx: &'a Cx, marker: &Marker, place: PlaceId) -> Option<&'a Held> {
    cx.held().find(|h| h.reaches(Some(place)) && marker.read_by.contains(&h.role))
}

/// Whether the viewer has a part in following this place: reads a marker, or is told of tipping points.
pub(super) fn follows(cx: &Cx, programme: &Snapshot, place: PlaceId) -> bool {
    let design = &programme.programme.design;
    let roles = design.markers.iter().flat_map(|m| &m.read_by).chain(design.tipping.iter().flat_map(|t| &t.tells));
    let roles: Vec<&String> = roles.collect();
    cx.held().any(|h| h.reaches(Some(place)) && roles.contains(&&h.role))
}

/// Every function has read a marker in this round.
pub(super) fn complete(marker: &Marker, of_round: &[&marker_reading::Model]) -> bool {
    marker.read_by.iter().all(|role| of_round.iter().any(|r| r.role == *role))
}

/// The readings of a round that the viewer may see: their own; all of them, once they have read or all have, or it is over.
pub(super) fn visible<'a>(
    cx: &Cx,
    marker: &Marker,
    (place, of): (PlaceId, Day),
    all: &'a [marker_reading::Model],
) -> Vec<&'a marker_reading::Model> {
    let of_round: Vec<&marker_reading::Model> = all.iter().filter(|r| r.marker == marker.key && r.round == of).collect();
    let me = cx.viewer().person();
    let mine = reader(cx, marker, place).is_some_and(|held| of_round.iter().any(|r| r.role == held.role));
    let over = of < round(marker, cx.today());
    if mine || over || complete(marker, &of_round) {
        return of_round;
    }
    of_round.into_iter().filter(|r| Some(r.person_id) == me).collect()
}

/// The middle of a round's readings; of an even number the lower of the two in the middle, so that doubt asks for a look.
pub(super) fn middle(of_round: &[&marker_reading::Model]) -> Option<i32> {
    let mut values: Vec<i32> = of_round.iter().map(|r| r.value).collect();
    values.sort_unstable();
    values.get(values.len().checked_sub(1)? / 2).copied()
}

/// How many points lie between the lowest and the highest.
pub(super) fn apart(of_round: &[&marker_reading::Model]) -> Option<i32> {
    let values = || of_round.iter().map(|r| r.value);
    Some(values().max()? - values().min()?)
}
