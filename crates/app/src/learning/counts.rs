//! How often themes were seen, place by place and quarter by quarter, also where the viewer may not read the words.
//!
//! Small numbers give people away, and so do differences between large ones. So what the viewer may not read is counted in the
//! smallest cells that any table can be cut into (one theme, one place, one quarter), and a cell counts only where it comes
//! from as many people as the design says, else it counts nothing anywhere. Every number on every page is a sum of such cells: no
//! combination of cuts tells more than the cells themselves do. What stands in a place's own circle is never counted for
//! others at all, nor is what an application answers.

use std::collections::{HashMap, HashSet};

use kernel::{Day, Fault};
use tables::{CircleId, PlaceId, ThemeId};

use super::answered;
use super::kept::{Counted, Kept, Standing};
use super::vocabulary::Vocabulary;
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

/// What a viewer is told of every cell: how many excerpts there are. What the viewer may not read is counted here, and nothing else
/// of it leaves this function.
pub(super) async fn told(cx: &Cx, programme: &Snapshot) -> Result<HashMap<Cell, i64>, Fault> {
    let kept = cx.app().memory::<Counted>().of(&cx.app().db, programme.id).await?;
    let seen = by_standing(cx, programme, &kept);
    let place_of = |standing: u32| kept.standings().get(standing as usize).and_then(|s| s.place);
    let rows = kept.given.iter().filter_map(|g| {
        let cell = Cell { theme: kept.theme(g.theme)?, place: place_of(g.standing), quarter: g.quarter };
        Some((cell, *seen.get(g.standing as usize)?, g.author))
    });
    let mut told = sums(rows, usize::try_from(programme.programme.design.small_numbers).unwrap_or(usize::MAX));
    // Of what applications answer, a viewer counts what they read, and nothing else.
    for given in answered::given(cx, programme).await? {
        let quarter = quarter_of(given.evidence.submitted_on);
        *told.entry(Cell { theme: given.theme, place: given.evidence.place, quarter }).or_default() += 1;
    }
    Ok(told)
}

/// How many excerpts of each theme the viewer may read.
pub(super) async fn readable(cx: &Cx, programme: &Snapshot) -> Result<HashMap<ThemeId, i64>, Fault> {
    let kept = cx.app().memory::<Counted>().of(&cx.app().db, programme.id).await?;
    let seen = by_standing(cx, programme, &kept);
    let mut counts = HashMap::new();
    for given in kept.given.iter().filter(|g| seen.get(g.standing as usize) == Some(&Seen::Read)) {
        if let Some(theme) = kept.theme(given.theme) {
            *counts.entry(theme).or_default() += 1;
        }
    }
    for given in answered::given(cx, programme).await? {
        *counts.entry(given.theme).or_default() += 1;
    }
    Ok(counts)
}

/// The themes of which the viewer may read excerpts, by name, each with how many.
pub(crate) async fn themes_read(cx: &Cx, programme: &Snapshot) -> Result<Vec<(ThemeId, String, i64)>, Fault> {
    let counts = readable(cx, programme).await?;
    if counts.is_empty() {
        return Ok(Vec::new());
    }
    let vocabulary = Vocabulary::load(cx.read(), programme.id).await?;
    let themes = vocabulary.themes.iter().filter_map(|(t, _)| Some((t.id, t.name.clone(), *counts.get(&t.id)?)));
    Ok(themes.collect())
}

/// What words are to a viewer who counts them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Seen {
    Read,
    /// The viewer may not read them, and may be told of them among those of others.
    Hidden,
    /// They stand in a place's own circle that the viewer does not read.
    Never,
}

/// What each standing is to the viewer: the same rule as [`entries::readable`], asked once for all words that stand alike.
fn by_standing(cx: &Cx, programme: &Snapshot, kept: &Kept) -> Vec<Seen> {
    let reach = cx.viewer().reach(programme);
    let own = |circle: CircleId| programme.circle(circle).is_none_or(|c| c.own);
    let seen = |s: &Standing| {
        let reads = entries::reads(&reach, s.place, s.circle, s.source)
            && (s.stood == s.circle || entries::reads(&reach, s.place, s.stood, None));
        match reads {
            true => Seen::Read,
            false if own(s.circle) || own(s.stood) => Seen::Never,
            false => Seen::Hidden,
        }
    };
    kept.standings().iter().map(seen).collect()
}

/// What is told of each cell, from each excerpt with what it is to the viewer and a number for who wrote it.
fn sums(rows: impl Iterator<Item = (Cell, Seen, u32)>, fewest: usize) -> HashMap<Cell, i64> {
    let mut open: HashMap<Cell, i64> = HashMap::new();
    let mut hidden: HashMap<Cell, (i64, HashSet<u32>)> = HashMap::new();
    for (cell, seen, author) in rows {
        match seen {
            Seen::Read => *open.entry(cell).or_default() += 1,
            Seen::Hidden => {
                let (count, people) = hidden.entry(cell).or_default();
                *count += 1;
                people.insert(author);
            }
            Seen::Never => {}
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
    type Rows = [(u8, u8, i64, u8, u8, i64)];

    fn told(rows: &Rows, fewest: usize) -> HashMap<Cell, i64> {
        let rows = rows.iter().flat_map(|(theme, place, quarter, circle, author, many)| {
            let cell = Cell { theme: ThemeId(id(*theme)), place: Some(PlaceId(id(*place))), quarter: *quarter };
            let seen = match circle {
                0 => Seen::Read,
                1 => Seen::Hidden,
                _ => Seen::Never,
            };
            (0..*many).map(move |_| (cell, seen, u32::from(*author)))
        });
        sums(rows, fewest)
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
        let told = told(&all, 3);
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
            let before = told(&all, fewest);
            let mut people: HashMap<(u8, u8, i64), HashSet<u8>> = HashMap::new();
            for (theme, place, quarter, _, author, _) in all.iter().filter(|r| r.3 == 1) {
                people.entry((*theme, *place, *quarter)).or_default().insert(*author);
            }
            let few = |r: &&(u8, u8, i64, u8, u8, i64)| {
                r.3 == 2 || r.3 == 1 && people.get(&(r.0, r.1, r.2)).is_some_and(|p| p.len() < fewest)
            };
            let without: Vec<_> = all.iter().filter(|r| !few(r)).copied().collect();
            prop_assert_eq!(before, told(&without, fewest));
        }
    }
}
