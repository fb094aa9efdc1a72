//! What it costs to have it otherwise: chains of exchanges out of a best matching.
//!
//! Two matchings differ by chains in which each place moves to a consultant who lets another place go, until one comes
//! who had room, or from whom the chain began. Out of a best matching no closed chain gains anything. So the cheapest
//! chains are shortest paths between consultants, and those between all of them are found at once (R. Floyd,
//! *Algorithm 97: Shortest path*, 1962): what one other choice costs is then an addition, not a matching anew.

use super::problem::Problem;
use crate::flow::Cost;

const NOWHERE: Cost = Cost::MAX;

/// A best matching, and the cheapest chains of exchanges out of it.
///
/// Nodes are the consultants, and after the last of them *nobody*, who takes room that is left and gives it to anyone.
pub struct Exchange<'a, P, C> {
    problem: &'a Problem<'a, P, C>,
    /// Each place's consultant.
    chosen: Vec<usize>,
    /// Consultants who can take one more.
    free: Vec<bool>,
    /// What a chain between two costs: what it loses times [`scale`](Self::scale), and one for each place that moves.
    costs: Vec<Cost>,
    /// The place that moves, in chains of one move; *nobody* moves no place.
    moving: Vec<Option<usize>>,
    /// Where longer chains are put together.
    middle: Vec<Option<usize>>,
}

/// What else there is for a place.
pub struct Other {
    pub consultant: usize,
    pub loss: Cost,
    /// Places that then move, and to whom.
    pub moves: Vec<(usize, usize)>,
}

impl<'a, P, C> Exchange<'a, P, C> {
    /// `chosen` is a best matching.
    pub fn new(problem: &'a Problem<'a, P, C>, chosen: Vec<usize>) -> Self {
        let size = problem.consultants.len() + 1;
        let mut taken = vec![0; problem.consultants.len()];
        chosen.iter().for_each(|c| taken[*c] += 1);
        let mut exchange = Self {
            free: problem.room.iter().zip(taken).map(|(room, taken)| *room > taken).collect(),
            costs: vec![NOWHERE; size * size],
            moving: vec![None; size * size],
            middle: vec![None; size * size],
            problem,
            chosen,
        };
        exchange.move_once();
        exchange.put_together();
        exchange
    }

    pub fn chosen(&self) -> &[usize] {
        &self.chosen
    }

    fn nobody(&self) -> usize {
        self.free.len()
    }
    fn cell(&self, from: usize, to: usize) -> usize {
        from * (self.nobody() + 1) + to
    }
    /// Above any number of moves in a chain, which comes to no consultant twice.
    fn scale(&self) -> Cost {
        self.nobody() as Cost + 1
    }

    /// Chains of one move.
    fn move_once(&mut self) {
        for c in 0..=self.nobody() {
            let (stay, take, give) = (self.cell(c, c), self.cell(c, self.nobody()), self.cell(self.nobody(), c));
            if self.free.get(c) == Some(&true) {
                self.costs[take] = 0;
            }
            self.costs[give] = 0;
            self.costs[stay] = 0;
        }
        for p in 0..self.chosen.len() {
            for to in (0..self.nobody()).filter(|to| *to != self.chosen[p]) {
                let cell = self.cell(self.chosen[p], to);
                if let Some(cost) = self.cost(p, to).map(|cost| cost + 1).filter(|cost| *cost < self.costs[cell]) {
                    self.costs[cell] = cost;
                    self.moving[cell] = Some(p);
                }
            }
        }
    }

    /// Chains of any length.
    fn put_together(&mut self) {
        let nodes = self.nobody() + 1;
        for middle in 0..nodes {
            let onward = self.costs[middle * nodes..][..nodes].to_vec();
            for from in 0..nodes {
                let first = self.costs[self.cell(from, middle)];
                if first == NOWHERE {
                    continue;
                }
                let row = from * nodes..(from + 1) * nodes;
                let chains = self.costs[row.clone()].iter_mut().zip(&mut self.middle[row]).zip(&onward);
                for ((cost, through), onward) in chains {
                    if *onward != NOWHERE && first + onward < *cost {
                        (*cost, *through) = (first + onward, Some(middle));
                    }
                }
            }
        }
    }

    /// What the move of a place costs by itself; nothing where it must not be.
    fn cost(&self, place: usize, to: usize) -> Option<Cost> {
        Some((self.problem.fit(place, self.chosen[place])? - self.problem.fit(place, to)?) * self.scale())
    }

    /// What it costs in all to match a place with somebody else.
    fn whole_cost(&self, place: usize, to: usize) -> Option<Cost> {
        let chain = self.costs[self.cell(to, self.chosen[place])];
        if chain == NOWHERE { None } else { Some(self.cost(place, to)? + chain) }
    }

    /// What a place gets if it must not have whom it has: the least that is lost, then the fewest other places moved,
    /// then the first consultant.
    pub fn other(&self, place: usize) -> Option<Other> {
        let others = (0..self.nobody()).filter(|c| *c != self.chosen[place]);
        let (cost, consultant) = others.filter_map(|c| Some((self.whole_cost(place, c)?, c))).min()?;
        let mut moves = Vec::new();
        self.collect(consultant, self.chosen[place], &mut moves);
        moves.sort_unstable();
        Some(Other { consultant, loss: cost.div_euclid(self.scale()), moves })
    }

    /// The moves of the cheapest chain between two.
    fn collect(&self, from: usize, to: usize, moves: &mut Vec<(usize, usize)>) {
        let cell = self.cell(from, to);
        match (self.middle[cell], self.moving[cell]) {
            (Some(middle), _) => {
                self.collect(from, middle, moves);
                self.collect(middle, to, moves);
            }
            (None, Some(place)) => moves.push((place, to)),
            (None, None) => (),
        }
    }

    /// The first of all best matchings: the first place has the first consultant that it has in any of them, then the
    /// second place, and so on.
    pub fn first(&self) -> Vec<usize> {
        // A pair that some chain brings about at no loss stands in a best matching, as does room that can be left so; and
        // every matching made of nothing else is a best one.
        let nought = |cost: Cost| cost.div_euclid(self.scale()) == 0;
        let good = |p: usize, c: usize| c == self.chosen[p] || self.whole_cost(p, c).is_some_and(nought);
        let taken = |c: usize| self.chosen.iter().filter(|other| **other == c).count();
        let mut equal = Equal {
            good: (0..self.chosen.len()).map(|p| (0..self.nobody()).map(|c| good(p, c)).collect()).collect(),
            spare: (0..self.nobody()).map(|c| nought(self.costs[self.cell(c, self.nobody())])).collect(),
            free: self.problem.room.iter().enumerate().map(|(c, room)| room - taken(c)).collect(),
            chosen: self.chosen.clone(),
        };
        (0..self.chosen.len()).for_each(|p| equal.settle(p));
        equal.chosen
    }
}

/// A matching that is as good as the best, on the way to the first of these.
struct Equal {
    chosen: Vec<usize>,
    /// How many places more each consultant can take.
    free: Vec<usize>,
    /// By place and consultant, whether they are matched in any best matching.
    good: Vec<Vec<bool>>,
    /// Consultants who can take one more in any best matching.
    spare: Vec<bool>,
}

/// A move of a place, or of room that is left where there is none, and the node that it goes to.
type Step = (Option<usize>, usize);

impl Equal {
    /// Gives a place the first consultant that it can have while all places before it keep theirs.
    fn settle(&mut self, place: usize) {
        let end = self.chosen[place];
        let steps = self.steps(place);
        let can = |c: &usize| self.good[place][*c] && (*c == end || steps[*c].is_some());
        let mut at = (0..end).find(can).unwrap_or(end);
        self.chosen[place] = at;
        while at != end {
            let Some((moving, to)) = steps[at] else { return };
            match (moving, self.free.get_mut(at)) {
                (Some(place), _) => self.chosen[place] = to,
                (None, Some(free)) => *free -= 1,
                (None, None) => self.free[to] += 1,
            }
            at = to;
        }
    }

    /// From where chains lead to the consultant of this place, by moves of later places: the first step of each.
    fn steps(&self, place: usize) -> Vec<Option<Step>> {
        let (end, nobody) = (self.chosen[place], self.free.len());
        let mut steps: Vec<Option<Step>> = vec![None; nobody + 1];
        let mut stack = vec![end];
        while let Some(to) = stack.pop() {
            let mut lead = |from: usize, moving: Option<usize>| {
                if from != end && steps[from].is_none() {
                    steps[from] = Some((moving, to));
                    stack.push(from);
                }
            };
            if to == nobody {
                (0..nobody).filter(|c| self.free[*c] > 0).for_each(|c| lead(c, None));
                continue;
            }
            if self.spare[to] {
                lead(nobody, None);
            }
            (place + 1..self.chosen.len()).filter(|q| self.good[*q][to]).for_each(|q| lead(self.chosen[q], Some(q)));
        }
        steps
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::matching::{Consultant, Place, Request};

    #[test]
    fn the_first_is_found_from_every_other_that_is_as_good() {
        // Whoever supports whom, it is as good; the first consultant must not support the first place.
        let consultant = |(id, capacity)| Consultant { id, skills: BTreeSet::new(), capacity };
        let request = Request {
            places: (0..4).map(|id| Place { id, needs: Vec::new() }).collect(),
            consultants: [1, 1, 2, 1].into_iter().enumerate().map(consultant).collect(),
            wishes: Vec::new(),
            conflicts: vec![(0, 0)],
        };
        let problem = Problem::new(&request).unwrap();
        let mut tried = 0;
        for way in 0..4_usize.pow(4) {
            let chosen: Vec<usize> = (0..4).map(|p| way / 4_usize.pow(p) % 4).collect();
            let takes = |c: usize| chosen.iter().filter(|other| **other == c).count();
            if chosen[0] == 0 || (0..4).any(|c| takes(c) > problem.room[c]) {
                continue;
            }
            assert_eq!(Exchange::new(&problem, chosen.clone()).first(), [1, 0, 2, 2], "{chosen:?}");
            tried += 1;
        }
        assert_eq!(tried, 48);
    }
}
