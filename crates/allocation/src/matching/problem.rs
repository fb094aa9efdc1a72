//! A request by numbers: places and consultants in the order of their ids, and how well each pair fits.

use std::collections::{BTreeMap, BTreeSet};

use pathfinding::kuhn_munkres::kuhn_munkres;
use pathfinding::matrix::Matrix;

use super::{Consultant, Fit, Place, Refusal, Request, Shortage, Side};
use crate::flow::{Cost, Network};
use crate::problem::numbered;

#[derive(Debug)]
pub struct Problem<'a, P, C> {
    pub places: Vec<&'a Place<P>>,
    pub consultants: Vec<&'a Consultant<C>>,
    /// How many places each consultant can take, of those that they may.
    pub room: Vec<usize>,
    wishes: BTreeMap<(usize, usize), BTreeMap<Side, u32>>,
    /// Nothing for a pair that must not be.
    fits: Vec<Option<Cost>>,
}

impl<'a, P: Ord + Clone, C: Ord + Clone> Problem<'a, P, C> {
    pub fn new(request: &'a Request<P, C>) -> Result<Self, Refusal<P, C>> {
        if request.places.is_empty() {
            return Err(Refusal::NoPlaces);
        }
        let (places, twice) = numbered(&request.places, |p| &p.id);
        if let Some(twice) = twice {
            return Err(Refusal::PlaceTwice(twice.clone()));
        }
        let (consultants, twice) = numbered(&request.consultants, |c| &c.id);
        if let Some(twice) = twice {
            return Err(Refusal::ConsultantTwice(twice.clone()));
        }
        for place in &request.places {
            if let (_, Some(twice)) = numbered(&place.needs, |need| &need.key) {
                return Err(Refusal::NeedTwice { place: place.id.clone(), need: twice.clone() });
            }
        }
        let pair = |place: &P, consultant: &C| Some((places.get(place)?.0, consultants.get(consultant)?.0));
        let mut wishes: BTreeMap<_, BTreeMap<Side, u32>> = BTreeMap::new();
        for wish in &request.wishes {
            if let Some(pair) = pair(&wish.place, &wish.consultant) {
                let weight = wishes.entry(pair).or_default().entry(wish.by).or_default();
                *weight = wish.weight.max(*weight);
            }
        }
        let conflicts: BTreeSet<_> = request.conflicts.iter().filter_map(|(p, c)| pair(p, c)).collect();
        let mut problem = Self {
            places: places.values().map(|(_, place)| *place).collect(),
            consultants: consultants.values().map(|(_, consultant)| *consultant).collect(),
            room: Vec::new(),
            wishes,
            fits: Vec::new(),
        };
        let (n, m) = (problem.places.len(), problem.consultants.len());
        let may = |p: usize, c: usize| problem.consultants[c].capacity > 0 && !conflicts.contains(&(p, c));
        let fit = |p: usize, c: usize| may(p, c).then(|| Cost::from(problem.reasons(p, c).total()));
        problem.fits = (0..n).flat_map(|p| (0..m).map(move |c| (p, c))).map(|(p, c)| fit(p, c)).collect();
        let room = |c: usize| {
            let capacity = usize::try_from(problem.consultants[c].capacity).unwrap_or(usize::MAX);
            capacity.min(problem.may_take(c))
        };
        problem.room = (0..m).map(room).collect();
        Ok(problem)
    }

    /// The groups of places that have too few consultants; none where every place can have one.
    pub fn shortages(&self) -> Vec<Shortage<P, C>> {
        let (n, m) = (self.places.len(), self.consultants.len());
        let (source, sink, place, consultant) = (0, 1, |p: usize| 2 + p, |c: usize| 2 + n + c);
        let mut network = Network::new(2 + n + m);
        for p in 0..n {
            network.edge(source, place(p), 1, 0, 0);
            self.open(p).for_each(|c| _ = network.edge(place(p), consultant(c), 1, 0, 0));
        }
        for (c, room) in self.room.iter().enumerate() {
            network.edge(consultant(c), sink, u32::try_from(*room).unwrap_or(u32::MAX), 0, 0);
        }
        network.send(source, sink);
        // On the source's side of the minimum cut nearest to it are only places that compete for too few consultants.
        let reached = network.reached(source);
        let (alone, mut left): (BTreeSet<usize>, BTreeSet<usize>) =
            (0..n).filter(|p| reached[place(*p)]).partition(|p| self.open(*p).next().is_none());
        let mut groups = Vec::new();
        if !alone.is_empty() {
            groups.push((alone, BTreeSet::new()));
        }
        while let Some(first) = left.pop_first() {
            let (mut places, mut consultants) = (BTreeSet::new(), BTreeSet::new());
            let mut stack = vec![first];
            while let Some(p) = stack.pop() {
                places.insert(p);
                consultants.extend(self.open(p));
                let near: BTreeSet<usize> =
                    left.iter().copied().filter(|other| self.open(*other).any(|c| consultants.contains(&c))).collect();
                left.retain(|other| !near.contains(other));
                stack.extend(near);
            }
            groups.push((places, consultants));
        }
        let shortage = |(places, consultants): (BTreeSet<usize>, BTreeSet<usize>)| Shortage {
            places: places.iter().map(|p| self.places[*p].id.clone()).collect(),
            consultants: consultants.iter().map(|c| self.consultants[*c].id.clone()).collect(),
            possible: consultants.iter().map(|c| self.room[*c]).sum(),
        };
        groups.into_iter().map(shortage).collect()
    }
}

impl<P, C> Problem<'_, P, C> {
    /// How well they fit; nothing where they must not be matched.
    pub fn fit(&self, place: usize, consultant: usize) -> Option<Cost> {
        self.fits[place * self.consultants.len() + consultant]
    }

    /// Consultants that a place can be matched with.
    fn open(&self, place: usize) -> impl Iterator<Item = usize> + '_ {
        (0..self.consultants.len()).filter(move |c| self.fit(place, *c).is_some())
    }

    /// How many places a consultant could take, were there no limit.
    fn may_take(&self, consultant: usize) -> usize {
        (0..self.places.len()).filter(|p| self.fit(*p, consultant).is_some()).count()
    }

    /// Why a pair fits as it does.
    pub fn reasons(&self, place: usize, consultant: usize) -> Fit {
        let skills = &self.consultants[consultant].skills;
        let (met, unmet) = self.places[place].needs.iter().cloned().partition(|need| skills.contains(&need.key));
        Fit { met, unmet, wishes: self.wishes.get(&(place, consultant)).cloned().unwrap_or_default() }
    }

    /// Each place's consultant, so that the sum of what fits is the greatest there is. Every place can have one, which
    /// is for [`shortages`](Self::shortages) to say.
    pub fn assign(&self) -> Vec<usize> {
        // Whoever can take several places stands in several columns. Those who can take all that they may are never full,
        // and so each place needs but one column for the one of them who fits it best.
        let n = self.places.len();
        let (all, some): (Vec<usize>, Vec<usize>) = (0..self.room.len()).partition(|c| self.room[*c] == self.may_take(*c));
        let fits = |p: usize| all.iter().filter_map(move |c| Some((self.fit(p, *c)?, *c)));
        let enough = (0..n).filter_map(|p| fits(p).max()).map(|(_, c)| c);
        let limited = some.iter().flat_map(|c| std::iter::repeat_n(*c, self.room[*c]));
        let columns: Vec<usize> = enough.chain(limited).collect();
        // One such pair outweighs everything that could be gained by it.
        let most = |p: usize| self.open(p).filter_map(|c| self.fit(p, c)).max().unwrap_or(0);
        let never = -1 - (0..n).map(most).sum::<Cost>();
        let fit = |(p, column): (usize, usize)| self.fit(p, columns[column]).unwrap_or(never);
        let (_, chosen) = kuhn_munkres(&Matrix::from_fn(n, columns.len(), fit));
        chosen.into_iter().map(|column| columns[column]).collect()
    }
}
