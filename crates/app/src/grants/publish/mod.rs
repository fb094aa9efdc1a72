//! Publishing awards as open data, by the 360Giving Data Standard: what would be published, what keeps it from being accepted, and
//! the button. What was published stays as it is until somebody publishes again.

mod package;

use std::path::Path;

use kernel::{Clock, Fault, Invalid, Money};
use store::Db;
use tables::{OrganisationId, organisation};
use ui::form::{self, Field};
use ui::table::{Cell, Table};
use ui::{Html, html, parts};

use self::package::{Checked, Own, check, id_of, own, package};
use crate::ground::html::*;
use crate::ground::{Act, Answer, Cx, Draft, Publishing, Snapshot, Snapshots, Stop};
use crate::published::{self, Imported};

/// What came of writing a programme’s awards down.
#[derive(Debug)]
pub enum Exported {
    /// The file is written, as JSON.
    Done { grants: usize },
    /// Why it would not be accepted.
    Refused(Vec<String>),
    /// There is no such programme.
    Missing,
}

/// Writes a programme's agreed awards as a package of the standard (JSON), if it would be accepted.
///
/// # Errors
/// Where the database does not answer, or the file cannot be written.
pub async fn export_grants(
    db: &Db,
    clock: &dyn Clock,
    slug: &str,
    publishing: &Publishing,
    address: &str,
    to: &Path,
) -> Result<Exported, Fault> {
    let Some(programme) = Snapshots::default().with_slug(db, slug).await? else { return Ok(Exported::Missing) };
    if programme.practice {
        return Ok(Exported::Refused(vec![MADE_UP.into()]));
    }
    let all = own(db.reader(), &programme).await?;
    let package = package(&programme, &all, publishing, address, clock.now().day());
    let found = check(&package, to, clock.now().day())?;
    Ok(if found.errors.is_empty() { Exported::Done { grants: all.len() } } else { Exported::Refused(found.errors) })
}

const MADE_UP: &str = "This is a practice programme: its awards are made up, and nobody should find them among real ones. How it would go is shown under ‘Publish the awards’.";

/// What stands in the way of publishing before any grant is looked at.
fn hindrance(cx: &Cx, programme: &Snapshot) -> Option<&'static str> {
    if programme.practice {
        Some(MADE_UP)
    } else if cx.app().settings.publishing.is_none() {
        Some(
            "Whoever runs this server has not set the publisher’s prefix, by which 360Giving knows who publishes. The setting is called grant_prefix.",
        )
    } else {
        None
    }
}

fn publishing(cx: &Cx) -> Publishing {
    let none = || Publishing { prefix: "360G-example".into(), licence: Publishing::LICENCE.into() };
    cx.app().settings.publishing.clone().unwrap_or_else(none)
}

/// What would be published now, with what the standard’s checks say of it, in a file of its own.
async fn prepare(cx: &Cx, programme: &Snapshot) -> Result<(Vec<Own>, Checked, tempfile::TempDir), Stop> {
    let doing = "prepare the grants that are to be published";
    let all = own(cx.read(), programme).await?;
    let package = package(programme, &all, &publishing(cx), &cx.app().settings.address, cx.today());
    let (today, folder) = (cx.today(), tempfile::tempdir().map_err(|e| Fault::new(doing, e))?);
    let file = file_in(&folder, programme);
    let found = tokio::task::spawn_blocking(move || check(&package, &file, today)).await.map_err(|e| Fault::new(doing, e))??;
    Ok((all, found, folder))
}

fn file_in(folder: &tempfile::TempDir, programme: &Snapshot) -> std::path::PathBuf {
    folder.path().join(format!("{}-grants.json", programme.slug))
}

/// `/programmes/{programme}/money/publish`
pub(super) async fn page(cx: Cx) -> Answer {
    show(&cx, &[], &Invalid::default()).await
}

async fn show(cx: &Cx, typed: &[(String, String)], wrong: &Invalid) -> Answer {
    let programme = cx.programme()?.clone();
    let (all, found, _folder) = prepare(cx, &programme).await?;
    let now = published::of_programme(&cx.app().db, &programme.slug).await?;
    let hindrance = hindrance(cx, &programme);
    let (grants, identifiers) = (listed(cx, &programme, &all), identifiers(&all, typed, wrong));
    let home = format!("{}/money/publish", programme.href());
    let draft = Draft::new("Publish the awards")
        .lead("As open data, by the 360Giving Data Standard: for everybody to find, read and take along.")
        .done(
            cx,
            &[("published", "Published. Everybody can find these grants now."), ("identifiers", "The identifiers are saved.")],
        )
        .invalid(wrong)
        .crumb(&programme.name, programme.href())
        .crumb("Money", format!("{}/money", programme.href()));
    Ok(draft.page(
        cx,
        maud! {
            @if let Some(why) = hindrance { (parts::inset(maud! { p { (why) } })) }
            @match &now {
                None => p { "Nothing is published yet." }
                Some(now) => p {
                    "Published on " (now.imported_at.unwrap_or(now.begun_at).day().to_string()) ": "
                    a class="govuk-link" href={ (programme.href()) "/grants.json" } { (now.grants.to_string()) @if now.grants == 1 { " grant" } @else { " grants" } }
                    ". It stays as it was then until somebody publishes again."
                }
            }
            (parts::section("grants", "What would be published", &grants))
            (parts::section("checks", "What the standard’s checks say", checks(&found)))
            @if !all.is_empty() {
                (parts::section("identifiers", "Who is who", maud! {
                    (form::form(&home, &cx.form_keys(), maud! {
                        (form::hidden("_do", "identifiers"))
                        (&identifiers)
                        (form::secondary_button("Save the identifiers"))
                    }))
                }))
            }
            @if hindrance.is_none() && found.errors.is_empty() {
                (form::form(&home, &cx.form_keys(), maud! {
                    (form::hidden("_do", "publish"))
                    (form::button(if now.is_some() { "Publish it in the place of the earlier one" } else { "Publish it" }))
                }))
            }
        },
    ))
}

fn listed(cx: &Cx, programme: &Snapshot, all: &[Own]) -> Html {
    let publishing = publishing(cx);
    let rows = all.iter().map(|own| {
        vec![
            Cell::text(id_of(&publishing, programme, &own.row)).head(),
            Cell::text(&own.place.name),
            own.holder().map_or_else(Cell::not_stated, |o| Cell::text(&o.name)),
            Cell::money(Money::from_pence(own.row.amount)),
        ]
    });
    let rows: Vec<_> = rows.collect();
    html(maud! {
        @if rows.is_empty() { p { "An award is published once both sides have signed. None has been yet." } }
        @else { (Table::new("Grants", &["Identifier", "Place", "Recipient", "Amount"], rows.clone())) }
    })
}

fn checks(found: &Checked) -> Html {
    html(maud! {
        @if found.errors.is_empty() { p { "It would be accepted." } } @else {
            p { "It would not be accepted:" }
            ul class="govuk-list govuk-list--bullet" { @for error in &found.errors { li { (error) } } }
        }
        @if !found.remarks.is_empty() {
            p { "What would make it more useful, or may not be so, with how many grants it is about:" }
            ul class="govuk-list govuk-list--bullet" { @for remark in &found.remarks { li { (remark) } } }
        }
    })
}

/// Everybody who is named in what is published: whoever holds an award first.
fn organisations(all: &[Own]) -> Vec<&organisation::Model> {
    let mut named: Vec<&organisation::Model> = Vec::new();
    let everybody = all.iter().flat_map(|own| own.holder().into_iter().chain(own.partners.iter().map(|p| &p.organisation)));
    for one in everybody {
        if named.iter().all(|o| o.id != one.id) {
            named.push(one);
        }
    }
    named
}

fn identifiers(all: &[Own], typed: &[(String, String)], wrong: &Invalid) -> Html {
    html(maud! {
        p {
            "The number in a public register makes an organisation the same in everybody’s data: GB-CHC- and the charity number, GB-COH- and the company number, GB-NHS- and the ODS code, GB-LAE- and a council’s code. Where there is none, leave it empty: then our own is used."
        }
        @for one in organisations(all) {
            @let name = one.id.to_string();
            @let value = typed.iter().find(|(field, _)| *field == name).map_or(one.identifier.as_str(), |(_, value)| value);
            (form::hidden(&format!("was.{name}"), &one.identifier))
            (form::text(Field::new(&name, &format!("Identifier of {}", one.name)).value(value).error(wrong.of(&name)).width(20).optional()))
        }
    })
}

/// An identifier as org-id.guide has them: the country, the register, the number. What people write small is meant large.
/// (Charity numbers of England and Wales have six or seven digits, some with a sub-charity after a hyphen.)
fn identifier(text: &str) -> Option<String> {
    let text = text.trim().to_uppercase();
    let mut parts = text.splitn(3, '-');
    let capitals = |part: &str| part.len() >= 2 && part.chars().all(|c| c.is_ascii_uppercase());
    let (country, register, number) = (parts.next()?, parts.next()?, parts.next()?);
    let whole = !number.is_empty() && number.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    let digits = |number: &str| (6..=7).contains(&number.len()) && number.chars().all(|c| c.is_ascii_digit());
    let charity = (country, register) != ("GB", "CHC") || number.split('-').next().is_some_and(digits);
    (capitals(country) && capitals(register) && whole && charity && text.len() <= 60).then(|| text.clone())
}

pub(super) async fn save(act: Act) -> Answer {
    if act.form.get("_do") == "publish" { publish(act).await } else { save_identifiers(act).await }
}

async fn save_identifiers(act: Act) -> Answer {
    let programme = act.programme()?.clone();
    let all = own(act.read(), &programme).await?;
    let (mut wrong, mut wanted) = (Invalid::default(), Vec::<(OrganisationId, String, String)>::new());
    let (mut typed, mut taken) = (Vec::new(), Vec::<(String, String)>::new());
    for one in organisations(&all) {
        let name = one.id.to_string();
        let (value, was) = (act.form.get(&name), act.form.get(&format!("was.{name}")));
        let meant = identifier(value).filter(|_| !value.is_empty());
        match &meant {
            None if !value.is_empty() => wrong.add(name.clone(), "Write it like GB-CHC-1234567, or leave it empty"),
            Some(id) if taken.iter().any(|(other, _)| other == id) => {
                let other = taken.iter().find(|(other, _)| other == id).map_or("", |(_, name)| name.as_str());
                wrong.add(name.clone(), format!("{other} has this identifier. Each organisation has one of its own"));
            }
            Some(id) => taken.push((id.clone(), one.name.clone())),
            None => {}
        }
        // Only what somebody changed: others may have changed the rest since the page was opened.
        let meant = meant.unwrap_or_default();
        if act.form.pairs().any(|(field, _)| field == name) && meant != was {
            wanted.push((one.id, was.to_string(), meant));
        }
        typed.push((name, value.to_string()));
    }
    if !wrong.is_empty() {
        return show(&act, &typed, &wrong).await;
    }
    wanted.sort();
    let mut write = act.write("say what organisations are known by").await?;
    for (id, was, identifier) in wanted {
        let before = write.lock::<organisation::Entity>(id).await?.ok_or(Stop::Missing)?;
        if before.identifier != was && before.identifier != identifier {
            drop(write);
            let why = format!("Somebody else has just entered ‘{}’. Compare, then save again", before.identifier);
            return show(&act, &typed, &Invalid::one(id.to_string(), why)).await;
        }
        write.replace(&before, organisation::Model { identifier, ..before.clone() }).await?;
    }
    act.save(write, &format!("{}/money/publish?done=identifiers", programme.href())).await
}

async fn publish(act: Act) -> Answer {
    let programme = act.programme()?.clone();
    let here = format!("{}/money/publish", programme.href());
    let refused = |why: &str| Stop::Refused {
        status: axum::http::StatusCode::CONFLICT,
        title: "Nothing was published".into(),
        why: why.to_string(),
        next: Some(("Publish the awards".into(), here.clone())),
    };
    if let Some(why) = hindrance(&act, &programme) {
        return Err(refused(why));
    }
    let (_, found, folder) = prepare(&act, &programme).await?;
    if !found.errors.is_empty() {
        return show(&act, &[], &Invalid::default()).await;
    }
    match published::publish(&act, &programme.slug, file_in(&folder, &programme)).await? {
        Imported::Done { .. } | Imported::Same { .. } => Ok(crate::ground::see_other(&format!("{here}?done=published"))),
        Imported::Refused(wrong) => Err(refused(&format!("{}.", wrong.told.join("; ")))),
    }
}

#[cfg(test)]
mod tests {
    use super::identifier;

    #[test]
    fn identifiers_name_country_register_and_number() {
        for (good, meant) in [
            ("GB-CHC-1234567", "GB-CHC-1234567"),
            (" gb-chc-123456 ", "GB-CHC-123456"),
            ("GB-COH-01234567", "GB-COH-01234567"),
            ("GB-NHS-RAX", "GB-NHS-RAX"),
            ("XI-IATI-1-2", "XI-IATI-1-2"),
        ] {
            assert_eq!(identifier(good).as_deref(), Some(meant));
        }
        for bad in ["1234567", "GB-CHC", "GB-CHC-", "GB-CHC-ABC", "GB-CHC-12345678", "GB-CHC-1 2", "GB/CHC/1"] {
            assert_eq!(identifier(bad), None, "{bad}");
        }
    }
}
