//! Agreement, by examples worked by hand.
#![cfg(test)]

use measures::{Level, Ratings, Refusal, Score, Weights, alpha, cohen_kappa, fleiss_kappa, gwet_ac, icc};
use measures::{within_group, within_group_items};
use proptest::prelude::*;

fn ratings(rows: &[&[Option<f64>]]) -> Ratings {
    Ratings::new(rows.iter().map(|row| row.to_vec()).collect()).unwrap()
}

fn close(a: f64, b: f64) -> bool {
    (a - b).abs() < 1e-12
}

fn value(rows: &[&[Option<f64>]], level: Level) -> f64 {
    alpha(&ratings(rows), level).unwrap().alpha
}

const ONE: Option<f64> = Some(1.0);
const TWO: Option<f64> = Some(2.0);
const THREE: Option<f64> = Some(3.0);

/// Three units: two agree on 1, one is split between 1 and 3. Six ratings, five of them 1.
/// Nominal: observed 2 of 6, expected 2·5·1 of 6·5, so that alpha is 0. At every level, with two values in use, the
/// one difference there is cancels out.
#[test]
fn two_values_make_every_level_the_same() {
    let rows: [&[Option<f64>]; 2] = [&[ONE, ONE, ONE], &[ONE, ONE, THREE]];
    for level in Level::ALL {
        assert!(close(value(&rows, level), 0.0), "{level}");
    }
}

/// Units (1, 1), (2, 2), (1, 3). Counts: three 1, two 2, one 3; n = 6.
/// Interval: observed 2·4 ÷ 6; expected (2·(3·2·1 + 3·1·4 + 2·1·1)) ÷ 30; alpha = 1 − (8/6)·(30/40) = 0.
/// Nominal: observed 2/6; expected 22/30; alpha = 1 − 10/22.
/// Ordinal, mid-ranks 1½, 4, 5½: observed 2·16 ÷ 6; expected 2·(6·6¼ + 3·16 + 2·2¼) ÷ 30; alpha = 1 − 160/180.
/// Ratio: observed 2·¼ ÷ 6; expected 2·(6/9 + 3/4 + 2/25) ÷ 30.
#[test]
fn each_level_weighs_differences_its_own_way() {
    let rows: [&[Option<f64>]; 2] = [&[ONE, TWO, ONE], &[ONE, TWO, THREE]];
    assert!(close(value(&rows, Level::Nominal), 1.0 - 10.0 / 22.0));
    assert!(close(value(&rows, Level::Ordinal), 1.0 - 160.0 / 180.0));
    assert!(close(value(&rows, Level::Interval), 0.0));
    let expected = 2.0 * (6.0 / 9.0 + 3.0 / 4.0 + 2.0 / 25.0) / 30.0;
    assert!(close(value(&rows, Level::Ratio), 1.0 - (0.5 / 6.0) / expected));
}

#[test]
fn a_unit_that_one_coder_rated_does_not_count() {
    let with = alpha(&ratings(&[&[ONE, TWO, ONE, THREE], &[ONE, TWO, THREE, None]]), Level::Ordinal).unwrap();
    let without = alpha(&ratings(&[&[ONE, TWO, ONE], &[ONE, TWO, THREE]]), Level::Ordinal).unwrap();
    assert!(close(with.alpha, without.alpha));
    assert_eq!((with.coders, with.units, with.pairable_values), (2, 4, 6));
}

#[test]
fn what_cannot_be_compared_is_refused_with_a_sentence() {
    let cases: [(&[&[Option<f64>]], Refusal); 4] = [
        (&[&[ONE, TWO]], Refusal::OneCoder),
        (&[&[ONE, None], &[None, TWO]], Refusal::NothingShared),
        (&[&[ONE, ONE], &[ONE, ONE]], Refusal::NoVariation),
        // The only other value stands where nobody else rated.
        (&[&[ONE, TWO], &[ONE, None]], Refusal::NoVariation),
    ];
    for (rows, refusal) in cases {
        for level in Level::ALL {
            assert_eq!(alpha(&ratings(rows), level), Err(refusal), "{rows:?} {level}");
        }
        assert!(refusal.to_string().len() > 20);
    }
    assert_eq!(Ratings::new(vec![]), Err(Refusal::Empty));
    assert_eq!(Ratings::new(vec![vec![None], vec![None]]), Err(Refusal::Empty));
    assert_eq!(Ratings::new(vec![vec![ONE], vec![]]), Err(Refusal::Ragged { coder: 2, expected: 1, found: 0 }));
    assert_eq!(Ratings::new(vec![vec![Some(f64::NAN)]]), Err(Refusal::NotFinite { coder: 1, unit: 1 }));
    let below = ratings(&[&[ONE, TWO], &[ONE, Some(-1.0)]]);
    assert_eq!(alpha(&below, Level::Ratio), Err(Refusal::BelowNought { coder: 2, unit: 2 }));
    assert!(alpha(&below, Level::Interval).is_ok());
}

#[test]
fn two_zeros_are_one_category() {
    let rows: [&[Option<f64>]; 2] = [&[Some(0.0), ONE], &[Some(-0.0), ONE]];
    assert!(close(value(&rows, Level::Nominal), 1.0));
    assert!(close(value(&rows, Level::Ratio), 1.0));
}

/// Both say yes 20 times, no 15, and differ 5 and 10 times: observed 0.7, chance 0.5, kappa 0.4.
#[test]
fn kappa_of_the_textbook() {
    let times = |a: f64, b: f64, n: usize| std::iter::repeat_n((a, b), n);
    let all: Vec<(f64, f64)> =
        times(1.0, 1.0, 20).chain(times(1.0, 0.0, 5)).chain(times(0.0, 1.0, 10)).chain(times(0.0, 0.0, 15)).collect();
    let (a, b) = all.iter().map(|(a, b)| (Some(*a), Some(*b))).unzip();
    let kappa = cohen_kappa(&Ratings::new(vec![a, b]).unwrap(), Weights::Identity).unwrap();
    assert!(close(kappa.kappa, 0.4) && close(kappa.observed, 0.7) && close(kappa.chance, 0.5));
    assert_eq!(kappa.units, 50);
    assert!(kappa.low_95 < 0.4 && kappa.high_95 > 0.4);
}

#[test]
fn kappa_is_of_two_who_rated_the_same() {
    let three = ratings(&[&[ONE], &[TWO], &[ONE]]);
    assert_eq!(cohen_kappa(&three, Weights::Linear), Err(Refusal::NotTwoCoders { found: 3 }));
    let apart = ratings(&[&[ONE, None], &[None, TWO]]);
    assert_eq!(cohen_kappa(&apart, Weights::Linear), Err(Refusal::NothingShared));
    assert_eq!(fleiss_kappa(&apart, Weights::Linear), Err(Refusal::NothingShared));
    let same = ratings(&[&[ONE, ONE], &[ONE, ONE]]);
    assert_eq!(cohen_kappa(&same, Weights::Identity), Err(Refusal::NoVariation));
    assert_eq!(gwet_ac(&same, Weights::Identity), Err(Refusal::NoVariation));
}

#[test]
fn a_single_unit_has_no_standard_error() {
    let one = fleiss_kappa(&ratings(&[&[ONE], &[TWO]]), Weights::Identity).unwrap();
    assert_eq!((one.standard_error, one.units), (None, 1));
}

/// The second rater gives one point more throughout: fully consistent, not in agreement.
#[test]
fn a_milder_rater_is_consistent_and_does_not_agree() {
    let icc = icc(&ratings(&[&[ONE, TWO, THREE], &[TWO, THREE, Some(4.0)]])).unwrap();
    assert!(close(icc.consistency, 1.0) && close(icc.consistency_mean, 1.0));
    assert!(close(icc.agreement, 2.0 / 3.0), "{icc:?}");
    assert!(icc.one_way < icc.agreement);
}

#[test]
fn correlation_needs_every_rating_and_some_difference() {
    assert_eq!(icc(&ratings(&[&[ONE, None], &[ONE, TWO]])), Err(Refusal::Incomplete { coder: 1, unit: 2 }));
    assert_eq!(icc(&ratings(&[&[Some(0.1); 3], &[Some(0.1); 3]])), Err(Refusal::NoVariation));
    assert_eq!(icc(&ratings(&[&[ONE], &[TWO]])), Err(Refusal::OneUnit));
    assert_eq!(icc(&ratings(&[&[ONE, ONE], &[TWO, TWO]])), Err(Refusal::UnitsAlike));
}

#[test]
fn a_group_in_two_camps_agrees_less_than_chance() {
    assert!(close(within_group(&[1.0, 1.0, 5.0, 5.0], 5).unwrap().r_wg, 1.0 - 16.0 / 3.0 / 2.0));
    assert_eq!(within_group(&[3.0], 5), Err(Refusal::OneAnswer));
    assert_eq!(within_group(&[3.0, 4.0], 1), Err(Refusal::NoScale));
    assert_eq!(within_group(&[3.0, f64::INFINITY], 5), Err(Refusal::NotFiniteValue));
    let camps = vec![vec![1.0, 1.0], vec![5.0, 5.0]];
    assert_eq!(within_group_items(&camps, 5), Err(Refusal::NoAgreement));
}

#[test]
fn scores_become_ratings() {
    let score = |application, assessor, value| Score { application, assessor, value };
    let scores = [score('b', 2, 4.0), score('a', 1, 3.0), score('a', 2, 3.0)];
    let expected = ratings(&[&[THREE, None], &[THREE, Some(4.0)]]);
    assert_eq!(Ratings::from_scores(&scores), Ok(expected));
    assert_eq!(Ratings::from_scores(&[score('a', 1, 3.0), score('a', 1, 3.0)]), Err(Refusal::ScoredTwice));
}

/// Numbers of every size people could type, with gaps.
fn any_rows() -> impl Strategy<Value = Vec<Vec<Option<f64>>>> {
    let number = prop_oneof![
        4 => (0i32..5).prop_map(f64::from),
        1 => -1e100f64..1e100,
        1 => 0.0f64..1e-300,
        1 => Just(5e-324),
    ];
    (1usize..5, 1usize..7).prop_flat_map(move |(coders, units)| {
        let row = prop::collection::vec(prop::option::weighted(0.8, number.clone()), units);
        prop::collection::vec(row, coders)
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_answer_is_ever_not_a_number(rows in any_rows()) {
        let Ok(ratings) = Ratings::new(rows) else { return Ok(()) };
        for level in Level::ALL {
            if let Ok(a) = alpha(&ratings, level) {
                prop_assert!(a.alpha.is_finite() && a.alpha <= 1.0 + 1e-9, "{a:?}");
            }
        }
        for weights in [Weights::Identity, Weights::Linear, Weights::Quadratic] {
            if let Ok(k) = cohen_kappa(&ratings, weights) {
                prop_assert!(k.kappa.is_finite() && k.standard_error.is_finite(), "{k:?}");
            }
            for a in [fleiss_kappa(&ratings, weights), gwet_ac(&ratings, weights)].into_iter().flatten() {
                prop_assert!(a.coefficient.is_finite() && a.standard_error.is_none_or(f64::is_finite), "{a:?}");
            }
        }
        if let Ok(i) = icc(&ratings) {
            prop_assert!(i.one_way.is_finite() && i.agreement.is_finite() && i.consistency.is_finite(), "{i:?}");
        }
    }

    #[test]
    fn alpha_knows_nothing_of_the_order_of_coders_and_units(rows in any_rows(), turn in 0usize..6) {
        let Ok(as_given) = Ratings::new(rows.clone()) else { return Ok(()) };
        let mut turned = rows;
        turned.reverse();
        for row in &mut turned {
            let by = turn % row.len();
            row.rotate_left(by);
        }
        let turned = Ratings::new(turned).unwrap();
        for level in [Level::Nominal, Level::Ordinal, Level::Interval] {
            match (alpha(&as_given, level), alpha(&turned, level)) {
                (Ok(a), Ok(b)) => prop_assert!((a.alpha - b.alpha).abs() < 1e-9, "{a:?} {b:?}"),
                (a, b) => prop_assert_eq!(a, b),
            }
        }
    }
}
