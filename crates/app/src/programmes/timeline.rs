//! A programme's timeline: phases, gates, each place's own end, shocks from outside, and what people wrote of such.

use std::cmp::Reverse;

use design::{EventKind, Phase};
use kernel::{Day, Fault};
use tables::EntryId;
use ui::figures::{Band, Happening, Line, Mark, Shock, Timeline};

use crate::entries::{self, Asked};
use crate::ground::{Cx, Snapshot};

/// As many as a picture has room for of what people wrote.
pub(super) const MOST_HAPPENED: usize = 20;

/// What people wrote of what happened around them, the latest first, as far as the viewer may read it.
pub(super) async fn happened(cx: &Cx, programme: &Snapshot) -> Result<Vec<Happening>, Fault> {
    let mut found = Vec::new();
    for kind in programme.programme.design.kinds.iter().filter(|k| k.context) {
        let asked = Asked { kind: Some(kind.key.clone()), limit: MOST_HAPPENED as u64, ..Asked::default() };
        found.extend(entries::list(cx, programme, &asked).await?);
    }
    // Whoever reads an entry and what was shared of it sees it once.
    let all: Vec<EntryId> = found.iter().map(|e| e.id).collect();
    found.retain(|e| e.source_id.is_none_or(|source| !all.contains(&source)));
    found.sort_by_key(|e| Reverse((e.happened_on, e.id)));
    found.truncate(MOST_HAPPENED);
    let href = |id: EntryId| format!("{}/entries/{id}", programme.href());
    Ok(found.into_iter().map(|e| Happening { href: href(e.id), name: e.title, day: e.happened_on }).collect())
}

/// The picture's data, or nothing where no date is stated.
pub(super) fn of(programme: &Snapshot, today: Day, happened: Vec<Happening>) -> Option<Timeline> {
    let (design, history) = (&programme.programme.design, &programme.programme.history);
    let phases: Vec<Band> = design
        .phases
        .iter()
        .filter_map(|p| {
            let from = p.from?;
            Some(Band { name: p.name.clone(), from: from.first_day(), to: end(p).unwrap_or(from.last_day()) })
        })
        .collect();
    let gates: Vec<Mark> = design
        .gates
        .iter()
        .filter_map(|g| {
            let stated = g.when.map(|w| (w.first_day(), w.first_day() != w.last_day()));
            // A gate without a date of its own stands where the phase before it ends.
            let phase_end = || end(design.phases.iter().find(|p| p.key == g.after)?).map(|to| (to, true));
            let (day, approx) = stated.or_else(phase_end)?;
            Some(Mark { name: g.name.clone(), day, approx })
        })
        .collect();
    let reviews = design.review_points.iter().filter_map(|r| {
        let when: design::Approx = r.when.as_ref()?.parse().ok()?;
        Some(Mark { name: r.name.clone(), day: when.first_day(), approx: when.first_day() != when.last_day() })
    });
    let lines: Vec<Line> = history.places.iter().filter_map(|p| line(programme, p)).collect();
    let shocks: Vec<Shock> = history
        .events
        .iter()
        .filter(|e| e.kind == EventKind::Shock)
        .filter_map(|e| Some(Shock { name: e.title.clone(), from: e.from?.first_day(), to: e.to.map(design::Approx::last_day) }))
        .collect();
    let told = || happened.iter().map(|h| h.day);
    let starts = phases.iter().map(|p| p.from).chain(lines.iter().map(|l| l.from)).chain(shocks.iter().map(|s| s.from));
    let ends = phases.iter().map(|p| p.to).chain(lines.iter().map(|l| l.to)).chain(gates.iter().map(|g| g.day));
    let (from, to) = (starts.chain(told()).min()?, ends.chain(told()).max()?);
    Some(Timeline {
        from,
        to,
        today: (from <= today && today <= to).then_some(today),
        phases,
        gates,
        reviews: reviews.collect(),
        lines,
        shocks,
        happened,
    })
}

/// The last day of a phase; where only its length is stated, counted from its start.
fn end(phase: &Phase) -> Option<Day> {
    let stated = || {
        let (count, unit) = phase.lasts.as_deref()?.split_once(' ')?;
        let words = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"];
        let count = words.iter().zip(1..).find(|(word, _)| **word == count)?.1;
        let months = count
            * if unit.starts_with("year") {
                12
            } else if unit.starts_with("month") {
                1
            } else {
                return None;
            };
        Some(phase.from?.first_day().plus_months(months).plus_days(-1))
    };
    phase.to.map(design::Approx::last_day).or_else(stated)
}

/// A place's line runs from its own start to its own end; where only its phases are known, over those.
fn line(programme: &Snapshot, place: &design::Place) -> Option<Line> {
    let phases: Vec<_> = programme.programme.design.phases.iter().filter(|p| place.phases.contains(&p.key)).collect();
    let from = place.from.or_else(|| phases.iter().filter_map(|p| p.from).min())?;
    let to = place.to.map(design::Approx::last_day).or_else(|| phases.iter().filter_map(|p| end(p)).max())?;
    let href = Some(format!("{}/places/{}", programme.href(), place.slug));
    Some(Line { name: place.name.clone(), href, from: from.first_day(), to, note: place.phase_note.clone() })
}
