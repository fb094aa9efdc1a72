//! A programme as its design stood at one version. Versions never change, so a copy in memory is as good as the row,
//! on every server and for ever.

use std::collections::HashMap;
use std::sync::{Arc, RwLock};

use design::{Circle, Power, Programme, Role};
use kernel::{Fault, Moment};
use sea_orm::entity::prelude::*;
use store::{Db, fault};
use tables::{CircleId, DesignVersionId, ProgrammeId, circle, design_version, programme};

/// A programme with the design in force.
#[derive(Debug)]
pub struct Snapshot {
    pub id: ProgrammeId,
    pub slug: String,
    pub name: String,
    pub practice: bool,
    pub version: i32,
    pub adopted_at: Moment,
    pub programme: Programme,
    circle_ids: HashMap<String, CircleId>,
    /// Where each circle stands in the design: asked for every entry of a list.
    circle_at: HashMap<CircleId, usize>,
}

impl Snapshot {
    #[must_use]
    pub fn href(&self) -> String {
        format!("/programmes/{}", self.slug)
    }
    #[must_use]
    pub fn role(&self, key: &str) -> Option<&Role> {
        self.programme.design.roles.iter().find(|r| r.key == key)
    }
    /// A role's name as people say it. A role that the design no longer has keeps its key.
    #[must_use]
    pub fn role_name<'a>(&'a self, key: &'a str) -> &'a str {
        self.role(key).map_or(key, |r| &r.name)
    }
    #[must_use]
    pub fn role_may(&self, key: &str, power: Power) -> bool {
        self.role(key).is_some_and(|r| r.may.contains(&power))
    }
    #[must_use]
    pub fn circle_id(&self, key: &str) -> Option<CircleId> {
        self.circle_ids.get(key).copied()
    }
    /// The circle with this identity. Nothing where a later design has done away with it: then nobody reads it.
    #[must_use]
    pub fn circle(&self, id: CircleId) -> Option<&Circle> {
        self.programme.design.circles.get(*self.circle_at.get(&id)?)
    }
    #[must_use]
    pub fn circle_name(&self, id: CircleId) -> &str {
        self.circle(id).map_or("a circle that is no more", |c| &c.name)
    }
    pub fn circles_of<'a>(&'a self, role: &'a str) -> impl Iterator<Item = (CircleId, &'a Circle)> + 'a {
        let circles = self.programme.design.circles.iter().filter(move |c| c.readers.iter().any(|r| r == role));
        circles.filter_map(|c| Some((self.circle_id(&c.key)?, c)))
    }
    pub fn public_circles(&self) -> impl Iterator<Item = CircleId> + '_ {
        self.programme.design.circles.iter().filter(|c| c.public).filter_map(|c| self.circle_id(&c.key))
    }
    #[must_use]
    pub fn kind_name<'a>(&'a self, key: &'a str) -> &'a str {
        self.programme.design.kinds.iter().find(|k| k.key == key).map_or(key, |k| &k.name)
    }
}

/// The copies a server has made so far.
#[derive(Debug, Default)]
pub struct Snapshots(RwLock<HashMap<DesignVersionId, Arc<Snapshot>>>);

impl Snapshots {
    /// The programme at the version that its row names.
    ///
    /// # Errors
    /// Where the database does not answer, or holds a document that this server cannot read.
    pub async fn of(&self, db: &Db, row: &programme::Model) -> Result<Arc<Snapshot>, Fault> {
        let known = self.0.read().unwrap_or_else(std::sync::PoisonError::into_inner).get(&row.design_version_id).cloned();
        if let Some(known) = known {
            return Ok(known);
        }
        let version =
            design_version::Entity::find_by_id(row.design_version_id).one(db.reader()).await.map_err(fault("load a design"))?;
        let version = version.ok_or_else(|| Fault::new("load a design", "the version is missing"))?;
        let programme: Programme = serde_json::from_str(&version.document).map_err(|e| Fault::new("read a design", e))?;
        let of_programme = circle::COLUMN.programme_id.eq(row.id);
        let circles = circle::Entity::find().filter(of_programme).all(db.reader()).await.map_err(fault("load circles"))?;
        let circle_ids: HashMap<String, CircleId> = circles.into_iter().map(|c| (c.key, c.id)).collect();
        let at = programme.design.circles.iter().enumerate();
        let circle_at = at.filter_map(|(at, circle)| Some((*circle_ids.get(&circle.key)?, at))).collect();
        let snapshot = Arc::new(Snapshot {
            id: row.id,
            slug: row.slug.clone(),
            name: row.name.clone(),
            practice: row.practice,
            version: version.number,
            adopted_at: version.adopted_at,
            programme,
            circle_ids,
            circle_at,
        });
        self.0.write().unwrap_or_else(std::sync::PoisonError::into_inner).insert(row.design_version_id, snapshot.clone());
        Ok(snapshot)
    }

    /// The programme with this slug.
    ///
    /// # Errors
    /// As [`Snapshots::of`].
    pub async fn with_slug(&self, db: &Db, slug: &str) -> Result<Option<Arc<Snapshot>>, Fault> {
        let row = programme::Entity::find().filter(programme::COLUMN.slug.eq(slug)).one(db.reader()).await;
        match row.map_err(fault("load a programme"))? {
            Some(row) => self.of(db, &row).await.map(Some),
            None => Ok(None),
        }
    }
}
