//! Calls to try allocation on.

use allocation::{Allocation, Application, Assessor, Held, Hold, Request};
use proptest::prelude::*;

const SECTORS: [&str; 3] = ["community", "council", "health"];

/// Calls that every allocation of can be tried: up to four applications and five assessors.
pub fn any_call() -> impl Strategy<Value = Request<u32, u32>> {
    (1u32..5, 1u32..6, 1u32..4, any::<u64>()).prop_flat_map(|(applications, assessors, readers, seed)| {
        let who = prop::collection::vec((0usize..3, any::<bool>(), prop::option::weighted(0.3, 0u32..4)), assessors as usize);
        let pair = move || (0..applications, 0..assessors);
        let conflicts = prop::collection::vec(pair(), 0..5);
        let held = prop::collection::vec((pair(), prop::bool::weighted(0.3)), 0..5);
        (who, conflicts, held).prop_map(move |(who, conflicts, held)| {
            let mut request = call(applications, readers, seed, &who, &conflicts);
            let read = |pairs: &mut Vec<Held<u32, u32>>, ((application, assessor), read): ((u32, u32), bool)| {
                let hold = if read { Hold::Read } else { Hold::Given };
                pairs.push(Held { application, assessor, hold });
            };
            held.into_iter().for_each(|pair| read(&mut request.held, pair));
            sensible(&mut request);
            request
        })
    })
}

/// Calls of a size where only promises can be checked.
pub fn medium_call() -> impl Strategy<Value = Request<u32, u32>> {
    (1u32..40, 4u32..12, 1u32..4, any::<u64>(), any::<bool>()).prop_flat_map(
        |(applications, assessors, readers, seed, strict)| {
            let most = prop::option::weighted(0.3, 5u32..30).prop_map(move |most| most.filter(|_| strict));
            let who = prop::collection::vec((0usize..3, any::<bool>(), most), assessors as usize);
            let conflicts = prop::collection::vec((0..applications, 0..assessors), 0..if strict { 60 } else { 1 });
            (who, conflicts).prop_map(move |(who, conflicts)| call(applications, readers, seed, &who, &conflicts))
        },
    )
}

fn call(
    applications: u32,
    readers: u32,
    seed: u64,
    who: &[(usize, bool, Option<u32>)],
    conflicts: &[(u32, u32)],
) -> Request<u32, u32> {
    let assessor = |(id, &(sector, lived_experience, most)): (u32, &(usize, bool, Option<u32>))| Assessor {
        id,
        sector: SECTORS[sector].into(),
        lived_experience,
        most,
    };
    Request {
        assessors: (0..).zip(who).map(assessor).collect(),
        applications: (0..applications).map(|id| Application { id, stream: (id % 2 == 0).then(|| "health".into()) }).collect(),
        readers,
        conflicts: conflicts.to_vec(),
        held: Vec::new(),
        seed,
    }
}

/// Held readings as a call could have them: each pair once, no conflict, nobody beyond their most or the readers wanted.
fn sensible(request: &mut Request<u32, u32>) {
    let mut kept: Vec<Held<u32, u32>> = Vec::new();
    for held in std::mem::take(&mut request.held) {
        let pair = (held.application, held.assessor);
        let most = request.assessors[held.assessor as usize].most.unwrap_or(u32::MAX) as usize;
        let by = |h: &&Held<u32, u32>| h.assessor == held.assessor && h.hold == Hold::Read;
        let of = |h: &&Held<u32, u32>| h.application == held.application && h.hold == Hold::Read;
        let fits = held.hold == Hold::Given
            || kept.iter().filter(by).count() < most && kept.iter().filter(of).count() < request.readers as usize;
        if fits && !request.conflicts.contains(&pair) && kept.iter().all(|h| (h.application, h.assessor) != pair) {
            kept.push(held);
        }
    }
    request.held = kept;
}

/// An allocation's readings as they are held later.
pub fn held(allocation: &Allocation<u32, u32>, hold: Hold) -> Vec<Held<u32, u32>> {
    let held = |r: &allocation::Reading<u32, u32>| Held { application: r.application, assessor: r.assessor, hold };
    allocation.readings.iter().map(held).collect()
}
