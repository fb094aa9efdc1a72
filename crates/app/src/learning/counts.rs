//! How often themes were seen, place by place and quarter by quarter, also where the viewer may not read the words.
//!
//! Small numbers give people away, and so do differences between large ones. So what the viewer may not read is counted in the
//! smallest cells that any table can be cut into (one theme, one place, one quarter), and a cell counts only where it comes
//! from as many people as the design says, else it counts nothing anywhere. Every number on every page is a sum of such cells: no
//! combination of cuts tells more than the cells themselves do. What stands in a place's own circle is never counted for
//! others at all.

use std::collections::{HashMap, HashSet};

use kernel::{Day, Fault};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::Expr;
use sea_orm::{JoinType, QuerySelect};
use store::fault;
use tables::{CircleId, PersonId, PlaceId, ThemeId, entry, mark, mark_theme};

use crate::entries;
use crate::ground::{Cx, Snapshot};

/// A quarter of the calendar as a number that goes up by one a quarter.
pub(super) const QUARTER: &str =
    "(CAST(substr(entries.happened_on, 1, 4) AS BIGINT) * 4 + (CAST(substr(entries.happened_on, 6, 2) AS BIGINT) - 1) / 3)";

pub(super) fn quarter_of(day: Day) -> i64 {
    let iso = day.iso();
    let part = |range: std::ops::Range<usize>| iso.get(range).and_then(|p| p.parse::<i64>().ok()).unwrap_or_default();
    part(0..4) * 4 + (part(5..7) - 1) / 3
}

/// “Q3 2026”, for a picture.
pub(super) fn short_quarter(quarter: i64) -> String {
    format!("Q{} {}", quarter.rem_euclid(4) + 1, quarter.div_euclid(4))
}

/// “July to September 2026”.
pub(super) fn quarter_name(quarter: i64) -> String {
    let months = match quarter.rem_euclid(4) {
        0 => "January to March",
        1 => "April to June",
        2 => "July to September",
        _ => "October to December",
    };
    format!("{months} {}", quarter.div_euclid(4))
}

/// One theme in one place in one quarter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Cell {
    pub theme: ThemeId,
    pub place: Option<PlaceId>,
    pub quarter: i64,
}

/// How often somebody's words were given a theme in one cell, in one circle.
type Row = (ThemeId, Option<PlaceId>, i64, CircleId, Option<CircleId>, CircleId, PersonId, i64);

/// What a viewer is told of every cell: how many excerpts there are. It is the one query over entries without `readable`: what
/// the viewer may not read is counted here, and nothing else of it leaves this function.
pub(super) async fn told(cx: &Cx, programme: &Snapshot) -> Result<HashMap<Cell, i64>, Fault> {
    let of = mark_theme::Entity::belongs_to(mark::Entity).from(mark_theme::Column::MarkId).to(mark::Column::Id);
    let in_entry = mark::Entity::belongs_to(entry::Entity).from(mark::Column::EntryId).to(entry::Column::Id);
    let rows: Vec<Row> = mark_theme::Entity::find()
        .select_only()
        .column(mark_theme::Column::ThemeId)
        .column(entry::Column::PlaceId)
        .expr_as(Expr::cust(QUARTER), "quarter")
        .column(entry::Column::CircleId)
        .column(entry::Column::SourceCircleId)
        .column_as(mark::Column::CircleId, "stood")
        .column(entry::Column::AuthorId)
        .column_as(mark_theme::Column::Id.count(), "many")
        .join(JoinType::InnerJoin, of.into())
        .join(JoinType::InnerJoin, in_entry.into())
        .filter(mark_theme::COLUMN.programme_id.eq(programme.id))
        .filter(mark_theme::COLUMN.ended_at.is_null())
        .filter(mark::COLUMN.shown_at.is_not_null())
        .filter(mark::COLUMN.removed_at.is_null())
        .group_by(mark_theme::Column::ThemeId)
        .group_by(entry::Column::PlaceId)
        .group_by(Expr::cust(QUARTER))
        .group_by(entry::Column::CircleId)
        .group_by(entry::Column::SourceCircleId)
        .group_by(mark::Column::CircleId)
        .group_by(entry::Column::AuthorId)
        .into_tuple()
        .all(cx.read())
        .await
        .map_err(fault("count excerpts"))?;
    let reach = cx.viewer().reach(programme);
    let reads = |place: Option<PlaceId>, circle: CircleId, source: Option<CircleId>, stood: CircleId| {
        entries::reads(&reach, place, circle, source) && (stood == circle || entries::reads(&reach, place, stood, None))
    };
    let own = |circle: CircleId| programme.circle(circle).is_none_or(|c| c.own);
    Ok(sums(rows, usize::try_from(programme.programme.design.small_numbers).unwrap_or(usize::MAX), reads, own))
}

fn sums(
    rows: Vec<Row>,
    fewest: usize,
    reads: impl Fn(Option<PlaceId>, CircleId, Option<CircleId>, CircleId) -> bool,
    own: impl Fn(CircleId) -> bool,
) -> HashMap<Cell, i64> {
    let mut open: HashMap<Cell, i64> = HashMap::new();
    let mut hidden: HashMap<Cell, (i64, HashSet<PersonId>)> = HashMap::new();
    for (theme, place, quarter, circle, source, stood, author, many) in rows {
        let cell = Cell { theme, place, quarter };
        if reads(place, circle, source, stood) {
            *open.entry(cell).or_default() += many;
        } else if !own(circle) && !own(stood) {
            let (count, people) = hidden.entry(cell).or_default();
            *count += many;
            people.insert(author);
        }
    }
    for (cell, (count, people)) in hidden {
        if people.len() >= fewest.max(1) {
            *open.entry(cell).or_default() += count;
        }
    }
    open
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use tables::Uuid;

    use super::*;

    fn id(n: u8) -> Uuid {
        Uuid::from_bytes([n; 16])
    }

    /// Theme, place, quarter, circle (0 is open to the viewer, 1 is not, 2 is a place's own), author, how many.
    fn rows(all: &[(u8, u8, i64, u8, u8, i64)]) -> Vec<Row> {
        let row = |(theme, place, quarter, circle, author, many): &(u8, u8, i64, u8, u8, i64)| {
            let place = Some(PlaceId(id(*place)));
            (
                ThemeId(id(*theme)),
                place,
                *quarter,
                CircleId(id(*circle)),
                None,
                CircleId(id(*circle)),
                PersonId(id(*author)),
                *many,
            )
        };
        all.iter().map(row).collect()
    }

    fn told(rows: Vec<Row>, fewest: usize) -> HashMap<Cell, i64> {
        sums(rows, fewest, |_, circle, _, _| circle == CircleId(id(0)), |circle| circle == CircleId(id(2)))
    }

    #[test]
    fn what_few_people_said_counts_nothing() {
        let cell = |quarter| Cell { theme: ThemeId(id(1)), place: Some(PlaceId(id(1))), quarter };
        let all = [
            (1, 1, 8, 0, 1, 2),
            (1, 1, 8, 1, 2, 7),
            (1, 1, 8, 1, 3, 1),
            (1, 1, 9, 1, 2, 1),
            (1, 1, 9, 1, 3, 1),
            (1, 1, 9, 1, 4, 3),
        ];
        let told = told(rows(&all), 3);
        assert_eq!(told.get(&cell(8)), Some(&2), "two people are too few");
        assert_eq!(told.get(&cell(9)), Some(&5), "three are enough");
    }

    #[test]
    fn a_quarter_is_counted_like_the_database_does() {
        assert_eq!(quarter_of("2026-09-30".parse().unwrap()), 2026 * 4 + 2);
        assert_eq!(quarter_name(2026 * 4 + 2), "July to September 2026");
    }

    proptest! {
        /// Two worlds that differ only in what few people said where the viewer may not read look alike in every cell, so no
        /// sum of cells can tell them apart.
        #[test]
        fn what_is_not_told_changes_nothing(
            all in proptest::collection::vec((0_u8..4, 0_u8..4, 0_i64..3, 0_u8..3, 0_u8..6, 1_i64..5), 0..80),
            fewest in 2_usize..5,
        ) {
            let before = told(rows(&all), fewest);
            let mut people: HashMap<(u8, u8, i64), HashSet<u8>> = HashMap::new();
            for (theme, place, quarter, _, author, _) in all.iter().filter(|r| r.3 == 1) {
                people.entry((*theme, *place, *quarter)).or_default().insert(*author);
            }
            let few = |r: &&(u8, u8, i64, u8, u8, i64)| {
                r.3 == 2 || r.3 == 1 && people.get(&(r.0, r.1, r.2)).is_some_and(|p| p.len() < fewest)
            };
            let without: Vec<_> = all.iter().filter(|r| !few(r)).copied().collect();
            prop_assert_eq!(before, told(rows(&without), fewest));
        }
    }
}
