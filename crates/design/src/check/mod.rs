//! What must be true of a design beyond its shape.

use crate::tree::Tree;
use crate::{Design, Problem, Programme, Sources};

/// The slug is the folder's name; a file that gives another is wrong.
pub(crate) fn slug(slug: &str, design: &mut Design, tree: &Tree<'_>, problems: &mut Vec<Problem>) {
    if !design.slug.is_empty() && design.slug != slug {
        let what = format!("The slug is ‘{}’, but the folder is called ‘{slug}’", design.slug);
        problems.push(tree.problem(&crate::tree::at!["slug"], what, "Leave the slug out: it is the folder's name"));
    }
    slug.clone_into(&mut design.slug);
}

/// Runs every check.
pub(crate) fn all(_programme: &Programme, _sources: &Sources, tree: &Tree<'_>, problems: &mut Vec<Problem>) {
    tree.texts_in("sources", |position, text| {
        if text.is_empty() {
            problems.push(tree.problem_at(position, "This source is empty", "Name a document"));
        }
    });
}
