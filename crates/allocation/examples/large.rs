//! Times an allocation of 1,000 applications × 3 readers × 60 assessors with conflicts, and a re-allocation after
//! somebody drops out: `cargo run --release -p allocation --example large`.

use std::time::Instant;

use allocation::{Allocation, Application, Assessor, Held, Hold, Kept, Refusal, Request, allocate};

const SECTORS: [&str; 5] = ["community", "council", "health", "research", "funder"];

/// A call with these many applications and assessors; each assessor has a conflict with one in twenty.
fn call(applications: u32, assessors: u32) -> Request<u32, u32> {
    let assessor = |id: u32| Assessor {
        id,
        sector: SECTORS[(id * id % 7 % 5) as usize].into(),
        lived_experience: id.is_multiple_of(4),
        most: id.is_multiple_of(10).then_some(applications * 3 / assessors),
    };
    let stream = |id: u32| Some(SECTORS[(id % 5) as usize].into());
    let conflicts = (0..applications).flat_map(|a| (0..assessors).map(move |r| (a, r)));
    Request {
        assessors: (0..assessors).map(assessor).collect(),
        applications: (0..applications).map(|id| Application { id, stream: stream(id) }).collect(),
        readers: 3,
        conflicts: conflicts.filter(|(a, r)| (a * 31 + r * 17).is_multiple_of(20)).collect(),
        held: Vec::new(),
        seed: 1,
    }
}

fn tell(what: &str, request: &Request<u32, u32>) -> Result<Allocation<u32, u32>, Refusal<u32, u32>> {
    let start = Instant::now();
    let allocation = allocate(request)?;
    let took = start.elapsed();
    let (least, most) = allocation.range();
    let count = |kept| allocation.readings.iter().filter(|r| r.kept == kept).count();
    let alike: u32 = allocation.mixes.iter().map(allocation::Mix::alike).sum();
    let without = allocation.mixes.iter().filter(|m| m.lived_experience == 0).count();
    println!(
        "{what}: {took:.0?}; loads {least} to {most}; pairs of one sector {alike}; without lived experience {without}; new {}, kept {}, released {}",
        count(Kept::New),
        count(Kept::Given),
        allocation.released.len()
    );
    Ok(allocation)
}

fn main() -> Result<(), Refusal<u32, u32>> {
    for (applications, assessors) in [(1_000, 60), (300, 40)] {
        let mut request = call(applications, assessors);
        let first = tell(&format!("{applications} applications, {assessors} assessors"), &request)?;
        let held =
            |r: &allocation::Reading<u32, u32>| Held { application: r.application, assessor: r.assessor, hold: Hold::Given };
        request.held = first.readings.iter().map(held).collect();
        request.assessors.remove(7);
        tell("  one drops out", &request)?;
    }
    Ok(())
}
