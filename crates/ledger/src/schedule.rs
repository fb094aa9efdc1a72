//! Instalments: an amount split over dates. The shares are ours: they follow [`Money::allocate`], the method of the
//! largest remainder.

use kernel::{Day, Money};

/// What is paid on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Instalment {
    pub on: Day,
    pub amount: Money,
}

/// Why an amount cannot be split like this; the sentence is meant for the person who typed it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadSchedule {
    #[error("Enter one date at least")]
    NoDates,
    #[error("Put the dates in order, each later than the one before")]
    NotInOrder,
    #[error("Enter an amount above nought")]
    NothingToPay,
    #[error("Enter an amount or a date for each instalment: one of them would be nought")]
    Nought,
}

/// Splits an amount over dates by weights, equal ones for equal parts. Nothing is lost: the instalments come to the amount.
///
/// # Errors
/// Where there is nothing to split, the dates are not in order, or an instalment would be nought.
pub fn schedule(amount: Money, parts: &[(Day, u32)]) -> Result<Vec<Instalment>, BadSchedule> {
    if parts.is_empty() {
        return Err(BadSchedule::NoDates);
    }
    if !parts.is_sorted_by(|(a, _), (b, _)| a < b) {
        return Err(BadSchedule::NotInOrder);
    }
    if amount <= Money::ZERO {
        return Err(BadSchedule::NothingToPay);
    }
    let weights: Vec<u32> = parts.iter().map(|(_, weight)| *weight).collect();
    let shares = amount.allocate(&weights);
    if shares.len() != parts.len() || shares.contains(&Money::ZERO) {
        return Err(BadSchedule::Nought);
    }
    Ok(parts.iter().zip(shares).map(|((on, _), amount)| Instalment { on: *on, amount }).collect())
}

/// So many dates, the same number of months apart; where a month is too short, its last day.
#[must_use]
pub fn every(months: u16, from: Day, count: u16) -> Vec<Day> {
    (0..count).map(|n| from.plus_months(i32::from(months) * i32::from(n).min(12_000))).collect()
}
