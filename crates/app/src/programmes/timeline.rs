//! A programme's timeline: phases, gates, each place's own end, and shocks from outside.

use design::{EventKind, Phase};
use kernel::Day;
use ui::figures::{Band, Line, Mark, Shock, Timeline};

use crate::ground::Snapshot;

/// The picture's data, or nothing where no date is stated.
pub(super) fn of(programme: &Snapshot, today: Day) -> Option<Timeline> {
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
    let starts = phases.iter().map(|p| p.from).chain(lines.iter().map(|l| l.from)).chain(shocks.iter().map(|s| s.from));
    let ends = phases.iter().map(|p| p.to).chain(lines.iter().map(|l| l.to)).chain(gates.iter().map(|g| g.day));
    let (from, to) = (starts.min()?, ends.max()?);
    Some(Timeline {
        from,
        to,
        today: (from <= today && today <= to).then_some(today),
        phases,
        gates,
        reviews: reviews.collect(),
        lines,
        shocks,
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
