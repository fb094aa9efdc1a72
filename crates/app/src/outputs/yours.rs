//! Your words: everything of yours that somebody quotes. Whoever is quoted reads exactly what would be published, answers, and
//! takes their words back whenever they want, wherever they belong by then.

use std::collections::HashMap;

use kernel::{Fault, Invalid};
use sea_orm::entity::prelude::*;
use sea_orm::{QueryOrder, QuerySelect};
use store::fault;
use tables::{EntryId, ProgrammeId, QuotationId, entry, output, programme, publication, published_quotation, quotation};
use ui::form::{self, Choice, Field};
use ui::parts::{self, Tone};
use ui::{Html, html};

use super::consents::{self, Quoted, Saying, Stands};
use super::{Output, State, piece, quote, rule_of, sign};
use crate::entries;
use crate::ground::html::*;
use crate::ground::{Act, Answer, Cx, Draft, Form, Stop};

const LONGEST_WHY: usize = 2_000;
/// So many of somebody’s quotations are listed, the newest first.
const MOST: u64 = 200;

const SAID: &[(&str, &str)] = &[
    ("said", "Said. Those who write it see whether it can be published."),
    ("taken-back", "Taken back. Your words are gone from wherever they were quoted here, and from what was published."),
];

/// A quotation of the viewer's words, with what it stands in.
struct Mine {
    output: Output,
    quoted: Quoted,
}

async fn outputs_of(cx: &Cx, rows: &[quotation::Model]) -> Result<HashMap<EntryId, Output>, Fault> {
    let ids: Vec<EntryId> = rows.iter().map(|q| q.entry_id).collect();
    let outputs = output::Entity::find().filter(output::COLUMN.entry_id.is_in(ids.clone()));
    let outputs = outputs.all(cx.read()).await.map_err(fault("load outputs"))?;
    let entries = entry::Entity::find().filter(entry::COLUMN.id.is_in(ids));
    let mut entries: HashMap<EntryId, entry::Model> =
        entries.all(cx.read()).await.map_err(fault("load entries"))?.into_iter().map(|e| (e.id, e)).collect();
    let wanted: Vec<ProgrammeId> = outputs.iter().map(|o| o.programme_id).collect();
    let programmes = programme::Entity::find().filter(programme::COLUMN.id.is_in(wanted));
    let mut snapshots = HashMap::new();
    for row in programmes.all(cx.read()).await.map_err(fault("load programmes"))? {
        let snapshot = cx.app().snapshots.of(&cx.app().db, &row).await?;
        snapshots.insert(row.id, snapshot);
    }
    let all = outputs.into_iter().filter_map(|row| {
        let entry = entries.remove(&row.entry_id)?;
        let programme = snapshots.get(&row.programme_id)?.clone();
        let rule = rule_of(&programme, &entry.kind)?.1.clone();
        Some((entry.id, Output { programme, entry, row, rule }))
    });
    Ok(all.collect())
}

/// `/your-words`
pub(super) async fn list(cx: Cx) -> Answer {
    let me = cx.person()?;
    let rows = quotation::Entity::find()
        .filter(quotation::COLUMN.person_id.eq(me))
        .order_by_desc(quotation::Column::MadeAt)
        .order_by_desc(quotation::Column::Id)
        .limit(MOST);
    let rows = rows.all(cx.read()).await.map_err(fault("list quotations"))?;
    let outputs = outputs_of(&cx, &rows).await?;
    let mut shown = Vec::new();
    for row in rows {
        let Some(output) = outputs.get(&row.entry_id) else { continue };
        let consents = consents::Consents::of(cx.read(), row.entry_id).await?;
        let quoted = consents::standing(output, vec![row], &consents, |_| true);
        let agreed = quoted.iter().any(|q| consents.all_of(q.row.id).any(|c| c.answer == consents::YES));
        // Nobody is asked of what is still being written.
        shown.extend(
            quoted
                .into_iter()
                .filter(|q| {
                    agreed || output.state() == State::Asking && q.row.removed_at.is_none() || q.row.taken_back_at.is_some()
                })
                .map(|q| (output, q)),
        );
    }
    shown.sort_by_key(|(output, q)| !(output.state() == State::Asking && q.stands == Stands::Waiting));
    let cards: Vec<Html> = shown.iter().map(|(output, q)| card(output, q)).collect();
    Ok(Draft::new("Your words").lead("What you said that others quote or want to quote. Nothing of it is public unless you agree, and you can take it back at any time.").done(&cx, SAID).page(
        &cx,
        maud! {
            @if cards.is_empty() {
                (parts::empty_state("Nobody quotes you", "When somebody wants to publish words of yours, they stand here, just as they would be published, and you are asked.", None))
            }
            @for card in &cards { (card) }
        },
    ))
}

fn card(output: &Output, q: &Quoted) -> Html {
    let waits = output.state() == State::Asking && q.stands == Stands::Waiting;
    let tone = if q.stands == Stands::Agreed {
        Tone::Good
    } else if waits {
        Tone::Waiting
    } else {
        Tone::Neutral
    };
    let open = format!("/your-words/{}", q.row.id);
    html(maud! {
        section class="section" {
            h2 { "In “" (&output.entry.title) "”" }
            p class="entry-by" { (&output.programme.name) " · " (parts::tag(if waits { "waits for you" } else { q.stands.name() }, tone)) }
            (piece::quotation(&q.shown()))
            @if q.row.taken_back_at.is_none() {
                p { a href=(&open) { @if waits { "Read it as it would be published, and answer" } @else { "Open" } span class="govuk-visually-hidden" { " what is quoted as number " (q.row.number) " of “" (&output.entry.title) "”" } } }
            }
        }
    })
}

/// The quotation that the path names, for whoever is asked for it.
async fn named(cx: &Cx) -> Result<Mine, Stop> {
    let me = cx.person()?;
    let id: QuotationId = cx.param("quotation").parse().map_err(|_| Stop::Missing)?;
    let row = quotation::Entity::find_by_id(id).one(cx.read()).await.map_err(fault("load a quotation"))?;
    let row = row.filter(|q| q.person_id == me && q.taken_back_at.is_none()).ok_or(Stop::Missing)?;
    let output = outputs_of(cx, std::slice::from_ref(&row)).await?.remove(&row.entry_id).ok_or(Stop::Missing)?;
    let consents = consents::Consents::of(cx.read(), row.entry_id).await?;
    let agreed = consents.all_of(row.id).any(|c| c.answer == consents::YES);
    let asked = output.state() == State::Asking && row.removed_at.is_none();
    if !asked && !agreed {
        return Err(Stop::Missing);
    }
    let quoted = consents::standing(&output, vec![row], &consents, |_| true).pop().ok_or(Stop::Missing)?;
    Ok(Mine { output, quoted })
}

/// `/your-words/{quotation}`
pub(super) async fn page(cx: Cx) -> Answer {
    let mine = named(&cx).await?;
    shown(&cx, &mine, &Form::default(), &Invalid::default()).await
}

async fn shown(cx: &Cx, mine: &Mine, typed: &Form, wrong: &Invalid) -> Answer {
    let Mine { output, quoted: q } = mine;
    let asked = output.state() == State::Asking && q.row.removed_at.is_none() && q.stands != Stands::Unused;
    let others = if asked { others(cx, mine).await? } else { Vec::new() };
    let published = published(cx, q).await?;
    let consents = consents::Consents::of(cx.read(), output.entry.id).await?;
    let agreed = consents.all_of(q.row.id).any(|c| c.answer == consents::YES);
    let answer = answer_form(cx, mine, typed, wrong);
    let draft = Draft::new(format!("Your words in “{}”", output.entry.title)).crumb("Your words", "/your-words");
    let kind = output.programme.kind_name(&output.entry.kind);
    let lead = format!("{kind}, {}. It is for everybody to read, on the internet, and can be passed on.", output.programme.name);
    Ok(draft.lead(lead).done(cx, SAID).invalid(wrong).page(
        cx,
        maud! {
            @if asked {
                (parts::section("all", "Exactly what would be published", maud! {
                    (parts::inset(maud! {
                        @if !output.row.summary.is_empty() { p class="lead" { (&output.row.summary) } }
                        (piece::body(&output.entry.text, |number| consents::shown(&others, number)))
                    }))
                }))
                (&answer)
            } @else {
                (parts::section("now", "As they stand now", piece::quotation(&q.shown())))
                p { "Nothing is asked of you at the moment." }
            }
            (published)
            @if agreed { (take_back(cx, mine, wrong)) }
        },
    ))
}

/// All quotations of the output, those of others only as far as they have agreed.
async fn others(cx: &Cx, mine: &Mine) -> Result<Vec<Quoted>, Fault> {
    let rows = consents::rows(cx.read(), mine.output.entry.id).await?;
    let consents = consents::Consents::of(cx.read(), mine.output.entry.id).await?;
    let me = cx.viewer().person();
    Ok(consents::standing(&mine.output, rows, &consents, |q| me == Some(q.person_id)))
}

fn answer_form(cx: &Cx, mine: &Mine, typed: &Form, wrong: &Invalid) -> Html {
    let q = &mine.quoted;
    let said = q.said.as_ref();
    let fresh = typed.get("do").is_empty();
    let answer = if fresh { said.map_or("", |c| c.answer.as_str()) } else { typed.get("answer") };
    let why = if fresh {
        said.filter(|c| q.row.for_another && c.answer == consents::YES).map_or("", |c| c.why.as_str())
    } else {
        typed.get("how")
    };
    let words = match said.filter(|c| fresh && c.answer == consents::CHANGED) {
        Some(c) => c.why.as_str(),
        None if fresh => q.row.words.as_str(),
        None => typed.get("words"),
    };
    let choices = [
        Choice::new(consents::YES, "Yes, as it stands here"),
        Choice::new(consents::CHANGED, "Yes, if the words are as I write them below"),
        Choice::new(consents::NO, "No, leave them out").hint("They go from earlier versions that were published, too."),
    ]
    .map(|c| {
        let on = c.value == answer;
        c.checked(on)
    });
    let how = Field::new("how", "How they agreed")
        .hint("Needed unless you say no. You answer for somebody whom you quote: say how they agreed, to what, and whether by name; it stays with their consent.")
        .value(why)
        .error(wrong.of("how"));
    let changed = Field::new("words", "The words as you would have them")
        .hint("Counts only with “Yes, if”. If they are taken over just so, you have agreed to them.")
        .value(words)
        .error(wrong.of("words"));
    let here = format!("/your-words/{}", q.row.id);
    html(maud! {
        (parts::section("answering", if q.row.for_another { "Can their words be published?" } else { "Can your words be published?" }, maud! {
            (form::form(&here, &cx.form_keys(), maud! {
                (form::hidden("do", "say")) (form::hidden("hash", &q.hash))
                (form::radios(Field::new("answer", "Your answer").error(wrong.of("answer")), &choices))
                @if q.row.for_another { (form::long_text(how, 2)) }
                (form::long_text(changed, 3))
                (form::button("Answer"))
            }))
        }))
    })
}

/// Where their words are public now.
async fn published(cx: &Cx, q: &Quoted) -> Result<Html, Stop> {
    let rows = published_quotation::Entity::find().filter(published_quotation::COLUMN.quotation_id.eq(q.row.id));
    let rows = rows.all(cx.read()).await.map_err(fault("list published quotations"))?;
    let all = publication::Entity::find()
        .filter(publication::COLUMN.id.is_in(rows.iter().map(|r| r.publication_id)))
        .filter(publication::COLUMN.withdrawn_at.is_null())
        .order_by_desc(publication::Column::Number);
    let all = all.all(cx.read()).await.map_err(fault("list publications"))?;
    Ok(html(maud! {
        @if !all.is_empty() {
            (parts::section("published", "Where they are public", maud! {
                ul { @for p in &all { li { a href={ "/library/" (&p.slug) "/" (p.number) } { (&p.title) ", version " (p.number) } ", " (p.published_on.to_string()) } } }
            }))
        }
    }))
}

fn take_back(cx: &Cx, mine: &Mine, wrong: &Invalid) -> Html {
    let sure = [Choice::new("yes", "I take these words back")];
    let here = format!("/your-words/{}", mine.quoted.row.id);
    html(maud! {
        (parts::section("take-back", "Take your words back", maud! {
            p { "They go from this output and from every version that was published, at once. What remains says that a quotation stood there and was taken back, and not what it said. Copies that others made cannot be called back. This cannot be undone; you can be asked again." }
            (form::form(&here, &cx.form_keys(), maud! {
                (form::hidden("do", "take-back"))
                (form::checkboxes(Field::new("sure", "Are you sure?").error(wrong.of("sure")), &sure))
                (form::warning_button("Take them back"))
            }))
        }))
    })
}

pub(super) async fn save(act: Act) -> Answer {
    let mine = named(&act).await?;
    match act.form.get("do") {
        "take-back" => taken_back(&act, &mine).await,
        _ => said(&act, &mine).await,
    }
}

/// What is kept beside the answer: how somebody else agreed, or the words that one would agree to.
fn beside(mine: &Mine, form: &Form, wrong: &mut Invalid) -> String {
    let (answer, another) = (form.get("answer"), mine.quoted.row.for_another);
    let how = form.get("how").trim();
    if how.chars().count() > LONGEST_WHY {
        wrong.add("how", "Shorten this to 2,000 characters");
    }
    match answer {
        consents::YES if another && how.is_empty() => {
            wrong.add("how", "Say how they agreed. Without that, their words cannot be published");
            String::new()
        }
        consents::YES if another => how.to_string(),
        consents::CHANGED => {
            let words = form.get("words").trim();
            quote::check(words, "", wrong);
            if words == mine.quoted.row.words {
                wrong.add("words", "Write the words as you would have them: they are still those that you were asked for");
            }
            words.to_string()
        }
        consents::YES | consents::NO => String::new(),
        _ => {
            wrong.add("answer", "Choose your answer");
            String::new()
        }
    }
}

async fn said(act: &Act, mine: &Mine) -> Answer {
    let mut wrong = Invalid::default();
    let why = beside(mine, &act.form, &mut wrong);
    if !wrong.is_empty() {
        return shown(act, mine, &act.form, &wrong).await;
    }
    let here = format!("/your-words/{}", mine.quoted.row.id);
    let role = act.viewer().held_in(mine.output.programme.id).next().map(|h| h.role.clone()).unwrap_or_default();
    let mut write = act.write(consents::ACT).await?;
    let entry = write.lock::<entry::Entity>(mine.output.entry.id).await?.ok_or(Stop::Missing)?;
    let row = write.lock::<output::Entity>(mine.output.row.id).await?.ok_or(Stop::Missing)?;
    let quotation = write.lock::<quotation::Entity>(mine.quoted.row.id).await?.ok_or(Stop::Missing)?;
    let hash = piece::hash_of_quotation(&entry.title, &entry.text, quotation.number, &quotation.words, &quotation.attribution);
    let open = State::of(&row) == State::Asking && quotation.removed_at.is_none() && quotation.taken_back_at.is_none();
    if !open || hash != act.form.get("hash") {
        return Err(sign::changed(here));
    }
    let saying =
        Saying { output: &mine.output, of: quotation.id.to_string(), hash: &hash, role, answer: act.form.get("answer"), why };
    if saying.answer == consents::NO {
        // Whoever wants their words left out wants them left out of what was published before as well.
        entries::end_consents(&mut write, mine.output.entry.id, quotation.id).await?;
    }
    consents::say(&mut write, saying, act.person()?).await?;
    act.save(write, &format!("{here}?done=said")).await
}

async fn taken_back(act: &Act, mine: &Mine) -> Answer {
    if act.form.get("sure") != "yes" {
        let wrong = Invalid::one("sure", "Tick this to take your words back");
        return shown(act, mine, &act.form, &wrong).await;
    }
    let mut write = act.write(consents::ACT).await?;
    write.lock::<entry::Entity>(mine.output.entry.id).await?.ok_or(Stop::Missing)?;
    let before = write.lock::<quotation::Entity>(mine.quoted.row.id).await?.ok_or(Stop::Missing)?;
    if before.taken_back_at.is_none() {
        entries::take_back_quotation(&mut write, &before).await?;
    }
    act.save(write, "/your-words?done=taken-back").await
}
