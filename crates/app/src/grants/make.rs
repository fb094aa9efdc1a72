//! A grant manager drafts an award for a place: who holds it, how much, for what, from when to when, on what conditions.

use design::{ComponentKind, MoneyLine};
use kernel::{Day, Fault, Invalid, Money};
use sea_orm::entity::prelude::*;
use sea_orm::{QueryOrder, QuerySelect};
use store::{Write, fault};
use tables::{ApplicationId, AwardId, OrganisationId, PersonId, VariationId, application, award, decision, place, variation};
use ui::form::{self, Choice, Field};
use ui::{Html, parts};

use super::award::{MOST_YEARS, Standing, Whole, below, href, named, not_now, of_place};
use crate::ground::html::*;
use crate::ground::{Act, Answer, Cx, Form, Snapshot, Stop};
use crate::places::{Partner, partners_of};

const LONG: usize = 20_000;

/// What an award can be made of here.
struct Choices {
    holders: Vec<Choice>,
    lines: Vec<Choice>,
    /// Awards of this place that one may go on from.
    follows: Vec<Choice>,
}

#[derive(Debug, Clone, Default)]
struct Typed {
    /// The revision that was seen.
    seen: String,
    holder: String,
    line: String,
    amount: String,
    starts_on: String,
    ends_on: String,
    purpose: String,
    conditions: String,
    follows: String,
}

/// The terms of an award, read.
pub(super) struct Read {
    pub holder: OrganisationId,
    pub line: String,
    pub amount: Money,
    pub starts_on: Day,
    pub ends_on: Day,
    pub purpose: String,
    pub conditions: String,
    pub follows: Option<AwardId>,
}

impl Typed {
    fn of(form: &Form) -> Self {
        let text = |name| form.get(name).to_string();
        Self {
            seen: text("_seen"),
            holder: text("holder"),
            line: text("line"),
            amount: text("amount"),
            starts_on: text("starts_on"),
            ends_on: text("ends_on"),
            purpose: text("purpose"),
            conditions: text("conditions"),
            follows: text("follows"),
        }
    }
    fn from(row: &award::Model) -> Self {
        Self {
            seen: row.revision.to_string(),
            holder: row.organisation_id.to_string(),
            line: row.line.clone(),
            amount: plain(Money::from_pence(row.amount)),
            starts_on: row.starts_on.to_string(),
            ends_on: row.ends_on.to_string(),
            purpose: row.purpose.clone(),
            conditions: row.conditions.clone(),
            follows: row.follows_id.map(|id| id.to_string()).unwrap_or_default(),
        }
    }
    fn read(&self, choices: &Choices) -> Result<Read, Invalid> {
        let mut wrong = Invalid::default();
        let among = |all: &[Choice], value: &str| all.iter().any(|c| c.value == value && !value.is_empty());
        if !among(&choices.holders, &self.holder) {
            wrong.add("holder", "Choose the partner that holds the grant");
        }
        if !among(&choices.lines, &self.line) {
            wrong.add("line", "Choose the money that it comes out of");
        }
        if !self.follows.is_empty() && !among(&choices.follows, &self.follows) {
            wrong.add("follows", "Choose one of these, or none");
        }
        let amount = amount_of(&mut wrong, "amount", &self.amount);
        let mut day =
            |field: &'static str, text: &str| Day::parse_as_written(text).map_err(|e| wrong.add(field, e.to_string())).ok();
        let (starts_on, ends_on) = (day("starts_on", &self.starts_on), day("ends_on", &self.ends_on));
        match (starts_on, ends_on) {
            (Some(from), Some(to)) if to <= from => wrong.add("ends_on", "Enter a day after the start"),
            (Some(from), Some(to)) if to >= from.plus_months(MOST_YEARS * 12) => {
                wrong.add("ends_on", format!("An award lasts at most {MOST_YEARS} years. Enter an earlier day"));
            }
            _ => {}
        }
        if self.purpose.is_empty() {
            wrong.add("purpose", "Say what the award is for");
        }
        for (field, text) in [("purpose", &self.purpose), ("conditions", &self.conditions)] {
            if text.chars().count() > LONG {
                wrong.add(field, "Shorten this to 20,000 characters");
            }
        }
        match (amount, starts_on, ends_on, self.holder.parse(), wrong.is_empty()) {
            (Some(amount), Some(starts_on), Some(ends_on), Ok(holder), true) => Ok(Read {
                holder,
                line: self.line.clone(),
                amount,
                starts_on,
                ends_on,
                purpose: self.purpose.clone(),
                conditions: self.conditions.clone(),
                follows: self.follows.parse().ok(),
            }),
            _ => Err(wrong),
        }
    }
}

/// An amount as people type it into a field that shows the pound sign.
pub(super) fn plain(amount: Money) -> String {
    amount.to_string().replace('£', "")
}

/// An amount above nought and small enough to be an award.
pub(super) fn amount_of(wrong: &mut Invalid, field: &'static str, text: &str) -> Option<Money> {
    /// A thousand million pounds: more than any programme, and far from what can be counted.
    const MOST: Money = Money::from_pence(100_000_000_000);
    let said = match text.parse::<Money>() {
        Ok(amount) if amount == Money::ZERO => "Enter an amount above nought".to_string(),
        Ok(amount) if amount > MOST => format!("Enter an amount of at most {MOST}"),
        Ok(amount) => return Some(amount),
        Err(_) if text.trim_start().starts_with(['-', '−']) => "Enter an amount above nought, without a minus".to_string(),
        Err(bad) => bad.to_string(),
    };
    wrong.add(field, said);
    None
}

/// The lines of the design's money that awards come out of: those of grants, or where no line says so, all.
pub(crate) fn lines(programme: &Snapshot) -> Vec<&MoneyLine> {
    let design = &programme.programme.design;
    let grants = |l: &&MoneyLine| {
        l.component.as_ref().and_then(|key| design.component(key)).is_some_and(|c| c.kind == ComponentKind::Grants)
    };
    let of_grants: Vec<_> = design.money.iter().filter(grants).collect();
    if of_grants.is_empty() { design.money.iter().collect() } else { of_grants }
}

async fn choices(cx: &Cx, place: &place::Model, of: Option<AwardId>) -> Result<Choices, Fault> {
    let holders = partners_of(cx.read(), place.id).await?;
    let holder = |p: Partner| {
        let name = p.organisation.name;
        Choice::new(p.organisation.id.to_string(), if p.lead { format!("{name}, which leads") } else { name })
    };
    let lines = cx.programme().map(|p| lines(p).iter().map(|l| line_choice(l)).collect()).unwrap_or_default();
    let before = award::Entity::find()
        .filter(award::COLUMN.place_id.eq(place.id))
        .filter(award::COLUMN.agreed_at.is_not_null())
        .order_by_asc(award::Column::StartsOn)
        .order_by_asc(award::Column::Id)
        .all(cx.read())
        .await
        .map_err(fault("list awards"))?;
    let before = before.iter().filter(|a| Some(a.id) != of);
    let follows = before.map(|a| Choice::new(a.id.to_string(), format!("{}, {}", a.reference, Money::from_pence(a.amount))));
    let none = Choice::new("", "None: it is the first");
    Ok(Choices {
        holders: holders.into_iter().map(holder).collect(),
        lines,
        follows: [none].into_iter().chain(follows).collect(),
    })
}

fn line_choice(line: &MoneyLine) -> Choice {
    let up_to = if line.up_to { "up to " } else { "" };
    Choice::new(&line.key, &line.name).hint(format!("{up_to}{} each", line.amount))
}

/// `…/places/{place}/awards/new`
pub(super) async fn form(cx: Cx) -> Answer {
    let place = cx.place()?.clone();
    let choices = choices(&cx, &place, None).await?;
    let typed = proposed(&cx, &place, &choices).await?;
    page(&cx, None, &choices, &typed, &Invalid::default())
}

/// What is likely, so that nothing is typed again: whoever leads holds it, it goes on from the last award and comes out of the
/// line after that one's, with what the place wants and what was decided when it was chosen.
async fn proposed(cx: &Cx, place: &place::Model, choices: &Choices) -> Result<Typed, Stop> {
    let follows = choices.follows.last().map(|c| c.value.clone()).unwrap_or_default();
    let before = award::Entity::find().filter(award::COLUMN.place_id.eq(place.id)).all(cx.read()).await;
    let before = before.map_err(fault("list awards"))?.into_iter().find(|a| a.id.to_string() == follows);
    let programme = cx.programme()?;
    let lines = lines(programme);
    let next = before.and_then(|b| lines.iter().position(|l| l.key == b.line)).map_or(0, |at| at + 1);
    let line = lines.get(next).or(lines.last());
    Ok(Typed {
        holder: choices.holders.first().map(|c| c.value.clone()).unwrap_or_default(),
        line: line.map(|l| l.key.clone()).unwrap_or_default(),
        amount: line.filter(|l| !l.up_to).map(|l| plain(l.amount)).unwrap_or_default(),
        purpose: place.vision.clone(),
        conditions: decided(cx, place).await?,
        follows,
        ..Typed::default()
    })
}

/// The conditions under which the application was chosen that became this place.
async fn decided(cx: &Cx, place: &place::Model) -> Result<String, Fault> {
    let of_place = application::Entity::find().filter(application::COLUMN.place_id.eq(place.id));
    let of_place = of_place.select_only().column(application::Column::Id).into_tuple::<ApplicationId>().all(cx.read()).await;
    let decisions = decision::Entity::find()
        .filter(decision::COLUMN.application_id.is_in(of_place.map_err(fault("list applications"))?))
        .filter(decision::COLUMN.counts_at.is_not_null())
        .filter(decision::COLUMN.replaced_at.is_null())
        .order_by_desc(decision::Column::CountsAt)
        .order_by_desc(decision::Column::Id)
        .one(cx.read())
        .await
        .map_err(fault("look for what was decided"))?;
    Ok(decisions.map(|d| d.conditions).unwrap_or_default())
}

fn page(cx: &Cx, whole: Option<&Whole>, choices: &Choices, typed: &Typed, wrong: &Invalid) -> Answer {
    let draft = match whole {
        Some(whole) => below(cx, whole, format!("Terms of award {}", whole.row.reference))?,
        None => of_place(cx, format!("Make an award to {}", cx.place()?.name))?,
    };
    let draft = draft
        .lead("A draft that only those who make awards see. Its budget and instalments come next; then it is offered.")
        .invalid(wrong);
    if choices.holders.is_empty() {
        return Ok(draft.page(cx, maud! { p { "This place has no partner organisation yet that could hold a grant." } }));
    }
    Ok(draft.page(
        cx,
        maud! {
            (form::form(cx.path(), &cx.form_keys(), maud! {
                (form::hidden("_seen", &typed.seen))
                @if whole.is_none() { (parts::inset(maud! { p { "What is filled in already comes from the design, from the place’s own words and from what was decided when it was chosen. Change whatever is otherwise." } })) }
                (fields(choices, typed, wrong))
                (form::button(if whole.is_some() { "Save the terms" } else { "Go on to the budget" }))
            }))
        },
    ))
}

fn fields(choices: &Choices, typed: &Typed, wrong: &Invalid) -> Html {
    let field = |of: &'static str, label, hint, value| Field::new(of, label).hint(hint).value(value).error(wrong.of(of));
    ui::html(maud! {
        (form::radios(field("holder", "Who holds the grant for the place?", "It is paid to them, and named as its recipient.", &typed.holder), &choices.holders))
        (form::radios(field("line", "What money does it come out of?", "", &typed.line), &choices.lines))
        @if choices.follows.len() > 1 {
            (form::radios(field("follows", "Does it go on from an earlier award?", "", &typed.follows), &choices.follows))
        }
        (form::money(field("amount", "How much is it?", "In all years together.", &typed.amount)))
        (form::date(field("starts_on", "It starts on", "", &typed.starts_on)))
        (form::date(field("ends_on", "It ends on", "This place’s own end; other places may end on other days.", &typed.ends_on)))
        (form::long_text(field("purpose", "What is it for?", "Both sides sign this.", &typed.purpose), 5))
        (form::long_text(field("conditions", "On what conditions?", "One a line. Leave it empty if there are none.", &typed.conditions).optional(), 4))
    })
}

pub(super) async fn save(act: Act) -> Answer {
    let (programme, place) = (act.programme()?.clone(), act.place()?.clone());
    let (choices, typed) = (choices(&act, &place, None).await?, Typed::of(&act.form));
    let read = match typed.read(&choices) {
        Ok(read) => read,
        Err(wrong) => return page(&act, None, &choices, &typed, &wrong),
    };
    let mut write = act.write("draft an award").await?;
    let id = put(&mut write, act.person()?, &place, read).await?.id;
    act.save(write, &format!("{}/budget", href(&programme, &place, id))).await
}

/// Writes a draft with a budget that has nothing in it yet.
pub(super) async fn put(write: &mut Write, by: PersonId, place: &place::Model, read: Read) -> Result<award::Model, Stop> {
    // Whoever drafts another for this place meanwhile waits, so that each gets a number of its own.
    write.lock::<place::Entity>(place.id).await?.ok_or(Stop::Missing)?;
    let drafted = award::Entity::find().filter(award::COLUMN.place_id.eq(place.id)).count(write.tx()).await;
    let number = drafted.map_err(fault("count awards"))? + 1;
    let id = AwardId(write.id());
    let row = award::Model {
        id,
        programme_id: place.programme_id,
        place_id: place.id,
        organisation_id: read.holder,
        reference: format!("{}-{number}", place.slug.to_uppercase()),
        line: read.line,
        follows_id: read.follows,
        purpose: read.purpose,
        conditions: read.conditions,
        amount: read.amount.pence(),
        starts_on: read.starts_on,
        ends_on: read.ends_on,
        revision: 1,
        agreement: String::new(),
        agreement_hash: String::new(),
        created_by: by,
        created_at: write.at(),
        offered_at: None,
        agreed_at: None,
        closed_at: None,
    };
    let row = write.insert(row).await?;
    let first = variation::Model {
        id: VariationId(write.id()),
        programme_id: place.programme_id,
        award_id: id,
        number: 1,
        reason: String::new(),
        plan: String::new(),
        ends_on: None,
        proposed_by: by,
        proposed_at: write.at(),
        outcome: Some(super::award::APPROVED.into()),
        answer: String::new(),
        answered_by: None,
        answered_at: None,
    };
    write.insert(first).await?;
    Ok(row)
}

/// `…/awards/{award}/terms`
pub(super) async fn change_form(cx: Cx) -> Answer {
    let whole = draft(&cx, named(&cx).await?)?;
    let choices = choices(&cx, cx.place()?, Some(whole.row.id)).await?;
    page(&cx, Some(&whole), &choices, &Typed::from(&whole.row), &Invalid::default())
}

/// What was offered is changed by taking the offer back.
pub(super) fn draft(cx: &Cx, whole: Whole) -> Result<Whole, Stop> {
    if whole.standing() == Standing::Draft {
        return Ok(whole);
    }
    let why = "Its terms stand as both sides sign them. An offer that nobody has agreed to can be taken back; an agreed budget is changed by a reprofile.";
    let here = href(cx.programme()?, cx.place()?, whole.row.id);
    Err(not_now(&whole, "The award has been offered", why, here))
}

pub(super) async fn change(act: Act) -> Answer {
    let (programme, place) = (act.programme()?.clone(), act.place()?.clone());
    let whole = draft(&act, named(&act).await?)?;
    let (choices, typed) = (choices(&act, &place, Some(whole.row.id)).await?, Typed::of(&act.form));
    let read = match typed.read(&choices) {
        Ok(read) => read,
        Err(wrong) => return page(&act, Some(&whole), &choices, &typed, &wrong),
    };
    let mut write = act.write("change the terms of an award").await?;
    let before = write.lock::<award::Entity>(whole.row.id).await?.ok_or(Stop::Missing)?;
    if before.revision.to_string() != typed.seen || before.offered_at.is_some() {
        drop(write);
        let typed = Typed { seen: before.revision.to_string(), ..typed };
        let wrong =
            Invalid::one("amount", "Somebody else has changed the award meanwhile. Compare with its page, then save again");
        return page(&act, Some(&whole), &choices, &typed, &wrong);
    }
    let after = award::Model {
        organisation_id: read.holder,
        line: read.line,
        follows_id: read.follows,
        purpose: read.purpose,
        conditions: read.conditions,
        amount: read.amount.pence(),
        starts_on: read.starts_on,
        ends_on: read.ends_on,
        revision: before.revision + 1,
        ..before.clone()
    };
    write.replace(&before, after).await?;
    act.save(write, &format!("{}?done=terms", href(&programme, &place, whole.row.id))).await
}
