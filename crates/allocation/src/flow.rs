//! Minimum-cost flow with convex costs.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Costs hold several aims in one number, see the network module, and so are wide.
pub type Cost = i128;

const NOWHERE: Cost = Cost::MAX;

/// A network whose edges carry whole units; every further unit on an edge may cost more than the one before.
///
/// Solved by successive shortest paths with potentials, all paths of one length at a time (the primal-dual method:
/// R. Ahuja, T. Magnanti and J. Orlin, *Network Flows*, 1993, §§9.7–9.8; convex costs §14.4). No
/// well-kept crate was found that does this: petgraph and pathfinding know maximum flows only, mcmf wraps C++ of 2018,
/// and the licence of rs-graph does not fit ours.
#[derive(Debug, Default)]
pub struct Network {
    /// Edges in pairs: each even one forward, and the odd one after it takes its units back.
    to: Vec<usize>,
    room: Vec<u32>,
    /// What the next unit on an edge costs.
    cost: Vec<Cost>,
    /// How much more each further unit costs, by pair.
    step: Vec<Cost>,
    from: Vec<Vec<usize>>,
    potential: Vec<Cost>,
}

/// An edge of a network, to ask later how many units it carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Edge(usize);

impl Network {
    pub fn new(nodes: usize) -> Self {
        Self { from: vec![Vec::new(); nodes], potential: vec![0; nodes], ..Self::default() }
    }

    pub fn node(&mut self) -> usize {
        self.from.push(Vec::new());
        self.potential.push(0);
        self.from.len() - 1
    }

    /// An edge with room for this many units, the first at `cost` and each further one at `step` more. Neither may be
    /// below nought.
    pub fn edge(&mut self, from: usize, to: usize, room: u32, cost: Cost, step: Cost) -> Edge {
        let edge = self.to.len();
        self.to.extend([to, from]);
        self.room.extend([room, 0]);
        self.cost.extend([cost, step - cost]);
        self.step.push(step);
        self.from[from].push(edge);
        self.from[to].push(edge + 1);
        Edge(edge)
    }

    /// The units an edge carries.
    pub fn carried(&self, edge: Edge) -> u32 {
        self.room[edge.0 + 1]
    }

    /// Sends as many units as there is room for, at the least cost for that many, and says how many.
    pub fn send(&mut self, source: usize, sink: usize) -> u32 {
        let mut sent = 0;
        while self.measure(source, sink) {
            sent += self.send_along_shortest(source, sink);
        }
        sent
    }

    /// The nodes that one more unit could reach: after [`send`](Self::send), the source's side of a minimum cut.
    pub fn reached(&self, source: usize) -> Vec<bool> {
        let mut reached = vec![false; self.from.len()];
        reached[source] = true;
        let mut stack = vec![source];
        while let Some(node) = stack.pop() {
            for &edge in &self.from[node] {
                let to = self.to[edge];
                if self.room[edge] > 0 && !reached[to] {
                    reached[to] = true;
                    stack.push(to);
                }
            }
        }
        reached
    }

    /// What an edge costs beside the difference of its ends' potentials: nought on a shortest path, never below.
    fn reduced(&self, node: usize, edge: usize) -> Cost {
        self.cost[edge] + self.potential[node] - self.potential[self.to[edge]]
    }

    /// Raises the potentials by the distances from the source (Dijkstra), so that edges of shortest paths cost
    /// nought. False where the sink is out of reach.
    fn measure(&mut self, source: usize, sink: usize) -> bool {
        let mut distance = vec![NOWHERE; self.from.len()];
        distance[source] = 0;
        let mut next = BinaryHeap::from([Reverse((0, source))]);
        while let Some(Reverse((so_far, node))) = next.pop() {
            if node == sink {
                break;
            }
            if so_far > distance[node] {
                continue;
            }
            for &edge in &self.from[node] {
                let to = self.to[edge];
                if self.room[edge] > 0 && distance[to] > so_far {
                    let length = so_far + self.reduced(node, edge);
                    if length < distance[to] {
                        distance[to] = length;
                        next.push(Reverse((length, to)));
                    }
                }
            }
        }
        let whole = distance[sink];
        if whole == NOWHERE {
            return false;
        }
        // Whatever lies further than the sink was not settled; the sink's distance keeps its edges at nought or above.
        self.potential.iter_mut().zip(&distance).for_each(|(potential, d)| *potential += whole.min(*d));
        true
    }

    /// Sends units along edges of shortest paths, each edge looked at once: a depth-first search that goes on from the
    /// source after each unit, and never back to a node that led nowhere.
    fn send_along_shortest(&mut self, source: usize, sink: usize) -> u32 {
        let mut sent = 0;
        let mut next = vec![0; self.from.len()];
        let mut closed = vec![false; self.from.len()];
        let (mut node, mut path) = (source, Vec::new());
        loop {
            closed[node] = true;
            if node == sink {
                for edge in path.drain(..) {
                    self.send_one(edge);
                    closed[self.to[edge]] = false;
                }
                sent += 1;
                node = source;
                continue;
            }
            let open = |edge: usize| self.room[edge] > 0 && !closed[self.to[edge]] && self.reduced(node, edge) == 0;
            let tried = &mut next[node];
            while self.from[node].get(*tried).is_some_and(|&edge| !open(edge)) {
                *tried += 1;
            }
            match (self.from[node].get(*tried), path.is_empty()) {
                (Some(&edge), _) => {
                    path.push(edge);
                    node = self.to[edge];
                }
                (None, true) => return sent,
                (None, false) => {
                    let back = path.pop().map_or(source, |edge| self.to[edge ^ 1]);
                    next[back] += 1;
                    node = back;
                }
            }
        }
    }

    fn send_one(&mut self, edge: usize) {
        self.room[edge] -= 1;
        self.room[edge ^ 1] += 1;
        // A unit forward makes the next one dearer and its way back as much cheaper; a unit back does the reverse,
        // which are the same two lines, since the edge back is then the one that is used.
        self.cost[edge] += self.step[edge / 2];
        self.cost[edge ^ 1] -= self.step[edge / 2];
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn further_units_go_where_they_are_cheapest() {
        // Five units over two edges, costing 1, 3, 5, … and 4, 5, 6, …
        let mut network = Network::new(2);
        let (steep, flat) = (network.edge(0, 1, 9, 1, 2), network.edge(0, 1, 2, 4, 1));
        assert_eq!(network.edge(1, 0, 5, 0, 0), Edge(4));
        let limit = network.node();
        network.edge(limit, 0, 5, 0, 0);
        assert_eq!(network.send(limit, 1), 5);
        assert_eq!((network.carried(steep), network.carried(flat)), (3, 2));
    }

    #[test]
    fn a_unit_can_be_taken_back() {
        // The shortest path 0-1-2-3 must be undone in part for two units to pass.
        let mut network = Network::new(4);
        for (from, to, cost) in [(0, 1, 1), (0, 2, 3), (1, 2, 1), (1, 3, 3), (2, 3, 1)] {
            network.edge(from, to, 1, cost, 0);
        }
        assert_eq!(network.send(0, 3), 2);
        assert_eq!(network.reached(0), [true, false, false, false]);
    }

    type Arcs = Vec<(usize, usize, u32, i32, i32)>;

    fn small() -> impl Strategy<Value = Arcs> {
        prop::collection::vec((0usize..4, 1usize..5, 1u32..3, 0i32..5, 0i32..3), 1..7)
    }

    /// Every flow, by trying all numbers of units on all edges: the most units, and their least cost.
    fn by_trying(arcs: &Arcs) -> (i32, i32) {
        let mut best = (0, 0);
        let ways: u32 = arcs.iter().map(|a| a.2 + 1).product();
        for mut way in 0..ways {
            let (mut balance, mut cost) = ([0i32; 5], 0);
            for &(from, to, room, first, step) in arcs {
                let units = (way % (room + 1)) as i32;
                way /= room + 1;
                balance[from] -= units;
                balance[to] += units;
                cost += (0..units).map(|u| first + step * u).sum::<i32>();
            }
            if balance[1..4] == [0, 0, 0] && (balance[4], -cost) > (best.0, -best.1) {
                best = (balance[4], cost);
            }
        }
        best
    }

    proptest! {
        #[test]
        fn the_most_units_at_the_least_cost(arcs in small()) {
            let mut network = Network::new(5);
            let add = |a: &(usize, usize, u32, i32, i32)| network.edge(a.0, a.1, a.2, a.3.into(), a.4.into());
            let edges: Vec<Edge> = arcs.iter().map(add).collect();
            let sent = network.send(0, 4);
            let cost: i32 = edges.iter().zip(&arcs).flat_map(|(edge, arc)| {
                (0..network.carried(*edge) as i32).map(|u| arc.3 + arc.4 * u)
            }).sum();
            prop_assert_eq!((sent as i32, cost), by_trying(&arcs));
        }
    }
}
