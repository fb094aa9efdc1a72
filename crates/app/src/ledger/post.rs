//! Opening accounts, and moving amounts between them.

use kernel::{Day, Fault};
use ledger::{Account, Movement, Posting, Unit, Why};
use sea_orm::entity::prelude::*;
use store::{Write, fault};
use tables::{AccountId, AwardId, EntryId, MovementId, PersonId, PlaceId, PostingId, ProgrammeId, account, movement, posting};

use super::balances;

/// An account as it is opened.
#[derive(Debug, Clone)]
pub struct Opening {
    pub place: Option<PlaceId>,
    pub award: Option<AwardId>,
    /// Whose days it holds.
    pub person: Option<PersonId>,
    pub kind: &'static str,
    /// The line or role of the design that it is for.
    pub key: String,
    /// Tells it from every other account of the programme, such as `award/awd_…`.
    pub code: String,
    /// What people call it, in a sentence that says it holds too little: “Riverside’s award”.
    pub name: String,
    pub unit: Unit,
    /// Whether its balance never falls below nought.
    pub floor: bool,
    pub year: Option<i32>,
}

/// The account with this code, opened now where there is none. One that is there stays as it was opened.
pub async fn account(w: &mut Write, programme: ProgrammeId, opening: Opening) -> Result<account::Model, Fault> {
    let there = || {
        account::Entity::find()
            .filter(account::COLUMN.programme_id.eq(programme))
            .filter(account::COLUMN.code.eq(opening.code.as_str()))
    };
    if let Some(found) = there().one(w.tx()).await.map_err(fault("find an account"))? {
        return Ok(found);
    }
    let row = account::Model {
        id: AccountId(w.id()),
        programme_id: programme,
        place_id: opening.place,
        award_id: opening.award,
        person_id: opening.person,
        kind: opening.kind.to_string(),
        key: opening.key.clone(),
        code: opening.code.clone(),
        name: opening.name.clone(),
        unit: opening.unit.key().to_string(),
        floor: opening.floor,
        year: opening.year,
        created_at: w.at(),
    };
    if w.insert_unless_there(row.clone(), [account::Column::ProgrammeId, account::Column::Code]).await? {
        return Ok(row);
    }
    // Somebody else opened it since we looked.
    let found = there().one(w.tx()).await.map_err(fault("find an account"))?;
    found.ok_or_else(|| Fault::new("open an account", format!("{} is neither there nor can it be opened", opening.code)))
}

/// A movement as it is asked for. The postings are accounts, and what arrives in each.
#[derive(Debug, Clone)]
pub struct Moving {
    pub place: Option<PlaceId>,
    pub award: Option<AwardId>,
    pub kind: &'static str,
    pub on: Day,
    pub why: String,
    pub entry: Option<EntryId>,
    pub person: PersonId,
    pub postings: Vec<(AccountId, i64)>,
}

impl Moving {
    /// The postings of an amount that leaves one account and arrives in another.
    pub fn between(from: AccountId, to: AccountId, amount: i64) -> Vec<(AccountId, i64)> {
        vec![(from, -amount), (to, amount)]
    }
}

/// What the ledger refuses. The sentence is for whoever asked.
#[derive(Debug, Clone, thiserror::Error)]
pub enum Refused {
    #[error("{} holds {}. That is less than {}", .account.name, show(.account, *.balance), show(.account, *.asked))]
    Below { account: Box<account::Model>, balance: i64, asked: i64 },
    #[error("{} would hold more than can be true. Check the amount", .0.name)]
    TooLarge(Box<account::Model>),
    #[error("Somebody has taken this back already")]
    Countered,
    #[error("What takes something back cannot be taken back itself. Enter it anew")]
    IsCounter,
}

fn show(account: &account::Model, amount: i64) -> String {
    Unit::from_key(&account.unit).map_or_else(|| amount.to_string(), |unit| unit.show(amount))
}

/// Why nothing was posted.
#[derive(Debug, thiserror::Error)]
pub enum NotPosted {
    #[error("{0}")]
    Refused(#[from] Refused),
    #[error("{0}")]
    Fault(#[from] Fault),
}

/// Posts a movement, in an open write. It holds its accounts, in the order of their identifiers, so that of two people
/// at once the second finds what the first has left. Open every account that the write needs before the first post.
///
/// # Errors
/// `Refused` where an account would fall below its floor; a fault where the postings are no movement of one unit.
pub async fn post(w: &mut Write, programme: ProgrammeId, moving: Moving) -> Result<movement::Model, NotPosted> {
    insert(w, programme, moving, None).await
}

/// Undoes a movement by its opposite, of the day given; both stay in the ledger.
///
/// # Errors
/// `Refused` where it was undone before, undoes another itself, or what it brought was used since.
pub async fn counter(
    w: &mut Write,
    of: &movement::Model,
    on: Day,
    why: String,
    person: PersonId,
) -> Result<movement::Model, NotPosted> {
    // Nobody else counters it as long as it is held.
    w.lock::<movement::Entity>(of.id).await?.ok_or_else(|| Fault::new("counter a movement", "it is not there"))?;
    if of.counters_id.is_some() {
        return Err(Refused::IsCounter.into());
    }
    let countered = movement::Entity::find().filter(movement::COLUMN.counters_id.eq(of.id)).count(w.tx()).await;
    if countered.map_err(fault("look for what takes it back"))? > 0 {
        return Err(Refused::Countered.into());
    }
    let postings = posting::Entity::find().filter(posting::COLUMN.movement_id.eq(of.id)).all(w.tx()).await;
    let postings = postings.map_err(fault("list postings"))?.iter().map(|p| (p.account_id, -p.amount)).collect();
    let kind = of.kind.clone();
    let (place, award, entry) = (of.place_id, of.award_id, of.entry_id);
    let moving = Moving { place, award, kind: "", on, why, entry, person, postings };
    insert(w, of.programme_id, moving, Some((of.id, kind))).await
}

async fn insert(
    w: &mut Write,
    programme: ProgrammeId,
    moving: Moving,
    counters: Option<(MovementId, String)>,
) -> Result<movement::Model, NotPosted> {
    let accounts = hold(w, programme, &moving).await?;
    let unit =
        |of: &account::Model| Unit::from_key(&of.unit).ok_or_else(|| Fault::new("post", "an account counts nothing known"));
    let first = accounts.first().ok_or_else(|| Fault::new("post", "a movement has two postings at least"))?;
    let mut postings: Vec<_> =
        moving.postings.iter().map(|(account, amount)| Posting { account: *account, amount: *amount }).collect();
    postings.sort_by_key(|p| p.account);
    let movement = Movement::new(unit(first)?, postings).map_err(|flaw| Fault::new("post", flaw))?;
    let ids: Vec<AccountId> = accounts.iter().map(|a| a.id).collect();
    let held = balances(w.tx(), &ids, None).await?;
    for account in &accounts {
        if unit(account)? != movement.unit() {
            return Err(Fault::new("post", format!("{} counts another unit", account.code)).into());
        }
        let (balance, rule) =
            (held.get(&account.id).copied().unwrap_or(0), Account { unit: movement.unit(), floor: account.floor });
        let refused = |why| match why {
            Why::Below { balance, asked } => Refused::Below { account: Box::new(account.clone()), balance, asked },
            Why::TooLarge => Refused::TooLarge(Box::new(account.clone())),
        };
        rule.after(balance, movement.of(account.id)).map_err(refused)?;
    }
    let (counters_id, kind) = counters.map_or((None, moving.kind.to_string()), |(id, kind)| (Some(id), kind));
    let row = movement::Model {
        id: MovementId(w.id()),
        programme_id: programme,
        place_id: moving.place,
        award_id: moving.award,
        kind,
        on_day: moving.on,
        why: moving.why,
        entry_id: moving.entry,
        counters_id,
        person_id: moving.person,
        at: w.at(),
    };
    let row = w.insert(row).await?;
    let posted = movement.postings().iter().map(|p| posting::Model {
        id: PostingId(w.id()),
        programme_id: programme,
        movement_id: row.id,
        account_id: p.account,
        amount: p.amount,
    });
    let posted: Vec<posting::Model> = posted.collect();
    w.insert_all(posted).await?;
    Ok(row)
}

/// The accounts of a movement, held until the write is over, in the order of their identifiers.
async fn hold(w: &Write, programme: ProgrammeId, moving: &Moving) -> Result<Vec<account::Model>, Fault> {
    let mut ids: Vec<AccountId> = moving.postings.iter().map(|(id, _)| *id).collect();
    ids.sort_unstable();
    ids.dedup();
    let mut accounts = Vec::new();
    for id in ids {
        let account = w.lock::<account::Entity>(id).await?.filter(|a| a.programme_id == programme);
        accounts.push(account.ok_or_else(|| Fault::new("post", format!("{id} is no account of this programme")))?);
    }
    Ok(accounts)
}
