//! What partners say to each other about their application, and what one organisation tells the programme team alone.
//! Who reads which is asked in one place, [`read`], of the viewer's own part in the application.

use kernel::{Fault, Invalid};
use sea_orm::entity::prelude::*;
use sea_orm::{JoinType, QueryOrder, QuerySelect};
use store::fault;
use tables::{RemarkId, applicant, person, remark};
use ui::form::{self, Choice, Field};
use ui::{Html, html, parts, words};

use super::reading::Applied;
use crate::answers;
use crate::ground::html::*;
use crate::ground::{Act, Answer, Cx, Draft, Stop};

const LONGEST: usize = 5_000;
const SAID: &[(&str, &str)] =
    &[("added", "Added. It stands below."), ("taken", "Taken back. Only that there was something can still be seen.")];

/// Who a remark is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Audience {
    /// All who write the application, and nobody else.
    Partners,
    /// Those who run the call, and whoever writes for the same organisation.
    Team,
}

impl Audience {
    const fn key(self) -> &'static str {
        match self {
            Self::Partners => "partners",
            Self::Team => "team",
        }
    }
    const fn page(self) -> &'static str {
        match self {
            Self::Partners => "comments",
            Self::Team => "note",
        }
    }
}

/// A remark with the names that stand beside it.
struct Said {
    row: remark::Model,
    who: String,
    organisation: String,
}

/// The remarks that the viewer may read. Of what is for the programme team, a partner reads what their own organisation
/// said, and those who run the call what every organisation said.
async fn read(cx: &Cx, applied: &Applied, audience: Audience) -> Result<Vec<Said>, Fault> {
    let own = match (audience, &applied.mine) {
        (Audience::Partners, Some(_)) => None,
        (Audience::Team, Some(mine)) => Some(remark::COLUMN.applicant_id.eq(mine.applicant_id)),
        (Audience::Team, None) if applied.runs && applied.row.submitted_at.is_some() => None,
        _ => return Ok(Vec::new()),
    };
    let found = remark::Entity::find()
        .select_also(person::Entity)
        .join(
            JoinType::InnerJoin,
            remark::Entity::belongs_to(person::Entity).from(remark::Column::PersonId).to(person::Column::Id).into(),
        )
        .filter(remark::COLUMN.application_id.eq(applied.row.id))
        .filter(remark::COLUMN.audience.eq(audience.key()))
        .filter(sea_orm::Condition::all().add_option(own))
        .order_by_asc(remark::Column::CreatedAt)
        .order_by_asc(remark::Column::Id)
        .all(cx.read())
        .await
        .map_err(fault("list remarks"))?;
    // Those that have left are named as well.
    let organisations =
        applicant::Entity::find().filter(applicant::COLUMN.application_id.eq(applied.row.id)).all(cx.read()).await;
    let organisations = organisations.map_err(fault("list an application’s organisations"))?;
    let said = found.into_iter().map(|(row, person)| Said {
        who: person.map(|p| p.name).unwrap_or_default(),
        organisation: organisations.iter().find(|o| o.id == row.applicant_id).map(|o| o.name.clone()).unwrap_or_default(),
        row,
    });
    Ok(said.collect())
}

/// How many comments there are between partners: on one section, or on all.
pub(super) async fn count(cx: &Cx, applied: &Applied, section: Option<&str>) -> Result<usize, Fault> {
    let said = read(cx, applied, Audience::Partners).await?;
    let there = said.iter().filter(|s| s.row.taken_back_at.is_none());
    Ok(there.filter(|s| section.is_none_or(|key| s.row.section.as_deref() == Some(key))).count())
}

/// “No comments yet”, “1 comment”, “12 comments”.
pub(super) fn counted(number: usize) -> String {
    match number {
        0 => "no comments yet".into(),
        1 => "1 comment".into(),
        n => format!("{n} comments"),
    }
}

/// What was typed.
#[derive(Default)]
struct Typed {
    text: String,
    section: String,
}

/// The sections that a comment may be about: key and title.
async fn sections(cx: &Cx, applied: &Applied) -> Result<Vec<(String, String)>, Fault> {
    let form = answers::form_of(cx.app(), applied.call.form_id).await?;
    Ok(form.form().sections.iter().map(|s| (s.key.clone(), s.title.get(forms::Lang::En).to_string())).collect())
}

/// `…/comments`
pub(super) async fn comments(cx: Cx) -> Answer {
    let typed = Typed { section: cx.query("section").to_string(), ..Typed::default() };
    page(&cx, Audience::Partners, &typed, &Invalid::default()).await
}

/// `…/note`
pub(super) async fn note(cx: Cx) -> Answer {
    page(&cx, Audience::Team, &Typed::default(), &Invalid::default()).await
}

async fn page(cx: &Cx, audience: Audience, typed: &Typed, wrong: &Invalid) -> Answer {
    let (programme, applied) = (cx.programme()?.clone(), cx.application()?.clone());
    let home = applied.href(&programme.href());
    let said = read(cx, &applied, audience).await?;
    let sections = sections(cx, &applied).await?;
    let (title, lead) = match audience {
        Audience::Partners => ("Comments between partners", "Talk about the text where the text is."),
        Audience::Team => ("A private note to the programme team", "For what the other partners need not read."),
    };
    let own = own_name(cx, &applied).await?;
    let mut choices = vec![Choice::new("", "The whole application")];
    choices.extend(sections.iter().map(|(key, title)| Choice::new(key, title)));
    for choice in &mut choices {
        choice.checked = choice.value == typed.section;
    }
    let field = |of: &'static str, label, hint, value| Field::new(of, label).hint(hint).value(value).error(wrong.of(of));
    let draft = Draft::new(title).lead(lead).done(cx, SAID).invalid(wrong);
    Ok(applied.below(draft, &programme).page(
        cx,
        maud! {
            (parts::section("there", "What was said", list(cx, &home, &applied, &said, &sections)))
            (parts::section("add", "Say something", maud! {
                @match audience {
                    Audience::Partners => p { strong { "Who reads this: " } "all who write this application, and nobody else: not those who run the call, whatever becomes of it." }
                    Audience::Team => p { strong { "Who reads this: " } "those who write for " (&own) "; and once the application is submitted, those who run the call. No other partner reads it, and nobody who assesses." }
                }
                (form::form(&format!("{home}/{}", audience.page()), &cx.form_keys(), maud! {
                    @if audience == Audience::Partners { (form::select(field("section", "What is it about?", "", &typed.section), &choices)) }
                    (form::long_text(field("text", "What do you want to say?", "You can use Markdown.", &typed.text), 6))
                    (form::button(match audience { Audience::Partners => "Add the comment", Audience::Team => "Add the note" }))
                }))
            }))
        },
    ))
}

/// The organisation that the viewer writes for.
async fn own_name(cx: &Cx, applied: &Applied) -> Result<String, Stop> {
    let mine = applied.mine.as_ref().ok_or(Stop::Missing)?;
    let found = applicant::Entity::find_by_id(mine.applicant_id).one(cx.read()).await.map_err(fault("load an organisation"))?;
    Ok(found.map(|o| o.name).unwrap_or_default())
}

fn list(cx: &Cx, home: &str, applied: &Applied, said: &[Said], sections: &[(String, String)]) -> Html {
    let me = cx.viewer().person();
    html(maud! {
        @if said.is_empty() { p class="muted" { "Nothing has been said here yet." } }
        @for one in said {
            @let about = one.row.section.as_ref().and_then(|key| sections.iter().find(|(k, _)| k == key));
            div class="remark" id=(one.row.id.to_string()) {
                p class="muted" {
                    strong { (&one.who) } ", " (&one.organisation) ", " (one.row.created_at.to_string())
                    @if let Some((_, title)) = about { ", on “" (title) "”" }
                }
                @if one.row.taken_back_at.is_some() { p class="muted" { "This was taken back." } }
                @else {
                    (words::markdown(&one.row.text))
                    @if applied.mine.is_some() && me == Some(one.row.person_id) {
                        (form::button_form(&format!("{home}/remarks/{}/take-back", one.row.id), &cx.form_keys(), maud! {
                            button class="link-button" type="submit" { "Take this back" span class="govuk-visually-hidden" { ", of " (one.row.created_at.to_string()) } }
                        }))
                    }
                }
            }
        }
    })
}

pub(super) async fn add_comment(act: Act) -> Answer {
    add(act, Audience::Partners, "comment on an application").await
}

pub(super) async fn add_note(act: Act) -> Answer {
    add(act, Audience::Team, "write a note to the programme team").await
}

async fn add(act: Act, audience: Audience, act_words: &'static str) -> Answer {
    let (programme, applied) = (act.programme()?.clone(), act.application()?.clone());
    let mine = applied.mine.as_ref().ok_or(Stop::Missing)?;
    let typed = Typed { text: act.form.get("text").to_string(), section: act.form.get("section").to_string() };
    let mut wrong = Invalid::default();
    if typed.text.is_empty() || typed.text.chars().count() > LONGEST {
        wrong.add("text", "Enter what you want to say, in at most 5,000 characters");
    }
    let known = sections(&act, &applied).await?.iter().any(|(key, _)| *key == typed.section);
    if audience == Audience::Partners && !typed.section.is_empty() && !known {
        wrong.add("section", "Choose a section of the form, or the whole application");
    }
    if !wrong.is_empty() {
        return page(&act, audience, &typed, &wrong).await;
    }
    let mut write = act.write(act_words).await?;
    let row = remark::Model {
        id: RemarkId(write.id()),
        programme_id: programme.id,
        application_id: applied.row.id,
        applicant_id: mine.applicant_id,
        audience: audience.key().into(),
        section: (audience == Audience::Partners && known).then_some(typed.section),
        text: typed.text,
        person_id: act.person()?,
        created_at: write.at(),
        taken_back_at: None,
    };
    write.insert(row).await?;
    act.save(write, &format!("{}/{}?done=added", applied.href(&programme.href()), audience.page())).await
}

/// Only whoever said it takes it back.
pub(super) async fn take_back(act: Act) -> Answer {
    let (programme, applied) = (act.programme()?.clone(), act.application()?.clone());
    let id: RemarkId = act.param("remark").parse().map_err(|_| Stop::Missing)?;
    let mut write = act.write("take back a remark").await?;
    let before = write.lock::<remark::Entity>(id).await?;
    let before = before.filter(|r| r.application_id == applied.row.id && Some(r.person_id) == act.viewer().person());
    let before = before.ok_or(Stop::Missing)?;
    if before.taken_back_at.is_none() {
        write.replace(&before, remark::Model { taken_back_at: Some(write.at()), ..before.clone() }).await?;
    }
    let page = if before.audience == Audience::Team.key() { Audience::Team } else { Audience::Partners };
    act.save(write, &format!("{}/{}?done=taken", applied.href(&programme.href()), page.page())).await
}

/// `…/notes`: what the organisations told those who run the call, each by itself.
pub(super) async fn notes(cx: Cx) -> Answer {
    let (programme, applied) = (cx.programme()?.clone(), cx.application()?.clone());
    let home = applied.href(&programme.href());
    let said = read(&cx, &applied, Audience::Team).await?;
    let lead =
        "What single organisations of this partnership told you. The other partners do not read it, and nobody who assesses.";
    let draft = Draft::new("Private notes to the programme team").lead(lead);
    Ok(applied.below(draft, &programme).page(&cx, list(&cx, &home, &applied, &said, &[])))
}
