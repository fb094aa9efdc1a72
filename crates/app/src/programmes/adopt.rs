//! Loading a design: into rows when it is new, as a further version when it has changed.

use std::collections::HashMap;
use std::sync::Arc;

use design::{Difference, History, Programme, compare};
use kernel::{Clock, Fault, IdSource};
use sea_orm::QueryOrder;
use sea_orm::entity::prelude::*;
use store::{Db, Write, Writer, fault, sha256};
use tables::{
    CircleId, DesignVersionId, OrganisationId, PartnerId, PlaceId, ProgrammeId, circle, design_version, organisation, partner,
    place, programme,
};

/// What became of a design that was loaded.
#[derive(Debug)]
pub enum Adopted {
    /// It was not there before.
    New { programme: ProgrammeId },
    /// It is as it was.
    Unchanged { programme: ProgrammeId },
    /// It differs from the version in force, and is now in force itself.
    Changed { programme: ProgrammeId, version: i32, differences: Vec<Difference> },
}

/// Loads a programme's design and public history.
///
/// # Errors
/// Where the database does not answer; nothing has changed then.
pub async fn adopt(db: &Db, clock: Arc<dyn Clock>, ids: Arc<dyn IdSource>, document: &Programme) -> Result<Adopted, Fault> {
    let mut write = db.write(&Writer { actor: None, clock, ids }, "load a design").await?;
    let loading = Loading { slug: document.design.slug.clone(), name: document.design.name.clone(), practice: false };
    let adopted = into_write(&mut write, &loading, document).await?;
    match adopted {
        Adopted::Unchanged { .. } => drop(write),
        _ => write.save().await?,
    }
    Ok(adopted)
}

/// What a programme is called here.
pub(crate) struct Loading {
    pub slug: String,
    pub name: String,
    pub practice: bool,
}

/// The same as part of a larger write.
pub(crate) async fn into_write(write: &mut Write, loading: &Loading, document: &Programme) -> Result<Adopted, Fault> {
    let text = document.canonical();
    let digest = sha256(text.as_bytes());
    let known = programme::Entity::find().filter(programme::COLUMN.slug.eq(loading.slug.as_str())).one(write.tx()).await;
    let Some(known) = known.map_err(fault("look for a programme"))? else {
        return new(write, loading, document, text, digest).await;
    };
    let latest = design_version::Entity::find()
        .filter(design_version::COLUMN.programme_id.eq(known.id))
        .order_by_desc(design_version::Column::Number)
        .one(write.tx())
        .await
        .map_err(fault("load the last design"))?
        .ok_or_else(|| Fault::new("load the last design", "there is none"))?;
    if latest.digest == digest {
        return Ok(Adopted::Unchanged { programme: known.id });
    }
    let before: Programme = serde_json::from_str(&latest.document).map_err(|e| Fault::new("read the last design", e))?;
    let number = latest.number + 1;
    let version = version(write, known.id, number, digest, text);
    let version = write.insert(version).await?;
    let after = programme::Model { design_version_id: version.id, name: loading.name.clone(), ..known.clone() };
    write.replace(&known, after).await?;
    circles(write, known.id, document).await?;
    places(write, known.id, loading.practice, &document.history).await?;
    Ok(Adopted::Changed { programme: known.id, version: number, differences: compare(&before, document) })
}

async fn new(write: &mut Write, loading: &Loading, document: &Programme, text: String, digest: String) -> Result<Adopted, Fault> {
    let id = ProgrammeId(write.id());
    let first = version(write, id, 1, digest, text);
    let row = programme::Model {
        id,
        slug: loading.slug.clone(),
        name: loading.name.clone(),
        practice: loading.practice,
        design_version_id: first.id,
        created_at: write.at(),
    };
    write.insert(row).await?;
    write.insert(first).await?;
    circles(write, id, document).await?;
    places(write, id, loading.practice, &document.history).await?;
    Ok(Adopted::New { programme: id })
}

fn version(write: &Write, programme_id: ProgrammeId, number: i32, digest: String, document: String) -> design_version::Model {
    design_version::Model {
        id: DesignVersionId(write.id()),
        programme_id,
        number,
        digest,
        document,
        adopted_at: write.at(),
        adopted_by: write.actor(),
    }
}

/// Circles keep their identity from version to version: what was written in one stays in it.
async fn circles(write: &mut Write, programme_id: ProgrammeId, document: &Programme) -> Result<(), Fault> {
    let known = circle::Entity::find()
        .filter(circle::COLUMN.programme_id.eq(programme_id))
        .all(write.tx())
        .await
        .map_err(fault("list circles"))?;
    for new in document.design.circles.iter().filter(|c| known.iter().all(|k| k.key != c.key)) {
        let row = circle::Model { id: CircleId(write.id()), programme_id, key: new.key.clone(), created_at: write.at() };
        write.insert(row).await?;
    }
    Ok(())
}

/// Places, organisations and partners that are not there yet. What people have changed since is left alone.
async fn places(write: &mut Write, programme_id: ProgrammeId, practice: bool, history: &History) -> Result<(), Fault> {
    let mut organisations = HashMap::new();
    let mut rows = Vec::new();
    let keys = history.organisations.iter().map(|o| o.key.clone());
    let known = organisation::Entity::find()
        .filter(organisation::COLUMN.key.is_in(keys))
        .all(write.tx())
        .await
        .map_err(fault("list organisations"))?;
    organisations.extend(known.into_iter().map(|o| (o.key, o.id)));
    for new in &history.organisations {
        if organisations.contains_key(&new.key) {
            continue;
        }
        let id = OrganisationId(write.id());
        organisations.insert(new.key.clone(), id);
        rows.push(organisation::Model {
            id,
            key: new.key.clone(),
            name: new.name.clone(),
            sector: new.sector.map_or("other", design::Sector::key).to_string(),
            identifier: String::new(),
            practice,
            created_at: write.at(),
        });
    }
    write.insert_all(rows).await?;
    let known = place::Entity::find()
        .filter(place::COLUMN.programme_id.eq(programme_id))
        .all(write.tx())
        .await
        .map_err(fault("list places"))?;
    let (mut new_places, mut new_partners) = (Vec::new(), Vec::new());
    for new in history.places.iter().filter(|p| known.iter().all(|k| k.slug != p.slug)) {
        let id = PlaceId(write.id());
        new_places.push(place::Model {
            id,
            programme_id,
            slug: new.slug.clone(),
            name: new.name.clone(),
            problem: String::new(),
            vision: String::new(),
            revision: 1,
            created_at: write.at(),
        });
        let seats = new.lead.iter().map(|key| (key, true)).chain(new.partners.iter().map(|key| (key, false)));
        for (key, lead) in seats {
            let Some(&organisation_id) = organisations.get(key) else { continue };
            new_partners.push(partner::Model {
                id: PartnerId(write.id()),
                programme_id,
                place_id: id,
                organisation_id,
                lead,
                from_day: None,
                to_day: None,
                created_at: write.at(),
            });
        }
    }
    write.insert_all(new_places).await?;
    write.insert_all(new_partners).await
}
