//! Made-up plans: each written by one of its place's people and revised by others twice, for reasons that whoever has planned
//! anything will know. Little stands in the end as it was meant.

use design::EntryKind;
use kernel::{Day, Fault, Money};
use rand::RngExt;
use rand::rngs::StdRng;
use rand::seq::SliceRandom;
use tables::{EntryId, PlanLineId, RevisionId, entry, entry_revision, plan_line};

use super::entries::Writing;
use super::oversight::PLACES;
use super::people::Player;
use super::phrases::{AIMS, COSTS, GIVEN, MILESTONES, REASONS, WORK};
use crate::entries::earlier;
use crate::plans::{PlanLine, plan_text};

/// Days back to when each version was written, or up to so many days later.
const BACK: [i64; 3] = [430, 250, 80];
const LATER: i64 = 50;
/// Lines that each part has at first.
const FIRST: usize = 3;

/// As it is first written, and as it reads once somebody has tried.
type Words = (&'static str, &'static str);

pub(super) async fn fill(writing: &Writing<'_>, rng: &mut StdRng) -> Result<(), Fault> {
    let kind = writing.document.design.kinds.iter().find(|k| k.plan);
    let Some(kind) = kind.filter(|k| !k.parts.is_empty() && !k.is_matter()) else { return Ok(()) };
    let mut made = Made::default();
    for number in 0..writing.cast.places.len().min(PLACES) {
        made.plan(writing, (kind, number), rng);
    }
    let mut write = writing.db.write(writing.writer, "make practice plans").await?;
    write.insert_all(made.plans.clone()).await?;
    write.index(&made.plans).await?;
    write.insert_all(made.earlier).await?;
    write.insert_all(made.lines).await?;
    write.save().await
}

/// Everything that the plans leave.
#[derive(Default)]
struct Made {
    plans: Vec<entry::Model>,
    earlier: Vec<entry_revision::Model>,
    lines: Vec<plan_line::Model>,
}

impl Made {
    fn plan(&mut self, writing: &Writing<'_>, (kind, number): (&EntryKind, usize), rng: &mut StdRng) {
        let design = &writing.document.design;
        // Whoever lives with it writes it, where they may.
        let mut players: Vec<&Player> = writing.players(number, &kind.writers).collect();
        players.sort_by_key(|p| p.place.is_none());
        let writers = kind.circles.iter().filter_map(|key| design.circle(key)).find_map(|circle| {
            let by: Vec<&Player> = players.iter().copied().filter(|p| circle.writers.contains(&p.role)).collect();
            Some((*writing.cast.circles.get(&circle.key)?, by)).filter(|(_, by)| !by.is_empty())
        });
        let Some((circle_id, by)) = writers else { return };
        let days = BACK.map(|back| writing.as_of.plus_days(rng.random_range(0..LATER) - back));
        let mut story = Story::begin(kind, days[0], rng);
        let at = writing.at(days[0]);
        let mut plan = entry::Model {
            id: EntryId(writing.writer.ids.next(at)),
            programme_id: writing.programme,
            place_id: Some(writing.cast.places[number]),
            circle_id,
            kind: kind.key.clone(),
            title: format!("Plan of {}", writing.document.history.places[number].name),
            text: story.text(),
            happened_on: days[0],
            author_id: by[0].person,
            appointment_id: by[0].appointment,
            revision: 1,
            written_at: at,
            changed_at: at,
            source_id: None,
            source_circle_id: None,
            source_revision: None,
        };
        self.lines.extend(story.rows(writing, &plan));
        let mut reasons = REASONS;
        reasons.shuffle(rng);
        for ((on, player), reason) in days.into_iter().skip(1).zip(by.iter().cycle().skip(1)).zip(reasons) {
            let at = writing.at(on);
            self.earlier.push(earlier(RevisionId(writing.writer.ids.next(at)), &plan, reason.to_string()));
            story.revise(on, rng);
            plan = entry::Model {
                text: story.text(),
                happened_on: on,
                author_id: player.person,
                appointment_id: player.appointment,
                revision: plan.revision + 1,
                changed_at: at,
                ..plan
            };
            self.lines.extend(story.rows(writing, &plan));
        }
        self.plans.push(plan);
    }
}

/// A line, and what its words become.
struct Meant {
    /// Where its part stands in the plan.
    part: usize,
    line: PlanLine,
    became: &'static str,
}

impl Meant {
    /// Nothing is left of it to change.
    fn is_settled(&self) -> bool {
        self.line.text == self.became && self.line.by_day.is_none() && self.line.amount.is_none()
    }

    fn change(&mut self, rng: &mut StdRng) {
        let moved = self.line.by_day.is_some() || self.line.amount.is_some();
        self.line.by_day = self.line.by_day.map(|day| day.plus_months(rng.random_range(1..=5)));
        self.line.amount = self.line.amount.map(|amount| {
            let by = rng.random_range(1..=3_i64) * 10_000;
            Money::from_pence(if rng.random_bool(0.5) { amount.pence() + by } else { amount.pence() - by })
        });
        if !moved || rng.random_bool(0.5) {
            self.line.text = self.became.to_string();
        }
    }
}

/// A plan on its way through its versions.
struct Story<'a> {
    kind: &'a EntryKind,
    /// What could still be written in each part.
    untold: Vec<Vec<Words>>,
    lines: Vec<Meant>,
    /// How many lines there ever were: no key is used again.
    told: u16,
}

impl<'a> Story<'a> {
    fn begin(kind: &'a EntryKind, on: Day, rng: &mut StdRng) -> Self {
        let mut untold: Vec<Vec<Words>> = (0..kind.parts.len()).map(|part| words_of(kind, part).to_vec()).collect();
        for words in &mut untold {
            words.shuffle(rng);
        }
        let mut story = Self { kind, untold, lines: Vec::new(), told: 0 };
        for part in 0..kind.parts.len() {
            for _ in 0..FIRST {
                story.add(part, on, rng);
            }
        }
        story
    }

    fn add(&mut self, part: usize, on: Day, rng: &mut StdRng) {
        let Some((text, became)) = self.untold[part].pop() else { return };
        let of = &self.kind.parts[part];
        self.told += 1;
        let line = PlanLine {
            part: of.key.clone(),
            key: format!("l{}", self.told),
            text: text.to_string(),
            by_day: of.dated.then(|| on.plus_days(rng.random_range(60..400))),
            amount: of.money.then(|| Money::from_pounds(rng.random_range(8..40_i32) * 100)),
        };
        let at = self.lines.partition_point(|meant| meant.part <= part);
        self.lines.insert(at, Meant { part, line, became });
    }

    /// One line is dropped, some change, one is new, and the others stay as they were.
    fn revise(&mut self, on: Day, rng: &mut StdRng) {
        let mut order: Vec<usize> = (0..self.lines.len()).collect();
        order.shuffle(rng);
        order.sort_by_key(|at| self.lines[*at].is_settled());
        let changed = (order.len() * 2 / 5).max(1);
        for at in order.iter().skip(1).take(changed) {
            self.lines[*at].change(rng);
        }
        if let Some(dropped) = order.first() {
            self.lines.remove(*dropped);
        }
        self.add(rng.random_range(0..self.kind.parts.len()), on, rng);
    }

    fn text(&self) -> String {
        plan_text(self.kind, &self.lines.iter().map(|meant| meant.line.clone()).collect::<Vec<_>>())
    }

    fn rows(&self, writing: &Writing<'_>, plan: &entry::Model) -> Vec<plan_line::Model> {
        let row = |(position, Meant { line, .. }): (i32, &Meant)| plan_line::Model {
            id: PlanLineId(writing.writer.ids.next(plan.changed_at)),
            programme_id: plan.programme_id,
            entry_id: plan.id,
            revision: plan.revision,
            part: line.part.clone(),
            key: line.key.clone(),
            position,
            text: line.text.clone(),
            by_day: line.by_day,
            amount: line.amount.map(Money::pence),
        };
        (1..).zip(&self.lines).map(row).collect()
    }
}

/// What is dated and what costs something has words of its own. Of the other parts the first is what it is for, the second
/// what is done, and what comes after that what each gives.
fn words_of(kind: &EntryKind, part: usize) -> &'static [Words] {
    let of = &kind.parts[part];
    let plain = kind.parts[..part].iter().filter(|p| !p.dated && !p.money).count();
    match plain {
        _ if of.dated => &MILESTONES,
        _ if of.money => &COSTS,
        0 => &AIMS,
        1 => &WORK,
        _ => &GIVEN,
    }
}
