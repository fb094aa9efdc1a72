//! Who holds which role, now and before.

use design::Power;
use kernel::Day;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::NullOrdering;
use sea_orm::{Condition, FromQueryResult, JoinType, Order, QueryOrder, QuerySelect};
use store::fault;
use tables::{AppointmentId, PersonId, PlaceId, appointment, organisation, person, place};
use ui::table::{Cell, Table};
use ui::{form, parts};

use crate::ground::html::*;
use crate::ground::{Answer, Cx, Draft, Stop};
use crate::house;

/// An appointment with the names that go with it.
#[derive(Debug, FromQueryResult)]
pub(crate) struct Named {
    pub id: AppointmentId,
    pub person_id: PersonId,
    pub name: String,
    pub role: String,
    pub organisation: Option<String>,
    pub place: Option<String>,
    pub place_id: Option<PlaceId>,
    pub from_day: Day,
    pub to_day: Option<Day>,
    pub ended_at: Option<kernel::Moment>,
}

/// How an appointment stands at the moment somebody looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Standing {
    Later,
    Today,
    Before,
    /// Called off before its first day: it never held.
    CalledOff,
}

impl Named {
    pub fn standing(&self, cx: &Cx) -> Standing {
        let ended = self.ended_at.filter(|m| *m <= cx.now());
        match ended {
            Some(ended) if ended.day() < self.from_day => Standing::CalledOff,
            Some(_) => Standing::Before,
            None if self.from_day > cx.today() => Standing::Later,
            None if self.to_day.is_some_and(|d| d < cx.today()) => Standing::Before,
            None => Standing::Today,
        }
    }
    /// “from 1 March 2026” or “1 March 2026 to 2 April 2026”.
    pub fn span(&self) -> String {
        let ended = self.ended_at.map(kernel::Moment::day).filter(|day| *day >= self.from_day);
        match ended.or(self.to_day) {
            Some(to) => format!("{} to {to}", self.from_day),
            None => format!("from {}", self.from_day),
        }
    }

    /// The same in a table, where a day does not break.
    pub fn span_cell(&self) -> Cell {
        let span = self.span();
        let (from, to) = span.split_once(" to ").map_or((span.as_str(), None), |(from, to)| (from, Some(to)));
        Cell::html(maud! { span class="nowrap" { (from) } @if let Some(to) = to { " " span class="nowrap" { "to " (to) } } })
    }
}

/// Appointments that hold on a day, at a moment of it.
pub(crate) fn held_on(today: Day, now: kernel::Moment) -> Condition {
    Condition::all()
        .add(appointment::COLUMN.from_day.lte(today))
        .add(Condition::any().add(appointment::COLUMN.to_day.is_null()).add(appointment::COLUMN.to_day.gte(today)))
        .add(Condition::any().add(appointment::COLUMN.ended_at.is_null()).add(appointment::COLUMN.ended_at.gt(now)))
}

/// Appointments whose first day is still to come.
fn starting_after(today: Day) -> Condition {
    Condition::all().add(appointment::COLUMN.from_day.gt(today)).add(appointment::COLUMN.ended_at.is_null())
}

/// Appointments of the programme that a condition chooses.
pub(crate) async fn appointments(cx: &Cx, wanted: Condition, limit: u64) -> Result<Vec<Named>, Stop> {
    let programme = cx.programme()?.id;
    let person_link =
        appointment::Entity::belongs_to(person::Entity).from(appointment::Column::PersonId).to(person::Column::Id).into();
    let organisation_link = appointment::Entity::belongs_to(organisation::Entity)
        .from(appointment::Column::OrganisationId)
        .to(organisation::Column::Id)
        .into();
    let place_link =
        appointment::Entity::belongs_to(place::Entity).from(appointment::Column::PlaceId).to(place::Column::Id).into();
    let found = appointment::Entity::find()
        .select_only()
        .columns([
            appointment::Column::Id,
            appointment::Column::PersonId,
            appointment::Column::Role,
            appointment::Column::PlaceId,
            appointment::Column::FromDay,
            appointment::Column::ToDay,
            appointment::Column::EndedAt,
        ])
        .column_as(person::Column::Name, "name")
        .column_as(organisation::Column::Name, "organisation")
        .column_as(place::Column::Name, "place")
        .join(JoinType::InnerJoin, person_link)
        .join(JoinType::LeftJoin, organisation_link)
        .join(JoinType::LeftJoin, place_link)
        .filter(appointment::COLUMN.programme_id.eq(programme))
        .filter(wanted)
        .order_by_with_nulls(place::Column::Name, Order::Asc, NullOrdering::First)
        .order_by_asc(person::Column::Name)
        .order_by_asc(appointment::Column::Id)
        .limit(limit);
    Ok(found.into_model::<Named>().all(cx.read()).await.map_err(fault("list people"))?)
}

/// The places whose people the viewer may see: nothing where it is all of them.
fn within(cx: &Cx) -> Result<Option<Vec<PlaceId>>, Stop> {
    let programme = cx.programme()?;
    let seeing: Vec<_> = cx.held().filter(|h| programme.role_may(&h.role, Power::SeePeople)).collect();
    let everywhere = seeing.iter().any(|h| h.place.is_none());
    Ok((!everywhere).then(|| seeing.iter().filter_map(|h| h.place).collect()))
}

fn visible(cx: &Cx) -> Result<Condition, Stop> {
    Ok(match within(cx)? {
        None => Condition::all(),
        Some(places) => {
            Condition::any().add(appointment::COLUMN.place_id.is_in(places)).add(appointment::COLUMN.place_id.is_null())
        }
    })
}

const MOST: u64 = 500;

pub(super) async fn page(cx: Cx) -> Answer {
    let programme = cx.programme()?.clone();
    let people = appointments(&cx, Condition::all().add(visible(&cx)?).add(held_on(cx.today(), cx.now())), MOST).await?;
    let later = appointments(&cx, Condition::all().add(visible(&cx)?).add(starting_after(cx.today())), MOST).await?;
    let table = |caption: &str, named: &[Named]| {
        let rows = named.iter().map(|n| {
            let href = format!("{}/people/{}", programme.href(), n.person_id);
            vec![
                Cell::link(&href, &n.name).head(),
                Cell::text(programme.role_name(&n.role)),
                Cell::text(n.place.as_deref().unwrap_or("The whole programme")),
                n.organisation.as_deref().map_or_else(Cell::not_stated, Cell::text),
                n.span_cell(),
            ]
        });
        let table = Table::new(caption, &["Name", "Role", "For", "Organisation", "When"], rows.collect()).quiet().html();
        ui::html(maud! {
            (table)
            @if named.len() as u64 == MOST { p { "These are the first " (MOST) ". Open a place to see its people." } }
        })
    };
    let manages = cx.viewer().may_somewhere(Power::ManagePeople, programme.id);
    let lead = "Who holds a role today. What people may do and read follows from their roles, and ends with them.";
    Ok(Draft::new("People").lead(lead).crumb(&programme.name, programme.href()).page(
        &cx,
        maud! {
            @if manages { (form::button_link("Appoint somebody", &format!("{}/people/new", programme.href()))) }
            @if people.is_empty() {
                (parts::empty_state("Nobody holds a role yet", "Once people are appointed, they stand here with what they do and for which place.", None))
            } @else {
                (table("People who hold a role today", &people))
            }
            @if !later.is_empty() {
                (parts::section("later", "Starting later", maud! {
                    p { "Until their first day, the role opens nothing to them." }
                    (table("People whose role starts later", &later))
                }))
            }
        },
    ))
}

const SAID: &[(&str, &str)] = &[
    ("appointed", "Appointed. They get a mail, and can do and read from now on what the role includes."),
    ("appointed-later", "Appointed. They get a mail, and can do and read what the role includes from its first day on."),
    ("called-off", "Called off. The role will not start, and opens nothing to them."),
    ("ended", "Ended. From this moment the role opens nothing to them; what they wrote stays."),
];

pub(super) async fn person(cx: Cx) -> Answer {
    let programme = cx.programme()?.clone();
    let id: PersonId = cx.param("person").parse().map_err(|_| Stop::Missing)?;
    let of_person = Condition::all().add(visible(&cx)?).add(appointment::COLUMN.person_id.eq(id));
    let held = appointments(&cx, of_person, MOST).await?;
    let first = held.first().ok_or(Stop::Missing)?;
    let keys = cx.form_keys();
    let rows = held.iter().map(|n| {
        let manages = super::appoint::manages(&cx, &programme, &n.role, n.place_id);
        let (said, button) = match n.standing(&cx) {
            Standing::Today => ("Holds today", Some("End it now")),
            Standing::Later => ("Starts later", Some("Call it off")),
            Standing::Before => ("Does not hold today", None),
            Standing::CalledOff => ("Called off before it started", None),
        };
        let end = match button.filter(|_| manages) {
            Some(button) => {
                let action = format!("{}/appointments/{}/end", programme.href(), n.id);
                Cell::html(form::form(&action, &keys, form::warning_button(button)))
            }
            None => Cell::text(said),
        };
        vec![
            Cell::text(programme.role_name(&n.role)).head(),
            Cell::text(n.place.as_deref().unwrap_or("The whole programme")),
            n.organisation.as_deref().map_or_else(Cell::not_stated, Cell::text),
            n.span_cell(),
            end,
        ]
    });
    let table =
        Table::new("Roles held, now, before and later", &["Role", "For", "Organisation", "When", "Today"], rows.collect())
            .quiet()
            .html();
    let mut journal = Vec::new();
    for n in &held {
        journal.push(house::of_record(&cx, programme.id, n.id.0).await?);
    }
    let draft =
        Draft::new(&first.name).lead("The roles this person holds, held and will hold in this programme.").done(&cx, SAID);
    Ok(draft.crumb(&programme.name, programme.href()).crumb("People", format!("{}/people", programme.href())).page(
        &cx,
        maud! {
            (table)
            (parts::section("journal", "What the journal says", maud! { @for part in &journal { (part) } }))
        },
    ))
}
