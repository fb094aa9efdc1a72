//! Made-up days: allotted to consultants this year and the year before, used with some of their sessions, and the time of
//! the programme's own staff. The last place's consultant still has to be given theirs, for somebody to try it.

use design::{Per, Programme};
use kernel::{Day, Days, Fault};
use rand::RngExt;
use rand::rngs::StdRng;
use sea_orm::entity::prelude::*;
use sea_orm::{QueryOrder, QuerySelect};
use store::{Db, Write, Writer, fault};
use tables::entry;

use super::people::{Cast, Player};
use crate::ground::{Snapshot, Snapshots};
use crate::ledger::NotPosted;
use crate::ledger::days::{Doing, Share, What, Years, do_with};

/// Sessions that days are logged with, at the most.
const SESSIONS: u64 = 300;
/// Months back for which staff have logged their time.
const MONTHS: i32 = 5;

/// Whoever fills the programme, and the day on which it stands.
struct Filling<'a> {
    programme: &'a Snapshot,
    cast: &'a Cast,
    as_of: Day,
}

pub(super) async fn fill(
    db: &Db,
    (writer, document, cast): (&Writer, &Programme, &Cast),
    as_of: Day,
    rng: &mut StdRng,
) -> Result<(), Fault> {
    if document.design.days.is_empty() {
        return Ok(());
    }
    let programme = Snapshots::default().with_slug(db, &document.design.slug).await?;
    let programme = programme.ok_or_else(|| Fault::new("make practice days", "the programme is gone"))?;
    let filling = Filling { programme: &programme, cast, as_of };
    let mut write = db.write(writer, "make practice days").await?;
    filling.allot(&mut write).await.map_err(fault_of)?;
    filling.sessions(&mut write, rng).await.map_err(fault_of)?;
    filling.staff(&mut write, rng).await.map_err(fault_of)?;
    write.save().await
}

fn fault_of(not: NotPosted) -> Fault {
    match not {
        NotPosted::Fault(fault) => fault,
        NotPosted::Refused(why) => Fault::new("make practice days", why),
    }
}

impl Filling<'_> {
    fn share(&self, player: &Player, year: i32) -> Option<Share> {
        let place = self.cast.places[player.place?];
        Some(Share::With { person: player.person, place, role: player.role.clone(), year })
    }

    async fn allot(&self, write: &mut Write) -> Result<(), NotPosted> {
        let years = Years::of(self.programme);
        let now = years.at(self.as_of);
        let last = self.cast.places.len().checked_sub(1);
        for line in self.programme.programme.design.place_days().filter(|line| line.per == Per::Year) {
            for player in self.cast.players.iter().filter(|p| p.role == line.role) {
                for year in (now - 1..=now).filter(|year| *year > 0 && (*year < now || player.place != last || last == Some(0))) {
                    let Some(share) = self.share(player, year) else { continue };
                    let (on, days) = (years.span(year).0, Days::from_quarters(i64::from(line.quarter_days)));
                    let why = format!("Allotted for {}", years.name(year));
                    let doing = Doing { what: What::Allot, days, on, why, entry: None, by: player.person };
                    do_with(write, self.programme, &share, doing).await?;
                }
            }
        }
        Ok(())
    }

    /// The latest sessions each took a quarter of a day to a day and a half.
    async fn sessions(&self, write: &mut Write, rng: &mut StdRng) -> Result<(), NotPosted> {
        let years = Years::of(self.programme);
        let kinds: Vec<String> = self.programme.programme.design.place_days().flat_map(|line| line.kinds.clone()).collect();
        let told = entry::Entity::find()
            .filter(entry::COLUMN.programme_id.eq(self.programme.id))
            .filter(entry::COLUMN.kind.is_in(kinds))
            .filter(entry::COLUMN.source_id.is_null())
            .order_by_desc(entry::Column::HappenedOn)
            .order_by_desc(entry::Column::Id)
            .limit(SESSIONS)
            .all(write.tx())
            .await
            .map_err(fault("list practice sessions"))?;
        let earliest = years.at(self.as_of) - 1;
        for told in told.into_iter().rev().filter(|told| years.at(told.happened_on) >= earliest) {
            let Some(player) = self.cast.players.iter().find(|p| p.appointment == told.appointment_id) else { continue };
            let Some(share) = self.share(player, years.at(told.happened_on)) else { continue };
            let days = Days::from_quarters(rng.random_range(1..=6));
            let (on, why) = (told.happened_on, told.title.clone());
            let doing = Doing { what: What::Use, days, on, why, entry: Some(told.id), by: told.author_id };
            do_with(write, self.programme, &share, doing).await?;
        }
        Ok(())
    }

    /// Time that the design protects is logged at half its pace, and the rest goes to other work.
    async fn staff(&self, write: &mut Write, rng: &mut StdRng) -> Result<(), NotPosted> {
        let years = Years::of(self.programme);
        let design = &self.programme.programme.design;
        let first = self.as_of.plus_days(1 - i64::from(self.as_of.day_of_month()));
        for (line, own) in design.staff_days().filter(|(line, _)| line.per == Per::Year) {
            let Some(player) = self.cast.players.iter().find(|p| p.role == line.role && p.place.is_none()) else { continue };
            let other = design.components.iter().map(|c| c.key.as_str()).find(|key| *key != own);
            let month = i64::from(line.quarter_days) / 12;
            for back in 0..MONTHS {
                let on = first.plus_months(-back);
                let share = |component: &str| Share::Staff {
                    role: line.role.clone(),
                    component: component.to_string(),
                    year: years.at(on),
                };
                let own_days = if line.protected { month / 2 } else { month + rng.random_range(-2..=2) };
                let mut logged = vec![(own, own_days, "Planned work")];
                logged.extend(other.filter(|_| line.protected).map(|key| (key, month / 3, "Asked for at short notice")));
                for (component, quarters, why) in logged.into_iter().filter(|(_, quarters, _)| *quarters > 0) {
                    let days = Days::from_quarters(quarters);
                    let doing = Doing { what: What::Use, days, on, why: why.into(), entry: None, by: player.person };
                    do_with(write, self.programme, &share(component), doing).await?;
                }
            }
        }
        Ok(())
    }
}
