//! An award as pages need it: its terms, its budget version by version, its instalments and who has signed; and the one way
//! to load it, as one of the place's.

use axum::http::StatusCode;
use design::{BudgetLine, Power};
use kernel::{Day, Fault, Money};
use sea_orm::QueryOrder;
use sea_orm::entity::prelude::*;
use store::fault;
use tables::{AwardId, VariationId, approval, award, budget_cell, instalment, organisation, place, signature, variation};

use crate::ground::{Cx, Draft, Snapshot, Stop};

/// How far an award has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    Draft,
    Offered,
    Agreed,
    Closed,
}

impl Standing {
    pub fn of(row: &award::Model) -> Self {
        match (row.offered_at, row.agreed_at, row.closed_at) {
            (.., Some(_)) => Self::Closed,
            (_, Some(_), None) => Self::Agreed,
            (Some(_), None, None) => Self::Offered,
            (None, None, None) => Self::Draft,
        }
    }
    pub fn words(self) -> &'static str {
        match self {
            Self::Draft => "Draft",
            Self::Offered => "Offered, not signed by both sides yet",
            Self::Agreed => "Agreed",
            Self::Closed => "Closed",
        }
    }
}

/// A version of the budget with what it says of each line and year.
#[derive(Debug, Clone)]
pub(super) struct Version {
    pub row: variation::Model,
    pub cells: Vec<budget_cell::Model>,
}

impl Version {
    pub fn after(&self, line: &str, year: i32) -> Money {
        let cell = self.cells.iter().find(|c| c.line == line && c.year == year);
        cell.map_or(Money::ZERO, |c| Money::from_pence(c.after))
    }
    pub fn of_line(&self, line: &str) -> Money {
        Money::from_pence(self.cells.iter().filter(|c| c.line == line).map(|c| c.after).sum())
    }
    pub fn total(&self) -> Money {
        Money::from_pence(self.cells.iter().map(|c| c.after).sum())
    }
    /// What moves: the sum of all that lines and years lose.
    pub fn moved(&self) -> Money {
        Money::from_pence(self.cells.iter().map(|c| (c.before - c.after).max(0)).sum())
    }
    pub fn in_force(&self) -> bool {
        self.row.number == 1 || self.row.outcome.as_deref() == Some(APPROVED)
    }
    pub fn waits(&self) -> bool {
        self.row.number > 1 && self.row.outcome.is_none()
    }
}

pub(super) const APPROVED: &str = "approved";
pub(super) const ASKED_BACK: &str = "asked-back";
pub(super) const WITHDRAWN: &str = "withdrawn";

/// The sides that sign.
pub(super) const FUNDER: &str = "funder";
pub(super) const PLACE: &str = "place";

/// An award with all that belongs to it.
#[derive(Debug, Clone)]
pub(super) struct Whole {
    pub row: award::Model,
    /// Who holds the grant.
    pub holder: String,
    pub versions: Vec<Version>,
    pub instalments: Vec<instalment::Model>,
    pub signatures: Vec<signature::Model>,
}

impl Whole {
    pub fn standing(&self) -> Standing {
        Standing::of(&self.row)
    }
    pub fn amount(&self) -> Money {
        Money::from_pence(self.row.amount)
    }
    /// The budget in force: the last version that was agreed or approved.
    pub fn budget(&self) -> Option<&Version> {
        self.versions.iter().rev().find(|v| v.in_force())
    }
    pub fn waiting(&self) -> Option<&Version> {
        self.versions.iter().find(|v| v.waits())
    }
    pub fn signed(&self, side: &str) -> Option<&signature::Model> {
        self.signatures.iter().find(|s| s.side == side && s.void_at.is_none())
    }
    /// What the instalments come to.
    pub fn scheduled(&self) -> Money {
        Money::from_pence(self.instalments.iter().map(|i| i.amount).sum())
    }
    pub fn years(&self) -> i32 {
        years(self.row.starts_on, self.row.ends_on)
    }
    /// Why it cannot be offered yet.
    pub fn not_ready(&self, lines: &[BudgetLine]) -> Vec<String> {
        let mut why = Vec::new();
        let budget = self.budget().map_or(Money::ZERO, Version::total);
        if budget != self.amount() {
            why.push(format!("The budget comes to {budget}, not to the {} of the award", self.amount()));
        }
        for line in lines.iter().filter(|l| l.required) {
            if self.budget().is_none_or(|b| b.of_line(&line.key) == Money::ZERO) {
                why.push(format!("The budget has nothing for ‘{}’, for which every award has money", line.name));
            }
        }
        if self.scheduled() != self.amount() {
            why.push(format!("The instalments come to {}, not to the {} of the award", self.scheduled(), self.amount()));
        }
        why
    }
}

/// In how many years, counted from its start, an award has days.
pub(super) fn years(from: Day, to: Day) -> i32 {
    (1..=MOST_YEARS).take_while(|n| from.plus_months((n - 1) * 12) <= to).last().unwrap_or(1)
}

/// The year of an award, counted from its start, that a day falls in; days outside count to the nearest.
pub(super) fn year_of(row: &award::Model, day: Day) -> i32 {
    years(row.starts_on, day.max(row.starts_on).min(row.ends_on))
}

/// The longest award, in years.
pub(super) const MOST_YEARS: i32 = 15;

/// The days of a year of an award, as people write them.
pub(super) fn year_name(row: &award::Model, year: i32) -> String {
    let from = row.starts_on.plus_months((year - 1) * 12);
    if from > row.ends_on {
        return format!("Year {year}, only with a later end");
    }
    let to = row.starts_on.plus_months(year * 12).plus_days(-1).min(row.ends_on);
    format!("Year {year}, {from} to {to}")
}

/// The award that the path names, as one of the place's. A draft is known to those who make awards alone.
pub(super) async fn named(cx: &Cx) -> Result<Whole, Stop> {
    let id: AwardId = cx.param("award").parse().map_err(|_| Stop::Missing)?;
    let place = cx.place()?;
    let row = award::Entity::find_by_id(id).filter(award::COLUMN.place_id.eq(place.id)).one(cx.read()).await;
    let row = row.map_err(fault("load an award"))?.ok_or(Stop::Missing)?;
    let makes = cx.viewer().may(Power::ManageGrants, place.programme_id, Some(place.id));
    let all = whole(cx.read(), row).await?;
    if all.row.offered_at.is_none() && !makes {
        // Whoever signed it hears what became of it.
        let signed = all.signatures.iter().any(|s| Some(s.person_id) == cx.viewer().person());
        let home = format!("{}/places/{}", cx.programme()?.href(), place.slug);
        let why = "What was signed under it is void. Those who look after the grant can say why, and may offer it anew.";
        return Err(if signed { not_now(&all, "This offer was taken back", why, home) } else { Stop::Missing });
    }
    Ok(all)
}

/// All that belongs to an award.
pub(super) async fn whole(db: &impl ConnectionTrait, row: award::Model) -> Result<Whole, Fault> {
    let holder = organisation::Entity::find_by_id(row.organisation_id).one(db).await.map_err(fault("load an organisation"))?;
    let instalments = instalment::Entity::find().filter(instalment::COLUMN.award_id.eq(row.id));
    let instalments = instalments.order_by_asc(instalment::Column::Number).all(db).await.map_err(fault("list instalments"))?;
    let signatures = signature::Entity::find().filter(signature::COLUMN.award_id.eq(row.id));
    let signatures = signatures.order_by_asc(signature::Column::SignedAt).order_by_asc(signature::Column::Id).all(db).await;
    Ok(Whole {
        versions: versions(db, row.id).await?,
        holder: holder.map(|o| o.name).unwrap_or_default(),
        instalments,
        signatures: signatures.map_err(fault("list signatures"))?,
        row,
    })
}

/// Every version of an award's budget, the first first.
pub(super) async fn versions(db: &impl ConnectionTrait, id: AwardId) -> Result<Vec<Version>, Fault> {
    let rows = variation::Entity::find().filter(variation::COLUMN.award_id.eq(id));
    let rows = rows.order_by_asc(variation::Column::Number).all(db).await.map_err(fault("list versions of a budget"))?;
    let ids: Vec<VariationId> = rows.iter().map(|r| r.id).collect();
    let cells = budget_cell::Entity::find().filter(budget_cell::COLUMN.variation_id.is_in(ids));
    let cells = cells
        .order_by_asc(budget_cell::Column::Year)
        .order_by_asc(budget_cell::Column::Line)
        .order_by_asc(budget_cell::Column::Id)
        .all(db)
        .await
        .map_err(fault("load a budget"))?;
    let of = |row: variation::Model| {
        let cells = cells.iter().filter(|c| c.variation_id == row.id).cloned().collect();
        Version { row, cells }
    };
    Ok(rows.into_iter().map(of).collect())
}

/// The approvals of an instalment or of a change that hold.
pub(super) async fn approvals(db: &impl ConnectionTrait, of: sea_orm::Condition) -> Result<Vec<approval::Model>, Fault> {
    let found = approval::Entity::find().filter(of).filter(approval::COLUMN.ended_at.is_null());
    let found = found.order_by_asc(approval::Column::GivenAt).order_by_asc(approval::Column::Id).all(db).await;
    found.map_err(fault("list approvals"))
}

/// A page below an award’s own, with the way to it.
pub(super) fn below(cx: &Cx, whole: &Whole, title: impl Into<String>) -> Result<Draft, Stop> {
    let here = href(cx.programme()?, cx.place()?, whole.row.id);
    Ok(of_place(cx, title)?.crumb(format!("Award {}", whole.row.reference), here))
}

/// A page below a place’s own, with the way to it.
pub(super) fn of_place(cx: &Cx, title: impl Into<String>) -> Result<Draft, Stop> {
    let (programme, place) = (cx.programme()?, cx.place()?);
    let home = format!("{}/places/{}", programme.href(), place.slug);
    Ok(Draft::new(title).crumb(&programme.name, programme.href()).crumb(&place.name, home))
}

/// Where an award has its page.
pub(super) fn href(programme: &Snapshot, place: &place::Model, id: AwardId) -> String {
    format!("{}/places/{}/awards/{id}", programme.href(), place.slug)
}

/// A line's name as people say it. A line that the design no longer has keeps its key.
pub(super) fn line_name<'a>(programme: &'a Snapshot, key: &'a str) -> &'a str {
    programme.programme.design.budget_lines.iter().find(|l| l.key == key).map_or(key, |l| &l.name)
}

/// What stands in the way of something that asks for an award of this standing.
pub(super) fn not_now(whole: &Whole, title: &str, why: &str, here: String) -> Stop {
    Stop::Refused {
        status: StatusCode::CONFLICT,
        title: title.into(),
        why: why.into(),
        next: Some((if here.contains("/awards/") { format!("Award {}", whole.row.reference) } else { "The place".into() }, here)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn years_count_from_the_start_and_the_last_may_be_short() {
        let day = |text: &str| text.parse::<Day>().unwrap();
        assert_eq!(years(day("2026-02-01"), day("2026-10-31")), 1);
        assert_eq!(years(day("2026-02-01"), day("2027-01-31")), 1);
        assert_eq!(years(day("2026-02-01"), day("2027-02-01")), 2);
        assert_eq!(years(day("2022-01-01"), day("2024-12-31")), 3);
        assert_eq!(years(day("2026-02-01"), day("2026-01-01")), 1);
    }
}
