//! What will have been spent by the end, from what was spent so far. The method is our own, and simple on purpose.

use kernel::{Day, Money};

/// The method, for whoever reads the figures.
pub const METHOD: &str = "The middle goes on at the monthly rate of all whole months so far. Low and high go on at the lowest and \
    the highest rate of any three months in a row, or the middle’s where that lies outside. Nothing is taken below what is spent already.";

/// Months without which nothing can be said.
const FEWEST: i32 = 3;

/// Spend by the end, in three ways of going on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Forecast {
    /// Spent so far.
    pub spent: Money,
    /// The whole months that the rates are taken from.
    pub months: i32,
    pub low: Money,
    pub middle: Money,
    pub high: Money,
    pub budget: Money,
}

impl Forecast {
    /// What would be left, from the least to the most; below nought where more is spent than there is.
    #[must_use]
    pub fn underspend(&self) -> (Money, Money) {
        let left = |spend: Money| Money::from_pence(self.budget.pence().saturating_sub(spend.pence()));
        (left(self.high), left(self.low))
    }
}

/// Carries dated spend on to the last day. A month counts from the start's day of the month; what is dated before the start
/// belongs to the first; what is dated after today is not spent yet. Nothing is said before three whole months are over,
/// of a time that ends before it starts, or of amounts too large to be money.
///
/// With `n` whole months behind today and `m` from there to the end (the last counted in days), the middle is what was
/// spent in them plus `m/n` of it; low and high put the lowest and highest sum of three months in a row in its place, a
/// third of it for each month. Where the end is past, all three are what was spent.
#[must_use]
pub fn forecast(spend: &[(Day, Money)], start: Day, end: Day, today: Day, budget: Money) -> Option<Forecast> {
    let after = end.plus_days(1);
    if end < start {
        return None;
    }
    let months = whole_months(start, today.min(after));
    let so_far = || spend.iter().filter(|(on, _)| *on <= today);
    let spent: i128 = so_far().map(|(_, amount)| i128::from(amount.pence())).sum();
    if today > end {
        let all = money(spent)?;
        return Some(Forecast { spent: all, months, low: all, middle: all, high: all, budget });
    }
    if months < FEWEST {
        return None;
    }
    let mut by_month = vec![0_i128; usize::try_from(months).ok()?];
    for (on, amount) in so_far() {
        // Of the month that is not over, nothing is known yet.
        let month = usize::try_from(whole_months(start, *on)).unwrap_or(0);
        if let Some(sum) = by_month.get_mut(month) {
            *sum += i128::from(amount.pence());
        }
    }
    let whole: i128 = by_month.iter().sum();
    let from = start.plus_months(months);
    let rest = whole_months(from, after);
    let last = from.plus_months(rest);
    // Months still to come, as a fraction: the last one by its days.
    let long = i128::from(last.plus_months(1).days_since(last)).max(1);
    let to_come = i128::from(rest) * long + i128::from(after.days_since(last));
    let goes_on = |sum: i128, over: i32| whole + divide(sum * to_come, i128::from(over) * long);
    let middle = goes_on(whole, months);
    let threes = || by_month.windows(3).map(|three| goes_on(three.iter().sum(), FEWEST));
    let low = threes().min().unwrap_or(middle).min(middle);
    let high = threes().max().unwrap_or(middle).max(middle);
    let at_least = |pence: i128| money(pence.max(spent));
    Some(Forecast { spent: money(spent)?, months, low: at_least(low)?, middle: at_least(middle)?, high: at_least(high)?, budget })
}

/// Whole months from one day to another; below nought counts as none.
fn whole_months(from: Day, to: Day) -> i32 {
    let guess =
        (to.year() - from.year()) * 12 + i32::try_from(to.month()).unwrap_or(0) - i32::try_from(from.month()).unwrap_or(0);
    (if from.plus_months(guess) > to { guess - 1 } else { guess }).max(0)
}

/// To the nearest penny, halves away from nought.
fn divide(sum: i128, by: i128) -> i128 {
    (sum.abs() + by / 2) / by * sum.signum()
}

fn money(pence: i128) -> Option<Money> {
    i64::try_from(pence).ok().map(Money::from_pence)
}
