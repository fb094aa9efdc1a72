//! What must be true of a design beyond its shape.

mod awards;
mod call;
mod course;
mod frameworks;
mod gatherings;
mod history;
mod matters;
mod money;
mod names;
mod peers;
mod people;

use crate::tree::{Step, Tree, at};
use crate::{Design, Problem, Programme, Sources};

/// A programme under examination, where each part of it stands, and what has been found wrong so far.
struct Check<'a, 't> {
    design: &'a Design,
    programme: &'a Programme,
    /// Keys of the forms in the folder, sound or not.
    forms: &'a [&'a str],
    tree: &'a Tree<'t>,
    problems: &'a mut Vec<Problem>,
}

impl Check<'_, '_> {
    /// Something is wrong at the end of this way.
    fn wrong(&mut self, way: &[Step<'_>], what: impl Into<String>, instead: impl Into<String>) {
        self.problems.push(self.tree.problem(way, what, instead));
    }
    /// Something is wrong at this position.
    fn wrong_at(&mut self, position: usize, what: impl Into<String>, instead: impl Into<String>) {
        self.problems.push(self.tree.problem_at(position, what, instead));
    }
}

/// The slug is the folder's name; a file that gives another is wrong.
pub(crate) fn slug(slug: &str, design: &mut Design, tree: &Tree<'_>, problems: &mut Vec<Problem>) {
    if !design.slug.is_empty() && design.slug != slug {
        let what = format!("The slug is ‘{}’, but the folder is called ‘{slug}’", design.slug);
        problems.push(tree.problem(&at!["slug"], what, "Leave the slug out: it is the folder's name"));
    }
    slug.clone_into(&mut design.slug);
}

/// Runs every check.
pub(crate) fn all(programme: &Programme, forms: &[&str], sources: &Sources, tree: &Tree<'_>, problems: &mut Vec<Problem>) {
    let mut check = Check { design: &programme.design, programme, forms, tree, problems };
    check.keys();
    check.names();
    check.citations(sources);
    check.basics();
    check.people();
    check.course();
    check.call();
    check.money();
    check.awards();
    check.matters();
    check.frameworks();
    check.gatherings();
    check.peers();
    check.days();
    check.history();
}
