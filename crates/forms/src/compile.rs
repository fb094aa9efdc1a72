//! A form made ready for work: every expression read and held against it, and the order found in which to work them out.

use std::collections::{HashMap, VecDeque};

use crate::expr::check::{Checker, Item, Names, Scope, Typed, is_computed};
use crate::expr::types::Ty;
use crate::expr::{Expr, parse};
use crate::flaw::{Flaw, Step, way};
use crate::form::{Form, Question, Required};
use crate::kind::Kind;
use crate::structure;

/// A form without flaws, ready to be looked at with answers.
#[derive(Debug, Clone)]
pub struct CompiledForm {
    pub(crate) form: Form,
    pub(crate) names: Names,
    /// For each section, when it is shown.
    pub(crate) sections: Vec<Option<Typed>>,
    /// For each question, by its number.
    pub(crate) questions: Vec<Conditions>,
    pub(crate) rules: Vec<Typed>,
    pub(crate) scores: Vec<Typed>,
    pub(crate) order: Vec<Node>,
    pub(crate) shared: usize,
}

/// What is worked out about one question.
#[derive(Debug, Clone, Default)]
pub(crate) struct Conditions {
    pub shown: Option<Typed>,
    pub required: Option<Typed>,
    pub valid: Option<Typed>,
    pub value: Option<Typed>,
}

/// One thing to work out, after all that it rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Node {
    Section(usize),
    Shown(usize),
    Value(usize),
}

impl Form {
    /// Makes the form ready for work.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn compile(&self) -> Result<CompiledForm, Vec<Flaw>> {
        let mut flaws = structure::flaws(self);
        let names = names_of(self);
        let written = Written::read(self, &names, &mut flaws);
        let (order, caught) = order(&names, &written, self.sections.len());
        if let Some(cycle) = caught {
            flaws.push(cycle_flaw(&cycle, &names, &written));
            return Err(flaws);
        }
        let compiled = typed(self, names, written, order, &mut flaws);
        flaws.sort();
        flaws.dedup();
        if flaws.is_empty() { Ok(compiled) } else { Err(flaws) }
    }

    /// Everything that is wrong with the form; empty where all is well.
    #[must_use]
    pub fn flaws(&self) -> Vec<Flaw> {
        self.compile().err().unwrap_or_default()
    }
}

impl CompiledForm {
    #[must_use]
    pub const fn form(&self) -> &Form {
        &self.form
    }
}

pub(crate) fn names_of(form: &Form) -> Names {
    let mut names = Names::default();
    for (section, questions) in form.sections.iter().map(|s| &s.questions).enumerate() {
        for question in questions {
            let number = names.items.len();
            names.top.entry(question.key.clone()).or_insert(number);
            names.items.push(Item { question: question.clone(), section, group: None });
            for inner in structure::inner(question) {
                names.inner.entry((number, inner.key.clone())).or_insert(names.items.len());
                names.items.push(Item { question: inner.clone(), section, group: Some(number) });
            }
        }
    }
    names
}

/// What an expression is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Role {
    SectionShown(usize),
    Shown(usize),
    Required(usize),
    Valid(usize),
    Value(usize),
    Rule(usize),
    Score(usize),
}

/// The expressions of a form that could be read.
#[derive(Default)]
struct Written {
    /// The expression, the way to it, and the first question that it may not name.
    all: HashMap<Role, (Expr, Vec<Step>, Option<usize>)>,
}

impl Written {
    fn read(form: &Form, names: &Names, flaws: &mut Vec<Flaw>) -> Self {
        let mut written = Self::default();
        let mut number = 0;
        for (i, section) in form.sections.iter().enumerate() {
            let at = way!(&[], "sections", i);
            if let Some(text) = &section.shown_when {
                written.add(Role::SectionShown(i), text, way!(&at, "shown_when"), Some(number), flaws);
            }
            for (j, question) in section.questions.iter().enumerate() {
                let at = way!(&at, "questions", j);
                written.question(number, question, &at, flaws);
                number += 1;
                for (k, inner) in structure::inner(question).iter().enumerate() {
                    written.question(number, inner, &way!(&at, "questions", k), flaws);
                    number += 1;
                }
            }
        }
        debug_assert_eq!(number, names.items.len());
        for (i, rule) in form.rules.iter().enumerate() {
            written.add(Role::Rule(i), &rule.holds, way!(&[], "rules", i, "holds"), None, flaws);
        }
        for (i, score) in form.scores.iter().enumerate() {
            written.add(Role::Score(i), &score.value, way!(&[], "scores", i, "value"), None, flaws);
        }
        written
    }

    fn question(&mut self, number: usize, question: &Question, at: &[Step], flaws: &mut Vec<Flaw>) {
        if let Some(text) = &question.shown_when {
            self.add(Role::Shown(number), text, way!(at, "shown_when"), Some(number), flaws);
        }
        if let Required::When(text) = &question.required {
            self.add(Role::Required(number), text, way!(at, "required"), None, flaws);
        }
        if let Some(text) = &question.valid_when {
            self.add(Role::Valid(number), text, way!(at, "valid_when"), None, flaws);
        }
        if let Kind::Computed { value, .. } = &question.kind {
            self.add(Role::Value(number), value, way!(at, "value"), None, flaws);
        }
    }

    fn add(&mut self, role: Role, text: &str, way: Vec<Step>, before: Option<usize>, flaws: &mut Vec<Flaw>) {
        match parse(text) {
            Ok(expr) => drop(self.all.insert(role, (expr, way, before))),
            Err(e) => flaws.push(Flaw { way, offset: Some(e.at), what: e.what, instead: e.instead }),
        }
    }

    /// The questions that an expression names.
    fn named(&self, role: Role, names: &Names, group: Option<usize>) -> Vec<usize> {
        let Some((expr, _, before)) = self.all.get(&role) else { return Vec::new() };
        let mut found = Vec::new();
        expr.names(&mut found);
        let found = found.into_iter().filter_map(|parts| names.find(parts, group)).map(|(item, _, _)| item);
        // What is asked later is a flaw that is said elsewhere.
        found.filter(|item| before.is_none_or(|before| *item < before)).collect()
    }
}

/// Everything in an order in which it can be worked out, or what rests on itself.
fn order(names: &Names, written: &Written, sections: usize) -> (Vec<Node>, Option<Vec<Node>>) {
    let mut rests_on: HashMap<Node, Vec<Node>> = HashMap::new();
    let values = |role, group| written.named(role, names, group).into_iter().map(Node::Value);
    let mut nodes = Vec::new();
    for section in 0..sections {
        nodes.push(Node::Section(section));
        rests_on.insert(Node::Section(section), values(Role::SectionShown(section), None).collect());
    }
    for (i, item) in names.items.iter().enumerate() {
        let mut shown = vec![Node::Section(item.section)];
        shown.extend(item.group.map(Node::Value));
        shown.extend(values(Role::Shown(i), item.group));
        let mut value = vec![Node::Shown(i)];
        value.extend(values(Role::Value(i), item.group));
        nodes.extend([Node::Shown(i), Node::Value(i)]);
        rests_on.extend([(Node::Shown(i), shown), (Node::Value(i), value)]);
    }
    let mut waiting: HashMap<Node, usize> = rests_on.iter().map(|(node, on)| (*node, on.len())).collect();
    let mut carries: HashMap<Node, Vec<Node>> = HashMap::new();
    for node in &nodes {
        for on in &rests_on[node] {
            carries.entry(*on).or_default().push(*node);
        }
    }
    let mut ready: VecDeque<Node> = nodes.iter().copied().filter(|n| rests_on[n].is_empty()).collect();
    let mut order = Vec::with_capacity(nodes.len());
    while let Some(node) = ready.pop_front() {
        order.push(node);
        for next in carries.get(&node).into_iter().flatten() {
            if let Some(left) = waiting.get_mut(next) {
                *left -= 1;
                if *left == 0 {
                    ready.push_back(*next);
                }
            }
        }
    }
    let cycle = nodes.iter().find(|n| waiting[n] > 0).map(|first| {
        // Whatever still waits rests on something that waits; going on, one comes round to where one was.
        let mut walked = vec![*first];
        loop {
            let last = walked[walked.len() - 1];
            let Some(next) = rests_on[&last].iter().find(|n| waiting[n] > 0) else { return walked };
            if let Some(start) = walked.iter().position(|n| n == next) {
                return walked.split_off(start);
            }
            walked.push(*next);
        }
    });
    (order, cycle)
}

fn cycle_flaw(cycle: &[Node], names: &Names, written: &Written) -> Flaw {
    let number = |node: &Node| if let Node::Shown(i) | Node::Value(i) = node { Some(*i) } else { None };
    let computed = cycle.iter().filter_map(number).find(|i| is_computed(&names.items[*i].question));
    let mut keys: Vec<&str> = cycle.iter().filter_map(number).map(|i| names.items[i].question.key.as_str()).collect();
    keys.dedup();
    if keys.len() > 1 && keys.first() == keys.last() {
        keys.pop();
    }
    let way = computed.and_then(|i| written.all.get(&Role::Value(i))).map(|(_, way, _)| way.clone()).unwrap_or_default();
    let what = match keys.as_slice() {
        [one] => format!("‘{one}’ is worked out from itself"),
        several => format!("{} are worked out from one another", crate::words::quoted(several)),
    };
    Flaw { way, offset: Some(0), what, instead: "Take one of them out of the circle".to_owned() }
}

/// Holds every expression against the form, in the order in which they are worked out.
fn typed(form: &Form, names: Names, written: Written, order: Vec<Node>, flaws: &mut Vec<Flaw>) -> CompiledForm {
    let mut made: HashMap<Role, Typed> = HashMap::new();
    let mut computed: HashMap<usize, Ty> = HashMap::new();
    let mut shared = 0;
    let values = order.iter().filter_map(|n| if let Node::Value(i) = n { Some(Role::Value(*i)) } else { None });
    let mut others: Vec<Role> = written.all.keys().copied().filter(|r| !matches!(r, Role::Value(_))).collect();
    others.sort();
    for role in values.chain(others) {
        let Some((expr, way, before)) = written.all.get(&role) else { continue };
        let group = match role {
            Role::Shown(i) | Role::Required(i) | Role::Valid(i) | Role::Value(i) => names.items[i].group,
            _ => None,
        };
        let mut checker = Checker { scope: Scope { names: &names, group, before: *before, computed: &computed }, shared };
        let found = match role {
            Role::Value(_) => checker.check(expr),
            Role::Score(_) => checker.wanted(expr, &Ty::Number).map(|typed| (typed, Ty::Number)),
            _ => checker.wanted(expr, &Ty::YesNo).map(|typed| (typed, Ty::YesNo)),
        };
        shared = checker.shared;
        match found {
            Ok((_, Ty::Choices(_))) => flaws.push(Flaw {
                way: way.clone(),
                offset: Some(expr.at),
                what: "Several options cannot be a computed value".to_owned(),
                instead: "Use count(…), or ‘has’ in a condition".to_owned(),
            }),
            Ok((typed, ty)) => {
                if let Role::Value(i) = role {
                    computed.insert(i, ty);
                }
                made.insert(role, typed);
            }
            Err(e) if e.what.is_empty() => {}
            Err(e) => flaws.push(Flaw { way: way.clone(), offset: Some(e.at), what: e.what, instead: e.instead }),
        }
    }
    let sections = (0..form.sections.len()).map(|i| made.remove(&Role::SectionShown(i))).collect();
    let mut conditions = |i| Conditions {
        shown: made.remove(&Role::Shown(i)),
        required: made.remove(&Role::Required(i)),
        valid: made.remove(&Role::Valid(i)),
        value: made.remove(&Role::Value(i)),
    };
    let questions = (0..names.items.len()).map(&mut conditions).collect();
    let rules = (0..form.rules.len()).filter_map(|i| made.remove(&Role::Rule(i))).collect();
    let scores = (0..form.scores.len()).filter_map(|i| made.remove(&Role::Score(i))).collect();
    CompiledForm { form: form.clone(), names, sections, questions, rules, scores, order, shared }
}
