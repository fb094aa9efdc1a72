//! Days in the ledger. What is allotted arrives in an account that holds what is left; using days moves them on from there.
//! People use days that nobody allotted, so what is left may be less than nought: then more was used than there was.

use std::collections::HashMap;

use design::DaysLine;
use kernel::{Day, Days, Fault};
use ledger::Unit;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::Expr;
use sea_orm::{Condition, ConnectionTrait, JoinType, QueryOrder, QuerySelect};
use store::{Write, fault};
use tables::{AccountId, EntryId, PersonId, PlaceId, account, movement, posting};

use super::post::{Moving, NotPosted, Opening, account as open, post};
use super::told::{Told, movements};
use crate::ground::Snapshot;

/// Kinds of movement.
pub const ALLOTTED: &str = "days-allotted";
pub const USED: &str = "days-used";
pub const LAPSED: &str = "days-lapsed";
pub const CARRIED: &str = "days-carried";

/// Kinds of account that hold what is left.
pub const WITH_PLACES: &str = "days-left";
pub const STAFF: &str = "staff-days-left";

/// More days than this in one go are a slip of the finger.
pub const MOST_AT_ONCE: Days = Days::from_whole(31);

/// Nobody corrects the days of an entry as often.
const CORRECTIONS: u64 = 1_000;

/// How the years of a programme are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Years {
    /// The first day of the first year; nothing where the design gives no date, and calendar years count.
    first: Option<Day>,
}

impl Years {
    #[must_use]
    pub fn of(programme: &Snapshot) -> Self {
        let phases = programme.programme.design.phases.iter();
        Self { first: phases.filter_map(|p| p.from).map(design::Approx::first_day).min() }
    }
    /// The year that a day falls in. Days before the first year belong to it.
    #[must_use]
    pub fn at(self, day: Day) -> i32 {
        let Some(first) = self.first else { return day.year() };
        let passed = day.year() - first.year();
        let over = first.plus_months(passed * 12) <= day;
        (if over { passed + 1 } else { passed }).max(1)
    }
    /// The first and the last day of a year.
    #[must_use]
    pub fn span(self, year: i32) -> (Day, Day) {
        let calendar = || Day::new(year.clamp(1, 9998), 1, 1).unwrap_or(Day::MIN);
        let start = self.first.map_or_else(calendar, |first| first.plus_months((year.clamp(1, 9998) - 1).saturating_mul(12)));
        (start, start.plus_months(12).plus_days(-1))
    }
    /// “Year 2” or “2026”.
    #[must_use]
    pub fn name(self, year: i32) -> String {
        if self.first.is_some() { format!("Year {year}") } else { year.to_string() }
    }
    /// How they are counted, in a sentence.
    #[must_use]
    pub fn words(self) -> String {
        match self.first {
            Some(first) => format!("Years are counted from {first}, when the programme began."),
            None => "The design gives no date on which the programme began, so calendar years count.".into(),
        }
    }
    /// The part of a year that is over by the end of a day, as days of it and all its days.
    #[must_use]
    pub fn gone(self, year: i32, today: Day) -> (i64, i64) {
        let (start, end) = self.span(year);
        let all = end.days_since(start) + 1;
        ((today.days_since(start) + 1).clamp(0, all), all)
    }
}

/// A part of some days, to the nearest quarter: what the year so far would come to if they were used evenly.
#[must_use]
pub fn evenly(days: Days, (gone, all): (i64, i64)) -> Days {
    let quarters = i128::from(days.quarters()) * i128::from(gone);
    let all = i128::from(all.max(1));
    Days::from_quarters(i64::try_from((2 * quarters + all).div_euclid(2 * all)).unwrap_or(0))
}

/// Whose days: somebody's with a place, or a role's on a component, in a year.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Share {
    With { person: PersonId, place: PlaceId, role: String, year: i32 },
    Staff { role: String, component: String, year: i32 },
}

impl Share {
    fn opening(&self, name: String) -> Opening {
        let (place, person, kind, key, code, year) = match self {
            Self::With { person, place, role, year } => {
                (Some(*place), Some(*person), WITH_PLACES, role.clone(), format!("days/{person}/{place}/{role}/{year}"), *year)
            }
            Self::Staff { role, component, year } => {
                let key = format!("{role}/{component}");
                (None, None, STAFF, key.clone(), format!("staff-days/{key}/{year}"), *year)
            }
        };
        let unit = Unit::QuarterDays;
        Opening { place, award: None, person, kind, key, code, name, unit, floor: false, year: Some(year) }
    }
    fn place(&self) -> Option<PlaceId> {
        match self {
            Self::With { place, .. } => Some(*place),
            Self::Staff { .. } => None,
        }
    }
    fn of(account: &account::Model) -> Option<Self> {
        let year = account.year?;
        match (account.person_id, account.place_id, account.key.split_once('/')) {
            (Some(person), Some(place), None) => Some(Self::With { person, place, role: account.key.clone(), year }),
            (None, None, Some((role, component))) => Some(Self::Staff { role: role.into(), component: component.into(), year }),
            _ => None,
        }
    }
}

/// The programme's account on the other side: days come from `given`, and go to `used` or `lapsed`.
fn other_side(kind: &'static str, side: &str) -> Opening {
    let name = format!("The programme’s days {side}");
    let (key, code) = (side.to_string(), format!("{kind}/{side}"));
    let unit = Unit::QuarterDays;
    Opening { place: None, award: None, person: None, kind, key, code, name, unit, floor: false, year: None }
}

/// What is done with some days of a share.
#[derive(Debug, Clone)]
pub struct Doing {
    pub what: What,
    pub days: Days,
    pub on: Day,
    pub why: String,
    pub entry: Option<EntryId>,
    pub by: PersonId,
}

/// Below nought, days go the other way: an allotment is made smaller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    Allot,
    Use,
    Lapse,
    /// Into the next year.
    Carry,
}

/// Moves days of a share.
///
/// # Errors
/// As [`post`].
pub async fn do_with(w: &mut Write, programme: &Snapshot, share: &Share, doing: Doing) -> Result<movement::Model, NotPosted> {
    let id = programme.id;
    let left = open(w, id, share.opening("What is left".into())).await?.id;
    let (kind, other) = match (doing.what, share) {
        (What::Allot, _) => (ALLOTTED, other_side("days", "given")),
        (What::Use, _) => (USED, other_side("days", "used")),
        (What::Lapse, _) => (LAPSED, other_side("days", "lapsed")),
        (What::Carry, share) => {
            let next = match share.clone() {
                Share::With { person, place, role, year } => Share::With { person, place, role, year: year + 1 },
                Share::Staff { role, component, year } => Share::Staff { role, component, year: year + 1 },
            };
            (CARRIED, next.opening("What is left".into()))
        }
    };
    let other = open(w, id, other).await?.id;
    let quarters = doing.days.quarters();
    let postings = match doing.what {
        What::Allot => Moving::between(other, left, quarters),
        What::Use | What::Lapse | What::Carry => Moving::between(left, other, quarters),
    };
    let Doing { on, why, entry, by: person, .. } = doing;
    post(w, id, Moving { place: share.place(), award: None, kind, on, why, entry, person, postings }).await
}

/// How a share stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    pub account: AccountId,
    pub share: Share,
    /// With what was carried over from the year before.
    pub allotted: Days,
    pub used: Days,
    /// Lapsed, or carried into the next year.
    pub gone: Days,
    pub left: Days,
}

/// Which shares are asked for.
#[derive(Debug, Clone, Copy, Default)]
pub struct Asked {
    pub kind: &'static str,
    pub year: Option<i32>,
    pub person: Option<PersonId>,
    pub place: Option<PlaceId>,
}

/// How the shares that are asked for stand, in no order that means anything.
///
/// # Errors
/// Where the database does not answer.
pub async fn standings<C: ConnectionTrait>(read: &C, programme: &Snapshot, asked: &Asked) -> Result<Vec<Standing>, Fault> {
    let these = sea_orm::Condition::all()
        .add(account::COLUMN.programme_id.eq(programme.id))
        .add(account::COLUMN.kind.eq(asked.kind))
        .add_option(asked.year.map(|year| account::COLUMN.year.eq(year)))
        .add_option(asked.person.map(|person| account::COLUMN.person_id.eq(person)))
        .add_option(asked.place.map(|place| account::COLUMN.place_id.eq(place)));
    let accounts = account::Entity::find().filter(these.clone()).order_by_asc(account::Column::Id).all(read).await;
    let accounts = accounts.map_err(fault("list accounts of days"))?;
    let its = |from, to: account::Column| posting::Entity::belongs_to(account::Entity).from(from).to(to).into();
    let moved = posting::Entity::belongs_to(movement::Entity).from(posting::Column::MovementId).to(movement::Column::Id).into();
    // What is carried over arrives in one account and leaves another, so that each direction counts by itself.
    let direction =
        "CASE WHEN movements.kind = 'days-carried' AND postings.amount < 0 THEN 'days-lapsed' ELSE movements.kind END";
    let sums: Vec<(AccountId, String, i64)> = posting::Entity::find()
        .select_only()
        .column(posting::Column::AccountId)
        .column_as(Expr::cust(direction), "done")
        .column_as(Expr::cust("CAST(SUM(postings.amount) AS BIGINT)"), "total")
        .join(JoinType::InnerJoin, its(posting::Column::AccountId, account::Column::Id))
        .join(JoinType::InnerJoin, moved)
        .filter(these)
        .group_by(posting::Column::AccountId)
        .group_by(Expr::cust(direction))
        .into_tuple()
        .all(read)
        .await
        .map_err(fault("add up days"))?;
    let mut done: HashMap<AccountId, HashMap<String, i64>> = HashMap::new();
    for (account, what, total) in sums {
        done.entry(account).or_default().insert(what, total);
    }
    let standing = |account: account::Model| {
        let done = done.remove(&account.id).unwrap_or_default();
        let of = |what: &str| done.get(what).copied().unwrap_or(0);
        Some(Standing {
            account: account.id,
            share: Share::of(&account)?,
            allotted: Days::from_quarters(of(ALLOTTED) + of(CARRIED)),
            used: Days::from_quarters(-of(USED)),
            gone: Days::from_quarters(-of(LAPSED)),
            left: Days::from_quarters(done.values().sum()),
        })
    };
    Ok(accounts.into_iter().filter_map(standing).collect())
}

/// How one share stands; as with nothing moved yet where it has no account.
///
/// # Errors
/// Where the database does not answer.
pub async fn standing_of<C: ConnectionTrait>(read: &C, programme: &Snapshot, share: &Share) -> Result<Option<Standing>, Fault> {
    let asked = match share {
        Share::With { person, place, year, .. } => {
            Asked { kind: WITH_PLACES, year: Some(*year), person: Some(*person), place: Some(*place) }
        }
        Share::Staff { year, .. } => Asked { kind: STAFF, year: Some(*year), ..Asked::default() },
    };
    Ok(standings(read, programme, &asked).await?.into_iter().find(|s| s.share == *share))
}

/// The days that were logged with an entry, and that nobody has taken back.
///
/// # Errors
/// Where the database does not answer.
pub async fn used_with<C: ConnectionTrait>(read: &C, entry: EntryId) -> Result<Option<(movement::Model, Days)>, Fault> {
    // The time of the staff for an entry is nobody's with a place.
    let of = Condition::all().add(movement::COLUMN.entry_id.eq(entry)).add(movement::COLUMN.kind.eq(USED));
    let of = of.add(movement::COLUMN.place_id.is_not_null());
    let stands = movements(read, of, CORRECTIONS).await?.into_iter().find(Told::stands);
    Ok(stands.map(|told| (Days::from_quarters(told.amount()), told.movement)).map(|(days, movement)| (movement, days)))
}

/// The days of the staff that were logged for each of these entries, without what was taken back; nothing for those without any.
///
/// # Errors
/// Where the database does not answer.
pub async fn staff_used<C: ConnectionTrait>(read: &C, entries: &[EntryId]) -> Result<HashMap<EntryId, Days>, Fault> {
    let moved = posting::Entity::belongs_to(movement::Entity).from(posting::Column::MovementId).to(movement::Column::Id);
    let its = posting::Entity::belongs_to(account::Entity).from(posting::Column::AccountId).to(account::Column::Id);
    let sums: Vec<(EntryId, i64)> = posting::Entity::find()
        .select_only()
        .column(movement::Column::EntryId)
        .column_as(Expr::cust("CAST(SUM(postings.amount) AS BIGINT)"), "total")
        .join(JoinType::InnerJoin, moved.into())
        .join(JoinType::InnerJoin, its.into())
        .filter(movement::COLUMN.entry_id.is_in(entries.iter().copied()))
        .filter(movement::COLUMN.kind.eq(USED))
        .filter(account::COLUMN.kind.eq(STAFF))
        .group_by(movement::Column::EntryId)
        .into_tuple()
        .all(read)
        .await
        .map_err(fault("add up the time of the staff"))?;
    let used = sums.into_iter().map(|(entry, total)| (entry, Days::from_quarters(-total)));
    Ok(used.filter(|(_, days)| *days > Days::ZERO).collect())
}

/// The design's line for days of a role with places that are logged with a kind of entry.
#[must_use]
pub fn line_for<'a>(programme: &'a Snapshot, role: &str, kind: &str) -> Option<&'a DaysLine> {
    programme.programme.design.place_days().find(|line| line.role == role && line.kinds.iter().any(|k| k == kind))
}
