//! Somebody quotes an excerpt in an output: its words as they would be published, whose they are said to be, and who is asked.

use kernel::Invalid;
use sea_orm::entity::prelude::*;
use store::fault;
use tables::{MarkId, PersonId, QuotationId, entry, entry_revision, mark, output, person, quotation};
use ui::form::{self, Choice, Field};
use ui::{Html, html, parts};

use super::piece::Text;
use super::write::{put, with_marker};
use super::{Output, named, writes};
use crate::entries;
use crate::ground::html::*;
use crate::ground::{Act, Answer, Cx, Draft, Form, Stop};
use crate::learning::{self, Quotable};

const LONGEST_WORDS: usize = 5_000;
const LONGEST_ATTRIBUTION: usize = 200;
/// More than this is no text with quotations, but a list of them.
const MOST: i32 = 200;

/// `/programmes/{programme}/outputs/{entry}/quote`
pub(super) async fn form(cx: Cx) -> Answer {
    let output = named(&cx).await?;
    writes(&cx, &output)?;
    let Some(excerpt) = excerpt(&cx, cx.query("excerpt")).await? else {
        return choose(&cx, &output, &Invalid::default()).await;
    };
    let begun = Form::with(vec![("words".to_string(), excerpt.words.clone())]);
    page(&cx, &output, &excerpt, &begun, &Invalid::default()).await
}

/// The excerpt whose address, or whose id, somebody gave.
async fn excerpt(cx: &Cx, address: &str) -> Result<Option<Quotable>, Stop> {
    let last = address.rsplit('/').next().unwrap_or_default().split(['?', '#']).next().unwrap_or_default().trim();
    match last.parse::<MarkId>() {
        Ok(id) => learning::quotable(cx, id).await,
        Err(_) => Ok(None),
    }
}

/// Those that were linked to the output, and any other by its address.
async fn choose(cx: &Cx, output: &Output, wrong: &Invalid) -> Answer {
    let linked = learning::quotable_for(cx, output.entry.id).await?;
    let (newest, themes) = learning::quotable_by_theme(cx, cx.query("theme")).await?;
    let any = std::iter::once(Choice::new("", "Any theme"));
    let themes: Vec<Choice> = any.chain(themes).collect();
    let here = format!("{}/quote", output.href());
    let asked = cx.query("excerpt");
    let missing = (!asked.is_empty()).then_some("There is no excerpt of this programme that you may read at this address");
    let hint = "As your browser shows it when you have the excerpt open. Every excerpt has a page of its own, under the entry that it is from.";
    Ok(crumbs(output, Draft::new("Quote an excerpt")).invalid(wrong).lead("What people said is quoted from an excerpt, so that they can be asked.").page(
        cx,
        maud! {
            @if !linked.is_empty() { (parts::section("linked", "Excerpts that speak to this output", offered(&linked, &here))) }
            (parts::section("newest", "By theme", maud! {
                (form::asking_form(&here, maud! {
                    (form::select(Field::new("theme", "Theme").value(cx.query("theme")), &themes))
                    (form::secondary_button("Show"))
                }))
                @if newest.is_empty() { p { "No passage that you may read has been marked with it. Open an entry, choose “Excerpts” and mark what you want to quote." } }
                @else { p class="muted" { "The newest of those that you may read." } (offered(&newest, &here)) }
            }))
            (parts::section("other", "Any other", maud! {
                (form::asking_form(&here, maud! {
                    (form::text(Field::new("excerpt", "The excerpt’s address").hint(hint).value(asked).error(missing)))
                    (form::secondary_button("Go on"))
                }))
            }))
        },
    ))
}

fn offered(excerpts: &[Quotable], here: &str) -> Html {
    html(maud! {
        ul class="govuk-list excerpts" {
            @for one in excerpts {
                li {
                    blockquote class="excerpt" { p { (&one.words) } }
                    p class="entry-by" { "From “" (&one.entry.title) "” of " (one.entry.happened_on.to_string()) " · " a href={ (here) "?excerpt=" (one.mark.to_string()) } { "Quote it" span class="govuk-visually-hidden" { " that begins “" (beginning(&one.words)) "”" } } }
                }
            }
        }
    })
}

fn beginning(words: &str) -> String {
    words.chars().take(40).collect()
}

fn crumbs(output: &Output, draft: Draft) -> Draft {
    draft
        .crumb(&output.programme.name, output.programme.href())
        .crumb("Outputs", format!("{}/outputs", output.programme.href()))
        .crumb(&output.entry.title, output.href())
}

/// Whoever wrote the words of an excerpt: of something shared, whoever wrote what it was taken from, and of what several
/// have written, whoever wrote the version that was marked.
struct Wrote {
    person: PersonId,
    /// None where they wrote where the viewer may not read: nobody is told who says what there.
    name: Option<String>,
}

/// As many times is something shared that was shared before.
const DEEPEST: usize = 8;

async fn wrote(cx: &Cx, excerpt: &Quotable) -> Result<Wrote, Stop> {
    let (mut at, mut revision) = (excerpt.entry.clone(), excerpt.revision);
    for _ in 0..DEEPEST {
        let Some(source) = at.source_id else { break };
        let found = entry::Entity::find_by_id(source).one(cx.read()).await.map_err(fault("load what was shared"))?;
        let Some(found) = found else { break };
        revision = at.source_revision.unwrap_or(found.revision);
        at = found;
    }
    let earlier = entry_revision::Entity::find()
        .filter(entry_revision::COLUMN.entry_id.eq(at.id))
        .filter(entry_revision::COLUMN.revision.eq(revision));
    let earlier = earlier.one(cx.read()).await.map_err(fault("load a version"))?;
    let person = earlier.map_or(at.author_id, |version| version.author_id);
    let seen = at.id == excerpt.entry.id || entries::find(cx, at.id).await?.is_some();
    let found = person::Entity::find_by_id(person).one(cx.read()).await.map_err(fault("load who said it"))?;
    Ok(Wrote { person, name: found.map(|p| p.name).filter(|_| seen) })
}

async fn page(cx: &Cx, output: &Output, excerpt: &Quotable, typed: &Form, wrong: &Invalid) -> Answer {
    let author = wrote(cx, excerpt).await?.name.unwrap_or_else(|| "whoever wrote it".into());
    let fields = fields(&author, excerpt, typed, wrong);
    let here = format!("{}/quote", output.href());
    Ok(crumbs(output, Draft::new("Quote an excerpt")).invalid(wrong).lead("Whoever said it sees exactly what would be published, and says yes, yes if it is changed, or no.").page(
        cx,
        maud! {
            h2 { "As it was said" }
            blockquote class="excerpt" { p { (&excerpt.words) } }
            p class="entry-by" { "From “" (&excerpt.entry.title) "” of " (excerpt.entry.happened_on.to_string()) ", in the words of " (&author) "." }
            (form::form(&here, &cx.form_keys(), maud! {
                (form::hidden("excerpt", &excerpt.mark.to_string()))
                (fields)
                (form::button("Quote it"))
            }))
            p class="muted" { "Until they agree, its words are seen only by those who may read where they are from, and by whoever is asked." }
        },
    ))
}

fn fields(author: &str, excerpt: &Quotable, typed: &Form, wrong: &Invalid) -> Html {
    let chosen = typed.get("whose");
    let whose = [
        Choice::new("author", format!("Those of {author}")).checked(chosen == "author"),
        Choice::new("another", format!("Those of somebody whom {author} quotes"))
            .hint(format!("{author} is asked for them, and says how that person agreed."))
            .checked(chosen == "another"),
    ];
    let attribution = Field::new("attribution", "Shown beneath them as")
        .hint("As it would stand beneath them, such as “A project lead” or “A parent in Riverside”. Empty where nothing is said.")
        .value(typed.get("attribution"))
        .error(wrong.of("attribution"))
        .optional();
    let shortened = Field::new("words", "The words, as they would be published")
        .hint("Leave out what would tell who somebody is. Put what you add in square brackets.")
        .value(if typed.get("words").is_empty() { &excerpt.words } else { typed.get("words") })
        .error(wrong.of("words"));
    html(maud! {
        (form::long_text(shortened, 4))
        (form::text(attribution))
        (form::radios(Field::new("whose", "Whose words they are").error(wrong.of("whose")), &whose))
    })
}

/// What would be published of a quotation.
pub(super) fn check(words: &str, attribution: &str, wrong: &mut Invalid) {
    match words.chars().count() {
        0 => wrong.add("words", "Write the words as they would be published"),
        n if n > LONGEST_WORDS => wrong.add("words", "Shorten this to 5,000 characters"),
        _ => {}
    }
    if attribution.chars().count() > LONGEST_ATTRIBUTION || attribution.contains('\n') {
        wrong.add("attribution", "Keep this to one line of 200 characters");
    }
}

pub(super) async fn save(act: Act) -> Answer {
    let output = named(&act).await?;
    writes(&act, &output)?;
    let Some(excerpt) = excerpt(&act, act.form.get("excerpt")).await? else { return Err(Stop::Missing) };
    let (words, attribution) = (act.form.get("words").trim(), act.form.get("attribution").trim());
    let mut wrong = Invalid::default();
    check(words, attribution, &mut wrong);
    if !matches!(act.form.get("whose"), "author" | "another") {
        wrong.add("whose", "Choose whose words they are");
    }
    if !wrong.is_empty() {
        return page(&act, &output, &excerpt, &act.form, &wrong).await;
    }
    let wrote = wrote(&act, &excerpt).await?;
    let mut write = act.write("quote an excerpt").await?;
    // Whoever takes it back where it stands waits, or has done so.
    let source = write.lock::<entry::Entity>(excerpt.entry.id).await?.ok_or(Stop::Missing)?;
    let mark = write.lock::<mark::Entity>(excerpt.mark).await?.filter(|m| m.removed_at.is_none());
    if entries::is_gone(&source) || mark.is_none() {
        return Err(Stop::Missing);
    }
    let entry = write.lock::<entry::Entity>(output.entry.id).await?.ok_or(Stop::Missing)?;
    let row = write.lock::<output::Entity>(output.row.id).await?.ok_or(Stop::Missing)?;
    let number = next(write.tx(), &entry).await?;
    if number > MOST {
        drop(write);
        let wrong = Invalid::one("words", "There are 200 quotations in it already. Start another output");
        return page(&act, &output, &excerpt, &act.form, &wrong).await;
    }
    let quotation = quotation::Model {
        id: QuotationId(write.id()),
        programme_id: output.programme.id,
        entry_id: entry.id,
        mark_id: excerpt.mark,
        place_id: excerpt.entry.place_id,
        number,
        words: words.into(),
        attribution: attribution.into(),
        person_id: wrote.person,
        for_another: act.form.get("whose") == "another",
        made_by: act.person()?,
        made_at: write.at(),
        removed_at: None,
        taken_back_at: None,
    };
    write.insert(quotation).await?;
    let text = with_marker(&entry.text, number);
    let said = Text { text: &text, ..Text::of(&entry, &row) };
    put(&mut write, &act, &output, (&entry, &row), said, format!("Quotation {number} was added")).await?;
    act.save(write, &format!("{}?done=quoted", output.href())).await
}

/// The number of the next quotation. None is given twice, also where one was removed.
async fn next(db: &impl ConnectionTrait, entry: &entry::Model) -> Result<i32, Stop> {
    let all = quotation::Entity::find().filter(quotation::COLUMN.entry_id.eq(entry.id));
    let all = all.all(db).await.map_err(fault("count quotations"))?;
    Ok(all.iter().map(|q| q.number).max().unwrap_or(0) + 1)
}
