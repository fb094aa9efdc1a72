//! What practice programmes make up of outputs, by the very rules that hold for real ones.

use kernel::{Day, Fault, Moment};
use store::Write;
use tables::{PlaceId, entry, output, quotation};

pub(crate) use super::consents::side;
pub(crate) use super::piece::marker;
use super::publish::{Told, free_slug, insert};
use super::{State, piece};

/// What somebody who is quoted agrees to.
pub(crate) fn hash_of_quotation(entry: &entry::Model, q: &quotation::Model) -> String {
    piece::hash_of_quotation(&entry.title, &entry.text, q.number, &q.words, &q.attribution)
}

/// What a place agrees to.
pub(crate) fn hash_of_all(entry: &entry::Model, row: &output::Model, quoted: Option<&quotation::Model>) -> String {
    let quoted: Vec<piece::Said<'_>> = quoted.into_iter().map(piece::Said::of).collect();
    piece::hash_of_all(piece::Text::of(entry, row), &quoted)
}

/// Publishes an output to which everybody has agreed.
pub(crate) async fn publish(
    write: &mut Write,
    (entry, row, quoted): (&entry::Model, &output::Model, Option<&quotation::Model>),
    place: (PlaceId, String),
    (on, at): (Day, Moment),
) -> Result<(), Fault> {
    let slug = free_slug(write.tx(), &entry.title).await?;
    let told = Told {
        entry,
        row,
        quoted: quoted.iter().map(|q| (*q, hash_of_quotation(entry, q))).collect(),
        places: vec![place],
        slug: slug.clone(),
        hash: hash_of_all(entry, row, quoted),
        on,
        at,
        by: row.owner_id,
    };
    insert(write, told).await?;
    let after = output::Model { state: State::Published.key().into(), slug: Some(slug), moved_at: at, ..row.clone() };
    write.replace(row, after).await?;
    Ok(())
}
