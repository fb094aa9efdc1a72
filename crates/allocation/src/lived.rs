//! The fourth aim: as many applications as possible have a reader with lived experience.

use crate::problem::{Cell, Problem};

/// The longest chain of exchanges that is tried: this many applications beside the one without lived experience.
const LINKS: u32 = 3;
/// How many links of the longer chains are tried in all; what a very large call has beyond these stays untried.
const TRIES: u32 = 1_000_000;

/// Readers of every application, open to exchanges that cost nothing of the first three aims.
pub struct Exchange<'a, 'b, A, R> {
    problem: &'a Problem<'b, A, R>,
    readers: Vec<Vec<usize>>,
    /// The applications each assessor is newly given.
    given: Vec<Vec<usize>>,
    load: Vec<u32>,
    lived: Vec<u32>,
    tries: u32,
}

impl<'a, 'b, A, R> Exchange<'a, 'b, A, R> {
    /// Starts from the readings to be given; those that were done count with them.
    pub fn new(problem: &'a Problem<'b, A, R>, given: Vec<Vec<usize>>) -> Self {
        let mut this = Self {
            problem,
            readers: Vec::with_capacity(given.len()),
            given: vec![Vec::new(); problem.assessors.len()],
            load: problem.done.clone(),
            lived: Vec::with_capacity(given.len()),
            tries: TRIES,
        };
        for (a, mut readers) in given.into_iter().enumerate() {
            for &r in &readers {
                this.load[r] += 1;
                this.given[r].push(a);
            }
            readers.extend(problem.have_read(a));
            this.lived.push(readers.iter().filter(|r| problem.lived(**r)).map(|_| 1).sum());
            this.readers.push(readers);
        }
        this
    }

    /// Exchanges readers as long as that gives lived experience to an application without it, and hands back the
    /// readers of every application, those that read before among them.
    pub fn settle(mut self) -> Vec<Vec<usize>> {
        let mut links = 1;
        while links <= LINKS {
            let without: Vec<usize> = (0..self.readers.len()).filter(|a| self.lived[*a] == 0).collect();
            let found = without.into_iter().filter(|a| self.find_for(*a, links)).count();
            // Longer chains are looked for only when no shorter one is left.
            links = if found > 0 { 1 } else { links + 1 };
        }
        self.readers
    }

    fn find_for(&mut self, a: usize, links: u32) -> bool {
        let out: Vec<usize> = self.readers[a].iter().copied().filter(|r| self.movable(a, *r)).collect();
        let everybody = 0..self.problem.assessors.len();
        let into: Vec<usize> = everybody.filter(|r| self.problem.lived(*r) && self.may_take(a, *r)).collect();
        out.iter().any(|out| into.iter().any(|into| self.chain((a, *out, *into), *out, 0, links)))
    }

    /// Puts one reader in another's place, and looks for who gives up a reading in turn, through this many further
    /// applications, until loads are as even as they were. Undone where there is no such chain, or it makes pairs.
    fn chain(&mut self, (a, out, into): (usize, usize, usize), first: usize, pairs: i64, links: u32) -> bool {
        let pairs = pairs + self.more_pairs(a, out, into);
        self.replace(a, out, into);
        if pairs <= 0 && self.even(first, into) {
            return true;
        }
        if links > 0 && into != first {
            for b in self.given[into].clone().into_iter().filter(|b| *b != a) {
                // The last link gives the reading to the one who gave up the first.
                let takers = if links == 1 { first..first + 1 } else { 0..self.problem.assessors.len() };
                for next in takers {
                    if links > 1 {
                        if self.tries == 0 {
                            break;
                        }
                        self.tries -= 1;
                    }
                    if self.can_exchange(b, into, next) && self.chain((b, into, next), first, pairs, links - 1) {
                        return true;
                    }
                }
            }
        }
        self.replace(a, into, out);
        false
    }

    /// Whether loads are as even as before a chain in which one reading went from the first to the last.
    fn even(&self, first: usize, last: usize) -> bool {
        let taken = self.load[last] - self.problem.done[last];
        first == last || self.load[last] == self.load[first] + 1 && taken <= self.problem.room[last]
    }

    /// Whether an application can take another reader for one of its own and still has lived experience among them.
    fn can_exchange(&self, a: usize, out: usize, into: usize) -> bool {
        let lived = |r: usize| u32::from(self.problem.lived(r));
        self.lived[a] + lived(into) > lived(out) && self.movable(a, out) && self.may_take(a, into)
    }

    /// Whether a reading may be given to somebody else: it was not kept from before.
    fn movable(&self, a: usize, r: usize) -> bool {
        self.problem.cell(a, r) == Cell::Free
    }
    fn may_take(&self, a: usize, r: usize) -> bool {
        self.problem.cell(a, r) == Cell::Free && !self.readers[a].contains(&r)
    }
    /// How many more pairs of one sector an application has when one reader takes another's place.
    fn more_pairs(&self, a: usize, out: usize, into: usize) -> i64 {
        let sector = &self.problem.sector;
        let others = || self.readers[a].iter().filter(|r| **r != out);
        let of = |s: usize| others().filter(|r| sector[**r] == s).map(|_| 1).sum::<i64>();
        of(sector[into]) - of(sector[out])
    }
    fn replace(&mut self, a: usize, out: usize, into: usize) {
        self.readers[a].iter_mut().filter(|r| **r == out).for_each(|r| *r = into);
        self.given[out].retain(|b| *b != a);
        self.given[into].push(a);
        self.load[out] -= 1;
        self.load[into] += 1;
        self.lived[a] = self.readers[a].iter().filter(|r| self.problem.lived(**r)).map(|_| 1).sum();
    }
}
