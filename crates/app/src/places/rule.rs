//! Who must be part of a place, by the design's rule: held against who is, and said plainly where somebody is missing.

use std::collections::{BTreeMap, BTreeSet};

use design::{Design, PlaceRule, Side};
use kernel::Fault;
use sea_orm::entity::prelude::*;
use sea_orm::{JoinType, QuerySelect};
use store::fault;
use tables::{PersonId, PlaceId, appointment, organisation};
use ui::parts::Sector;

use crate::ground::{Cx, Snapshot};
use crate::people::held_on;

/// Somebody in a role at a place, with the sector of the organisation they come from where that is known.
#[derive(Debug, Clone)]
pub(crate) struct Member {
    pub person: PersonId,
    pub role: String,
    pub sector: Option<String>,
}

/// Who holds a role today, place by place: of one place, or of all.
pub(crate) async fn members(
    cx: &Cx,
    programme: &Snapshot,
    place: Option<PlaceId>,
) -> Result<BTreeMap<PlaceId, Vec<Member>>, Fault> {
    let link = appointment::Entity::belongs_to(organisation::Entity)
        .from(appointment::Column::OrganisationId)
        .to(organisation::Column::Id);
    let wanted = match place {
        Some(place) => appointment::COLUMN.place_id.eq(place),
        None => appointment::COLUMN.place_id.is_not_null(),
    };
    let found: Vec<(Option<PlaceId>, PersonId, String, Option<String>)> = appointment::Entity::find()
        .select_only()
        .columns([appointment::Column::PlaceId, appointment::Column::PersonId, appointment::Column::Role])
        .column(organisation::Column::Sector)
        .join(JoinType::LeftJoin, link.into())
        .filter(appointment::COLUMN.programme_id.eq(programme.id))
        .filter(wanted)
        .filter(held_on(cx.today(), cx.now()))
        .into_tuple()
        .all(cx.read())
        .await
        .map_err(fault("list who holds a role"))?;
    let mut all: BTreeMap<PlaceId, Vec<Member>> = BTreeMap::new();
    for (place, person, role, sector) in found {
        if let Some(place) = place {
            all.entry(place).or_default().push(Member { person, role, sector });
        }
    }
    Ok(all)
}

/// How many are members of the group that the rule is about.
pub(crate) fn size(design: &Design, rule: &PlaceRule, members: &[Member]) -> usize {
    let people: BTreeSet<PersonId> = group(design, rule, members).map(|m| m.person).collect();
    people.len()
}

fn group<'a>(design: &'a Design, rule: &'a PlaceRule, members: &'a [Member]) -> impl Iterator<Item = &'a Member> {
    members.iter().filter(move |m| match rule.members.is_empty() {
        true => design.role(&m.role).is_some_and(|r| r.side == Side::Place),
        false => rule.members.contains(&m.role),
    })
}

/// What is missing, a sentence each. Partner organisations count as sectors that are there.
pub(crate) fn missing(design: &Design, rule: &PlaceRule, members: &[Member], partners: &[String]) -> Vec<String> {
    let mut said = Vec::new();
    let size = size(design, rule, members);
    if let Some(least) = rule.at_least.filter(|least| size < *least as usize) {
        let members = if size == 1 { "1 member".to_string() } else { format!("{size} members") };
        said.push(format!("The group has {members}; the rule asks for at least {least}."));
    }
    let of_members = || group(design, rule, members).filter_map(|m| m.sector.as_deref());
    // Where the rule asks for a group of people, it is they who have to come from different sectors.
    let there: BTreeSet<&str> = match rule.at_least {
        Some(_) => of_members().collect(),
        None => of_members().chain(partners.iter().map(String::as_str)).collect(),
    };
    let unknown = group(design, rule, members).filter(|m| m.sector.is_none()).count();
    if rule.of_different_sectors && there.len() < 2 {
        let doubt = match unknown {
            0 => String::new(),
            1 => " For one of them nobody has said which organisation they come from.".to_string(),
            n => format!(" For {n} of them nobody has said which organisation they come from."),
        };
        let known = match there.first() {
            None => "No sector is known of anybody in it; the rule asks for different ones.".to_string(),
            Some(one) => {
                format!("All whose sector is known are of one: {}. The rule asks for different ones.", Sector::of(one).word())
            }
        };
        said.push(format!("{known}{doubt}"));
    }
    for sector in rule.sectors.iter().filter(|s| !there.contains(s.key())) {
        said.push(format!("Nobody is of this sector: {}.", Sector::of(sector.key()).word()));
    }
    for need in &rule.needs {
        let Some(role) = need.role.as_ref().filter(|role| members.iter().all(|m| m.role != **role)) else { continue };
        let name = design.role(role).map_or(role, |r| &r.name);
        said.push(format!("{}: nobody holds the role {name}.", need.what));
    }
    said
}

#[cfg(test)]
mod tests {
    use design::{PlaceNeed, Role, Scope, Sector as Of};
    use uuid::Uuid;

    use super::*;

    fn role(key: &str, side: Side) -> Role {
        Role {
            key: key.into(),
            name: key.to_uppercase(),
            scope: Scope::Place,
            side,
            may: Vec::new(),
            about: String::new(),
            component: None,
            practice: false,
        }
    }

    fn design() -> Design {
        Design { roles: vec![role("member", Side::Place), role("facilitator", Side::Support)], ..Design::default() }
    }

    fn rule() -> PlaceRule {
        let need =
            PlaceNeed { key: "champion".into(), what: "A champion".into(), role: Some("champion".into()), sources: Vec::new() };
        PlaceRule {
            text: String::new(),
            at_least: Some(3),
            members: vec!["member".into()],
            sectors: vec![Of::Nhs],
            of_different_sectors: true,
            needs: vec![need],
            sources: Vec::new(),
        }
    }

    fn member(n: u128, role: &str, sector: Option<&str>) -> Member {
        Member { person: PersonId(Uuid::from_u128(n)), role: role.into(), sector: sector.map(Into::into) }
    }

    #[test]
    fn what_a_group_lacks_is_said_plainly() {
        let two = [member(1, "member", Some("voluntary")), member(2, "member", None), member(3, "facilitator", Some("nhs"))];
        assert_eq!(
            missing(&design(), &rule(), &two, &["nhs".into()]),
            [
                "The group has 2 members; the rule asks for at least 3.",
                "All whose sector is known are of one: Voluntary sector. The rule asks for different ones. For one of them nobody has said which organisation they come from.",
                "Nobody is of this sector: NHS.",
                "A champion: nobody holds the role champion.",
            ]
        );
    }

    #[test]
    fn a_person_in_two_roles_is_one_member() {
        let twice = [member(1, "member", Some("nhs")), member(1, "member", Some("nhs")), member(2, "member", Some("council"))];
        assert_eq!(missing(&design(), &rule(), &twice, &[])[0], "The group has 2 members; the rule asks for at least 3.");
    }

    #[test]
    fn nothing_is_said_of_a_group_that_is_whole() {
        let whole = [
            member(1, "member", Some("nhs")),
            member(2, "member", Some("council")),
            member(3, "member", None),
            member(4, "champion", None),
        ];
        assert!(missing(&design(), &rule(), &whole, &[]).is_empty());
    }
}
