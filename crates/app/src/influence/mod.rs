//! Whom a programme moves: what places ask of the name and power of sponsors and what comes of it, whom the programme wants to
//! reach, where the stories of places stand, and policies that change. All of it is written as matters, and shown and
//! counted here from what whoever looks may read.

mod audiences;
mod backing;
mod followed;
mod policies;
mod stages;
mod tally;

use design::{InfluencePart, Power};
use tables::place;
use ui::{Html, html, parts};

use crate::ground::html::*;
use crate::ground::{Answer, Cx, Draft, Route, Snapshot, Stop, Who};
use crate::{entries, oversight, places};

pub(crate) fn routes() -> Vec<Route> {
    // Those who write in the programme; the page looks itself.
    vec![Route::page("/programmes/{programme}/influence", Who::InProgramme, page)]
}

/// A part of the page: its name, and what belongs there as long as there is nothing.
struct Part {
    part: InfluencePart,
    id: &'static str,
    heading: &'static str,
    nothing: &'static str,
    why: &'static str,
}

const BACKING: Part = Part {
    part: InfluencePart::Backing,
    id: "backing",
    heading: "Asks for backing",
    nothing: "No ask for backing that you may read",
    why: "A place can ask a sponsor to open a door, to write or to stand beside it. How each ask was answered and what came of it is counted here, and both sides see it.",
};
const AUDIENCES: Part = Part {
    part: InfluencePart::Audience,
    id: "audiences",
    heading: "Audiences",
    nothing: "No audience that you may read",
    why: "Say whom you want to reach, and what they should come to know, do or decide. Then add what reached them, and what they said back.",
};
const STAGES: Part = Part {
    part: InfluencePart::Stage,
    id: "stages",
    heading: "Stages",
    nothing: "No stage that you may read",
    why: "A conference or an event at which a place could tell its story is recorded once, offered to all places, and shows here who was offered one and who stood there.",
};
const POLICIES: Part = Part {
    part: InfluencePart::Policy,
    id: "policies",
    heading: "Policy changes",
    nothing: "No policy change that you may read",
    why: "Record what changed, what you had to do with it, and how strong the evidence for that is. Evidence can be added later.",
};

/// `/programmes/{programme}/influence`
async fn page(cx: Cx) -> Answer {
    let programme = cx.programme()?.clone();
    if !cx.viewer().may_somewhere(Power::WriteEntries, programme.id) {
        let why = "Your role writes nothing in this programme, so there is nothing for you to ask, to reach or to bring here.";
        return Err(Stop::forbidden("This is for those who take part", why));
    }
    let places = places::all(&cx, &programme).await?;
    let backing = backing::body(&cx, &programme, &places).await?;
    let audiences = audiences::body(&cx, &programme).await?;
    let stages = stages::body(&cx, &programme, &places).await?;
    let policies = policies::body(&cx, &programme).await?;
    let parts = [(&BACKING, backing), (&AUDIENCES, audiences), (&STAGES, stages), (&POLICIES, policies)];
    let sections: Vec<Html> = parts
        .into_iter()
        .filter(|(part, _)| programme.programme.design.influences(part.part).next().is_some())
        .map(|(part, body)| section(part, body, &record(&cx, &programme, &places, part.part)))
        .collect();
    let lead = "What places ask of the name and power of sponsors, whom the programme wants to reach, where stories stand, and what changes.";
    Ok(Draft::new("Influence").lead(lead).crumb(&programme.name, programme.href()).page(
        &cx,
        maud! {
            (oversight::pages(&cx))
            @if sections.is_empty() {
                p { "The design of this programme names nothing by which its influence would be followed." }
            }
            @for section in &sections { (section) }
        },
    ))
}

fn section(part: &Part, body: Option<Html>, links: &[(String, String)]) -> Html {
    let more = if body.is_some() { links } else { links.get(1..).unwrap_or_default() };
    let first = links.first().map(|(text, href)| (text.as_str(), href.as_str()));
    let body = body.unwrap_or_else(|| parts::empty_state(part.nothing, part.why, first));
    parts::section(
        part.id,
        part.heading,
        maud! {
            (body)
            @if !more.is_empty() {
                p class="entry-actions" {
                    @for (i, (text, href)) in more.iter().enumerate() {
                        @if i > 0 { " · " }
                        a href=(href) { (text) }
                    }
                }
            }
        },
    )
}

/// What the viewer can record of a part: for the programme, and for each place in which they hold a role. Words and address.
fn record(cx: &Cx, programme: &Snapshot, places: &[place::Model], part: InfluencePart) -> Vec<(String, String)> {
    let here = |place: &&place::Model| cx.held().any(|held| held.place == Some(place.id));
    let mut links = Vec::new();
    for place in std::iter::once(None).chain(places.iter().filter(here).map(Some)) {
        let (of, home) = match place {
            Some(place) => (format!(", for {}", place.name), format!("{}/places/{}", programme.href(), place.slug)),
            None => (String::new(), programme.href()),
        };
        let offers = entries::plain_offers(cx, programme, place);
        for kind in offers.iter().map(|offer| offer.kind).filter(|kind| kind.influence.as_ref().is_some_and(|i| i.part == part)) {
            links.push((format!("Record: {}{of}", kind.name.to_lowercase()), format!("{home}/entries/new?kind={}", kind.key)));
        }
    }
    links
}

/// Says so where more was found than is counted.
fn cut(found: usize) -> Html {
    let cut = u64::try_from(found).is_ok_and(|found| found >= followed::MOST);
    html(maud! {
        @if cut {
            p { "There are so many that only " (followed::MOST) " of a kind are counted: what is open first." }
        }
    })
}
