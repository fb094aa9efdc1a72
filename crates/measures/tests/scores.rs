//! Scores, spread, leniency and ranks as a panel sees them.
#![cfg(test)]

use measures::{Criterion, Leniency, Mark, Refusal, Score, Sheet, leniency, rank, spread, weigh};

fn score(application: &'static str, assessor: &'static str, value: f64) -> Score<&'static str, &'static str> {
    Score { application, assessor, value }
}

#[test]
fn the_largest_difference_comes_first() {
    let scores = [
        score("alder", "Ann", 60.0),
        score("alder", "Bob", 64.0),
        score("birch", "Ann", 30.0),
        score("birch", "Bob", 70.0),
        score("birch", "Cy", 50.0),
        score("cedar", "Ann", 55.0),
        // The same range as alder, and one more in the middle: less deviation.
        score("dogwood", "Ann", 60.0),
        score("dogwood", "Bob", 64.0),
        score("dogwood", "Cy", 62.0),
    ];
    let all = spread(&scores).unwrap();
    assert_eq!(all.iter().map(|s| s.application).collect::<Vec<_>>(), ["birch", "alder", "dogwood", "cedar"]);
    let birch = &all[0];
    assert_eq!((birch.scores, birch.mean, birch.least, birch.most, birch.range), (3, 50.0, 30.0, 70.0, 40.0));
    assert!((birch.deviation.unwrap() - 20.0).abs() < 1e-12);
    assert_eq!((all[3].range, all[3].deviation), (0.0, None));
}

#[test]
fn leniency_is_measured_against_those_who_read_the_same() {
    let scores = [
        score("alder", "Ann", 70.0),
        score("alder", "Bob", 60.0),
        score("alder", "Cy", 50.0),
        score("birch", "Ann", 80.0),
        score("birch", "Bob", 74.0),
        // Nobody else read these two.
        score("cedar", "Ann", 5.0),
        score("dogwood", "Dee", 99.0),
    ];
    let of = |assessor, deviation, shared, scored| Leniency { assessor, deviation, shared, scored };
    assert_eq!(
        leniency(&scores).unwrap(),
        [
            // 70 − 55 and 80 − 74
            of("Ann", Some(10.5), 2, 3),
            // 60 − 60 and 74 − 80
            of("Bob", Some(-3.0), 2, 2),
            of("Cy", Some(-15.0), 1, 1),
            of("Dee", None, 0, 1),
        ]
    );
}

#[test]
fn scores_that_cannot_be_are_refused() {
    let none: [Score<&str, &str>; 0] = [];
    assert_eq!(spread(&none), Err(Refusal::Empty));
    assert_eq!(leniency(&none), Err(Refusal::Empty));
    assert_eq!(spread(&[score("a", "b", f64::NAN)]), Err(Refusal::NotFiniteValue));
    assert_eq!(leniency(&[score("a", "b", 1.0), score("a", "b", 2.0)]), Err(Refusal::ScoredTwice));
}

fn criterion(id: &'static str, weight: f64, least: f64, most: f64) -> Criterion<&'static str> {
    Criterion { id, weight, least, most }
}

fn mark(
    application: &'static str,
    assessor: &'static str,
    criterion: &'static str,
    value: f64,
) -> Mark<&'static str, &'static str, &'static str> {
    Mark { application, assessor, criterion, value }
}

#[test]
fn weights_count_as_parts_of_their_sum() {
    let marks = [mark("alder", "Ann", "partnership", 4.0), mark("alder", "Ann", "need", 1.0)];
    for (partnership, need) in [(75.0, 25.0), (3.0, 1.0), (0.6, 0.2)] {
        let criteria = [criterion("partnership", partnership, 0.0, 4.0), criterion("need", need, 0.0, 4.0)];
        let sheets = weigh(&criteria, &marks).unwrap();
        assert!((sheets.scores[0].value - (75.0 + 25.0 / 4.0)).abs() < 1e-9, "{sheets:?}");
    }
}

#[test]
fn scales_of_different_lengths_count_alike() {
    let criteria = [criterion("partnership", 1.0, 1.0, 5.0), criterion("need", 1.0, 0.0, 10.0)];
    let marks = [mark("alder", "Ann", "partnership", 3.0), mark("alder", "Ann", "need", 5.0)];
    assert_eq!(weigh(&criteria, &marks).unwrap().scores, [score("alder", "Ann", 50.0)]);
}

#[test]
fn half_a_sheet_has_no_score_and_is_listed() {
    let criteria =
        [criterion("partnership", 2.0, 0.0, 4.0), criterion("need", 1.0, 0.0, 4.0), criterion("for notice", 0.0, 0.0, 4.0)];
    let marks =
        [mark("alder", "Ann", "partnership", 4.0), mark("alder", "Ann", "need", 4.0), mark("alder", "Bob", "partnership", 2.0)];
    let sheets = weigh(&criteria, &marks).unwrap();
    assert_eq!(sheets.scores, [score("alder", "Ann", 100.0)]);
    assert_eq!(sheets.incomplete, [Sheet { application: "alder", assessor: "Bob", missing: vec!["need"] }]);
}

#[test]
fn a_scoring_that_makes_no_sense_is_refused() {
    let need = || criterion("need", 1.0, 0.0, 4.0);
    let good = mark("alder", "Ann", "need", 2.0);
    let refused = |criteria: &[Criterion<&'static str>], marks: &[_]| weigh(criteria, marks).unwrap_err();
    assert_eq!(refused(&[], &[]), Refusal::NoWeight);
    assert_eq!(refused(&[criterion("need", 0.0, 0.0, 4.0)], &[]), Refusal::NoWeight);
    assert_eq!(refused(&[criterion("need", -1.0, 0.0, 4.0)], &[]), Refusal::BadWeight);
    assert_eq!(refused(&[criterion("need", f64::NAN, 0.0, 4.0)], &[]), Refusal::BadWeight);
    assert_eq!(refused(&[criterion("need", 1.0, 4.0, 4.0)], &[]), Refusal::NoScale);
    assert_eq!(refused(&[need(), need()], &[]), Refusal::CriterionTwice);
    assert_eq!(refused(&[need()], &[mark("alder", "Ann", "beauty", 2.0)]), Refusal::UnknownCriterion);
    assert_eq!(refused(&[need()], &[good.clone(), good]), Refusal::ScoredTwice);
    let high = refused(&[need()], &[mark("alder", "Ann", "need", 5.0)]);
    assert_eq!(high.to_string(), "A mark of 5 lies outside its criterion’s scale, 0 to 4");
}

#[test]
fn ties_share_a_place_and_say_so() {
    // 0.1 + 0.2 and 0.3 are the same marks in another order.
    let scores = [("alder", 50.0), ("birch", 0.3), ("cedar", 70.0), ("dogwood", 0.1 + 0.2), ("elder", 0.3), ("fir", 0.2)];
    let said: Vec<String> = rank(scores).unwrap().iter().map(|r| format!("{} {r}", r.application)).collect();
    assert_eq!(
        said,
        [
            "cedar 1st of 6",
            "alder 2nd of 6",
            "birch joint 3rd of 6, with 2 others",
            "dogwood joint 3rd of 6, with 2 others",
            "elder joint 3rd of 6, with 2 others",
            "fir 6th of 6",
        ]
    );
    let two = rank([("alder", 1.0), ("birch", 1.0)]).unwrap();
    assert_eq!(two[1].to_string(), "joint 1st of 2, with 1 other");
    assert_eq!(rank::<&str>([]), Err(Refusal::Empty));
    assert_eq!(rank([("alder", f64::INFINITY)]), Err(Refusal::NotFiniteValue));
}

#[test]
fn places_are_said_as_people_say_them() {
    let ranks = rank((1..=123).map(|i| (i, -f64::from(i)))).unwrap();
    for (place, said) in [(1, "1st"), (2, "2nd"), (3, "3rd"), (4, "4th"), (11, "11th"), (12, "12th"), (13, "13th")] {
        assert_eq!(ranks[place - 1].to_string(), format!("{said} of 123"));
    }
    for (place, said) in [(21, "21st"), (22, "22nd"), (101, "101st"), (111, "111th"), (112, "112th"), (123, "123rd")] {
        assert_eq!(ranks[place - 1].to_string(), format!("{said} of 123"));
    }
}
