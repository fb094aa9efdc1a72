//! The flow that finds readers: source → application → its readers of one sector → assessor → sink.
//!
//! A unit is a reading. What it costs holds three aims in one number, wide enough apart that no sum of a lesser aim
//! reaches the next: pairs of one sector, then squared loads, then readings that are given anew.

use crate::Shortage;
use crate::chance::Chance;
use crate::flow::{Cost, Edge, Network};
use crate::problem::{Cell, Problem};

/// Above any number of pairs of readers of one application.
const LOAD: Cost = 1 << 36;
/// Above any sum of squared loads.
const NEW: Cost = 1 << 90;

const SOURCE: usize = 0;
const SINK: usize = 1;

/// A flow network of a problem, and which edge is which reading.
struct Readings {
    network: Network,
    /// Application, assessor, and the edge between them.
    edges: Vec<(usize, usize, Edge)>,
}

/// For each application the readings to be given: the best by the first three aims.
///
/// # Errors
/// Why not every application can get its readers.
pub fn give<A: Clone, R: Clone>(
    problem: &Problem<'_, A, R>,
    readers: u32,
    chance: &mut Chance,
) -> Result<Vec<Vec<usize>>, Vec<Shortage<A, R>>> {
    let mut shortages = too_few_readers(problem, readers);
    // An application that cannot have all its readers asks for those it can have, so that the flow shows what else
    // is wrong and does not show the same again.
    let need: Vec<u32> = (0..problem.applications.len()).map(|a| problem.need[a].min(candidates(problem, a))).collect();
    let wanted: u32 = need.iter().sum();
    let mut readings = Readings::new(problem, &need, chance);
    let sent = readings.network.send(SOURCE, SINK);
    if sent < wanted {
        shortages.push(crowded(problem, &need, &readings.network.reached(SOURCE)));
    }
    if !shortages.is_empty() {
        return Err(shortages);
    }
    let mut given = vec![Vec::new(); need.len()];
    for (application, assessor, edge) in readings.edges {
        if readings.network.carried(edge) > 0 {
            given[application].push(assessor);
        }
    }
    Ok(given)
}

impl Readings {
    /// Nodes: source, sink, applications, assessors, then one for each application and sector that can read it.
    fn new<A, R>(problem: &Problem<'_, A, R>, need: &[u32], chance: &mut Chance) -> Self {
        let (n, m) = (problem.applications.len(), problem.assessors.len());
        let (application, assessor) = (|a: usize| 2 + a, |r: usize| 2 + n + r);
        let mut network = Network::new(2 + n + m);
        for r in 0..m {
            let done = Cost::from(problem.done[r]);
            let room = problem.room[r].min(u32::try_from(n).unwrap_or(u32::MAX));
            network.edge(assessor(r), SINK, room, LOAD * (2 * done + 1), LOAD * 2);
        }
        let keeps = (0..n).any(|a| (0..m).any(|r| problem.cell(a, r) == Cell::Given));
        let new = if keeps { NEW } else { 0 };
        let mut edges = Vec::new();
        let mut order: Vec<usize> = (0..n).collect();
        chance.shuffle(&mut order);
        let mut candidates: Vec<usize> = (0..m).collect();
        for a in order {
            network.edge(SOURCE, application(a), need[a], 0, 0);
            let mut by_sector: Vec<Option<usize>> = vec![None; problem.sectors];
            let mut have = vec![0; problem.sectors];
            problem.have_read(a).for_each(|r| have[problem.sector[r]] += 1);
            // Another order for each application mixes who reads with whom.
            chance.shuffle(&mut candidates);
            for &r in candidates.iter().filter(|r| problem.open(a, **r)) {
                let sector = problem.sector[r];
                let node = *by_sector[sector].get_or_insert_with(|| {
                    let node = network.node();
                    // The first from a sector makes no pair, the second one, the third two more.
                    network.edge(application(a), node, need[a], have[sector], 1);
                    node
                });
                let cost = if problem.cell(a, r) == Cell::Given { 0 } else { new };
                edges.push((a, r, network.edge(node, assessor(r), 1, cost, 0)));
            }
        }
        Self { network, edges }
    }
}

fn candidates<A, R>(problem: &Problem<'_, A, R>, application: usize) -> u32 {
    (0..problem.assessors.len()).filter(|r| problem.open(application, *r)).map(|_| 1).sum()
}

/// Applications that cannot have their readers whoever reads what, together by how many they can have.
fn too_few_readers<A: Clone, R>(problem: &Problem<'_, A, R>, wanted: u32) -> Vec<Shortage<A, R>> {
    let mut by_readers: std::collections::BTreeMap<u32, Vec<A>> = std::collections::BTreeMap::new();
    for (a, application) in problem.applications.iter().enumerate() {
        let open = candidates(problem, a);
        if open < problem.need[a] {
            by_readers.entry(wanted - problem.need[a] + open).or_default().push(application.id.clone());
        }
    }
    let shortage = |(readers, applications)| Shortage::TooFewReaders { applications, readers, needed: wanted };
    by_readers.into_iter().map(shortage).collect()
}

/// The group of applications on the source's side of a minimum cut: they need more than their readers can take.
fn crowded<A: Clone, R: Clone>(problem: &Problem<'_, A, R>, need: &[u32], reached: &[bool]) -> Shortage<A, R> {
    let in_need = || (0..need.len()).filter(|a| need[*a] > 0);
    let group: Vec<usize> = in_need().filter(|a| reached[2 + a]).collect();
    let mut possible = 0;
    let mut assessors = Vec::new();
    for (r, assessor) in problem.assessors.iter().enumerate() {
        let could: u32 = group.iter().filter(|a| problem.open(**a, r)).map(|_| 1).sum();
        if could > 0 {
            possible += could.min(problem.room[r]);
            assessors.push(assessor.id.clone());
        }
    }
    let needed = group.iter().map(|a| need[*a]).sum();
    if group.len() == in_need().count() {
        return Shortage::TooFewReadings { needed, possible };
    }
    let applications = group.iter().map(|a| problem.applications[*a].id.clone()).collect();
    Shortage::Crowded { applications, assessors, needed, possible }
}
