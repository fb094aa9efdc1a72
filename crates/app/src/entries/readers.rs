//! Who can read what is in a circle: the line that stands beside every entry and above every box one writes into.

use design::{Circle, Scope};
use kernel::Fault;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{SelectStatement, SimpleExpr, UnionType};
use sea_orm::{Condition, JoinType, QueryOrder, QuerySelect, QueryTrait, Statement};
use store::fault;
use tables::{PersonId, PlaceId, appointment, entry, person};
use ui::form::Choice;
use ui::parts::{Shape, WhoReads, who_reads_with};
use ui::{Html, html};

use crate::ground::html::*;
use crate::ground::{Cx, Snapshot};
use crate::people::held_on;

/// Beyond this, an entry's page counts and names nobody: the roles say enough, and a circle of thousands costs no more
/// than one of ten. Whoever is about to write sees so many names and how many more there are.
const MANY: u64 = 50;
/// So many roles are looked at before anybody is told apart from themselves.
const FIRST: u64 = MANY + 25;

/// The people in a circle today.
pub(super) struct Readers {
    /// The roles they hold, as people say them.
    roles: Vec<String>,
    /// Empty where there are many.
    names: Vec<String>,
    many: bool,
    /// How many there are beside those named.
    more: usize,
    everybody: bool,
}

/// The people who are in a circle of the programme today; where the circle is one for each place, in that place's.
pub(super) async fn readers(cx: &Cx, circle: &Circle, place: Option<PlaceId>) -> Result<Readers, Fault> {
    let found = readers_of_any(cx, &[circle], place).await?;
    if !found.many {
        return Ok(found);
    }
    let held = in_circles(cx, programme(cx)?, &[circle], place);
    let first = named(held.clone()).order_by_asc(person::Column::Name).order_by_asc(person::Column::Id).limit(MANY);
    let first: Vec<(PersonId, String)> = first.into_tuple().all(cx.read()).await.map_err(fault("list readers"))?;
    let all = held.select_only().column(appointment::Column::PersonId).distinct().count(cx.read()).await;
    let all = usize::try_from(all.map_err(fault("count readers"))?).unwrap_or(usize::MAX);
    let names: Vec<String> = first.into_iter().map(|(_, name)| name).collect();
    Ok(Readers { more: all.saturating_sub(names.len()), names, many: false, ..found })
}

/// The line that says who reads what is written in a circle about a place, or about the programme.
pub(crate) async fn who_reads(cx: &Cx, circle: &Circle, place: Option<PlaceId>) -> Result<Html, Fault> {
    Ok(readers_of_any(cx, &[circle], place).await?.line(circle))
}

/// The line that says who reads an entry.
pub(crate) async fn who_reads_entry(cx: &Cx, entry: &entry::Model) -> Result<Html, Fault> {
    let Some(circle) = programme(cx)?.circle(entry.circle_id) else { return Ok(html("")) };
    Ok(readers_of_any(cx, &[circle], entry.place_id).await?.line(circle))
}

fn programme(cx: &Cx) -> Result<&Snapshot, Fault> {
    cx.programme().map(|p| &**p).map_err(|_| Fault::new("list readers", "the path names no programme"))
}

/// Everybody who holds one of these, once, with their name.
fn named(held: Select<appointment::Entity>) -> Select<appointment::Entity> {
    let link = appointment::Entity::belongs_to(person::Entity).from(appointment::Column::PersonId).to(person::Column::Id).into();
    held.select_only().column(person::Column::Id).column(person::Column::Name).join(JoinType::InnerJoin, link).distinct()
}

/// The same for an extract, which those in the circle of its source read as well.
pub(super) async fn readers_of_any(cx: &Cx, circles: &[&Circle], place: Option<PlaceId>) -> Result<Readers, Fault> {
    let programme = programme(cx)?;
    let mut roles: Vec<String> = Vec::new();
    for role in circles.iter().flat_map(|c| &c.readers).map(|r| lower_first(programme.role_name(r))) {
        if !roles.contains(&role) {
            roles.push(role);
        }
    }
    if circles.iter().any(|c| c.public) {
        return Ok(Readers { roles, names: Vec::new(), many: false, more: 0, everybody: true });
    }
    let held = in_circles(cx, programme, circles, place);
    let mut people = first_few(cx, held.clone()).await?;
    let all = (people.len() as u64) < FIRST;
    people.sort();
    people.dedup();
    if !all && people.len() as u64 <= MANY {
        let every = named(held).limit(MANY + 1).into_tuple().all(cx.read()).await;
        let every: Vec<(PersonId, String)> = every.map_err(fault("list readers"))?;
        people = every.into_iter().map(|(id, name)| (id, Some(name))).collect();
    }
    let many = people.len() as u64 > MANY;
    let mut names: Vec<String> = if many { Vec::new() } else { people.into_iter().filter_map(|(_, name)| name).collect() };
    names.sort_by_cached_key(|name| name.to_lowercase());
    Ok(Readers { roles, names, many, more: 0, everybody: false })
}

/// In no order and with those who hold two roles twice, so that the database can stop at the first few of very many;
/// where there are as many, it does not look for their names.
async fn first_few(cx: &Cx, held: Select<appointment::Entity>) -> Result<Vec<(PersonId, Option<String>)>, Fault> {
    let engine = cx.read().get_database_backend();
    let first = held.select_only().column(appointment::Column::PersonId).limit(FIRST).build(engine);
    let sql = format!(
        "WITH held AS MATERIALIZED ({}) SELECT person_id, \
         CASE WHEN (SELECT count(*) FROM held) < {FIRST} THEN (SELECT name FROM people WHERE id = person_id) END FROM held",
        first.sql
    );
    let rows = cx.read().query_all_raw(Statement { sql, ..first }).await.map_err(fault("list readers"))?;
    rows.iter().map(QueryResult::try_get_many_by_index).collect::<Result<_, DbErr>>().map_err(fault("list readers"))
}

fn in_circles(cx: &Cx, programme: &Snapshot, circles: &[&Circle], place: Option<PlaceId>) -> Select<appointment::Entity> {
    let in_any = circles.iter().fold(Condition::any(), |any, circle| match circle.scope {
        Scope::Place => any.add(appointment::Column::Id.in_subquery(held_here(programme, circle, place))),
        _ => any.add(
            Condition::all()
                .add(appointment::COLUMN.programme_id.eq(programme.id))
                .add(appointment::COLUMN.role.is_in(circle.readers.clone())),
        ),
    });
    appointment::Entity::find().filter(held_on(cx.today(), cx.now())).filter(in_any)
}

/// The appointments to a place, and those to the whole programme, asked of the index each on its own: asked as “this place or
/// none”, SQLite walks past those of every other place, a thousand of them on each page.
fn held_here(programme: &Snapshot, circle: &Circle, place: Option<PlaceId>) -> SelectStatement {
    let of = |here: SimpleExpr| {
        let mut held = appointment::Entity::find()
            .select_only()
            .column(appointment::Column::Id)
            .filter(appointment::COLUMN.programme_id.eq(programme.id))
            .filter(appointment::COLUMN.role.is_in(circle.readers.clone()))
            .filter(here);
        QuerySelect::query(&mut held).to_owned()
    };
    let mut held = of(appointment::COLUMN.place_id.is_null());
    if let Some(place) = place {
        held.union(UnionType::All, of(appointment::COLUMN.place_id.eq(place)));
    }
    held
}

impl Readers {
    /// In half a sentence: “9 people: project lead, learning lead”.
    pub(super) fn in_short(&self) -> String {
        let roles = self.roles.join(", ");
        match (self.everybody, self.names.len() + self.more) {
            (true, _) => "Everybody, without an account.".into(),
            _ if self.many => format!("More than {MANY} people: {roles}."),
            (_, 0) => format!("Nobody yet. It is for: {roles}."),
            (_, 1) => format!("1 person: {roles}."),
            (_, n) => format!("{n} people: {roles}."),
        }
    }
    /// A circle that one may choose: what it is called, who is in it in short, and their names to open.
    pub(super) fn choice(&self, circle: &Circle) -> Choice {
        let opening = (!self.names.is_empty()).then(|| {
            html(maud! {
                details {
                    summary { "Their names" span class="govuk-visually-hidden" { ": " (&circle.name) } }
                    div class="who-reads-names" {
                        ul {
                            @for name in &self.names { li { (name) } }
                            @if self.more > 0 { li { "and " (self.more) " more" } }
                        }
                    }
                }
            })
        });
        Choice::new(&circle.key, &circle.name).hint(self.in_short()).more(opening)
    }
    /// The whole line, opening to the names.
    pub(super) fn line(&self, circle: &Circle) -> Html {
        let who = WhoReads {
            circle: &circle.name,
            about: &circle.about,
            count: self.names.len(),
            many: self.many.then_some(MANY),
            roles: self.roles.clone(),
            names: self.names.clone(),
            everybody: self.everybody,
        };
        who_reads_with(&who, shape(circle), None)
    }
}

/// “Project lead” in the middle of a sentence; “NHS lead” stays as it is.
fn lower_first(name: &str) -> String {
    let mut letters = name.chars();
    match (letters.next(), letters.clone().next()) {
        (Some(first), Some(second)) if second.is_lowercase() => first.to_lowercase().chain(letters).collect(),
        _ => name.to_string(),
    }
}

/// How wide a circle is, as its badge shows it.
pub(super) fn shape(circle: &Circle) -> Shape {
    match circle.scope {
        _ if circle.public => Shape::Public,
        Scope::Programme => Shape::Programme,
        Scope::Place if circle.own => Shape::Place,
        Scope::Place => Shape::Few,
    }
}
