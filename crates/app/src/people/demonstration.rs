//! In a demonstration, the sign-in page offers every practice person, without a password: one button a role and place,
//! all of them or those of one place, and those who apply to a call; fifty a page.

use kernel::Fault;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::NullOrdering;
use sea_orm::{Condition, FromQueryResult, JoinType, Order, QueryOrder, QuerySelect};
use store::fault;
use tables::{CallId, PersonId, PlaceId, ProgrammeId, application, appointment, call, member, person, place, programme};
use ui::parts::{self, FilterGroup, FilterOption, Page};
use ui::{Html, form};

use super::next::with_next;
use super::sessions;
use crate::ground::html::*;
use crate::ground::{Act, Answer, Cx, Stop};

const PAGE: u64 = 50;
/// More places than this are folded away.
const IN_VIEW: usize = 12;
const WHOLE: &str = "The whole programme";

/// Whose buttons are shown: as the address says after `at=`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum At {
    Everywhere,
    /// Those with a role for the whole of a programme.
    Programme(ProgrammeId),
    Place(PlaceId),
    /// Those who write applications to a call.
    Call(CallId),
}

impl At {
    fn read(text: &str) -> Self {
        let (programme, call) = (|| text.parse().map(Self::Programme), || text.parse().map(Self::Call));
        text.parse().map(Self::Place).or_else(|_| programme()).or_else(|_| call()).unwrap_or(Self::Everywhere)
    }
    /// The sign-in page narrowed to these, which still leads to where it would have.
    fn href(self, next: &str) -> String {
        let address = match self {
            Self::Everywhere => "/sign-in".into(),
            Self::Programme(id) => format!("/sign-in?at={id}"),
            Self::Place(id) => format!("/sign-in?at={id}"),
            Self::Call(id) => format!("/sign-in?at={id}"),
        };
        with_next(&address, next)
    }
    fn condition(self) -> Condition {
        match self {
            Self::Everywhere => Condition::all(),
            Self::Programme(id) => {
                Condition::all().add(appointment::COLUMN.programme_id.eq(id)).add(appointment::COLUMN.place_id.is_null())
            }
            Self::Place(id) => Condition::all().add(appointment::COLUMN.place_id.eq(id)),
            Self::Call(_) => Condition::all(),
        }
    }
}

#[derive(FromQueryResult)]
struct Offered {
    id: PersonId,
    name: String,
    programme: String,
    place: Option<String>,
}

/// The buttons. Only a demonstration has them.
pub(super) async fn buttons(cx: &Cx, next: &str) -> Result<Option<Html>, Stop> {
    if !cx.app().settings.demonstration {
        return Ok(None);
    }
    let at = At::read(cx.query("at"));
    let (number, of, people) = match at {
        At::Call(call) => page_of(cx, applying(call)).await?,
        _ => page_of(cx, offered(at)).await?,
    };
    let narrowed = narrowing(cx, at, next).await?;
    let whole = |p: &Offered| p.place.clone().unwrap_or_else(|| WHOLE.into());
    let keys = cx.form_keys();
    let pages = |n: u64| usize::try_from(n).unwrap_or(usize::MAX);
    let pages = Page { number: pages(number), of: pages(of), base_href: at.href(next) };
    Ok(Some(ui::html(maud! {
        @for (number, people) in people.chunk_by(|a, b| a.programme == b.programme).enumerate() {
            (parts::section(&format!("practice-{}", number + 1), &format!("Look around {}", people[0].programme), maud! {
                p { "This is a demonstration. Sign in as one of the people of the practice programme, without a password." }
                @if number == 0 { (narrowed) }
                (form::form("/sign-in/practice", &keys, maud! {
                    (form::hidden("next", next))
                    @for people in people.chunk_by(|a, b| a.place == b.place) {
                        h3 { (whole(&people[0])) }
                        ul class="choices" {
                            @for person in people { li { (form::named_button(&person.name, "person", &person.id.to_string())) } }
                        }
                    }
                }))
            }))
        }
        (parts::pagination(&pages))
    })))
}

/// One page of them, with its number and how many there are.
async fn page_of<E>(cx: &Cx, everybody: Select<E>) -> Result<(u64, u64, Vec<Offered>), Fault>
where
    E: EntityTrait,
    E::Model: Send + Sync,
{
    let count = everybody.clone().count(cx.read()).await.map_err(fault("count practice people"))?;
    let of = count.div_ceil(PAGE).max(1);
    let number = cx.query("page").parse().unwrap_or(1).clamp(1, of);
    let people = everybody.offset((number - 1) * PAGE).limit(PAGE).into_model::<Offered>().all(cx.read()).await;
    Ok((number, of, people.map_err(fault("list practice people"))?))
}

/// Practice people who write applications to a call, under the name of each.
fn applying(call: CallId) -> Select<member::Entity> {
    let application_link =
        member::Entity::belongs_to(application::Entity).from(member::Column::ApplicationId).to(application::Column::Id).into();
    let person_link = member::Entity::belongs_to(person::Entity).from(member::Column::PersonId).to(person::Column::Id).into();
    let programme_link =
        member::Entity::belongs_to(programme::Entity).from(member::Column::ProgrammeId).to(programme::Column::Id).into();
    member::Entity::find()
        .select_only()
        .column_as(person::Column::Id, "id")
        .column_as(person::Column::Name, "name")
        .column_as(programme::Column::Name, "programme")
        .column_as(application::Column::Name, "place")
        .join(JoinType::InnerJoin, application_link)
        .join(JoinType::InnerJoin, person_link)
        .join(JoinType::InnerJoin, programme_link)
        .filter(person::COLUMN.practice.eq(true))
        .filter(application::COLUMN.call_id.eq(call))
        .filter(member::COLUMN.ended_at.is_null())
        .order_by_asc(application::Column::Number)
        .order_by_asc(person::Column::Name)
        .order_by_asc(person::Column::Id)
}

/// Practice people with where they hold or held a role, each once a place.
fn offered(at: At) -> Select<appointment::Entity> {
    let programme_link = appointment::Entity::belongs_to(programme::Entity)
        .from(appointment::Column::ProgrammeId)
        .to(programme::Column::Id)
        .into();
    let person_link =
        appointment::Entity::belongs_to(person::Entity).from(appointment::Column::PersonId).to(person::Column::Id).into();
    let place_link =
        appointment::Entity::belongs_to(place::Entity).from(appointment::Column::PlaceId).to(place::Column::Id).into();
    appointment::Entity::find()
        .select_only()
        .column_as(person::Column::Id, "id")
        .column_as(person::Column::Name, "name")
        .column_as(programme::Column::Name, "programme")
        .column_as(place::Column::Name, "place")
        .join(JoinType::InnerJoin, programme_link)
        .join(JoinType::InnerJoin, person_link)
        .join(JoinType::LeftJoin, place_link)
        .filter(person::COLUMN.practice.eq(true))
        .filter(at.condition())
        .group_by(programme::Column::CreatedAt)
        .group_by(programme::Column::Id)
        .group_by(programme::Column::Name)
        .group_by(place::Column::Id)
        .group_by(place::Column::Name)
        .group_by(person::Column::Id)
        .group_by(person::Column::Name)
        .order_by_asc(programme::Column::CreatedAt)
        .order_by_asc(programme::Column::Id)
        .order_by_with_nulls(place::Column::Name, Order::Asc, NullOrdering::First)
        .order_by_asc(person::Column::Name)
        .order_by_asc(person::Column::Id)
}

/// The links that narrow the list to one place, a group for each practice programme.
async fn narrowing(cx: &Cx, at: At, next: &str) -> Result<Html, Fault> {
    let of_practice = programme::Entity::find().filter(programme::COLUMN.practice.eq(true));
    let programmes = of_practice.order_by_asc(programme::Column::CreatedAt).order_by_asc(programme::Column::Id);
    let programmes = programmes.all(cx.read()).await.map_err(fault("list practice programmes"))?;
    let places: Vec<(PlaceId, ProgrammeId, String)> = place::Entity::find()
        .select_only()
        .columns([place::Column::Id, place::Column::ProgrammeId, place::Column::Name])
        .filter(place::COLUMN.programme_id.is_in(programmes.iter().map(|p| p.id)))
        .order_by_asc(place::Column::Name)
        .order_by_asc(place::Column::Id)
        .into_tuple()
        .all(cx.read())
        .await
        .map_err(fault("list practice places"))?;
    let of_practice = programmes.iter().map(|p| p.id);
    let calls = call::Entity::find().filter(call::COLUMN.programme_id.is_in(of_practice)).filter(call::COLUMN.applications.gt(0));
    let calls = calls.order_by_asc(call::Column::CreatedAt).order_by_asc(call::Column::Id).all(cx.read()).await;
    let calls = calls.map_err(fault("list practice calls"))?;
    let option = |text: &str, to: At| FilterOption { text: text.into(), href: to.href(next), current: at == to, count: None };
    let groups = programmes.iter().map(|programme| {
        let here = places.iter().filter(|(_, of, _)| *of == programme.id).map(|(id, _, name)| option(name, At::Place(*id)));
        let apply = calls.iter().filter(|c| c.programme_id == programme.id);
        let apply = apply.map(|c| option(&format!("Who applies: {}", c.name), At::Call(c.id)));
        let all = std::iter::once(option(WHOLE, At::Programme(programme.id))).chain(here).chain(apply);
        FilterGroup { label: programme.name.clone(), options: all.collect() }
    });
    let everybody = FilterGroup { label: "Show".into(), options: vec![option("Everybody", At::Everywhere)] };
    let filters = parts::filters(&std::iter::once(everybody).chain(groups).collect::<Vec<_>>());
    let fold = match at {
        At::Everywhere => "Only the people of one place",
        _ => "The people of another place, or everybody",
    };
    Ok(if places.len() > IN_VIEW { parts::details(fold, filters) } else { filters })
}

pub(super) async fn sign_in(act: Act) -> Answer {
    if !act.app().settings.demonstration {
        return Err(Stop::Missing);
    }
    let id: PersonId = act.form.get("person").parse().map_err(|_| Stop::Missing)?;
    let write = act.write("sign in").await?;
    let known = person::Entity::find_by_id(id)
        .filter(person::COLUMN.practice.eq(true))
        .one(write.tx())
        .await
        .map_err(fault("load a person"))?;
    let person = known.ok_or(Stop::Missing)?;
    Ok(sessions::start(&act, write, person.id, act.form.get("next")).await?)
}
