//! What those who support places can do and would like, and what a place needs from them: said by themselves, in the
//! design's own words, so that a best match can be proposed.

use design::{Design, Power, Scope, Side};
use kernel::{Fault, Invalid};
use sea_orm::entity::prelude::*;
use sea_orm::{Condition, QueryOrder, QuerySelect};
use store::{Write, fault};
use tables::{PersonId, PlaceId, SkillId, appointment, person, place, skill};
use ui::form::{self, Choice, Field};

use crate::ground::html::*;
use crate::ground::{Act, Answer, Cx, Draft, Form, Snapshot, Stop};
use crate::people::held_on;

pub(super) const HAS: &str = "has";
pub(super) const NEEDS: &str = "needs";
/// How many places somebody has time for.
pub(super) const TAKES: &str = "takes";
/// Somebody would like to support a place.
pub(super) const WISHES: &str = "wishes";
/// A place would like to be supported by somebody.
pub(super) const WISHED: &str = "wished";
pub(super) const CONFLICT: &str = "conflict";

const SAID: &[(&str, &str)] = &[("saved", "Saved. The next match goes by it.")];
/// As many as anybody supports.
const MOST_TAKEN: i32 = 50;
/// What a need can count for.
const WEIGHTS: [(i32, &str); 4] = [(0, "not needed"), (1, "would help"), (2, "matters"), (3, "matters most")];
/// Further places are wished for by talking to whoever matches.
const MOST_PLACES: u64 = 300;

/// The roles whose people are matched with places.
pub(super) fn matched_roles(design: &Design) -> Vec<&str> {
    let supports = |r: &&design::Role| r.side == Side::Support && r.scope == Scope::Place;
    design.roles.iter().filter(supports).map(|r| r.key.as_str()).collect()
}

/// Whoever supports a place today, or will, by name; somebody who supports several stands once.
pub(super) async fn candidates(cx: &Cx, programme: &Snapshot) -> Result<Vec<(PersonId, String)>, Fault> {
    let later = Condition::all().add(appointment::COLUMN.from_day.gt(cx.today())).add(appointment::COLUMN.ended_at.is_null());
    let link = person::Entity::belongs_to(appointment::Entity).from(person::Column::Id).to(appointment::Column::PersonId);
    person::Entity::find()
        .select_only()
        .columns([person::Column::Id, person::Column::Name])
        .distinct()
        .join(sea_orm::JoinType::InnerJoin, link.into())
        .filter(appointment::COLUMN.programme_id.eq(programme.id))
        .filter(appointment::COLUMN.role.is_in(matched_roles(&programme.programme.design)))
        .filter(Condition::any().add(held_on(cx.today(), cx.now())).add(later))
        .order_by_asc(person::Column::Name)
        .order_by_asc(person::Column::Id)
        .into_tuple()
        .all(cx.read())
        .await
        .map_err(fault("list who supports places"))
}

/// All that was said in a programme, but for what was taken back.
pub(super) async fn all(db: &impl ConnectionTrait, programme: &Snapshot, wanted: Condition) -> Result<Vec<skill::Model>, Fault> {
    let found = skill::Entity::find()
        .filter(skill::COLUMN.programme_id.eq(programme.id))
        .filter(wanted)
        .order_by_asc(skill::Column::At)
        .order_by_asc(skill::Column::Id);
    found.all(db).await.map_err(fault("list skills and wishes"))
}

/// Something that is said of a person or a place.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Line {
    what: &'static str,
    key: String,
    person: Option<PersonId>,
    place: Option<PlaceId>,
    weight: i32,
}

/// Brings what stands to what is said now; what is said no more counts nothing from now on, and stays in the journal.
async fn bring(write: &mut Write, act: &Act, programme: &Snapshot, before: &[skill::Model], now: &[Line]) -> Result<(), Stop> {
    let same = |row: &skill::Model, line: &Line| {
        (row.what.as_str(), &row.key, row.person_id, row.place_id) == (line.what, &line.key, line.person, line.place)
    };
    for row in before {
        let weight = now.iter().find(|line| same(row, line)).map_or(0, |line| line.weight);
        if weight != row.weight {
            let after = skill::Model { weight, noted_by: act.person()?, at: write.at(), ..row.clone() };
            write.replace(row, after).await?;
        }
    }
    let mut rows = Vec::new();
    for line in now.iter().filter(|line| line.weight != 0 && before.iter().all(|row| !same(row, line))) {
        rows.push(skill::Model {
            id: SkillId(write.id()),
            programme_id: programme.id,
            person_id: line.person,
            place_id: line.place,
            what: line.what.into(),
            key: line.key.clone(),
            weight: line.weight,
            noted_by: act.person()?,
            at: write.at(),
        });
    }
    Ok(write.insert_all(rows).await?)
}

fn designed(programme: &Snapshot) -> Result<&[design::Skill], Stop> {
    match programme.programme.design.skills.as_slice() {
        [] => Err(Stop::Missing),
        skills => Ok(skills),
    }
}

/// The viewer, if they are among those who are matched.
fn supporter(cx: &Cx, programme: &Snapshot) -> Result<PersonId, Stop> {
    let roles = matched_roles(&programme.programme.design);
    match cx.viewer().held_in(programme.id).any(|h| roles.contains(&h.role.as_str())) {
        true => cx.person(),
        false => Err(Stop::forbidden(
            "This is for those who support places",
            "They say here what they can do and which places they would like to support.",
        )),
    }
}

/// What somebody says of themselves.
#[derive(Debug, Default)]
struct Mine {
    skills: Vec<String>,
    takes: String,
    wishes: Vec<String>,
    conflicts: Vec<String>,
}

impl Mine {
    fn of(form: &Form) -> Self {
        let all = |name: &str| form.all(name).map(str::to_string).collect();
        Self { skills: all("skills"), takes: form.get("takes").into(), wishes: all("wishes"), conflicts: all("conflicts") }
    }
}

async fn places(cx: &Cx, programme: &Snapshot) -> Result<Vec<place::Model>, Fault> {
    place::Entity::find()
        .filter(place::COLUMN.programme_id.eq(programme.id))
        .order_by_asc(place::Column::Name)
        .order_by_asc(place::Column::Id)
        .limit(MOST_PLACES)
        .all(cx.read())
        .await
        .map_err(fault("list places"))
}

fn of_person(me: PersonId) -> Condition {
    Condition::all().add(skill::COLUMN.person_id.eq(me)).add(skill::COLUMN.what.is_in([HAS, TAKES, WISHES, CONFLICT]))
}

/// `/programmes/{programme}/skills`
pub(super) async fn mine(cx: Cx) -> Answer {
    let programme = cx.programme()?.clone();
    designed(&programme)?;
    let me = supporter(&cx, &programme)?;
    let places = places(&cx, &programme).await?;
    let rows = all(cx.read(), &programme, of_person(me)).await?;
    let said = |what: &str| rows.iter().filter(|r| r.what == what && r.weight > 0).collect::<Vec<_>>();
    let slugs = |what: &str| {
        let ids: Vec<_> = said(what).iter().filter_map(|r| r.place_id).collect();
        places.iter().filter(|p| ids.contains(&p.id)).map(|p| p.slug.clone()).collect()
    };
    let mine = Mine {
        skills: said(HAS).iter().map(|r| r.key.clone()).collect(),
        takes: said(TAKES).first().map(|r| r.weight.to_string()).unwrap_or_default(),
        wishes: slugs(WISHES),
        conflicts: slugs(CONFLICT),
    };
    mine_page(&cx, &programme, &places, &mine, &Invalid::default())
}

fn mine_page(cx: &Cx, programme: &Snapshot, places: &[place::Model], mine: &Mine, wrong: &Invalid) -> Answer {
    let skills: Vec<Choice> = designed(programme)?
        .iter()
        .map(|s| {
            let choice = Choice::new(&s.key, &s.name).checked(mine.skills.contains(&s.key));
            if s.about.is_empty() { choice } else { choice.hint(&s.about) }
        })
        .collect();
    let choices = |chosen: &[String]| -> Vec<Choice> {
        places.iter().map(|p| Choice::new(&p.slug, &p.name).checked(chosen.contains(&p.slug))).collect()
    };
    let (wishes, conflicts) = (choices(&mine.wishes), choices(&mine.conflicts));
    let takes = Field::new("takes", "How many places you have time for")
        .hint("A whole number. Left empty, it is as many as you support now.")
        .value(&mine.takes)
        .error(wrong.of("takes"))
        .optional();
    let field = |name, label| Field::new(name, label).optional().error(wrong.of(name));
    let draft = Draft::new("What I can do").crumb(&programme.name, programme.href()).done(cx, SAID).invalid(wrong);
    Ok(draft.lead("For the match of consultants and places. Those who run the programme or manage its people read it, and nobody else.").page(
        cx,
        maud! {
            (form::form(cx.path(), &cx.form_keys(), maud! {
                (form::checkboxes(field("skills", "What you can do"), &skills))
                (form::text(takes))
                (form::checkboxes(field("wishes", "Places that you would like to support"), &wishes))
                (form::checkboxes(field("conflicts", "Places that you must not support").hint("Because of who you are or whom you know. It need not be said why."), &conflicts))
                (form::button("Save"))
            }))
            @if places.len() as u64 == MOST_PLACES { p { "These are the first " (MOST_PLACES) " places by name." } }
        },
    ))
}

pub(super) async fn save_mine(act: Act) -> Answer {
    let programme = act.programme()?.clone();
    let skills = designed(&programme)?;
    let me = supporter(&act, &programme)?;
    let places = places(&act, &programme).await?;
    let typed = Mine::of(&act.form);
    let mut wrong = Invalid::default();
    let takes = match typed.takes.as_str() {
        "" => 0,
        text => match text.parse::<i32>().ok().filter(|n| (1..=MOST_TAKEN).contains(n)) {
            Some(n) => n,
            None => {
                wrong.add("takes", format!("Write a whole number from 1 to {MOST_TAKEN}, or leave it empty"));
                0
            }
        },
    };
    if typed.wishes.iter().any(|slug| typed.conflicts.contains(slug)) {
        wrong.add("conflicts", "A place stands among those you would like to support and those you must not. Choose one");
    }
    if !wrong.is_empty() {
        return mine_page(&act, &programme, &places, &typed, &wrong);
    }
    let line = |what, key: &str, place, weight| Line { what, key: key.into(), person: Some(me), place, weight };
    let there = |slugs: &[String]| -> Vec<PlaceId> { places.iter().filter(|p| slugs.contains(&p.slug)).map(|p| p.id).collect() };
    let known = skills.iter().filter(|s| typed.skills.contains(&s.key));
    let mut now: Vec<Line> = known.map(|s| line(HAS, &s.key, None, 1)).collect();
    now.push(line(TAKES, "", None, takes));
    now.extend(there(&typed.wishes).into_iter().map(|place| line(WISHES, "", Some(place), 1)));
    now.extend(there(&typed.conflicts).into_iter().map(|place| line(CONFLICT, "", Some(place), 1)));
    let mut write = act.write("say what one can do").await?;
    write.lock::<person::Entity>(me).await?.ok_or(Stop::Missing)?;
    let mut before = all(write.tx(), &programme, of_person(me)).await?;
    // What was said of a place that the form does not show stays as it was.
    before.retain(|row| row.place_id.is_none_or(|id| places.iter().any(|p| p.id == id)));
    bring(&mut write, &act, &programme, &before, &now).await?;
    act.save(write, &format!("{}/skills?done=saved", programme.href())).await
}

fn of_place(id: PlaceId) -> Condition {
    Condition::all().add(skill::COLUMN.place_id.eq(id)).add(skill::COLUMN.what.is_in([NEEDS, WISHED]))
}

/// What is said of a place: what each skill counts for, and whom it would like.
#[derive(Debug, Default)]
struct Wanted {
    weights: Vec<String>,
    whom: String,
}

/// `/programmes/{programme}/places/{place}/skills`
pub(super) async fn needs(cx: Cx) -> Answer {
    let (programme, place) = (cx.programme()?.clone(), cx.place()?.clone());
    let skills = designed(&programme)?;
    let rows = all(cx.read(), &programme, of_place(place.id)).await?;
    let weight = |s: &design::Skill| rows.iter().find(|r| r.what == NEEDS && r.key == s.key).map_or(0, |r| r.weight);
    let whom = rows.iter().find(|r| r.what == WISHED && r.weight > 0).and_then(|r| r.person_id);
    let wanted = Wanted {
        weights: skills.iter().map(|s| weight(s).to_string()).collect(),
        whom: whom.map(|p| p.to_string()).unwrap_or_default(),
    };
    needs_page(&cx, &programme, &place, &wanted, &Invalid::default()).await
}

async fn needs_page(cx: &Cx, programme: &Snapshot, place: &place::Model, wanted: &Wanted, wrong: &Invalid) -> Answer {
    let people = candidates(cx, programme).await?;
    let weights: Vec<Choice> = WEIGHTS.iter().map(|(n, words)| Choice::new(n.to_string(), *words)).collect();
    let whom: Vec<Choice> = std::iter::once(Choice::new("", "Nobody in particular"))
        .chain(people.iter().map(|(id, name)| Choice::new(id.to_string(), name)))
        .collect();
    let skills = designed(programme)?;
    let home = format!("{}/places/{}", programme.href(), place.slug);
    let draft = Draft::new(format!("What {} needs from support", place.name)).crumb(&programme.name, programme.href());
    let draft = draft.crumb(&place.name, &home).done(cx, SAID).invalid(wrong);
    Ok(draft.lead("For the match of consultants and places. The place’s people read it, and those who run the programme or manage its people.").page(
        cx,
        maud! {
            (form::form(cx.path(), &cx.form_keys(), maud! {
                @for (i, skill) in skills.iter().enumerate() {
                    @let name = format!("need-{}", skill.key);
                    @let field = Field::new(&name, &skill.name).value(wanted.weights.get(i).map_or("0", String::as_str)).error(wrong.of(&name));
                    (form::select(if skill.about.is_empty() { field } else { field.hint(&skill.about) }, &weights))
                }
                (form::select(Field::new("whom", "Whom you would like, if anybody").value(&wanted.whom).error(wrong.of("whom")), &whom))
                (form::button("Save"))
            }))
            @if may_match(cx, programme) { p { a href={ (programme.href()) "/match" } { "The match of consultants and places" } } }
        },
    ))
}

pub(super) async fn save_needs(act: Act) -> Answer {
    let (programme, place) = (act.programme()?.clone(), act.place()?.clone());
    let skills = designed(&programme)?;
    let people = candidates(&act, &programme).await?;
    let mut wrong = Invalid::default();
    let mut now = Vec::new();
    let mut weights = Vec::new();
    for skill in skills {
        let name = format!("need-{}", skill.key);
        let typed = act.form.get(&name).to_string();
        match WEIGHTS.iter().find(|(n, _)| n.to_string() == typed || (typed.is_empty() && *n == 0)) {
            Some((weight, _)) => {
                now.push(Line { what: NEEDS, key: skill.key.clone(), person: None, place: Some(place.id), weight: *weight });
            }
            None => wrong.add(name, "Choose from the list"),
        }
        weights.push(typed);
    }
    let whom = act.form.get("whom").to_string();
    if !whom.is_empty() {
        match people.iter().find(|(id, _)| id.to_string() == whom) {
            Some((id, _)) => {
                now.push(Line { what: WISHED, key: String::new(), person: Some(*id), place: Some(place.id), weight: 1 });
            }
            None => wrong.add("whom", "Choose somebody of the list, or nobody in particular"),
        }
    }
    if !wrong.is_empty() {
        return needs_page(&act, &programme, &place, &Wanted { weights, whom }, &wrong).await;
    }
    let mut write = act.write("say what a place needs").await?;
    write.lock::<place::Entity>(place.id).await?.ok_or(Stop::Missing)?;
    let before = all(write.tx(), &programme, of_place(place.id)).await?;
    bring(&mut write, &act, &programme, &before, &now).await?;
    act.save(write, &format!("{}/places/{}/skills?done=saved", programme.href(), place.slug)).await
}

/// Whether the viewer sees the match.
pub(super) fn may_match(cx: &Cx, programme: &Snapshot) -> bool {
    [Power::RunProgramme, Power::ManagePeople].iter().any(|p| cx.viewer().may(*p, programme.id, None))
}

/// The page on which the viewer says what they can do, or sees the match, for links to it.
pub(super) fn links(cx: &Cx, programme: &Snapshot) -> ui::Html {
    let there = !programme.programme.design.skills.is_empty();
    let mine = there && supporter(cx, programme).is_ok();
    ui::html(maud! {
        @if mine { p { a href={ (programme.href()) "/skills" } { "What I can do, for the match of consultants and places" } } }
        @if there && may_match(cx, programme) { p { a href={ (programme.href()) "/match" } { "The best match of consultants and places" } } }
    })
}

/// A skill as a short label.
pub(super) fn name<'a>(design: &'a Design, key: &'a str) -> &'a str {
    design.skills.iter().find(|s| s.key == key).map_or(key, |s| &s.name)
}
