//! Made-up awards, on designs that make any: agreed a year and more ago, paid in instalments, talked about every quarter. The
//! first place has none yet, for somebody to make it. Of the others one had money moved, one waits for an answer, one has a
//! payment that another person has still to approve, and the last one spends so little that underspend shows.

use std::collections::BTreeMap;
use std::sync::Arc;

use design::{Power, Programme, Scope};
use kernel::{Day, Fault, Money, SeededIds};
use rand::RngExt;
use rand::rngs::StdRng;
use sea_orm::entity::prelude::*;
use store::{Db, fault};
use tables::place;

use super::document::one;
use super::people::Cast;
use super::phrases::SENTENCES;
use crate::grants::{self, Moved, Players, Scene, Talk, Terms, lines_of_money};
use crate::ground::{Snapshot, Snapshots};
use crate::places::partners_of;

/// How long ago the awards began, and how long they last, in months.
const BEGAN: i32 = 14;
const LAST: i32 = 36;
/// The last place's ends sooner.
const SHORT: i32 = 18;
/// Months between instalments, and between conversations.
const INSTALMENT: i32 = 6;
const QUARTER: i32 = 3;

/// A budget by line and year.
type Amounts = BTreeMap<(String, i32), Money>;

pub(super) async fn fill(
    db: &Db,
    document: &Programme,
    cast: &Cast,
    as_of: Day,
    (seed, rng): (u64, &mut StdRng),
) -> Result<(), Fault> {
    let design = &document.design;
    let Some(kind) = design.money_talk().filter(|_| design.has_awards()) else { return Ok(()) };
    let circle = kind.circles.first().and_then(|key| cast.circles.get(key)).copied();
    let programme = Snapshots::default().with_slug(db, &design.slug).await?;
    let (Some(circle), Some(programme)) = (circle, programme) else { return Ok(()) };
    let ids = Arc::new(SeededIds::new(seed ^ 0x360));
    let scene = Scene { db, ids, programme: &programme, circle, kind: kind.key.clone() };
    Filling { scene, document, cast, as_of }.fill(rng).await
}

struct Filling<'a> {
    scene: Scene<'a>,
    document: &'a Programme,
    cast: &'a Cast,
    as_of: Day,
}

impl Filling<'_> {
    fn programme(&self) -> &Snapshot {
        self.scene.programme
    }

    /// The first person with a power: in the place of that number, or for the whole programme.
    fn players(&self, power: Power, place: Option<usize>) -> impl Iterator<Item = grants::Player> + '_ {
        let scope = if place.is_some() { Scope::Place } else { Scope::Programme };
        let roles = self.document.design.roles.iter().filter(move |r| r.scope == scope && r.may.contains(&power));
        let players = roles.flat_map(move |r| self.cast.players.iter().filter(move |p| p.role == r.key && p.place == place));
        players.map(|p| grants::Player { person: p.person, role: p.role.clone(), appointment: p.appointment })
    }

    fn cast(&self, place: usize) -> Option<Players> {
        let manager = self.players(Power::ManageGrants, None).next()?;
        let of_place = self.players(Power::PlanMoney, Some(place)).next()?;
        let mut approvers: Vec<grants::Player> = Vec::new();
        for player in self.players(Power::ApprovePayments, None) {
            if approvers.len() < 2 && approvers.iter().all(|a| a.person != player.person) {
                approvers.push(player);
            }
        }
        Some(Players { manager, place: of_place, approvers })
    }

    async fn fill(&self, rng: &mut StdRng) -> Result<(), Fault> {
        let lines = lines_of_money(self.programme());
        // The awards of the latest phase.
        let Some(line) = lines.last().copied().cloned() else { return Ok(()) };
        let start = first_of_month(self.as_of.plus_months(-BEGAN));
        let (mut committed, mut files) = (false, 0);
        for (number, id) in self.cast.places.iter().enumerate().skip(1) {
            let found = place::Entity::find_by_id(*id).one(self.scene.db.reader()).await.map_err(fault("load a place"))?;
            let (Some(place), Some(play)) = (found, self.cast(number)) else { continue };
            if !committed {
                let all = line.amount.times(u32::try_from(self.cast.places.len()).unwrap_or(1)).unwrap_or(line.amount);
                let why = "Both boards have decided";
                self.scene.commit(&play.manager, start.plus_days(-20), &line.key, all, why).await?;
                committed = true;
            }
            let last = number + 1 == self.cast.places.len();
            let Some(terms) = self.terms(&place, &line, (start, last), rng).await? else { continue };
            self.live(&play, &place, terms, (number, last), (&mut files, rng)).await?;
        }
        Ok(())
    }

    async fn terms(
        &self,
        place: &place::Model,
        line: &design::MoneyLine,
        (start, last): (Day, bool),
        rng: &mut StdRng,
    ) -> Result<Option<Terms>, Fault> {
        let partners = partners_of(self.scene.db.reader(), place.id).await?;
        let Some(holder) = partners.first() else { return Ok(None) };
        let months = if last { SHORT } else { LAST };
        let share = if line.up_to { rng.random_range(80..=100) } else { 100 };
        // Whole thousands.
        let amount = Money::from_pence(line.amount.pence() / 100 * share / 100_000 * 100_000);
        let amount = if amount == Money::ZERO { line.amount } else { amount };
        let ends_on = start.plus_months(months).plus_days(-1);
        let count = months / INSTALMENT;
        let each = amount.pence() / i64::from(count) / 100_000 * 100_000;
        let rest = amount.pence() - each * i64::from(count - 1);
        let due = |n: i32| start.plus_months(n * INSTALMENT).plus_days(14);
        let instalments = (0..count).map(|n| (Money::from_pence(if n == 0 { rest } else { each }), due(n)));
        Ok(Some(Terms {
            holder: holder.organisation.id,
            line: line.key.clone(),
            amount,
            starts_on: start,
            ends_on,
            purpose: format!("The partners of {} work as equals on what they have chosen together.", place.name),
            conditions: "Everybody who takes part has a voice in how the money is used.\nPlans may change, with what was learnt."
                .into(),
            budget: self.budget(amount, (months + 11) / 12, rng),
            instalments: instalments.collect(),
        }))
    }

    /// Half for the first line, what is left shared by the others; the same every year, with what does not divide in the first.
    fn budget(&self, amount: Money, years: i32, rng: &mut StdRng) -> Amounts {
        let lines = &self.document.design.budget_lines;
        let weights: Vec<i64> = (0..lines.len()).map(|n| if n == 0 { 50 } else { rng.random_range(10..25) }).collect();
        let all: i64 = weights.iter().sum();
        let mut cells = Amounts::new();
        for (line, weight) in lines.iter().zip(&weights) {
            let each = amount.pence() * weight / all / i64::from(years) / 10_000 * 10_000;
            for year in 1..=years {
                cells.insert((line.key.clone(), year), Money::from_pence(each));
            }
        }
        let rest = amount.pence() - cells.values().map(|m| m.pence()).sum::<i64>();
        if let Some(first) = lines.first().and_then(|line| cells.get_mut(&(line.key.clone(), 1))) {
            *first = Money::from_pence(first.pence() + rest);
        }
        cells
    }

    async fn live(
        &self,
        play: &Players,
        place: &place::Model,
        mut terms: Terms,
        (number, last): (usize, bool),
        (files, rng): (&mut i32, &mut StdRng),
    ) -> Result<(), Fault> {
        // In one place a payment has just fallen due, and one person has approved it.
        let waits = (number == 1).then(|| terms.instalments.iter().rposition(|(_, due)| *due <= self.as_of)).flatten();
        if let Some(at) = waits {
            terms.instalments[at].1 = self.as_of.plus_days(-3);
        }
        let (instalments, budget, start, ends_on) =
            (terms.instalments.clone(), terms.budget.clone(), terms.starts_on, terms.ends_on);
        let id = self.scene.agree(play, place, terms).await?;
        for (at, (_, due)) in instalments.iter().enumerate().filter(|(_, (_, due))| *due <= self.as_of) {
            if Some(at) == waits {
                let one = &play.approvers[..play.approvers.len().min(1)];
                self.scene.approve(one, id, at, None, self.as_of.plus_days(-1)).await?;
            } else if play.approvers.len() == 2 {
                *files += 1;
                self.scene.approve(&play.approvers, id, at, Some(*files), due.plus_days(5).min(self.as_of)).await?;
            }
        }
        let talks =
            (1..).map(|q| start.plus_months(q * QUARTER).plus_days(-5)).take_while(|on| *on < self.as_of && *on < ends_on);
        for on in talks.collect::<Vec<_>>() {
            let year = (1..).take_while(|n| start.plus_months((n - 1) * 12) <= on).last().unwrap_or(1);
            let rate = if last { rng.random_range(30..55) } else { rng.random_range(75..100) };
            let spent = budget
                .iter()
                .filter(|((_, own), _)| *own == year)
                .map(|((line, _), planned)| (line.clone(), Money::from_pence(planned.pence() / 4 * rate / 100_000 * 1_000)));
            let text = (0..3).filter_map(|_| one(rng, &SENTENCES).copied()).collect::<Vec<_>>().join(" ");
            let spent = spent.filter(|(_, amount)| *amount > Money::ZERO).collect();
            let title = format!("How the quarter until {on} went");
            self.scene.talk(play, id, Talk { on, title, text, spent }).await?;
        }
        if let Some(moved) = self.moved(&budget, number) {
            self.scene.reprofile(play, id, moved).await?;
        }
        Ok(())
    }

    /// In the second place money was moved; the third waits for an answer.
    fn moved(&self, budget: &Amounts, number: usize) -> Option<Moved> {
        let (on, approved) = match number {
            1 => (self.as_of.plus_months(-4), true),
            2 => (self.as_of.plus_days(-4), false),
            _ => return None,
        };
        let lines = &self.document.design.budget_lines;
        let (from, to) = (lines.first()?, lines.get(1)?);
        let year = budget.keys().map(|(_, year)| *year).max()?;
        let key = |line: &design::BudgetLine| (line.key.clone(), year);
        let mut amounts = budget.clone();
        let by = budget.get(&key(from))?.pence() / 10 / 10_000 * 10_000;
        for (line, change) in [(from, -by), (to, by)] {
            let cell = amounts.get_mut(&key(line))?;
            *cell = Money::from_pence(cell.pence() + change);
        }
        let reason = "More people want a part in this than we thought, and fewer hours at a desk do for it.".into();
        Some(Moved { on, reason, amounts, approved })
    }
}

fn first_of_month(day: Day) -> Day {
    day.plus_days(1 - i64::from(day.day_of_month()))
}
