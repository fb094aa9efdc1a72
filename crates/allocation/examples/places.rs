//! Times matchings of 200 places, with the runner-up of each: `cargo run --release -p allocation --example places`.

use std::collections::BTreeSet;
use std::time::Instant;

use allocation::matching::{Consultant, Place, Refusal, Request, Side, Wish, best};

/// As many places and consultants, each pair with a wish of this weight, and a conflict in one of twenty.
fn request(places: u32, consultants: u32, capacity: u32, weight: fn(u32, u32) -> u32) -> Request<u32, u32> {
    let pairs = || (0..places).flat_map(|p| (0..consultants).map(move |c| (p, c)));
    let consultant = |id| Consultant { id, skills: BTreeSet::new(), capacity };
    let wish = |(place, consultant)| Wish { by: Side::Place, place, consultant, weight: weight(place, consultant) };
    Request {
        places: (0..places).map(|id| Place { id, needs: Vec::new() }).collect(),
        consultants: (0..consultants).map(consultant).collect(),
        wishes: pairs().map(wish).collect(),
        conflicts: pairs().filter(|(p, c)| (p * 31 + c * 17).is_multiple_of(20)).collect(),
    }
}

fn main() -> Result<(), Refusal<u32, u32>> {
    let mixed =
        |p: u32, c: u32| (p.wrapping_mul(2_654_435_761) ^ c.wrapping_mul(2_246_822_519)).wrapping_mul(3_266_489_917) >> 20;
    for (what, request) in [
        ("200 × 200, mixed", request(200, 200, 1, mixed)),
        ("200 × 200, all in the same order", request(200, 200, 1, |p, c| (p + 1) * (c + 1))),
        ("200 × 200, all alike", request(200, 200, 1, |_, _| 1)),
        ("200 × 60, four places each", request(200, 60, 4, mixed)),
        ("200 × 60, ten places each, all in the same order", request(200, 60, 10, |p, c| (p + 1) * (c + 1))),
        ("200 × 200, as many as it takes", request(200, 200, u32::MAX, |p, c| (p + 1) * (c + 1))),
    ] {
        let start = Instant::now();
        let matching = best(&request)?;
        println!("{what}: {:.0?}; total {}", start.elapsed(), matching.total);
    }
    Ok(())
}
