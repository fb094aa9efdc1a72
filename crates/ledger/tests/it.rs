//! What must hold whatever is done: movements come to nought, balances follow from them alone, floors hold.

use std::collections::BTreeMap;

use kernel::{Day, Money};
use ledger::{Account, BadSchedule, Book, Flaw, LIMIT, Movement, Posting, Refused, Unit, Why, every, forecast, schedule};
use proptest::prelude::*;

fn day(text: &str) -> Day {
    text.parse().expect("a day")
}

fn pounds(amount: i32) -> Money {
    Money::from_pounds(amount)
}

/// A sponsor that may go below nought, and three accounts that may not.
fn book() -> Book<u8> {
    let mut book = Book::new();
    for id in 0..4 {
        book.open(id, Account { unit: Unit::Pence, floor: id > 0 });
    }
    book
}

fn some_movements() -> impl Strategy<Value = Vec<(i64, Movement<u8>)>> {
    let one = (0u8..4, 0u8..4, 1i64..1_000, 0i64..400)
        .prop_filter_map("two accounts", |(a, b, amount, on)| Some((on, Movement::between(Unit::Pence, a, b, amount).ok()?)));
    prop::collection::vec(one, 1..60)
}

#[test]
fn what_does_not_balance_is_no_movement() {
    let made = |postings: &[(u8, i64)]| {
        let postings = postings.iter().map(|(account, amount)| Posting { account: *account, amount: *amount });
        Movement::new(Unit::Pence, postings.collect()).map(|_| ())
    };
    assert_eq!(made(&[(1, -5), (2, 3), (3, 2)]), Ok(()));
    assert_eq!(made(&[(1, 5)]), Err(Flaw::TooFew));
    assert_eq!(made(&[]), Err(Flaw::TooFew));
    assert_eq!(made(&[(1, -5), (2, 5), (3, 0)]), Err(Flaw::Nought));
    assert_eq!(made(&[(1, -5), (2, 6)]), Err(Flaw::Unbalanced(1)));
    assert_eq!(made(&[(1, -5), (1, 5)]), Err(Flaw::Twice));
    assert_eq!(made(&[(1, -LIMIT), (2, LIMIT)]), Err(Flaw::TooLarge));
    assert_eq!(made(&[(1, i64::MIN), (2, i64::MAX), (3, 1)]), Err(Flaw::TooLarge));
    assert_eq!(Movement::between(Unit::Pence, 1, 2, i64::MIN), Err(Flaw::TooLarge));
    assert_eq!(Movement::between(Unit::Pence, 1, 2, 0), Err(Flaw::Nought));
}

#[test]
fn a_book_says_what_it_refuses_and_why() {
    let mut book = book();
    book.open(9, Account { unit: Unit::QuarterDays, floor: true });
    let on = day("2026-04-01");
    let post = |book: &mut Book<u8>, from, to, amount| book.post(on, Movement::between(Unit::Pence, from, to, amount).unwrap());
    assert_eq!(post(&mut book, 0, 1, 500), Ok(()));
    let below = Why::Below { balance: 500, asked: 501 };
    assert_eq!(post(&mut book, 1, 2, 501), Err(Refused::Account(1, below)));
    assert_eq!(below.to_string(), "it holds 500, and 501 was asked of it");
    assert_eq!(post(&mut book, 0, 7, 1), Err(Refused::Unknown(7)));
    assert_eq!(post(&mut book, 0, 9, 1), Err(Refused::OtherUnit(9)));
    assert_eq!(book.balance(1, None), 500);
    assert_eq!(book.movements().len(), 1);
    // Nothing grows past what can be true, however often it is tried.
    let most = LIMIT - 1;
    assert_eq!(post(&mut book, 0, 2, most), Err(Refused::Account(0, Why::TooLarge)));
    assert_eq!(book.balance(2, None), 0);
}

#[test]
fn balances_are_as_of_a_day() {
    let mut book = book();
    for (on, amount) in [("2026-04-01", 100), ("2026-06-01", 40), ("2026-05-01", 7)] {
        book.post(day(on), Movement::between(Unit::Pence, 0, 1, amount).unwrap()).unwrap();
    }
    let held = |on: &str| book.balance(1, Some(day(on)));
    assert_eq!([held("2026-03-31"), held("2026-04-01"), held("2026-05-15"), held("2026-06-01")], [0, 100, 107, 147]);
}

proptest! {
    #[test]
    fn the_book_always_comes_to_nought_and_no_floor_breaks(movements in some_movements()) {
        let mut book = book();
        for (on, movement) in movements {
            let before = book.balances(None);
            let taken = book.post(day("2026-01-01").plus_days(on), movement.clone());
            let after = book.balances(None);
            if taken.is_err() {
                prop_assert_eq!(&before, &after, "what is refused changes nothing");
            }
            prop_assert_eq!(after.values().sum::<i64>(), 0);
            prop_assert!(after.iter().all(|(id, balance)| *id == 0 || *balance >= 0), "{after:?}");
        }
    }

    #[test]
    fn the_order_of_the_same_movements_changes_no_balance(movements in some_movements(), turn in 0usize..60) {
        let balances = |movements: &[(i64, Movement<u8>)]| {
            let mut book: Book<u8> = Book::new();
            for id in 0..4 {
                book.open(id, Account { unit: Unit::Pence, floor: false });
            }
            for (on, movement) in movements {
                book.post(day("2026-01-01").plus_days(*on), movement.clone()).unwrap();
            }
            (0..400).step_by(40).map(|on| book.balances(Some(day("2026-01-01").plus_days(on)))).collect::<Vec<BTreeMap<_, _>>>()
        };
        let mut other = movements.clone();
        other.reverse();
        let by = turn % other.len();
        other.rotate_left(by);
        prop_assert_eq!(balances(&movements), balances(&other));
    }

    #[test]
    fn a_counter_undoes_all_of_it(amounts in prop::collection::vec(1i64..LIMIT / 8, 1..7)) {
        let mut postings: Vec<_> = amounts.iter().zip(1u8..).map(|(amount, account)| Posting { account, amount: *amount }).collect();
        postings.push(Posting { account: 0, amount: -amounts.iter().sum::<i64>() });
        let movement = Movement::new(Unit::Pence, postings).unwrap();
        let counter = movement.counter();
        prop_assert_eq!(counter.postings().iter().map(|p| i128::from(p.amount)).sum::<i128>(), 0);
        prop_assert!((0..=8u8).all(|account| movement.of(account) + counter.of(account) == 0));
        prop_assert_eq!(counter.counter(), movement);
    }

    #[test]
    fn a_schedule_comes_to_the_amount(pence in 1i64..LIMIT, weights in prop::collection::vec(1u32..1_000, 1..12)) {
        let parts: Vec<(Day, u32)> = every(3, day("2026-01-31"), 12).into_iter().zip(weights).collect();
        match schedule(Money::from_pence(pence), &parts) {
            Ok(instalments) => {
                prop_assert_eq!(instalments.len(), parts.len());
                prop_assert_eq!(instalments.iter().map(|i| i.amount.pence()).sum::<i64>(), pence);
                prop_assert!(instalments.iter().all(|i| i.amount > Money::ZERO));
            }
            Err(why) => prop_assert_eq!(why, BadSchedule::Nought),
        }
    }

    #[test]
    fn a_forecast_invents_no_penny(
        spend in prop::collection::vec((0i64..900, -50_000i64..500_000), 0..80),
        passed in 0i64..1_000,
        long in 0i64..900,
    ) {
        let start = day("2025-01-31");
        let (today, end) = (start.plus_days(passed), start.plus_days(long));
        let spend: Vec<(Day, Money)> = spend.into_iter().map(|(on, pence)| (start.plus_days(on), Money::from_pence(pence))).collect();
        let spent: i64 = spend.iter().filter(|(on, _)| *on <= today).map(|(_, amount)| amount.pence()).sum();
        let budget = pounds(10_000);
        if let Some(found) = forecast(&spend, start, end, today, budget) {
            prop_assert_eq!(found.spent.pence(), spent);
            prop_assert!(found.spent <= found.low && found.low <= found.middle && found.middle <= found.high);
            let (least, most) = found.underspend();
            prop_assert_eq!((least.pence(), most.pence()), (budget.pence() - found.high.pence(), budget.pence() - found.low.pence()));
            if today > end {
                prop_assert_eq!((found.low, found.high), (found.spent, found.spent));
            }
        } else {
            prop_assert!(today <= end && today < start.plus_months(3));
        }
    }
}

#[test]
fn instalments_fall_due_in_order() {
    let dates = every(6, day("2026-08-31"), 3);
    assert_eq!(dates, [day("2026-08-31"), day("2027-02-28"), day("2027-08-31")]);
    let equal: Vec<(Day, u32)> = dates.iter().map(|on| (*on, 1)).collect();
    let split = schedule(pounds(100), &equal).unwrap();
    assert_eq!(split.iter().map(|i| i.amount.to_string()).collect::<Vec<_>>(), ["£33.34", "£33.33", "£33.33"]);
    let back: Vec<(Day, u32)> = equal.iter().rev().copied().collect();
    assert_eq!(schedule(pounds(100), &back), Err(BadSchedule::NotInOrder));
    assert_eq!(schedule(pounds(100), &[equal[0], equal[0]]), Err(BadSchedule::NotInOrder));
    assert_eq!(schedule(pounds(100), &[]), Err(BadSchedule::NoDates));
    assert_eq!(schedule(pounds(0), &equal), Err(BadSchedule::NothingToPay));
    assert_eq!(schedule(Money::from_pence(2), &equal), Err(BadSchedule::Nought));
    assert_eq!(schedule(pounds(100), &[equal[0], (equal[1].0, 0)]), Err(BadSchedule::Nought));
}

/// A year at £1,000 a month but for a dear spring.
#[test]
fn a_forecast_goes_on_at_three_rates() {
    let start = day("2026-01-01");
    let each = [1_000, 1_000, 1_000, 4_000, 1_000, 1_000];
    let spend: Vec<(Day, Money)> =
        each.iter().zip(0..).map(|(amount, n)| (start.plus_months(n).plus_days(9), pounds(*amount))).collect();
    let at = |today: &str| forecast(&spend, start, day("2026-12-31"), day(today), pounds(20_000));
    assert_eq!(at("2026-03-31"), None, "the third month is not over yet");
    // Six months cost £9,000; of three in a row the cheapest cost £3,000 and the dearest £6,000.
    let found = at("2026-07-01").unwrap();
    assert_eq!((found.months, found.spent), (6, pounds(9_000)));
    assert_eq!((found.low, found.middle, found.high), (pounds(15_000), pounds(18_000), pounds(21_000)));
    assert_eq!(found.underspend(), (pounds(-1_000), pounds(5_000)));
    // Half way through July nothing is known of July, so nothing changes.
    assert_eq!(at("2026-07-15").unwrap().middle, pounds(18_000));
    let over = at("2027-02-01").unwrap();
    assert_eq!((over.low, over.high, over.underspend().0), (pounds(9_000), pounds(9_000), pounds(11_000)));
    assert_eq!(forecast(&spend, start, day("2025-12-31"), day("2026-07-01"), pounds(1)), None);
    // Half of April is 15 of its 30 days.
    let short = forecast(&spend, start, day("2026-04-15"), day("2026-04-01"), pounds(5_000)).unwrap();
    assert_eq!((short.low, short.high), (pounds(3_500), pounds(3_500)));
}
