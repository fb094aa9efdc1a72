//! A movement: amounts that leave some accounts and arrive in others.

use std::fmt;

use kernel::{Days, Money};

/// What is counted. One movement has one unit, and so has one account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Unit {
    Pence,
    QuarterDays,
}

impl Unit {
    /// As it is kept.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Pence => "pence",
            Self::QuarterDays => "quarter-days",
        }
    }
    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        [Self::Pence, Self::QuarterDays].into_iter().find(|unit| unit.key() == key)
    }
    /// An amount as people read it: £1,250 or 2¼ days.
    #[must_use]
    pub fn show(self, amount: i64) -> String {
        match self {
            Self::Pence => Money::from_pence(amount).to_string(),
            Self::QuarterDays => Days::from_quarters(amount).to_string(),
        }
    }
}

impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.key())
    }
}

/// Amounts and balances stay below this, £90 million million: whatever reaches it is a mistake somewhere.
pub const LIMIT: i64 = 9_000_000_000_000_000;

/// What arrives in an account, or leaves it where the amount is below nought.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Posting<A> {
    pub account: A,
    pub amount: i64,
}

/// Why postings are no movement. None of it is anybody's typing: it is a mistake in a program.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Flaw {
    #[error("a movement has two postings at least")]
    TooFew,
    #[error("a posting of nought says nothing")]
    Nought,
    #[error("an amount is too large to be true")]
    TooLarge,
    #[error("the same account stands in it twice")]
    Twice,
    #[error("the postings come to {0} instead of nought")]
    Unbalanced(i128),
}

/// Postings that balance. There is no other way to make one, and no way to change one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Movement<A> {
    unit: Unit,
    postings: Vec<Posting<A>>,
}

impl<A: Copy + Eq> Movement<A> {
    /// # Errors
    /// Where the postings are no movement.
    pub fn new(unit: Unit, postings: Vec<Posting<A>>) -> Result<Self, Flaw> {
        if postings.len() < 2 {
            return Err(Flaw::TooFew);
        }
        for (n, posting) in postings.iter().enumerate() {
            match posting.amount {
                0 => return Err(Flaw::Nought),
                amount if amount.unsigned_abs() >= LIMIT.unsigned_abs() => return Err(Flaw::TooLarge),
                _ if postings[..n].iter().any(|p| p.account == posting.account) => return Err(Flaw::Twice),
                _ => {}
            }
        }
        match postings.iter().map(|p| i128::from(p.amount)).sum() {
            0 => Ok(Self { unit, postings }),
            rest => Err(Flaw::Unbalanced(rest)),
        }
    }

    /// An amount that leaves one account and arrives in another.
    ///
    /// # Errors
    /// Where it is nought or too large, or both accounts are the same. Below nought it goes the other way.
    pub fn between(unit: Unit, from: A, to: A, amount: i64) -> Result<Self, Flaw> {
        let left = Posting { account: from, amount: amount.checked_neg().ok_or(Flaw::TooLarge)? };
        Self::new(unit, vec![left, Posting { account: to, amount }])
    }

    /// Its opposite: both together change nothing.
    #[must_use]
    pub fn counter(&self) -> Self {
        let postings = self.postings.iter().map(|p| Posting { account: p.account, amount: -p.amount });
        Self { unit: self.unit, postings: postings.collect() }
    }

    #[must_use]
    pub fn unit(&self) -> Unit {
        self.unit
    }
    #[must_use]
    pub fn postings(&self) -> &[Posting<A>] {
        &self.postings
    }
    /// What arrives in an account by it, or leaves it; nought where the account has no part in it.
    #[must_use]
    pub fn of(&self, account: A) -> i64 {
        self.postings.iter().find(|p| p.account == account).map_or(0, |p| p.amount)
    }
}
