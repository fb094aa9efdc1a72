//! A request by numbers: applications and assessors in the order of their ids, and what each pair may be.

use std::collections::BTreeMap;

use crate::{Application, Assessor, Hold, Refusal, Release, Released, Request};

/// What an application and an assessor are to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cell {
    Conflict,
    Free,
    Given,
    Read,
}

#[derive(Debug)]
pub struct Problem<'a, A, R> {
    pub applications: Vec<&'a Application<A>>,
    pub assessors: Vec<&'a Assessor<R>>,
    /// Each assessor's sector, by number.
    pub sector: Vec<usize>,
    pub sectors: usize,
    cells: Vec<Cell>,
    /// Readings each assessor has done.
    pub done: Vec<u32>,
    /// Readings each assessor can still take.
    pub room: Vec<u32>,
    /// Readings each application still needs.
    pub need: Vec<u32>,
}

/// A problem, and the held readings that cannot stand.
type Started<'a, A, R> = (Problem<'a, A, R>, Vec<Released<A, R>>);

impl<'a, A: Ord + Clone, R: Ord + Clone> Problem<'a, A, R> {
    /// The problem, and the held readings that cannot stand.
    pub fn new(request: &'a Request<A, R>) -> Result<Started<'a, A, R>, Refusal<A, R>> {
        if request.applications.is_empty() {
            return Err(Refusal::NoApplications);
        }
        if request.readers == 0 {
            return Err(Refusal::NoReadersWanted);
        }
        let (applications, twice) = numbered(&request.applications, |a| &a.id);
        if let Some(twice) = twice {
            return Err(Refusal::ApplicationTwice(twice.clone()));
        }
        let (assessors, twice) = numbered(&request.assessors, |r| &r.id);
        if let Some(twice) = twice {
            return Err(Refusal::AssessorTwice(twice.clone()));
        }
        let (sectors, _) = numbered(&request.assessors, |r| &r.sector);
        let mut problem = Self {
            cells: vec![Cell::Free; applications.len() * assessors.len()],
            done: vec![0; assessors.len()],
            room: Vec::new(),
            need: Vec::new(),
            sector: assessors.values().map(|(_, r)| sectors[&r.sector].0).collect(),
            sectors: sectors.len(),
            applications: applications.values().map(|(_, a)| *a).collect(),
            assessors: assessors.values().map(|(_, r)| *r).collect(),
        };
        for (application, assessor) in &request.conflicts {
            // A conflict with somebody who left, or with an application that was withdrawn, changes nothing.
            if let (Some((a, _)), Some((r, _))) = (applications.get(application), assessors.get(assessor)) {
                problem.set(*a, *r, Cell::Conflict);
            }
        }
        let mut released = Vec::new();
        for held in &request.held {
            let why = match (applications.get(&held.application), assessors.get(&held.assessor)) {
                (None, _) => Release::Withdrawn,
                (_, None) => Release::Gone,
                (Some((a, _)), Some((r, _))) if problem.cell(*a, *r) == Cell::Conflict => Release::Conflict,
                (Some((a, _)), Some((r, _))) => {
                    // What was read stays so, even where it stands in the list as given too.
                    if problem.cell(*a, *r) != Cell::Read {
                        problem.set(*a, *r, if held.hold == Hold::Read { Cell::Read } else { Cell::Given });
                    }
                    continue;
                }
            };
            released.push(Released { application: held.application.clone(), assessor: held.assessor.clone(), why });
        }
        problem.count(request.readers);
        Ok((problem, released))
    }

    /// Counts what was read, and what remains to be given.
    fn count(&mut self, readers: u32) {
        let (n, m) = (self.applications.len(), self.assessors.len());
        self.need = vec![readers; n];
        for a in 0..n {
            for r in (0..m).filter(|r| self.cell(a, *r) == Cell::Read).collect::<Vec<_>>() {
                self.done[r] += 1;
                self.need[a] = self.need[a].saturating_sub(1);
            }
        }
        let room = |(r, done): (&&Assessor<R>, &u32)| r.most.unwrap_or(u32::MAX).saturating_sub(*done);
        self.room = self.assessors.iter().zip(&self.done).map(room).collect();
    }
}

impl<A, R> Problem<'_, A, R> {
    pub fn cell(&self, application: usize, assessor: usize) -> Cell {
        self.cells[application * self.assessors.len() + assessor]
    }
    fn set(&mut self, application: usize, assessor: usize, cell: Cell) {
        let place = application * self.assessors.len() + assessor;
        self.cells[place] = cell;
    }
    /// Whether a reading could be given here.
    pub fn open(&self, application: usize, assessor: usize) -> bool {
        self.room[assessor] > 0 && matches!(self.cell(application, assessor), Cell::Free | Cell::Given)
    }
    /// Those who have read an application.
    pub fn have_read(&self, application: usize) -> impl Iterator<Item = usize> + '_ {
        (0..self.assessors.len()).filter(move |r| self.cell(application, *r) == Cell::Read)
    }
    pub fn lived(&self, assessor: usize) -> bool {
        self.assessors[assessor].lived_experience
    }
}

/// Things by their key in order, each with its number there, and a key that stood twice.
pub fn numbered<'a, T, K: Ord>(list: &'a [T], key: impl Fn(&'a T) -> &'a K) -> (BTreeMap<&'a K, (usize, &'a T)>, Option<&'a K>) {
    let mut all = BTreeMap::new();
    let mut twice = None;
    for thing in list {
        if all.insert(key(thing), (0, thing)).is_some() {
            twice = twice.or(Some(key(thing)));
        }
    }
    all.values_mut().enumerate().for_each(|(number, (place, _))| *place = number);
    (all, twice)
}
