//! The shared words for what excerpts are about: a tree that changes, with nothing about it overwritten.

use std::collections::HashMap;

use kernel::Fault;
use sea_orm::QueryOrder;
use sea_orm::entity::prelude::*;
use store::{Write, fault};
use tables::{ProgrammeId, ThemeChangeId, ThemeId, theme, theme_change};
use ui::form::Choice;

use crate::ground::{Act, Stop};

pub(super) const LONGEST_NAME: usize = 80;
pub(super) const LONGEST_ABOUT: usize = 2_000;
/// More than this nobody keeps in mind; a page that offers them shows them all.
pub(super) const MOST: usize = 1_000;

/// All themes of a programme, in the order of the tree.
#[derive(Debug, Default)]
pub(crate) struct Vocabulary {
    /// Each with how deep it stands.
    pub themes: Vec<(theme::Model, usize)>,
    /// What is no longer offered.
    pub ended: Vec<theme::Model>,
}

/// The names of the themes that a programme offers, in the order of the tree.
pub(crate) async fn named_themes(db: &impl ConnectionTrait, programme: ProgrammeId) -> Result<Vec<String>, Fault> {
    Ok(Vocabulary::load(db, programme).await?.themes.into_iter().map(|(theme, _)| theme.name).collect())
}

impl Vocabulary {
    pub async fn load(db: &impl ConnectionTrait, programme: ProgrammeId) -> Result<Self, Fault> {
        let all = theme::Entity::find()
            .filter(theme::COLUMN.programme_id.eq(programme))
            .order_by_asc(theme::Column::Name)
            .order_by_asc(theme::Column::Id)
            .all(db)
            .await
            .map_err(fault("list themes"))?;
        let (live, ended): (Vec<_>, Vec<_>) = all.into_iter().partition(|t| t.ended_at.is_none());
        let mut below: HashMap<Option<ThemeId>, Vec<theme::Model>> = HashMap::new();
        let there: Vec<ThemeId> = live.iter().map(|t| t.id).collect();
        for one in live {
            // What stood under a theme that has ended stands on its own.
            let parent = one.parent_id.filter(|id| there.contains(id));
            below.entry(parent).or_default().push(one);
        }
        let mut themes = Vec::new();
        descend(&mut below, None, 0, &mut themes);
        Ok(Self { themes, ended })
    }

    pub fn find(&self, id: ThemeId) -> Option<&theme::Model> {
        self.themes.iter().map(|(t, _)| t).chain(&self.ended).find(|t| t.id == id)
    }

    pub fn live(&self, id: ThemeId) -> Option<&theme::Model> {
        self.themes.iter().map(|(t, _)| t).find(|t| t.id == id)
    }

    /// The theme that is offered in the place of this one: itself, or the one that it was merged into; none where it has ended.
    pub fn standing(&self, id: ThemeId) -> Option<&theme::Model> {
        let mut now = self.find(id)?;
        for _ in 0..MOST {
            match now.merged_into {
                Some(into) => now = self.find(into)?,
                None => return self.live(now.id),
            }
        }
        None
    }

    pub fn name(&self, id: ThemeId) -> &str {
        self.find(id).map_or("", |t| &t.name)
    }

    /// A theme and all that stand below it, those included that have ended and whose excerpts keep them.
    pub fn under(&self, id: ThemeId) -> Vec<ThemeId> {
        let Some(at) = self.themes.iter().position(|(t, _)| t.id == id) else { return vec![id] };
        let deep = self.themes[at].1;
        let below = self.themes[at + 1..].iter().take_while(|(_, depth)| *depth > deep).map(|(t, _)| t.id);
        let mut all: Vec<ThemeId> = std::iter::once(id).chain(below).collect();
        let kept = self.ended.iter().filter(|t| t.merged_into.is_none() && t.parent_id.is_some_and(|p| all.contains(&p)));
        let kept: Vec<ThemeId> = kept.map(|t| t.id).collect();
        all.extend(kept);
        all
    }

    /// With the themes above, as people say it: “Trust › Between two”.
    pub fn path(&self, id: ThemeId) -> String {
        let Some(one) = self.find(id) else { return String::new() };
        let mut names = vec![one.name.as_str()];
        let mut above = one.parent_id.and_then(|id| self.live(id));
        while let Some(wider) = above.filter(|_| names.len() < 20) {
            names.push(&wider.name);
            above = wider.parent_id.and_then(|id| self.live(id));
        }
        names.reverse();
        names.join(" › ")
    }

    /// To choose from.
    pub fn choices(&self) -> Vec<Choice> {
        let choice = |(theme, _): &(theme::Model, usize)| Choice::new(theme.id.to_string(), self.path(theme.id));
        self.themes.iter().map(choice).collect()
    }

    /// The theme with this name, however it is capitalised.
    pub fn called(&self, name: &str) -> Option<&theme::Model> {
        let name = name.trim().to_lowercase();
        self.themes.iter().map(|(t, _)| t).find(|t| t.name.to_lowercase() == name)
    }
}

fn descend(
    below: &mut HashMap<Option<ThemeId>, Vec<theme::Model>>,
    of: Option<ThemeId>,
    depth: usize,
    out: &mut Vec<(theme::Model, usize)>,
) {
    for one in below.remove(&of).unwrap_or_default() {
        let id = one.id;
        out.push((one, depth));
        descend(below, Some(id), depth + 1, out);
    }
}

/// Notes what was done to a theme.
pub(super) async fn note(
    write: &mut Write,
    act: &Act,
    theme: &theme::Model,
    what: &str,
    (was, now): (&str, &str),
    why: &str,
) -> Result<(), Stop> {
    let row = theme_change::Model {
        id: ThemeChangeId(write.id()),
        programme_id: theme.programme_id,
        theme_id: theme.id,
        what: what.into(),
        was: was.into(),
        now: now.into(),
        why: why.into(),
        person_id: act.person()?,
        at: write.at(),
    };
    write.insert(row).await?;
    Ok(())
}
