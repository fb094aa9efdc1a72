//! Publishing: what is still missing, the names that are meant to stand in it, and the button. What is published never changes.

use kernel::{Day, Fault, Invalid, Moment};
use sea_orm::entity::prelude::*;
use sea_orm::{QueryOrder, QuerySelect};
use store::fault;
use tables::{
    EntryId, PersonId, PlaceId, PublicationId, PublishedQuotationId, entry, output, publication, published_quotation, quotation,
};
use ui::form::{self, Choice, Field};
use ui::{Html, html, parts};

use super::consents::{self, Consents, Quoted, Stands};
use super::names::{self, Flag};
use super::{Output, State, named, piece, publishes, show};
use crate::ground::html::*;
use crate::ground::{Act, Answer, Cx, Draft, Form, Stop};

const LONGEST_SLUG: usize = 80;

/// What has to be there before an output is published, and what is missing of it.
struct Ready {
    quoted: Vec<Quoted>,
    flags: Vec<Flag>,
    places: Vec<String>,
    missing: Vec<String>,
    hash: String,
}

async fn ready(cx: &Cx, output: &Output) -> Result<Ready, Stop> {
    let quoted = consents::quoted(cx, output).await?;
    let consents = Consents::of(cx.read(), output.entry.id).await?;
    let hash = consents::hash_of_all(output, &quoted);
    let concerned = consents::places(output, &quoted, &consents);
    let names = show::names_of(cx, &concerned).await?;
    let mut missing = missing(output, &quoted);
    for (id, name) in concerned.iter().zip(&names) {
        if !consents.agreed(id, &hash) {
            missing.push(format!("{name} has not signed it off"));
        }
    }
    let flags = names::flags(cx, output, &quoted).await?;
    Ok(Ready { quoted, flags, places: names, missing, hash })
}

/// What is missing apart from the places.
fn missing(output: &Output, quoted: &[Quoted]) -> Vec<String> {
    let mut missing = Vec::new();
    if output.state() != State::Asking {
        missing.push("It has not been put to those it is about".to_string());
    }
    missing.extend(output.text().lacks().into_iter().map(String::from));
    for number in piece::numbers(&output.entry.text) {
        match quoted.iter().find(|q| q.row.number == number).map(|q| q.stands) {
            Some(Stands::Agreed) => {}
            Some(Stands::TakenBack) => missing.push(format!("Quotation {number} was taken back; take it out of the text")),
            Some(Stands::Refused) => {
                missing.push(format!("Whoever said quotation {number} does not agree; take it out of the text"))
            }
            Some(Stands::Changed) => missing.push(format!("Whoever said quotation {number} agrees only to other words")),
            Some(_) => missing.push(format!("Whoever said quotation {number} has not answered")),
            None => missing.push(format!("There is no quotation {number}; take its line out of the text")),
        }
    }
    missing
}

/// `/programmes/{programme}/outputs/{entry}/publish`
pub(super) async fn page(cx: Cx) -> Answer {
    let output = named(&cx).await?;
    shown(&cx, &output, &Form::default(), &Invalid::default()).await
}

fn may(cx: &Cx, output: &Output) -> Result<(), Stop> {
    let who: Vec<&str> = output.rule.published_by.iter().map(|r| output.programme.role_name(r)).collect();
    let why = format!("It is published by: {}.", who.join(", ").to_lowercase());
    publishes(cx, output).then_some(()).ok_or_else(|| Stop::forbidden("Others publish this", why))
}

async fn shown(cx: &Cx, output: &Output, typed: &Form, wrong: &Invalid) -> Answer {
    may(cx, output)?;
    let ready = ready(cx, output).await?;
    let home = output.href();
    let draft = Draft::new(format!("Publish “{}”", output.entry.title))
        .crumb(&output.programme.name, output.programme.href())
        .crumb("Outputs", format!("{}/outputs", output.programme.href()))
        .crumb(&output.entry.title, &home)
        .invalid(wrong);
    let fields = fields(&ready, typed, wrong);
    Ok(draft.lead("For everybody, under an address that stays. What is published is never changed; a new version stands beside it.").page(
        cx,
        maud! {
            @if !ready.missing.is_empty() {
                (parts::section("missing", "What is missing", maud! { ul { @for what in &ready.missing { li { (what) "." } } } }))
            } @else {
                (parts::inset(maud! {
                    (output.text().whole(|number| consents::shown(&ready.quoted, number)))
                }))
                (form::form(&format!("{home}/publish"), &cx.form_keys(), maud! {
                    (form::hidden("hash", &ready.hash))
                    (&fields)
                    (form::button("Publish it"))
                }))
            }
        },
    ))
}

fn fields(ready: &Ready, typed: &Form, wrong: &Invalid) -> Html {
    let meant: Vec<Choice> = ready
        .flags
        .iter()
        .map(|f| Choice::new(&f.text, format!("“{}” – {}", f.text, f.what)).checked(typed.all("meant").any(|m| m == f.text)))
        .collect();
    html(maud! {
        @if !meant.is_empty() {
            (form::checkboxes(Field::new("meant", "Names that stand in it, and are meant to").hint("Tick each that may be public. What may not is replaced on the page before.").error(wrong.of("meant")), &meant))
        }
        @if !ready.places.is_empty() { p { "Signed off by " (ready.places.join(", ")) "." } }
    })
}

async fn last(db: &impl ConnectionTrait, of: EntryId) -> Result<Option<publication::Model>, Fault> {
    let found = publication::Entity::find()
        .filter(publication::COLUMN.entry_id.eq(of))
        .order_by_desc(publication::Column::Number)
        .order_by_desc(publication::Column::Id);
    found.one(db).await.map_err(fault("load a publication"))
}

pub(super) async fn save(act: Act) -> Answer {
    let output = named(&act).await?;
    may(&act, &output)?;
    let ready = ready(&act, &output).await?;
    let mut wrong = Invalid::default();
    if ready.flags.iter().any(|f| act.form.all("meant").all(|m| m != f.text)) {
        wrong.add("meant", "Tick each of these that may be public, or replace it before you publish");
    }
    if !ready.missing.is_empty() || !wrong.is_empty() {
        return shown(&act, &output, &act.form, &wrong).await;
    }
    let mut write = act.write("publish an output").await?;
    let entry = write.lock::<entry::Entity>(output.entry.id).await?.ok_or(Stop::Missing)?;
    let row = write.lock::<output::Entity>(output.row.id).await?.ok_or(Stop::Missing)?;
    let now = Output { programme: output.programme.clone(), rule: output.rule.clone(), entry, row };
    // Under the locks nothing that was agreed to can change any more: whoever takes it back waits for them.
    let quoted = holding(&mut write, &now).await?;
    let hash = consents::hash_of_all(&now, &quoted);
    let consents = Consents::of(write.tx(), now.entry.id).await?;
    let signed = consents::places(&now, &quoted, &consents).iter().all(|place| consents.agreed(place, &hash));
    if hash != act.form.get("hash") || hash != ready.hash || !missing(&now, &quoted).is_empty() || !signed {
        return Err(super::sign::changed(format!("{}/publish", now.href())));
    }
    let slug = match &now.row.slug {
        Some(slug) => slug.clone(),
        None => free_slug(write.tx(), &now.entry.title).await?,
    };
    let at = write.at();
    let concerned = consents::places(&now, &quoted, &consents);
    let about = if concerned.is_empty() { now.about() } else { concerned };
    let names = show::names_of(&act, &about).await?;
    let agreed = quoted.iter().filter(|q| q.stands == Stands::Agreed).map(|q| (&q.row, q.hash.clone()));
    let told = Told {
        entry: &now.entry,
        row: &now.row,
        quoted: agreed.collect(),
        places: about.into_iter().zip(names).collect(),
        slug: slug.clone(),
        hash,
        on: act.today(),
        at,
        by: act.person()?,
    };
    insert(&mut write, told).await?;
    let after = output::Model { state: State::Published.key().into(), slug: Some(slug), moved_at: at, ..now.row.clone() };
    write.replace(&now.row, after).await?;
    act.save(write, &format!("{}?done=published", now.href())).await
}

/// The quotations as they stand, each held until this write is over.
async fn holding(write: &mut store::Write, output: &Output) -> Result<Vec<Quoted>, Stop> {
    let mut rows = Vec::new();
    let mut all = consents::rows(write.tx(), output.entry.id).await?;
    // In the order in which everybody holds several.
    all.sort_by_key(|q| q.id);
    for row in all {
        rows.extend(write.lock::<quotation::Entity>(row.id).await?.filter(|q| q.removed_at.is_none()));
    }
    rows.sort_by_key(|q| q.number);
    let consents = Consents::of(write.tx(), output.entry.id).await?;
    Ok(consents::standing(output, rows, &consents, |_| false))
}

/// What is published, of what, and when.
pub(super) struct Told<'a> {
    pub entry: &'a entry::Model,
    pub row: &'a output::Model,
    /// Those that were agreed to, each with what was agreed to.
    pub quoted: Vec<(&'a quotation::Model, String)>,
    pub places: Vec<(PlaceId, String)>,
    pub slug: String,
    pub hash: String,
    pub on: Day,
    pub at: Moment,
    pub by: PersonId,
}

/// Adds a publication, in the place of the one before.
pub(super) async fn insert(write: &mut store::Write, told: Told<'_>) -> Result<(), Fault> {
    let before = last(write.tx(), told.entry.id).await?;
    if let Some(before) = before.as_ref().filter(|p| p.latest) {
        write.replace(before, publication::Model { latest: false, ..before.clone() }).await?;
    }
    let (ids, names): (Vec<String>, Vec<&str>) = told.places.iter().map(|(id, name)| (id.to_string(), name.as_str())).unzip();
    let (entry, row) = (told.entry, told.row);
    let searched = [entry.title.as_str(), &row.summary, &entry.text, &row.by_line, &row.topics, &names.join(" ")].join(" ");
    let id = PublicationId(write.id());
    let publication = publication::Model {
        id,
        programme_id: entry.programme_id,
        entry_id: entry.id,
        slug: told.slug,
        number: before.map_or(0, |p| p.number) + 1,
        latest: true,
        kind: entry.kind.clone(),
        title: entry.title.clone(),
        summary: row.summary.clone(),
        text: entry.text.clone(),
        by_line: row.by_line.clone(),
        topics: row.topics.clone(),
        places: names.join("\n"),
        place_ids: ids.join(" "),
        folded: store::search::folded(&searched),
        hash: told.hash,
        published_on: told.on,
        published_at: told.at,
        published_by: told.by,
        withdrawn_at: None,
        withdrawn_why: String::new(),
    };
    write.insert(publication).await?;
    for (q, hash) in told.quoted {
        let row = published_quotation::Model {
            id: PublishedQuotationId(write.id()),
            programme_id: entry.programme_id,
            publication_id: id,
            quotation_id: q.id,
            number: q.number,
            words: q.words.clone(),
            attribution: q.attribution.clone(),
            hash,
        };
        write.insert(row).await?;
    }
    Ok(())
}

/// What a publication’s address ends with: its title, and a number where another has it.
pub(super) async fn free_slug(db: &impl ConnectionTrait, title: &str) -> Result<String, Fault> {
    let slug: String = crate::ground::slug_of(title).chars().take(LONGEST_SLUG).collect();
    let slug = if slug.is_empty() { "output" } else { slug.trim_end_matches('-') };
    let taken = output::Entity::find().select_only().column(output::Column::Slug).filter(output::COLUMN.slug.starts_with(slug));
    let taken: Vec<Option<String>> = taken.into_tuple().all(db).await.map_err(fault("look for an address"))?;
    Ok(crate::ground::free_slug(slug, &taken.into_iter().flatten().collect::<Vec<_>>()))
}
