//! Layers of what is recorded: in the same form something can be written for other circles, each as an entry of its own
//! there from the start. Where the writer does not write in such a circle but may share into it, it is shared as an extract.

use design::{Circle, EntryKind};
use kernel::{Day, Invalid};
use store::Write;
use tables::{AppointmentId, CircleId, EntryId, PlaceId, entry};
use ui::form::{self, Field};
use ui::{Html, html};

use super::agreed::ways_out_of;
use super::compose::{LONGEST_TEXT, Offer};
use super::readers::readers;
use super::share::{Words, extract_of};
use crate::ground::html::*;
use crate::ground::{Act, Cx, Form, Snapshot, Stop};

/// How a layer comes to stand in its circle.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum How {
    Written(AppointmentId),
    Shared(AppointmentId),
    /// The place has not agreed to it.
    NotAgreed,
    /// Others have to agree first, which is asked for on the entry's own page.
    NeedsConsent,
}

/// A further circle that something can be written for.
pub(super) struct Layer<'a> {
    circle: &'a Circle,
    id: CircleId,
    how: How,
}

fn name(circle: &Circle) -> String {
    format!("layer-{}", circle.key)
}

/// The layers of a kind that the viewer can write, for what happens on this day in this circle.
pub(super) async fn of<'a>(
    cx: &'a Cx,
    programme: &'a Snapshot,
    offer: &Offer<'_>,
    place: Option<PlaceId>,
    on: Day,
) -> Result<Vec<Layer<'a>>, Stop> {
    let design = &programme.programme.design;
    let mut layers = Vec::new();
    let Some(kind) = design.kind(&offer.kind.key).filter(|k| !k.layers.is_empty()) else { return Ok(layers) };
    // All circles of a kind with layers are of one sort: what may flow is asked of the first.
    let Some((from, _)) = offer.circles.first() else { return Ok(layers) };
    let ways = ways_out_of(cx, programme, &from.key, place, (&kind.key, on)).await?;
    for circle in kind.layers.iter().filter_map(|key| design.circle(key)) {
        let Some(id) = programme.circle_id(&circle.key) else { continue };
        let writes = cx.held().find(|h| {
            h.reaches(place)
                && kind.writers.contains(&h.role)
                && circle.writers.contains(&h.role)
                && circle.readers.contains(&h.role)
        });
        // Where there is a way to share, that way and what was agreed of it decide, also for those who write there.
        let how = match (ways.to(&circle.key), writes) {
            (Some(flow), _) if !flow.needs.is_empty() => How::NeedsConsent,
            (_, _) if ways.shut.contains(&circle.name) => How::NotAgreed,
            (_, Some(held)) => How::Written(held.id),
            (Some(flow), None) => How::Shared(flow.by),
            (None, None) => continue,
        };
        layers.push(Layer { circle, id, how });
    }
    Ok(layers)
}

/// What was typed for each, and what is wrong with it.
pub(super) fn read<'a>(layers: &'a [Layer<'a>], form: &Form, wrong: &mut Invalid) -> Vec<(&'a Layer<'a>, String)> {
    let mut written = Vec::new();
    for layer in layers {
        let text = form.get(&name(layer.circle)).to_string();
        if text.chars().count() > LONGEST_TEXT {
            wrong.add(name(layer.circle), format!("Shorten this to {LONGEST_TEXT} characters"));
        } else if !text.is_empty() && layer.how == How::NotAgreed {
            wrong.add(
                name(layer.circle),
                "The agreement with the place does not open this way. Leave it empty, or renew the agreement",
            );
        } else if !text.is_empty() && layer.how == How::NeedsConsent {
            wrong.add(
                name(layer.circle),
                "Others have to agree to this first. Leave it empty, and ask to share it from the entry’s page",
            );
        } else if !text.is_empty() {
            written.push((layer, text));
        }
    }
    written
}

/// Records what was written for each, in the same write as the entry itself.
pub(super) async fn save(
    write: &mut Write,
    act: &Act,
    kind: &EntryKind,
    main: &entry::Model,
    written: Vec<(&Layer<'_>, String)>,
) -> Result<(), Stop> {
    for (layer, text) in written {
        // The entry's own title is for its own readers; this one says whose layer it is, for lists that show no circles.
        let title = format!("{} of {} ({})", kind.name, main.happened_on, layer.circle.name);
        match layer.how {
            How::Shared(appointment) => {
                let words = Words { circle_id: layer.id, title, text, author: act.person()?, appointment };
                extract_of(write, main, words).await?;
            }
            How::Written(appointment) => {
                let row = entry::Model {
                    id: EntryId(write.id()),
                    circle_id: layer.id,
                    kind: kind.key.clone(),
                    title,
                    text,
                    appointment_id: appointment,
                    ..main.clone()
                };
                let row = write.insert(row).await?;
                write.index(std::slice::from_ref(&row)).await?;
            }
            How::NotAgreed | How::NeedsConsent => {}
        }
    }
    Ok(())
}

/// The boxes, each with who reads it.
pub(super) async fn fields(
    cx: &Cx,
    layers: &[Layer<'_>],
    place: Option<PlaceId>,
    (form, wrong): (Option<&Form>, &Invalid),
) -> Result<Html, Stop> {
    let mut boxes = Vec::new();
    for layer in layers {
        let readers = readers(cx, layer.circle, place).await?;
        let hint = match layer.how {
            How::Written(_) => format!(
                "An entry of its own in this circle, which the readers of the first text do not see. {}",
                readers.in_short()
            ),
            How::Shared(_) => format!("Shared with them from this entry; its readers see it too. {}", readers.in_short()),
            How::NotAgreed => "Nothing was agreed with the place that lets this flow. Agree on it first.".to_string(),
            How::NeedsConsent => "Others have to agree each time: record the entry, then ask from its page.".to_string(),
        };
        let name = name(layer.circle);
        let value = form.map(|f| f.get(&name).to_string()).unwrap_or_default();
        boxes.push((name, format!("For {}", layer.circle.name), hint, value));
    }
    Ok(html(maud! {
        @for (name, label, hint, value) in &boxes {
            (form::long_text(Field::new(name, label).hint(hint).value(value).error(wrong.of(name)).optional(), 4))
        }
    }))
}
