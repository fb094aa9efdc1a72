//! The markers of a place: read alone first, then looked at together. Where readings differ, the difference is the finding.

use design::{Marker, TippingPoint};
use kernel::{Day, Invalid};
use tables::{MarkerReadingId, marker_reading, place};
use ui::figures::{SpreadRow, score_spread};
use ui::form::{self, Choice, Field};
use ui::table::{Cell, Table};
use ui::{Html, html, parts};

use super::{readings, tipping};
use crate::ground::html::*;
use crate::ground::{Act, Answer, Cx, Draft, Snapshot, Stop, see_other};

const SAID: &[(&str, &str)] =
    &[("read", "Saved. You see the others’ readings of this round now, and they see yours once they have read.")];

fn for_others() -> Stop {
    Stop::forbidden("Markers are read by others here", "Those who read them, and those who are told of tipping points, see them.")
}

/// `/programmes/{programme}/places/{place}/markers`
pub(super) async fn page(cx: Cx) -> Answer {
    shown(&cx, None, &Invalid::default()).await
}

/// What was typed for one marker.
struct Typed<'a> {
    marker: &'a str,
    value: &'a str,
    why: &'a str,
}

async fn shown(cx: &Cx, typed: Option<Typed<'_>>, wrong: &Invalid) -> Answer {
    let (programme, place) = (cx.programme()?.clone(), cx.place()?.clone());
    let design = &programme.programme.design;
    if design.markers.is_empty() {
        return Err(Stop::Missing);
    }
    if !readings::follows(cx, &programme, place.id) {
        return Err(for_others());
    }
    let all = readings::of_place(cx.read(), place.id).await?;
    let sections: Vec<(String, String, Html)> = design
        .markers
        .iter()
        .map(|marker| {
            (marker.key.clone(), marker.name.clone(), section(cx, &programme, &place, marker, &all, (typed.as_ref(), wrong)))
        })
        .collect();
    let points: Vec<&TippingPoint> = design.tipping.iter().collect();
    let draft = Draft::new(format!("Markers of {}", place.name)).crumb(&programme.name, programme.href());
    let draft = draft.crumb(&place.name, format!("{}/places/{}", programme.href(), place.slug)).done(cx, SAID).invalid(wrong);
    Ok(draft.lead("Each reads alone first. What is said differently is what there is to talk about.").page(
        cx,
        maud! {
            @for (key, name, body) in &sections { (parts::section(key, name, body)) }
            @if !points.is_empty() {
                (parts::section("agreed", "What was agreed beforehand", maud! {
                    p { "The same for every place. Reaching one calls for something; it does nothing by itself." }
                    ul class="govuk-list govuk-list--bullet" { @for point in &points { li { (&point.text) " It calls for " (point.calls_for.words()) "." } } }
                    p { a href={ (programme.href()) "/tipping-points" } { "Which were reached, and what was said" } }
                }))
            }
        },
    ))
}

fn section(
    cx: &Cx,
    programme: &Snapshot,
    place: &place::Model,
    marker: &Marker,
    all: &[marker_reading::Model],
    (typed, wrong): (Option<&Typed<'_>>, &Invalid),
) -> Html {
    let now = readings::round(marker, cx.today());
    let of_now: Vec<&marker_reading::Model> = all.iter().filter(|r| r.marker == marker.key && r.round == now).collect();
    let reads = readings::reader(cx, marker, place.id).filter(|held| of_now.iter().all(|r| r.role != held.role));
    let slip = readings::reader(cx, marker, place.id).and_then(|_| alone(cx, &of_now));
    let waits: Vec<&str> = marker
        .read_by
        .iter()
        .filter(|role| of_now.iter().all(|r| r.role != **role))
        .map(|role| programme.role_name(role))
        .collect();
    let until = now.plus_months(i32::try_from(marker.every_months).unwrap_or(1)).plus_days(-1);
    let form = reads.map(|_| reading_form(cx, programme, place, marker, None, (typed, wrong)));
    let again = slip.map(|own| reading_form(cx, programme, place, marker, Some(own), (typed, wrong)));
    let reopened = typed.is_some_and(|t| t.marker == marker.key);
    html(maud! {
        @if !marker.about.is_empty() { p { (&marker.about) } }
        p { "This round goes from " (now.to_string()) " to " (until.to_string()) ". "
            @if waits.is_empty() { "Everybody has read." } @else { "Still to read: " (waits.join(", ")) "." } }
        @if let Some(form) = &form { (form) }
        @if let Some(again) = &again {
            (parts::details_open("Correct my reading, as long as nobody else has read", reopened, again))
        }
        (history(cx, programme, place, marker, all))
    })
}

/// The viewer's own reading, as long as it is the only one of its round: nobody has seen another's yet.
fn alone<'a>(cx: &Cx, of_round: &[&'a marker_reading::Model]) -> Option<&'a marker_reading::Model> {
    match of_round {
        [own] if Some(own.person_id) == cx.viewer().person() => Some(own),
        _ => None,
    }
}

fn reading_form(
    cx: &Cx,
    programme: &Snapshot,
    place: &place::Model,
    marker: &Marker,
    own: Option<&marker_reading::Model>,
    (typed, wrong): (Option<&Typed<'_>>, &Invalid),
) -> Html {
    let typed = typed.filter(|t| t.marker == marker.key);
    let value = format!("value-{}", marker.key);
    let why = format!("why-{}", marker.key);
    let choices: Vec<Choice> =
        marker.scale.iter().map(|p| Choice::new(p.value.to_string(), format!("{}: {}", p.value, p.label.en))).collect();
    let before = own.map(|o| (o.value.to_string(), o.why.clone())).unwrap_or_default();
    let (chosen, reasoned) = typed.map_or((before.0.as_str(), before.1.as_str()), |t| (t.value, t.why));
    let question = format!("{}: how do you read it?", marker.name);
    let reason = format!("{}: why", marker.name);
    let action = format!("{}/places/{}/markers", programme.href(), place.slug);
    let hint = "What you saw. The others read it once they have given their own reading, or the round is over.";
    let readers: Vec<&str> = marker.read_by.iter().map(|r| programme.role_name(r)).collect();
    let told = programme.programme.design.tipping.iter().flat_map(|t| &t.tells).map(|r| programme.role_name(r));
    let told: Vec<&str> = told.filter(|r| !readers.contains(r)).collect::<std::collections::BTreeSet<_>>().into_iter().collect();
    html(maud! {
        (form::form(&action, &cx.form_keys(), maud! {
            (form::hidden("marker", &marker.key))
            p class="muted" { "Who reads this: " (readers.join(", ")) ", each once they have read themselves"
                @if !told.is_empty() { "; and who is told of tipping points, once the round is complete or over: " (told.join(", ")) } "." }
            (form::radios(Field::new(&value, &question).value(chosen).error(wrong.of(&value)), &choices))
            (form::long_text(Field::new(&why, &reason).hint(hint).value(reasoned).error(wrong.of(&why)), 3))
            (form::button(&format!("Save my reading of {}", marker.name.to_lowercase())))
        }))
    })
}

/// Round by round, as far as the viewer may see: a picture and the readings with their reasons.
fn history(cx: &Cx, programme: &Snapshot, place: &place::Model, marker: &Marker, all: &[marker_reading::Model]) -> Html {
    let mut rounds: Vec<Day> = all.iter().filter(|r| r.marker == marker.key).map(|r| r.round).collect();
    rounds.dedup();
    let (low, high) = (marker.scale.first().map_or(0, |p| p.value), marker.scale.last().map_or(1, |p| p.value));
    let share = |value: i32| f64::from(value - low) / f64::from((high - low).max(1)) * 100.0;
    let seen: Vec<(Day, Vec<&marker_reading::Model>)> = rounds
        .iter()
        .map(|of| (*of, readings::visible(cx, marker, (place.id, *of), all)))
        .filter(|(_, r)| !r.is_empty())
        .collect();
    if seen.is_empty() {
        return html("");
    }
    let bars: Vec<SpreadRow> = seen
        .iter()
        .map(|(of, readings)| {
            let scores: Vec<f64> = readings.iter().map(|r| share(r.value)).collect();
            #[expect(clippy::cast_precision_loss, reason = "a handful of functions")]
            let mean = scores.iter().sum::<f64>() / scores.len().max(1) as f64;
            SpreadRow { name: of.to_string(), scores, mean }
        })
        .collect();
    let id = format!("readings-{}", marker.key);
    let rows = seen.iter().rev().flat_map(|(of, readings)| {
        readings.iter().map(move |r| {
            let label = marker.scale.iter().find(|p| p.value == r.value).map(|p| p.label.en.clone()).unwrap_or_default();
            vec![
                Cell::day(*of).head(),
                Cell::text(programme.role_name(&r.role)),
                Cell::text(format!("{}: {label}", r.value)),
                Cell::text(&r.why),
            ]
        })
    });
    let caption = format!("{}: readings by round", marker.name);
    let table = Table::new(&caption, &["Round from", "Function", "Reading", "Why"], rows.collect()).html();
    let last = seen.last().and_then(|(of, r)| Some((of, readings::apart(r)?, r.len()))).filter(|(.., n)| *n > 1);
    html(maud! {
        @if let Some((of, apart, _)) = last {
            p { "In the round from " (of.to_string()) " the readings lie " strong { (apart) @if apart == 1 { " point" } @else { " points" } } " apart." }
        }
        @if seen.len() > 1 { (score_spread(&format!("{}: lowest to highest reading, as a share of the scale", marker.name), &bars, &id)) }
        div id=(&id) { (table) }
    })
}

pub(super) async fn save(act: Act) -> Answer {
    let (programme, place) = (act.programme()?.clone(), act.place()?.clone());
    let design = &programme.programme.design;
    if !readings::follows(&act, &programme, place.id) {
        return Err(for_others());
    }
    let marker = design.marker(act.form.get("marker")).ok_or(Stop::Missing)?;
    let held = readings::reader(&act, marker, place.id).ok_or_else(for_others)?;
    let (value_name, why_name) = (format!("value-{}", marker.key), format!("why-{}", marker.key));
    let (value, why) = (act.form.get(&value_name), act.form.get(&why_name));
    let mut wrong = Invalid::default();
    let read = value.parse::<i32>().ok().filter(|v| marker.scale.iter().any(|p| p.value == *v));
    if read.is_none() {
        wrong.add(value_name, "Choose a point of the scale");
    }
    match why.chars().count() {
        0 => wrong.add(why_name, "Say why, so that a difference can be talked about"),
        1..=5_000 => {}
        n => wrong.add(why_name, format!("Shorten this to 5,000 characters; it has {n}")),
    }
    let typed = Typed { marker: &marker.key, value, why };
    let Some(read) = read.filter(|_| wrong.is_empty()) else { return shown(&act, Some(typed), &wrong).await };
    let round = readings::round(marker, act.today());
    let location = format!("{}/places/{}/markers?done=read", programme.href(), place.slug);
    let mut write = act.write("read a marker").await?;
    write.lock::<place::Entity>(place.id).await?.ok_or(Stop::Missing)?;
    let all = readings::of_place(write.tx(), place.id).await?;
    let of_round: Vec<&marker_reading::Model> = all.iter().filter(|r| r.marker == marker.key && r.round == round).collect();
    // Whoever has seen the others' reading does not read again; a slip that nobody answered yet can be put right.
    if let Some(own) = alone(&act, &of_round).filter(|own| own.role == held.role).cloned() {
        let after = marker_reading::Model { value: read, why: why.to_string(), read_at: write.at(), ..own.clone() };
        write.replace(&own, after).await?;
        return act.save(write, &location).await;
    }
    if of_round.iter().any(|r| r.role == held.role) {
        return Ok(see_other(&location));
    }
    let row = marker_reading::Model {
        id: MarkerReadingId(write.id()),
        programme_id: programme.id,
        place_id: place.id,
        marker: marker.key.clone(),
        round,
        role: held.role.clone(),
        person_id: act.person()?,
        value: read,
        why: why.to_string(),
        read_at: write.at(),
    };
    let mut all = all;
    all.push(write.insert(row).await?);
    tipping::look_at_readings(&mut write, &act.app().settings.address, &programme, &place, &all, act.today()).await?;
    act.save(write, &location).await
}
