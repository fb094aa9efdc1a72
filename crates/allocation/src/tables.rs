//! An allocation, and the two tables that show it.

use std::collections::BTreeMap;

use crate::problem::Problem;
use crate::{Reading, Released};

/// Who reads what, by application and then assessor in the order of their ids.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Allocation<A, R> {
    pub readings: Vec<Reading<A, R>>,
    /// Held readings that do not stand.
    pub released: Vec<Released<A, R>>,
    pub loads: Vec<Load<R>>,
    pub mixes: Vec<Mix<A, R>>,
}

/// How much an assessor reads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Load<R> {
    pub assessor: R,
    pub readings: u32,
    /// How many of these were read before.
    pub done: u32,
    /// Whether this is the most they can read.
    pub full: bool,
    /// Readings by the applications' stream.
    pub by_stream: BTreeMap<Option<String>, u32>,
}

/// Who reads an application.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mix<A, R> {
    pub application: A,
    pub readers: Vec<R>,
    pub sectors: BTreeMap<String, u32>,
    pub lived_experience: u32,
}

impl<A, R> Mix<A, R> {
    /// Pairs of readers from the same sector.
    #[must_use]
    pub fn alike(&self) -> u32 {
        self.sectors.values().map(|n| n * (n - 1) / 2).sum()
    }
}

impl<A, R> Allocation<A, R> {
    /// The least and the most that anybody reads.
    #[must_use]
    pub fn range(&self) -> (u32, u32) {
        let loads = || self.loads.iter().map(|load| load.readings);
        (loads().min().unwrap_or(0), loads().max().unwrap_or(0))
    }
}

pub fn loads<A, R: Clone>(problem: &Problem<'_, A, R>, readers: &[Vec<usize>]) -> Vec<Load<R>> {
    let assessors = problem.assessors.iter().zip(&problem.done);
    let empty = |(assessor, done): (&&crate::Assessor<R>, &u32)| Load {
        assessor: assessor.id.clone(),
        readings: 0,
        done: *done,
        full: false,
        by_stream: BTreeMap::new(),
    };
    let mut loads: Vec<Load<R>> = assessors.map(empty).collect();
    for (application, readers) in problem.applications.iter().zip(readers) {
        for &r in readers {
            loads[r].readings += 1;
            *loads[r].by_stream.entry(application.stream.clone()).or_default() += 1;
        }
    }
    for (load, assessor) in loads.iter_mut().zip(&problem.assessors) {
        load.full = assessor.most.is_some_and(|most| load.readings >= most);
    }
    loads
}

pub fn mixes<A: Clone, R: Clone>(problem: &Problem<'_, A, R>, readers: &[Vec<usize>]) -> Vec<Mix<A, R>> {
    let mix = |(application, readers): (&&crate::Application<A>, &Vec<usize>)| {
        let mut readers = readers.clone();
        readers.sort_unstable();
        let who = || readers.iter().map(|r| problem.assessors[*r]);
        let mut sectors = BTreeMap::new();
        who().for_each(|r| *sectors.entry(r.sector.clone()).or_default() += 1);
        Mix {
            application: application.id.clone(),
            lived_experience: who().filter(|r| r.lived_experience).map(|_| 1).sum(),
            readers: who().map(|r| r.id.clone()).collect(),
            sectors,
        }
    };
    problem.applications.iter().zip(readers).map(mix).collect()
}
