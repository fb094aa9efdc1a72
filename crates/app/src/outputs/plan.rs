//! What is done to an output on its own page: moving it on, planning it, replacing a name, taking a quotation out, withdrawing it.

use std::collections::BTreeSet;

use kernel::{Days, Invalid};
use sea_orm::entity::prelude::*;
use store::fault;
use tables::{PlaceId, PublicationId, QuotationId, entry, output, place, publication, quotation};
use ui::form::{self, Choice, Field};
use ui::parts;
use ui::{FormKeys, Html};

use super::consents::{self, Consents, Saying};
use super::piece::Text;
use super::write::{put, too_long};
use super::{Output, State, asks, named, names, piece, publishes, quote, show, sign, start, writes};
use crate::ground::html::*;
use crate::ground::{Act, Answer, Cx, Form, Stop};
use crate::places;

const LONGEST_WHY: usize = 2_000;

pub(super) fn step(home: &str, keys: &FormKeys, to: &str, text: &str) -> Html {
    form::button_form(home, keys, maud! { (form::hidden("do", to)) (form::button(text)) })
}

/// A step back, which is not what most come for.
pub(super) fn step_back(home: &str, keys: &FormKeys, to: &str, text: &str) -> Html {
    form::button_form(home, keys, maud! { (form::hidden("do", to)) (form::secondary_button(text)) })
}

pub(super) fn withdraw_form(cx: &Cx, output: &Output, typed: &Form, wrong: &Invalid) -> Html {
    let why = Field::new("why", "Why it is withdrawn").hint("Everybody who opens its address reads this.");
    let why = why.value(typed.get("why")).error(wrong.of("why"));
    parts::details_open(
        "Withdraw it",
        wrong.of("why").is_some(),
        form::form(
            &output.href(),
            &cx.form_keys(),
            maud! { (form::hidden("do", "withdraw")) (form::long_text(why, 2)) (form::warning_button("Withdraw it from the library")) },
        ),
    )
}

/// The form that plans it.
pub(super) async fn section(cx: &Cx, output: &Output, typed: &Form, wrong: &Invalid) -> Result<Html, Stop> {
    let row = &output.row;
    let begun: Vec<(String, String)> = [
        ("owner", row.owner_id.to_string()),
        ("audience", row.audience.clone()),
        ("due", row.due_on.map(|d| d.to_string()).unwrap_or_default()),
        ("booked", if row.booked > 0 { Days::from_quarters(row.booked.into()).decimal() } else { String::new() }),
    ]
    .into_iter()
    .map(|(n, v)| (n.to_string(), v))
    .collect();
    let begun = Form::with(begun);
    let typed = if typed.get("do") == "plan" { typed } else { &begun };
    let at = (output.entry.circle_id, output.entry.place_id);
    let fields = start::plan_fields(cx, &output.programme, at, typed, wrong).await?;
    let ticked: Vec<PlaceId> = typed.all("about").filter_map(|id| id.parse().ok()).collect();
    let about = if typed.get("do") == "plan" { ticked } else { output.about() };
    let boxes: Vec<Choice> = places::all(cx, &output.programme)
        .await?
        .into_iter()
        .filter(|p| Some(p.id) != output.entry.place_id)
        .map(|p| Choice::new(p.id.to_string(), &p.name).checked(about.contains(&p.id)))
        .collect();
    let hint = "Each signs it off before it is published. Places that are quoted do so in any case.";
    Ok(parts::section(
        "plan",
        "Plan it",
        maud! {
            (form::form(&output.href(), &cx.form_keys(), maud! {
                (form::hidden("do", "plan"))
                (&fields)
                @if !boxes.is_empty() { (form::checkboxes(Field::new("about", "Places it is about").hint(hint).optional(), &boxes)) }
                (form::button("Save the plan"))
            }))
        },
    ))
}

pub(super) async fn save(act: Act) -> Answer {
    let output = named(&act).await?;
    if act.form.get("do") == "withdraw" {
        return withdraw(&act, &output).await;
    }
    writes(&act, &output)?;
    match act.form.get("do") {
        "draft" => move_to(&act, &output, State::Draft).await,
        "asking" => move_to(&act, &output, State::Asking).await,
        "plan" => planned(&act, &output).await,
        "replace" => replace(&act, &output).await,
        "unquote" => unquote(&act, &output).await,
        "take-over" => take_over(&act, &output).await,
        _ => Err(Stop::Missing),
    }
}

/// Both of its rows, held by this write.
async fn hold(write: &mut store::Write, output: &Output) -> Result<(entry::Model, output::Model), Stop> {
    let entry = write.lock::<entry::Entity>(output.entry.id).await?.ok_or(Stop::Missing)?;
    let row = write.lock::<output::Entity>(output.row.id).await?.ok_or(Stop::Missing)?;
    Ok((entry, row))
}

async fn move_to(act: &Act, output: &Output, to: State) -> Answer {
    let mut write = act.write("move an output on").await?;
    let (entry, row) = hold(&mut write, output).await?;
    let from = State::of(&row);
    let allowed = match to {
        State::Draft => matches!(from, State::Idea | State::Asking | State::Withdrawn),
        State::Asking => from == State::Draft,
        _ => false,
    };
    if !allowed {
        let why = format!("It is {} by now: somebody was faster than you.", from.name().to_lowercase());
        let next = Some(("Open it as it stands".to_string(), output.href()));
        return Err(Stop::Refused { status: axum::http::StatusCode::CONFLICT, title: "It stands elsewhere".into(), why, next });
    }
    let lacks = Text::of(&entry, &row).lacks();
    if to == State::Asking && !lacks.is_empty() {
        let why = format!("{}. Those who are asked see exactly what would be published, so say it first.", lacks.join(". "));
        let next = Some(("Write on".to_string(), format!("{}/write", output.href())));
        return Err(Stop::Refused { status: axum::http::StatusCode::CONFLICT, title: "Something is missing".into(), why, next });
    }
    let after = output::Model { state: to.key().into(), moved_at: write.at(), ..row.clone() };
    let row = write.replace(&row, after).await?;
    if to == State::Asking {
        let now = Output { programme: output.programme.clone(), entry, row, rule: output.rule.clone() };
        asks::tell(&mut write, act, &now).await?;
    }
    act.save(write, &format!("{}?done={}", output.href(), to.key())).await
}

async fn planned(act: &Act, output: &Output) -> Answer {
    let mut wrong = Invalid::default();
    let at = (output.entry.circle_id, output.entry.place_id);
    let plan = start::planned(act, &output.programme, at, &act.form, &mut wrong).await?;
    let Some(plan) = plan else { return show::shown(act, output, &act.form, &wrong).await };
    let ticked: BTreeSet<PlaceId> = act.form.all("about").filter_map(|id| id.parse().ok()).collect();
    let known = place::Entity::find()
        .filter(place::COLUMN.programme_id.eq(output.programme.id))
        .filter(place::COLUMN.id.is_in(ticked.iter().copied()));
    let known: BTreeSet<PlaceId> = known.all(act.read()).await.map_err(fault("load places"))?.into_iter().map(|p| p.id).collect();
    let about: Vec<String> = known.iter().filter(|id| Some(**id) != output.entry.place_id).map(ToString::to_string).collect();
    let mut write = act.write("plan an output").await?;
    let (_, row) = hold(&mut write, output).await?;
    let after = output::Model {
        owner_id: plan.owner,
        due_on: plan.due,
        audience: plan.audience,
        booked: plan.booked,
        about: about.join(" "),
        ..row.clone()
    };
    write.replace(&row, after).await?;
    act.save(write, &format!("{}?done=planned", output.href())).await
}

async fn replace(act: &Act, output: &Output) -> Answer {
    let (name, by) = (act.form.get("name"), act.form.get("by"));
    let mut wrong = Invalid::default();
    if name.is_empty() {
        wrong.add("name", "Write what is to be replaced, as it stands in the text");
    }
    if by.is_empty() || by.contains('\n') {
        wrong.add("by", "Write what should stand there instead, on one line");
    }
    let quoted = consents::quoted(act, output).await?;
    let mut write = act.write("replace a name in an output").await?;
    let (entry, row) = hold(&mut write, output).await?;
    let (title, a) = names::replaced(&entry.title, name, by);
    let (summary, b) = names::replaced(&row.summary, name, by);
    let (by_line, c) = names::replaced(&row.by_line, name, by);
    let mut times = a + b + c;
    let text = piece::with_words(&entry.text, |words| {
        let (words, many) = names::replaced(words, name, by);
        times += many;
        words
    });
    // Words that one may not read, one does not change either.
    for q in quoted.iter().filter(|q| q.own && wrong.is_empty()) {
        let Some(before) = write.lock::<quotation::Entity>(q.row.id).await?.filter(|r| r.removed_at.is_none()) else { continue };
        let (words, d) = names::replaced(&before.words, name, by);
        let (attribution, e) = names::replaced(&before.attribution, name, by);
        if d + e > 0 {
            let mut too_long = Invalid::default();
            quote::check(&words, &attribution, &mut too_long);
            if !too_long.is_empty() {
                wrong.add("by", "A quotation would become too long. Choose something shorter");
                break;
            }
            write.replace(&before, quotation::Model { words, attribution, ..before.clone() }).await?;
            times += d + e;
        }
    }
    if wrong.is_empty() && times == 0 {
        wrong.add("name", format!("“{name}” stands nowhere in it. Write it just as it stands, with its capitals"));
    }
    let said = Text { title: &title, summary: &summary, text: &text, by_line: &by_line, topics: &row.topics };
    if !too_long(said).is_empty() {
        wrong.add("by", "It would become too long. Choose something shorter");
    }
    if !wrong.is_empty() {
        drop(write);
        return show::shown(act, output, &act.form, &wrong).await;
    }
    let changed = put(&mut write, act, output, (&entry, &row), said, "Names were replaced".to_string()).await?;
    if !changed {
        rewritten(&mut write, &row).await?;
    }
    act.save(write, &format!("{}?done=replaced", output.href())).await
}

/// What was with those it is about is written on, because what they would agree to has changed.
async fn rewritten(write: &mut store::Write, row: &output::Model) -> Result<(), Stop> {
    if !matches!(State::of(row), State::Idea | State::Draft) {
        let after = output::Model { state: State::Draft.key().into(), moved_at: write.at(), ..row.clone() };
        write.replace(row, after).await?;
    }
    Ok(())
}

async fn quotation_named(act: &Act, output: &Output) -> Result<QuotationId, Stop> {
    let id: QuotationId = act.form.get("quotation").parse().map_err(|_| Stop::Missing)?;
    let rows = consents::rows(act.read(), output.entry.id).await?;
    rows.iter().any(|q| q.id == id).then_some(id).ok_or(Stop::Missing)
}

/// Takes a quotation out of the text. What was published with it stays, as long as its person agrees.
async fn unquote(act: &Act, output: &Output) -> Answer {
    let id = quotation_named(act, output).await?;
    let mut write = act.write("take a quotation out").await?;
    let (entry, row) = hold(&mut write, output).await?;
    let before = write.lock::<quotation::Entity>(id).await?.filter(|q| q.removed_at.is_none()).ok_or(Stop::Missing)?;
    let text = piece::without(&entry.text, before.number);
    let at = write.at();
    write.replace(&before, quotation::Model { removed_at: Some(at), ..before.clone() }).await?;
    let text = if text.trim().is_empty() { "…" } else { text.trim_end() };
    let said = Text { text, ..Text::of(&entry, &row) };
    let changed = put(&mut write, act, output, (&entry, &row), said, format!("Quotation {} was removed", before.number)).await?;
    if !changed {
        rewritten(&mut write, &row).await?;
    }
    act.save(write, &format!("{}?done=unquoted", output.href())).await
}

/// Uses the words that whoever is quoted would agree to: they have said that they would, so they have agreed.
async fn take_over(act: &Act, output: &Output) -> Answer {
    let id = quotation_named(act, output).await?;
    let quoted = consents::quoted(act, output).await?;
    let q = quoted.iter().find(|q| q.row.id == id && q.own && q.stands == consents::Stands::Changed);
    let Some((q, said)) = q.and_then(|q| Some((q, q.said.as_ref()?))) else { return Err(sign::changed(output.href())) };
    let mut write = act.write("take over somebody’s words").await?;
    let (entry, row) = hold(&mut write, output).await?;
    let before = write.lock::<quotation::Entity>(id).await?.filter(|r| *r == q.row);
    // They may have said something else meanwhile.
    let standing = Consents::of(write.tx(), entry.id).await?;
    let stands = standing.said(id, &q.hash) == Some(said) && entry.revision == output.entry.revision;
    let Some(before) = before.filter(|_| stands) else { return Err(sign::changed(output.href())) };
    let after = quotation::Model { words: said.why.clone(), ..before.clone() };
    let hash = piece::hash_of_quotation(&entry.title, &entry.text, after.number, &after.words, &after.attribution);
    write.replace(&before, after).await?;
    // Whoever answers for somebody else says how that person agreed to these words, too.
    if !before.for_another {
        let saying = Saying {
            output,
            of: id.to_string(),
            hash: &hash,
            role: said.role.clone(),
            answer: consents::YES,
            why: String::new(),
        };
        consents::say(&mut write, saying, said.person_id).await?;
    }
    // The places sign off the text as it is now.
    let moved = output::Model { moved_at: write.at(), ..row.clone() };
    write.replace(&row, moved).await?;
    act.save(write, &format!("{}?done=taken-over", output.href())).await
}

async fn withdraw(act: &Act, output: &Output) -> Answer {
    if !publishes(act, output) {
        return Err(Stop::forbidden(
            "Others withdraw this",
            "Those who publish it do. A place that signed it off can take that back.",
        ));
    }
    let why = act.form.get("why");
    if why.is_empty() || why.chars().count() > LONGEST_WHY {
        let wrong = Invalid::one("why", "Say why, in a sentence that everybody may read");
        return show::shown(act, output, &act.form, &wrong).await;
    }
    let mut write = act.write("withdraw a publication").await?;
    let (_, row) = hold(&mut write, output).await?;
    withdraw_all(&mut write, &row, why, |_| true).await?;
    act.save(write, &format!("{}?done=withdrawn", output.href())).await
}

/// Withdraws published versions of an output; where none is left, the output is withdrawn.
pub(super) async fn withdraw_all(
    write: &mut store::Write,
    row: &output::Model,
    why: &str,
    which: impl Fn(&publication::Model) -> bool,
) -> Result<(), Stop> {
    let all = publication::Entity::find()
        .filter(publication::COLUMN.entry_id.eq(row.entry_id))
        .filter(publication::COLUMN.withdrawn_at.is_null())
        .all(write.tx())
        .await
        .map_err(fault("list publications"))?;
    let at = Some(write.at());
    let ids: Vec<PublicationId> = all.iter().filter(|p| which(p)).map(|p| p.id).collect();
    for before in all.iter().filter(|p| ids.contains(&p.id)) {
        let after = publication::Model { withdrawn_at: at, withdrawn_why: why.to_string(), ..before.clone() };
        write.replace(before, after).await?;
    }
    // The newest of those that are left is the one that everybody is led to.
    if let Some(newest) = all.iter().filter(|p| !ids.contains(&p.id)).max_by_key(|p| p.number).filter(|p| !p.latest) {
        let last = publication::Entity::find()
            .filter(publication::COLUMN.entry_id.eq(row.entry_id))
            .filter(publication::COLUMN.latest.eq(true))
            .one(write.tx())
            .await
            .map_err(fault("load a publication"))?;
        if let Some(last) = last {
            write.replace(&last, publication::Model { latest: false, ..last.clone() }).await?;
        }
        write.replace(newest, publication::Model { latest: true, ..newest.clone() }).await?;
    }
    if all.iter().all(|p| ids.contains(&p.id)) && State::of(row) == State::Published {
        let after = output::Model { state: State::Withdrawn.key().into(), moved_at: write.at(), ..row.clone() };
        write.replace(row, after).await?;
    }
    Ok(())
}
