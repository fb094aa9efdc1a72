//! A book: accounts, the movements between them, and the balances that follow.

use std::collections::BTreeMap;

use kernel::Day;

use crate::{LIMIT, Movement, Unit};

/// What a book knows of an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Account {
    pub unit: Unit,
    /// Its balance never falls below nought. The floor looks at all movements, whatever day they are of: what is
    /// dated back is not held against the balance of that day, but against what is there now.
    pub floor: bool,
}

/// Why an account does not take a posting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Why {
    /// More is asked of it than it holds.
    #[error("it holds {balance}, and {asked} was asked of it")]
    Below { balance: i64, asked: i64 },
    /// It would hold more than anything real does.
    #[error("it would hold more than can be true")]
    TooLarge,
}

impl Account {
    /// The balance after a posting, where the account takes it. Books in memory and in a database both ask here.
    ///
    /// # Errors
    /// Where its floor forbids it, or nothing real is that large. What arrives is always welcome, even where the
    /// balance stays below nought.
    pub fn after(&self, balance: i64, amount: i64) -> Result<i64, Why> {
        match balance.checked_add(amount) {
            Some(after) if self.floor && amount < 0 && after < 0 => {
                Err(Why::Below { balance, asked: amount.checked_neg().unwrap_or(i64::MAX) })
            }
            Some(after) if after.unsigned_abs() < LIMIT.unsigned_abs() => Ok(after),
            _ => Err(Why::TooLarge),
        }
    }
}

/// Why a book does not take a movement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refused<A> {
    #[error("there is no such account")]
    Unknown(A),
    #[error("the account counts another unit")]
    OtherUnit(A),
    #[error("the account refuses: {1}")]
    Account(A, Why),
}

/// Accounts and the movements between them, each on its day.
#[derive(Debug, Clone)]
pub struct Book<A> {
    accounts: BTreeMap<A, Account>,
    movements: Vec<(Day, Movement<A>)>,
}

impl<A> Default for Book<A> {
    fn default() -> Self {
        Self { accounts: BTreeMap::new(), movements: Vec::new() }
    }
}

impl<A: Copy + Ord> Book<A> {
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }
    /// Opens an account. One that is open stays as it is.
    pub fn open(&mut self, id: A, account: Account) {
        self.accounts.entry(id).or_insert(account);
    }
    /// Takes a movement whole, or not at all.
    ///
    /// # Errors
    /// Where one of its accounts is not there, counts another unit, or does not take its posting.
    pub fn post(&mut self, on: Day, movement: Movement<A>) -> Result<(), Refused<A>> {
        for posting in movement.postings() {
            let account = self.accounts.get(&posting.account).ok_or(Refused::Unknown(posting.account))?;
            if account.unit != movement.unit() {
                return Err(Refused::OtherUnit(posting.account));
            }
            let balance = self.balance(posting.account, None);
            account.after(balance, posting.amount).map_err(|why| Refused::Account(posting.account, why))?;
        }
        self.movements.push((on, movement));
        Ok(())
    }
    /// What an account holds: in all, or by the end of a day.
    #[must_use]
    pub fn balance(&self, account: A, as_of: Option<Day>) -> i64 {
        let counted = self.movements.iter().filter(|(on, _)| as_of.is_none_or(|day| *on <= day));
        counted.map(|(_, movement)| movement.of(account)).sum()
    }
    /// What every account holds.
    #[must_use]
    pub fn balances(&self, as_of: Option<Day>) -> BTreeMap<A, i64> {
        self.accounts.keys().map(|account| (*account, self.balance(*account, as_of))).collect()
    }
    #[must_use]
    pub fn movements(&self) -> &[(Day, Movement<A>)] {
        &self.movements
    }
}
