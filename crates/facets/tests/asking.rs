//! What is found and counted is what a look at every record would find and count.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use facets::{Ask, Builder, Index, LISTS, Order, Record, Segment, bucket_of, number};
use proptest::prelude::*;

#[derive(Debug, Clone)]
struct Own {
    lists: [Vec<u8>; LISTS],
    day: i32,
    amount: i64,
    words: Vec<u8>,
}

fn year(day: i32) -> u16 {
    u16::try_from(1900 + day / 100).expect("a year")
}

fn own() -> impl Strategy<Value = Own> {
    let list = |most: usize| prop::collection::vec(0..6_u8, 0..=most);
    let lists = (list(1), list(2), list(3), Just(vec![0]));
    (lists, 0..3000_i32, -5..2000_i64, prop::collection::vec(0..30_u8, 0..6)).prop_map(|((a, b, c, d), day, amount, words)| Own {
        lists: [a, b, c, d],
        day,
        amount,
        words,
    })
}

type Kept = (Index, HashMap<(u32, i64), Vec<u8>>);

fn kept(segments: &[Vec<Own>]) -> Kept {
    let (mut all, mut buckets) = (Vec::new(), HashMap::new());
    for (number, records) in (1..).zip(segments) {
        let mut builder = Builder::default();
        for own in records {
            let keys: [Vec<String>; LISTS] = own.lists.clone().map(|l| l.iter().map(|k| format!("k{k}")).collect());
            let lists = std::array::from_fn(|l| keys[l].iter().map(|k| (k.as_str(), k.as_str())).collect());
            let record = Record { lists, day: own.day, year: year(own.day), amount: own.amount };
            let words: Vec<String> = own.words.iter().map(|w| format!("w{w}")).collect();
            builder.add(&record, words.iter().map(String::as_str)).expect("room");
        }
        let built = builder.finish();
        assert_eq!(built.records, records.len());
        buckets.extend(built.buckets.into_iter().map(|(bucket, words)| ((bucket, number), words)));
        all.push(Arc::new(Segment::read(number, &built.columns).expect("a segment")));
    }
    (Index::of(all), buckets)
}

fn ask((_, buckets): &Kept, words: &[u8], keys: &[Option<u8>; LISTS], year: Option<u16>, amounts: Option<(i64, i64)>) -> Ask {
    let word = |w: &u8| {
        let word = format!("w{w}");
        let own = buckets.iter().filter(|((bucket, _), _)| *bucket == bucket_of(&word));
        (word.clone(), own.map(|((_, segment), bytes)| (*segment, bytes.clone())).collect())
    };
    Ask { words: words.iter().map(word).collect(), keys: keys.map(|k| k.map(|k| format!("k{k}"))), year, amounts }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn as_if_every_record_was_looked_at(
        segments in prop::collection::vec(prop::collection::vec(own(), 1..200), 0..4),
        words in prop::collection::vec(0..30_u8, 0..3),
        (first, third) in (prop::option::of(0..7_u8), prop::option::of(0..7_u8)),
        wanted_year in prop::option::weighted(0.3, 1900..1931_u16),
        amounts in prop::option::weighted(0.3, (0..500_i64, 500..2000_i64)),
        after in 0..120_usize,
        largest: bool,
    ) {
        let kept = kept(&segments);
        let keys = [first, None, third, None];
        let asked = ask(&kept, &words, &keys, wanted_year, amounts);
        let matches = kept.0.matching(&asked);
        let fits = |own: &Own| {
            words.iter().all(|w| own.words.contains(w))
                && keys.iter().zip(&own.lists).all(|(key, list)| key.is_none_or(|key| list.contains(&key)))
                && wanted_year.is_none_or(|wanted| year(own.day) == wanted)
                && amounts.is_none_or(|(from, to)| (from..to).contains(&own.amount))
        };
        let all = (1..).zip(&segments).flat_map(|(s, records)| (0..).zip(records).map(move |(at, own)| (number(s, at), own)));
        let found: Vec<(i64, &Own)> = all.filter(|(_, own)| fits(own)).collect();
        prop_assert_eq!(matches.numbers().collect::<Vec<_>>(), found.iter().map(|f| f.0).collect::<Vec<_>>());
        prop_assert_eq!(matches.count(), found.len() as u64);

        let bounds = [0, 10, 1000];
        let counted = kept.0.count(&matches, 100, &bounds);
        prop_assert_eq!(counted.all, found.len() as u64);
        for (list, (choices, different)) in counted.lists.iter().enumerate() {
            let mut expected = BTreeMap::<String, u64>::new();
            for (_, own) in &found {
                own.lists[list].iter().collect::<BTreeSet<_>>().into_iter().for_each(|k| *expected.entry(format!("k{k}")).or_default() += 1);
            }
            prop_assert_eq!(*different, expected.len());
            prop_assert_eq!(choices.iter().map(|c| (c.key.clone(), c.count)).collect::<BTreeMap<_, _>>(), expected);
            prop_assert!(choices.is_sorted_by(|a, b| a.count >= b.count));
        }
        for (at, bound) in bounds.iter().enumerate() {
            let below = bounds.get(at + 1).copied().unwrap_or(i64::MAX);
            prop_assert_eq!(counted.bands[at], found.iter().filter(|(_, o)| (*bound..below).contains(&o.amount)).count() as u64);
        }
        let mut sums = BTreeMap::<u16, (u64, i128)>::new();
        for (_, own) in &found {
            let sum = sums.entry(year(own.day)).or_default();
            *sum = (sum.0 + 1, sum.1 + i128::from(own.amount));
        }
        prop_assert_eq!(counted.sums.iter().map(|s| (s.year, (s.count, s.amount))).collect::<BTreeMap<_, _>>(), sums);

        let order = if largest { Order::Largest } else { Order::Newest };
        let mut sorted: Vec<(i64, i64)> = found.iter().map(|(n, o)| (if largest { o.amount } else { o.day.into() }, *n)).collect();
        sorted.sort_unstable_by(|a, b| b.cmp(a));
        let expected: Vec<i64> = sorted.iter().skip(after).take(50).map(|s| s.1).collect();
        prop_assert_eq!(kept.0.some(&matches, order, after, 50), expected);
    }

    /// Whatever stands where a segment is kept, reading it ends.
    #[test]
    fn what_is_no_segment_is_refused_or_read(bytes in prop::collection::vec(any::<u8>(), 0..400), cut in 0..400_usize) {
        let _ = Segment::read(1, &bytes);
        let (_, buckets) = kept(&[vec![Own { lists: Default::default(), day: 1, amount: 1, words: vec![1, 2, 3] }]]);
        let (mut columns, mut builder) = (Vec::new(), Builder::default());
        builder.add(&Record { lists: [vec![("a", "A")], vec![], vec![], vec![]], day: 1, year: 1901, amount: 5 }, ["one"].into_iter());
        columns.extend(builder.finish().columns);
        let kept = columns.len();
        columns.truncate(cut);
        prop_assert_eq!(Segment::read(1, &columns).is_some(), cut >= kept);
        drop(buckets);
        let index = Index::of(vec![Arc::new(Segment::read(1, &{ let mut b = Builder::default(); b.add(&Record::default(), std::iter::empty()); b.finish().columns }).unwrap())]);
        let ask = Ask { words: vec![("one".into(), HashMap::from([(1, bytes)]))], ..Ask::default() };
        prop_assert!(index.matching(&ask).count() <= 1);
    }
}

#[test]
fn a_full_segment_takes_no_more() {
    let mut builder = Builder::default();
    for place in 0..facets::SEGMENT {
        assert_eq!(builder.add(&Record::default(), ["all"].into_iter()), u16::try_from(place).ok());
    }
    assert!(builder.is_full());
    assert_eq!(builder.add(&Record::default(), ["all"].into_iter()), None);
    let built = builder.finish();
    assert!(builder.is_empty());
    let index = Index::of(vec![Arc::new(Segment::read(3, &built.columns).unwrap())]);
    let words = vec![("all".to_owned(), built.buckets.into_iter().map(|(_, bytes)| (3, bytes)).collect())];
    assert_eq!(index.matching(&Ask { words, ..Ask::default() }).count(), 65_536);
}
