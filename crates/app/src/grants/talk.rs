//! Reporting by conversation: the funder and the place talk, one of them writes down what was said for both, and what was
//! spent of each line goes into the ledger with it. What is known already is shown first, so that nothing is asked twice.

use std::collections::BTreeMap;

use kernel::{Day, Invalid, Money};
use tables::award;
use ui::form::{self, Field};
use ui::{Html, html, parts};

use super::accounts::{self, BUDGET, By, NotDone};
use super::award::{Standing, Whole, below, href, line_name, named, not_now, whole as load, year_name, year_of};
use super::show::Figures;
use crate::entries::{self, Asked, EntryOffer, EntryTyped};
use crate::ground::html::*;
use crate::ground::{Act, Answer, Cx, Form, Snapshot, Stop};

/// How many entries stand above the form.
const SOME: u64 = 6;

/// What is typed as spent of each line.
struct Spend(Vec<(String, String, String)>);

impl Spend {
    /// A field for each line that has anything in the budget.
    fn of(whole: &Whole, text: impl Fn(&str) -> String) -> Self {
        let field = |line: String| {
            let name = format!("spent-{line}");
            let typed = text(&name);
            (line, name, typed)
        };
        Self(lines(whole).into_iter().map(field).collect())
    }
    fn typed(whole: &Whole, form: &Form) -> Self {
        Self::of(whole, |name| form.get(name).to_string())
    }
    fn read(&self, wrong: &mut Invalid) -> Vec<(String, Money)> {
        let mut read = Vec::new();
        for (line, name, typed) in self.0.iter().filter(|(.., typed)| !typed.is_empty()) {
            match typed.parse::<Money>() {
                Ok(Money::ZERO) => {}
                Ok(amount) => read.push((line.clone(), amount)),
                Err(bad) => wrong.add(name.clone(), bad.to_string()),
            }
        }
        read
    }
}

/// The lines that have anything in the budget.
pub(super) fn lines(whole: &Whole) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for cell in whole.budget().iter().flat_map(|b| &b.cells).filter(|c| c.after > 0) {
        if !lines.contains(&cell.line) {
            lines.push(cell.line.clone());
        }
    }
    lines
}

/// The last day for which something was noted as spent, and stands: what was taken back counts against it on the same day.
pub(super) async fn noted_until(cx: &Cx, whole: &Whole) -> Result<Option<Day>, Stop> {
    let mut days: BTreeMap<Day, i64> = BTreeMap::new();
    for (day, amount) in Figures::of(cx, whole).await?.spend {
        *days.entry(day).or_default() += amount.pence();
    }
    Ok(days.into_iter().rev().find(|(_, amount)| *amount != 0).map(|(day, _)| day))
}

/// The form may be used here: both sides have signed, and the viewer may write in the circle that they share.
pub(super) fn open<'a>(cx: &'a Cx, whole: &Whole) -> Result<EntryOffer<'a>, Stop> {
    let programme = cx.programme()?;
    let here = href(programme, cx.place()?, whole.row.id);
    if whole.standing() != Standing::Agreed {
        return Err(not_now(whole, "The award is not in force", "What was spent is noted while it is.", here));
    }
    let kind = programme.programme.design.money_talk().map(|k| k.key.clone());
    let offers = entries::offers(cx, programme, Some(cx.place()?.id));
    offers.into_iter().find(|o| Some(&o.kind.key) == kind.as_ref()).ok_or_else(|| {
        Stop::forbidden(
            "You do not write in this conversation",
            "Your role sees the money here, but does not write of it with the other side.",
        )
    })
}

/// `…/awards/{award}/talk`
pub(super) async fn form(cx: Cx) -> Answer {
    let whole = named(&cx).await?;
    let offer = open(&cx, &whole)?;
    let spend = Spend::of(&whole, |_| String::new());
    page(&cx, &whole, &offer, (&blank(&cx, &offer, (String::new(), None)), &spend), &Invalid::default()).await
}

fn blank(cx: &Cx, offer: &EntryOffer<'_>, (text, on): (String, Option<Day>)) -> EntryTyped {
    let circle = offer.circles.first().map(|(c, _)| c.key.clone()).unwrap_or_default();
    EntryTyped { circle, happened_on: on.unwrap_or(cx.today()).to_string(), text, ..EntryTyped::default() }
}

/// The form with what somebody found out elsewhere already in it.
pub(super) async fn filled(cx: &Cx, whole: &Whole, known: (String, Option<Day>), amounts: &BTreeMap<String, String>) -> Answer {
    let offer = open(cx, whole)?;
    let spend = Spend::of(whole, |name| amounts.get(name.strip_prefix("spent-").unwrap_or(name)).cloned().unwrap_or_default());
    page(cx, whole, &offer, (&blank(cx, &offer, known), &spend), &Invalid::default()).await
}

async fn page(cx: &Cx, whole: &Whole, offer: &EntryOffer<'_>, (typed, spend): (&EntryTyped, &Spend), wrong: &Invalid) -> Answer {
    let (programme, place) = (cx.programme()?, cx.place()?);
    let home = href(programme, place, whole.row.id);
    let filled = cx.path().ends_with("/sheet/match");
    let action = format!("{home}/talk");
    let known = known(cx, programme).await?;
    let figures = Figures::of(cx, whole).await?;
    let fields = entries::entry_fields(cx, Some(place.id), offer, typed, wrong).await?;
    let year =
        Day::parse_as_written(&typed.happened_on).map_or_else(|_| year_of(&whole.row, cx.today()), |d| year_of(&whole.row, d));
    let left: Vec<String> = spend
        .0
        .iter()
        .map(|(line, ..)| format!("{} left in {}.", figures.cell(BUDGET, line, year), year_name(&whole.row, year)))
        .collect();
    let draft = below(cx, whole, format!("Talk about award {}", whole.row.reference))?
        .lead("Written down once, for both sides. Money counts where an amount stands; everything else is the conversation.")
        .invalid(wrong);
    Ok(draft.page(
        cx,
        maud! {
            @if filled {
                (parts::inset(maud! { p { "The amounts of the spreadsheet are filled in " a class="govuk-link" href="#spent" { "below" } ". Nothing is saved yet: give it a title, look it through, and save it." } }))
            }
            (parts::section("known", "What is known already", &known))
            (form::form(&action, &cx.form_keys(), maud! {
                (fields)
                fieldset id="spent" class="govuk-fieldset form-group-wide" {
                    legend class="govuk-fieldset__legend govuk-fieldset__legend--m" { "What was spent since the last time" }
                    p { "It is booked on the day above. Leave a line empty where nothing was spent, or nothing is known yet." }
                    p { a class="govuk-link" href={ (&home) "/sheet" } { "Read the amounts from a spreadsheet" } ", before you write anything here." }
                    @for (i, (line, name, typed)) in spend.0.iter().enumerate() {
                        (form::money(Field::new(name, line_name(programme, line)).hint(&left[i]).value(typed).error(wrong.of(name)).optional()))
                    }
                }
                (form::button("Save it for both sides"))
            }))
        },
    ))
}

/// The newest entries about the place that the viewer may read.
async fn known(cx: &Cx, programme: &Snapshot) -> Result<Html, Stop> {
    let asked = Asked { place: Some(cx.place()?.id), limit: SOME, ..Asked::default() };
    let entries = entries::list(cx, programme, &asked).await?;
    let cards = entries::cards(programme, &entries, &[], false);
    Ok(html(maud! {
        @if entries.is_empty() { p { "There is nothing about this place yet that you may read." } }
        @else { p { "The newest that you may read about this place. What stands there need not be asked again." } (cards) }
    }))
}

pub(super) async fn save(act: Act) -> Answer {
    let (programme, place) = (act.programme()?.clone(), act.place()?.clone());
    let seen = named(&act).await?;
    let offer = open(&act, &seen)?;
    let (typed, spend) = (EntryTyped::of(&act.form, offer.kind), Spend::typed(&seen, &act.form));
    let mut wrong = Invalid::default();
    let lines = spend.read(&mut wrong);
    let read = match typed.read(&act, &programme, &offer) {
        Ok(read) => Some(read),
        Err(also) => {
            also.problems().iter().for_each(|p| wrong.add(p.field.clone(), p.message.clone()));
            None
        }
    };
    let Some(read) = read.filter(|_| wrong.is_empty()) else {
        return page(&act, &seen, &offer, (&typed, &spend), &wrong).await;
    };
    if !lines.is_empty() && read.happened_on < seen.row.starts_on {
        let why = format!("The award starts on {}. Enter a day from then on, or leave the amounts out", seen.row.starts_on);
        return page(&act, &seen, &offer, (&typed, &spend), &Invalid::one("happened_on", why)).await;
    }
    let mut write = act.write("talk about an award").await?;
    let before = write.lock::<award::Entity>(seen.row.id).await?.ok_or(Stop::Missing)?;
    let whole = load(write.tx(), before.clone()).await?;
    open(&act, &whole)?;
    let on = read.happened_on;
    let year = year_of(&before, on);
    let entry = entries::record_entry(&mut write, &act, &programme, Some(&place), &offer.kind.key, read).await?;
    for (line, amount) in &lines {
        let one = [(line.clone(), *amount)];
        match accounts::spend(&mut write, By::of(&act)?, &programme, &before, (year, on, entry.id), &one).await {
            Ok(()) => {}
            Err(NotDone::Stop(stop)) => return Err(stop),
            Err(NotDone::Refused(why)) => {
                drop(write);
                let why = format!("{why}. If it was spent all the same, the place first proposes to move money here");
                return page(&act, &seen, &offer, (&typed, &spend), &Invalid::one(format!("spent-{line}"), why)).await;
            }
        }
    }
    act.save(write, &format!("{}?done=talked", href(&programme, &place, before.id))).await
}
