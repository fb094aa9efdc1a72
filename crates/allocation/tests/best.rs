//! An allocation beside every other one there is, on small calls, and its promises on larger ones.
#![cfg(test)]

mod calls;

use std::collections::BTreeSet;

use allocation::{Allocation, Hold, Refusal, Request, Shortage, allocate};
use calls::{any_call, medium_call};
use proptest::prelude::*;

/// What is best: given readings undone, squared loads, pairs of one sector, applications without lived experience.
type Cost = (usize, u32, u32, usize);

/// A set of readings by application and assessor, and what it costs; nothing where it breaks a rule.
fn judge(request: &Request<u32, u32>, readings: &BTreeSet<(u32, u32)>) -> Option<Cost> {
    let load = |r: u32| readings.iter().filter(|(_, other)| *other == r).count() as u32;
    let of = |a: u32| request.assessors.iter().filter(move |r| readings.contains(&(a, r.id)));
    let held = |hold: Hold| request.held.iter().filter(move |h| h.hold == hold);
    let kept = |h: &&allocation::Held<u32, u32>| readings.contains(&(h.application, h.assessor));
    if request.conflicts.iter().any(|pair| readings.contains(pair))
        || request.assessors.iter().any(|r| r.most.is_some_and(|most| load(r.id) > most))
        || request.applications.iter().any(|a| of(a.id).count() != request.readers as usize)
        || !held(Hold::Read).all(|h| kept(&h))
    {
        return None;
    }
    let sectors: BTreeSet<&String> = request.assessors.iter().map(|r| &r.sector).collect();
    let pairs = |a: u32| {
        sectors.iter().map(move |s| of(a).filter(|r| r.sector == **s).count() as u32).map(|n| n * n.saturating_sub(1) / 2)
    };
    Some((
        held(Hold::Given).filter(|h| !kept(h)).count(),
        request.assessors.iter().map(|r| load(r.id).pow(2)).sum(),
        request.applications.iter().flat_map(|a| pairs(a.id)).sum(),
        request.applications.iter().filter(|a| !of(a.id).any(|r| r.lived_experience)).count(),
    ))
}

fn pairs(allocation: &Allocation<u32, u32>) -> BTreeSet<(u32, u32)> {
    allocation.readings.iter().map(|r| (r.application, r.assessor)).collect()
}

/// The best of all sets of readings, by trying every choice of readers for every application.
fn by_trying(request: &Request<u32, u32>) -> Option<Cost> {
    let ids: Vec<u32> = request.assessors.iter().map(|r| r.id).collect();
    let chosen = |mask: u32| ids.iter().enumerate().filter(move |(i, _)| mask >> i & 1 == 1).map(|(_, r)| *r);
    let choices: Vec<u32> = (0..1 << ids.len()).filter(|m: &u32| m.count_ones() == request.readers).collect();
    let mut sets = vec![BTreeSet::new()];
    for application in &request.applications {
        let with = |set: &BTreeSet<(u32, u32)>, mask| {
            let mut set = set.clone();
            set.extend(chosen(mask).map(|r| (application.id, r)));
            set
        };
        sets = sets.iter().flat_map(|set| choices.iter().map(move |mask| with(set, *mask))).collect();
    }
    sets.iter().filter_map(|set| judge(request, set)).min()
}

/// Whether a chain of exchanges passes a reading from one who has more to one who has at least two fewer. If none
/// does, the sum of squared loads is the least (no negative cycle: Ahuja, Magnanti and Orlin 1993, §14.2).
fn could_be_evener(request: &Request<u32, u32>, allocation: &Allocation<u32, u32>) -> bool {
    let (readings, conflicts) = (pairs(allocation), request.conflicts.iter().collect::<BTreeSet<_>>());
    let load = |r: u32| allocation.loads.iter().find(|l| l.assessor == r).unwrap();
    let passes = |from: u32, to: u32| {
        let mut given = readings.iter().filter(|(_, r)| *r == from).map(|(a, _)| *a);
        given.any(|a| !readings.contains(&(a, to)) && !conflicts.contains(&(a, to)))
    };
    request.assessors.iter().any(|start| {
        let (mut reached, mut stack) = (BTreeSet::from([start.id]), vec![start.id]);
        while let Some(from) = stack.pop() {
            for to in request.assessors.iter().map(|r| r.id) {
                if !reached.contains(&to) && passes(from, to) {
                    reached.insert(to);
                    stack.push(to);
                }
            }
        }
        reached.iter().any(|end| load(start.id).readings >= load(*end).readings + 2 && !load(*end).full)
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nothing_is_better(request in any_call()) {
        match (allocate(&request), by_trying(&request)) {
            (Ok(allocation), Some(best)) => {
                let ours = judge(&request, &pairs(&allocation)).unwrap();
                prop_assert_eq!((ours.0, ours.1, ours.2), (best.0, best.1, best.2));
                // The fourth aim is reached by exchanges and may miss an application, never more on calls this small.
                prop_assert!(ours.3 <= best.3 + 1);
            }
            (Err(Refusal::Short(shortages)), None) => prop_assert!(!shortages.is_empty()),
            (ours, best) => prop_assert!(false, "{:?} beside {:?}", ours, best),
        }
    }

    #[test]
    fn a_shortage_counts_what_is_missing(request in any_call()) {
        let Err(Refusal::Short(shortages)) = allocate(&request) else { return Ok(()) };
        let conflicts: BTreeSet<_> = request.conflicts.iter().copied().collect();
        for shortage in shortages {
            let (applications, needed, possible) = match shortage {
                Shortage::TooFewReaders { applications, readers, needed } => (applications, needed, readers),
                Shortage::TooFewReadings { needed, possible } | Shortage::Crowded { needed, possible, .. } => (vec![], needed, possible),
            };
            prop_assert!(possible < needed);
            for a in applications {
                let read = |r: u32| request.held.iter().any(|h| h.hold == Hold::Read && (h.application, h.assessor) == (a, r));
                let done = |r: u32| request.held.iter().filter(|h| h.hold == Hold::Read && h.assessor == r).count() as u32;
                let can = request.assessors.iter().filter(|r| {
                    !conflicts.contains(&(a, r.id)) && (read(r.id) || r.most.is_none_or(|most| most > done(r.id)))
                });
                prop_assert_eq!(can.count(), possible as usize);
            }
        }
    }

    #[test]
    fn promises_hold_on_larger_calls(request in medium_call()) {
        let Ok(allocation) = allocate(&request) else { return Ok(()) };
        prop_assert!(judge(&request, &pairs(&allocation)).is_some());
        prop_assert!(!could_be_evener(&request, &allocation));
        let (least, most) = allocation.range();
        if request.conflicts.is_empty() && request.assessors.iter().all(|r| r.most.is_none()) {
            prop_assert!(most - least <= 1);
        }
        prop_assert_eq!(allocation.loads.iter().map(|l| l.readings as usize).sum::<usize>(), allocation.readings.len());
        for load in &allocation.loads {
            prop_assert_eq!(load.by_stream.values().sum::<u32>(), load.readings);
        }
    }

    #[test]
    fn the_order_of_the_lists_does_not_matter(request in medium_call()) {
        let mut turned = request.clone();
        turned.assessors.reverse();
        turned.applications.reverse();
        turned.conflicts.reverse();
        prop_assert_eq!(allocate(&turned), allocate(&request));
    }

    #[test]
    fn one_who_drops_out_is_replaced_and_nobody_else(request in medium_call(), who in 0usize..12) {
        let Ok(first) = allocate(&request) else { return Ok(()) };
        let mut again = request;
        let gone = again.assessors.remove(who % again.assessors.len());
        again.held = calls::held(&first, Hold::Given);
        let Ok(second) = allocate(&again) else { return Ok(()) };
        let theirs = pairs(&first).into_iter().filter(|(_, r)| *r == gone.id).count();
        let rest: BTreeSet<(u32, u32)> = pairs(&first).into_iter().filter(|(_, r)| *r != gone.id).collect();
        let lost = rest.difference(&pairs(&second)).count();
        // Somebody else is moved only where the gaps cannot be filled otherwise.
        let mut firm = again.clone();
        firm.held.iter_mut().for_each(|h| h.hold = Hold::Read);
        prop_assert_eq!(lost == 0, allocate(&firm).is_ok());
        prop_assert_eq!(second.released.len(), theirs + lost);
    }
}
