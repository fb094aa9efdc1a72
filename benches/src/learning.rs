//! Excerpts, themes and publications of a large programme, put straight into the database of a practice programme.

use sea_orm::entity::prelude::*;
use sea_orm::{QueryOrder, QuerySelect};
use tables::{
    EntryId, MarkId, MarkThemeId, PublicationId, ThemeId, circle, entry, mark, mark_theme, programme, publication, theme,
};

use crate::Outcome;
use crate::fill::{Filling, put, writer};
use crate::load::some_text;

/// Excerpts in one transaction.
const CHUNK: usize = 2_000;
/// Letters of an excerpt.
const LETTERS: u64 = 12;
const ACT: &str = "prepare a measurement";
/// Who reads what everybody shares to learn from, of every place, and the circle in which it stands.
const READER: &str = "Learning capture team";
const CIRCLE: &str = "learning";

/// What there is to be measured.
#[derive(Debug)]
pub struct Learning {
    pub programme: String,
    pub slug: String,
    /// The entry of which much was marked, and the name of somebody who reads it.
    pub entry: EntryId,
    pub reader: &'static str,
    pub excerpts: usize,
}

impl Filling {
    /// Marks so many passages, each with one of so many themes, of entries spread over the programme; many of one entry; and
    /// puts so many publications into the library.
    pub fn learning(&self, excerpts: u64, themes: u64, of_one: u64, publications: u64) -> Outcome<Learning> {
        self.runtime.block_on(async {
            let read = self.db.reader();
            let made_up = programme::Entity::find().filter(programme::COLUMN.practice.eq(true));
            let programme = made_up.one(read).await?.ok_or("there is no practice programme")?;
            let of = entry::Entity::find().filter(entry::COLUMN.programme_id.eq(programme.id));
            let all: Vec<EntryId> =
                of.clone().select_only().column(entry::Column::Id).order_by_asc(entry::Column::Id).into_tuple().all(read).await?;
            let step = (all.len() / usize::try_from(excerpts.max(1))?).max(1);
            let chosen: Vec<EntryId> = all.iter().copied().step_by(step).take(usize::try_from(excerpts)?).collect();
            let themes = self.themes(&programme, themes).await?;
            let mut made = 0;
            for some in chosen.chunks(CHUNK) {
                let rows = entry::Entity::find().filter(entry::COLUMN.id.is_in(some.iter().copied())).all(read).await?;
                made += self.mark(&rows, &themes, 1).await?;
            }
            let long = self.long_entry(&programme, of_one).await?;
            made += self.mark(std::slice::from_ref(&long), &themes, of_one).await?;
            self.publish(&programme, &all, publications).await?;
            self.db.count_anew().await?;
            let home = format!("/programmes/{}", programme.slug);
            Ok(Learning { programme: home, slug: programme.slug, entry: long.id, reader: READER, excerpts: made })
        })
    }

    async fn themes(&self, programme: &programme::Model, count: u64) -> Outcome<Vec<ThemeId>> {
        let write = self.db.write(&writer(), ACT).await?;
        let mut all: Vec<theme::Model> = Vec::new();
        for number in 0..count {
            // Some stand on their own, and the others each below one of those.
            let parent_id = if number % 10 == 0 { None } else { all.get(usize::try_from(number / 10 * 10)?).map(|t| t.id) };
            all.push(theme::Model {
                id: ThemeId(write.id()),
                programme_id: programme.id,
                parent_id,
                name: format!("Theme {number}"),
                about: "What people say of it.".into(),
                made_at: write.at(),
                merged_into: None,
                ended_at: None,
            });
        }
        let ids = all.iter().map(|t| t.id).collect();
        put(&write, all).await?;
        write.save().await?;
        Ok(ids)
    }

    /// Marks so many passages of each of these.
    async fn mark(&self, entries: &[entry::Model], themes: &[ThemeId], each: u64) -> Outcome<usize> {
        let write = self.db.write(&writer(), ACT).await?;
        let (mut marks, mut given) = (Vec::new(), Vec::new());
        for (number, of) in entries.iter().enumerate() {
            for n in 0..each {
                let from = i32::try_from(n * LETTERS)?;
                let id = MarkId(write.id());
                marks.push(mark::Model {
                    id,
                    programme_id: of.programme_id,
                    entry_id: Some(of.id),
                    revision: of.revision,
                    circle_id: Some(of.circle_id),
                    from_letter: from,
                    to_letter: from + i32::try_from(LETTERS)?,
                    note: String::new(),
                    person_id: of.author_id,
                    appointment_id: of.appointment_id,
                    made_at: write.at(),
                    shown_at: Some(write.at()),
                    removed_at: None,
                    application_id: None,
                    question: None,
                });
                let at = (number * 31 + usize::try_from(n)? * 7) % themes.len().max(1);
                given.push(mark_theme::Model {
                    id: MarkThemeId(write.id()),
                    programme_id: of.programme_id,
                    mark_id: id,
                    theme_id: *themes.get(at).ok_or("there are no themes")?,
                    person_id: of.author_id,
                    at: write.at(),
                    ended_at: None,
                });
            }
        }
        let made = marks.len();
        put(&write, marks).await?;
        put(&write, given).await?;
        write.save().await?;
        Ok(made)
    }

    /// An entry with as many letters as so many excerpts take.
    async fn long_entry(&self, programme: &programme::Model, excerpts: u64) -> Outcome<entry::Model> {
        let read =
            circle::Entity::find().filter(circle::COLUMN.programme_id.eq(programme.id)).filter(circle::COLUMN.key.eq(CIRCLE));
        let read = read.one(self.db.reader()).await?.ok_or("the design has no such circle")?;
        let there = entry::Entity::find().filter(entry::COLUMN.circle_id.eq(read.id)).filter(entry::COLUMN.source_id.is_null());
        let before = there.order_by_asc(entry::Column::Id).one(self.db.reader()).await?.ok_or("there are no entries")?;
        let mut text = String::new();
        let mut seed = 0;
        while (text.chars().filter(|c| !c.is_whitespace()).count() as u64) < excerpts * LETTERS {
            text.push_str(&some_text(seed));
            text.push_str("\n\n");
            seed += 1;
        }
        let mut write = self.db.write(&writer(), ACT).await?;
        let after = write.replace(&before, entry::Model { text, ..before.clone() }).await?;
        write.save().await?;
        Ok(after)
    }

    async fn publish(&self, programme: &programme::Model, all: &[EntryId], count: u64) -> Outcome<()> {
        let first = all.first().ok_or("there are no entries")?;
        let by = entry::Entity::find_by_id(*first).one(self.db.reader()).await?.ok_or("the entry is gone")?.author_id;
        let write = self.db.write(&writer(), ACT).await?;
        let mut rows = Vec::new();
        for number in 0..count {
            let text = (0..8).map(|n| some_text(number * 8 + n)).collect::<Vec<_>>().join("\n\n");
            let title = format!("What was learnt {number}");
            rows.push(publication::Model {
                id: PublicationId(write.id()),
                programme_id: programme.id,
                entry_id: *all.get(usize::try_from(number)? % all.len()).ok_or("there are no entries")?,
                slug: format!("what-was-learnt-{number}"),
                number: 1,
                latest: true,
                kind: "insight".into(),
                title: title.clone(),
                summary: some_text(number).chars().take(120).collect(),
                topics: format!("Theme {}", number % 40),
                places: format!("Place {}", number % 100),
                place_ids: String::new(),
                folded: store::search::folded(&format!("{title} {text}")),
                text,
                by_line: "The partners".into(),
                hash: String::new(),
                published_on: write.at().day().plus_days(-i64::try_from(number % 1_000)?),
                published_at: write.at().plus_seconds(-i64::try_from(number)?),
                published_by: by,
                withdrawn_at: None,
                withdrawn_why: String::new(),
            });
        }
        put(&write, rows).await?;
        write.save().await?;
        Ok(())
    }
}
