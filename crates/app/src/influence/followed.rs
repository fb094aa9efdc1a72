//! Matters of influence with their words and what was said of each step, as far as the viewer may read them.

use std::collections::HashMap;

use design::{EntryKind, Influence, InfluencePart, TextPart};
use kernel::{Day, Fault};
use sea_orm::entity::prelude::*;
use sea_orm::{JoinType, QueryOrder, QuerySelect};
use store::fault;
use tables::{EntryId, MatterId, entry, step};

use crate::entries::{self, MatterListed, MattersWanted};
use crate::ground::{Cx, Snapshot};

/// As many of a kind as are counted.
pub(super) const MOST: u64 = 1_000;

/// A step that was taken.
#[derive(Debug)]
pub(super) struct Taken {
    /// As the design calls it.
    pub key: String,
    pub on: Day,
    pub text: String,
}

/// A matter with its words and its steps, the first first.
#[derive(Debug)]
pub(super) struct Followed<'a> {
    pub kind: &'a EntryKind,
    pub mark: &'a Influence,
    pub listed: MatterListed,
    pub text: String,
    pub steps: Vec<Taken>,
}

impl Followed<'_> {
    /// The steps with this key, the first first.
    pub fn taken<'s>(&'s self, key: &'s str) -> impl DoubleEndedIterator<Item = &'s Taken> {
        self.steps.iter().filter(move |taken| taken.key == key)
    }
    pub fn took(&self, key: &str) -> bool {
        self.taken(key).next().is_some()
    }
    /// The first word of those who were asked.
    pub fn first_answer(&self) -> Option<&Taken> {
        let asked = |role: &String| self.kind.addressed_to.contains(role);
        self.steps.iter().find(|taken| self.kind.step(&taken.key).is_some_and(|rule| rule.by.iter().any(asked)))
    }
    /// The next word was expected before today.
    pub fn is_late(&self, today: Day) -> bool {
        self.listed.matter.open && self.listed.matter.due_on.is_some_and(|due| due < today)
    }
    /// Where a place has it, the place's name.
    pub fn place(&self) -> &str {
        self.listed.place.as_deref().unwrap_or("The programme")
    }
    pub fn href(&self, programme: &Snapshot) -> String {
        format!("{}/entries/{}", programme.href(), self.listed.entry)
    }
    pub fn stands(&self) -> &str {
        entries::stands(Some(self.kind), &self.listed.matter)
    }
}

/// The matters that follow one part of a programme's influence, the oldest first.
pub(super) async fn of<'a>(cx: &Cx, programme: &'a Snapshot, part: InfluencePart) -> Result<Vec<Followed<'a>>, Fault> {
    let mut all: Vec<Followed<'a>> = Vec::new();
    for (kind, mark) in programme.programme.design.influences(part) {
        let wanted = MattersWanted { kind: Some(kind.key.clone()), limit: MOST, ..MattersWanted::default() };
        let found = entries::matters(cx, programme, wanted).await?;
        let mut texts = texts(cx, programme, found.iter().map(|one| one.entry).collect()).await?;
        let mut steps = steps(cx, programme, found.iter().map(|one| one.matter.id).collect()).await?;
        for listed in found {
            let text = texts.remove(&listed.entry).unwrap_or_default();
            let steps = steps.remove(&listed.matter.id).unwrap_or_default();
            all.push(Followed { kind, mark, listed, text, steps });
        }
    }
    all.sort_by_key(|one| (one.listed.matter.opened_on, one.listed.matter.id));
    Ok(all)
}

async fn texts(cx: &Cx, programme: &Snapshot, ids: Vec<EntryId>) -> Result<HashMap<EntryId, String>, Fault> {
    let found: Vec<(EntryId, String)> = entry::Entity::find()
        .select_only()
        .columns([entry::Column::Id, entry::Column::Text])
        .filter(entry::COLUMN.id.is_in(ids))
        .filter(entries::readable(cx.viewer(), programme))
        .into_tuple()
        .all(cx.read())
        .await
        .map_err(fault("load what was asked and planned"))?;
    Ok(found.into_iter().collect())
}

async fn steps(cx: &Cx, programme: &Snapshot, ids: Vec<MatterId>) -> Result<HashMap<MatterId, Vec<Taken>>, Fault> {
    let link = step::Entity::belongs_to(entry::Entity).from(step::Column::EntryId).to(entry::Column::Id);
    let found: Vec<(MatterId, String, Day, String)> = step::Entity::find()
        .select_only()
        .columns([step::Column::MatterId, step::Column::Step])
        .column(entry::Column::HappenedOn)
        .column(entry::Column::Text)
        .join(JoinType::InnerJoin, link.into())
        .filter(step::COLUMN.matter_id.is_in(ids))
        .filter(entries::readable(cx.viewer(), programme))
        .order_by_asc(step::Column::At)
        .order_by_asc(step::Column::Id)
        .into_tuple()
        .all(cx.read())
        .await
        .map_err(fault("list steps"))?;
    let mut steps: HashMap<MatterId, Vec<Taken>> = HashMap::new();
    for (matter, key, on, text) in found {
        steps.entry(matter).or_default().push(Taken { key, on, text });
    }
    Ok(steps)
}

/// What stands under the heading of a part, if anything does.
pub(super) fn under(text: &str, parts: &[TextPart], key: &str) -> Option<String> {
    let part = parts.iter().find(|p| p.key == key)?;
    let heads = |line: &str, part: &TextPart| line.strip_prefix("# ") == Some(part.name.as_str());
    let after = text.lines().skip_while(|line| !heads(line, part)).skip(1);
    let said: Vec<&str> = after.take_while(|line| !parts.iter().any(|other| heads(line, other))).collect();
    Some(said.join("\n").trim().to_string()).filter(|said| !said.is_empty())
}

#[cfg(test)]
mod tests {
    use design::TextPart;

    use super::under;

    fn parts() -> Vec<TextPart> {
        let part = |key: &str, name: &str| {
            serde_json::from_value::<TextPart>(serde_json::json!({ "key": key, "name": name })).expect("a part")
        };
        vec![part("what", "What was done"), part("back", "What was said back")]
    }

    #[test]
    fn what_stands_under_a_heading_ends_at_the_next() {
        let text = "# What was done\n\nWe met.\n\nTwice.\n\n# What was said back\n\nCome again.";
        assert_eq!(under(text, &parts(), "what").as_deref(), Some("We met.\n\nTwice."));
        assert_eq!(under(text, &parts(), "back").as_deref(), Some("Come again."));
        assert_eq!(under(text, &parts(), "else"), None);
        assert_eq!(under("We met.", &parts(), "what"), None);
        assert_eq!(under("# What was done\n\n# What was said back\n\nNothing.", &parts(), "what"), None);
    }
}
