//! Somebody proposes an event: what it is for and how it could go. It belongs to no place, wherever they come from.

use kernel::Invalid;
use ui::form;
use ui::parts::{self, FilterGroup, FilterOption};

use crate::entries::{self, EntryOffer, EntryTyped};
use crate::ground::html::*;
use crate::ground::{Act, Answer, Cx, Draft, Snapshot, Stop};

fn offers<'a>(cx: &'a Cx, programme: &'a Snapshot) -> Result<Vec<EntryOffer<'a>>, Stop> {
    let mut offers = entries::offers(cx, programme, None);
    offers.retain(|offer| offer.kind.gathering.is_some());
    match offers.is_empty() {
        true => Err(Stop::forbidden(
            "Others propose events",
            "Your roles read what is proposed, and may say whether they would come.",
        )),
        false => Ok(offers),
    }
}

/// `/programmes/{programme}/gatherings/new`
pub(super) async fn form(cx: Cx) -> Answer {
    let programme = cx.programme()?.clone();
    let offers = offers(&cx, &programme)?;
    let asked = offers.iter().find(|offer| offer.kind.key == cx.query("kind"));
    let offer = asked.or(offers.first()).ok_or(Stop::Missing)?;
    page(&cx, &programme, &offers, offer, (&EntryTyped::default(), &Invalid::default())).await
}

async fn page(
    cx: &Cx,
    programme: &Snapshot,
    offers: &[EntryOffer<'_>],
    offer: &EntryOffer<'_>,
    (typed, wrong): (&EntryTyped, &Invalid),
) -> Answer {
    let fields = entries::words_fields(cx, None, offer, typed, wrong).await?;
    let kinds = offers.iter().map(|o| FilterOption {
        text: o.kind.name.clone(),
        href: format!("{}?kind={}", cx.path(), o.kind.key),
        current: o.kind.key == offer.kind.key,
        count: None,
    });
    let kinds = FilterGroup { label: "What do you propose?".into(), options: kinds.collect() };
    let draft = Draft::new(format!("Propose: {}", offer.kind.name.to_lowercase())).crumb(&programme.name, programme.href());
    let draft = draft.crumb("Learning events", format!("{}/gatherings", programme.href())).invalid(wrong);
    Ok(draft.lead(&offer.kind.about).page(
        cx,
        maud! {
            @if offers.len() > 1 { (parts::filters(std::slice::from_ref(&kinds))) }
            @if let Some(voices) = &offer.kind.voices { p { "Once it is proposed, others say of it: “" (&voices.ask) "”" } }
            (form::kept_form(cx.path(), &format!("{}?kind={}", cx.path(), offer.kind.key), &cx.form_keys(), maud! {
                (form::hidden("kind", &offer.kind.key))
                (fields)
                (form::button("Propose it"))
            }))
        },
    ))
}

pub(super) async fn save(act: Act) -> Answer {
    let programme = act.programme()?.clone();
    let offers = offers(&act, &programme)?;
    let offer = offers.iter().find(|offer| offer.kind.key == act.form.get("kind"));
    let offer = offer.or(offers.first()).ok_or(Stop::Missing)?;
    let first = offer.circles.first().map(|(circle, _)| circle.key.clone()).unwrap_or_default();
    let sent = act.form.get("circle");
    let typed = EntryTyped { happened_on: act.today().to_string(), circle: first, ..EntryTyped::of(&act.form, offer.kind) };
    let read = match typed.read(&act, &programme, offer) {
        // The page said who reads it, and others must not read it instead.
        Ok(_) if sent != typed.circle => {
            Err(Invalid::one("title", "Who reads this has changed. Look at it, and propose it again"))
        }
        read => read,
    };
    let read = match read {
        Ok(read) => read,
        Err(wrong) => return page(&act, &programme, &offers, offer, (&typed, &wrong)).await,
    };
    let mut write = act.write("propose an event").await?;
    let entry = entries::record_entry(&mut write, &act, &programme, None, &offer.kind.key, read).await?;
    entries::open_matter(&mut write, offer.kind, &entry, entries::About::default()).await?;
    act.save(write, &format!("{}/gatherings/{}?done=proposed", programme.href(), entry.id)).await
}
