//! What others said in the margin of what is being written: excerpts of it with a note.

use tables::entry;
use ui::{Html, html};

use super::excerpts::{Stands, of_entry};
use crate::ground::html::*;
use crate::ground::{Cx, Snapshot, Stop};

/// The notes on passages of an entry that the viewer may read, in the order of the text.
pub(crate) async fn margin(cx: &Cx, programme: &Snapshot, entry: &entry::Model) -> Result<Html, Stop> {
    if super::inside(cx).is_err() {
        return Ok(html(""));
    }
    let all = of_entry(cx, programme, entry).await?;
    let noted: Vec<_> = all.iter().filter(|e| !e.row.note.is_empty()).collect();
    let here = format!("{}/entries/{}/excerpts", programme.href(), entry.id);
    Ok(html(maud! {
        @if noted.is_empty() { p class="muted" { "Nobody has said anything about a passage yet." } }
        @else {
            ul class="govuk-list excerpts" {
                @for one in &noted {
                    li {
                        blockquote class="excerpt" { p { (one.words.as_deref().unwrap_or_default()) } }
                        p { (&one.row.note) }
                        p class="entry-by" {
                            (&one.by) ", " (one.row.made_at.day().to_string()) " · "
                            a href={ (programme.href()) "/excerpts/" (one.row.id.to_string()) } { "Open" }
                            @if one.stands == Stands::Lost { " · no longer in the text" }
                        }
                    }
                }
            }
        }
        p { a href=(&here) { "Comment on a passage" } }
    }))
}
