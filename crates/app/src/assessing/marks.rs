//! What the assessors of a call gave: the one way to scores. Whoever is near to an application, or still has to score
//! it, does not get its scores from here, so that no page can show them.

use std::collections::{HashMap, HashSet};

use design::{Power, Stage};
use kernel::Fault;
use measures::{Criterion, Mark, Score, Spread, spread, weigh};
use sea_orm::entity::prelude::*;
use sea_orm::{JoinType, QueryOrder, QuerySelect};
use store::fault;
use tables::{ApplicationId, PersonId, application, call, member, reading, score};

use crate::calls::{self, stage_of};
use crate::ground::Cx;

/// Why the viewer does not see the scores of an application.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Hidden {
    /// A conflict of interest: not even what it is called.
    Conflict,
    /// They have applications of this call to score themselves.
    Unscored,
}

impl Hidden {
    pub fn says(self) -> &'static str {
        match self {
            Self::Conflict => "You stand aside",
            Self::Unscored => "After your own scores",
        }
    }
}

/// A submitted application, as the viewer may see it among the others.
#[derive(Debug, Clone)]
pub(super) struct Seen {
    pub id: ApplicationId,
    pub number: i32,
    /// Empty where the viewer stands aside.
    pub name: String,
    pub hidden: Option<Hidden>,
}

/// An assessor's points for an application by one criterion.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Given {
    pub application: ApplicationId,
    pub person: PersonId,
    pub criterion: String,
    pub points: i32,
}

/// Somebody who reads an application.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reader {
    pub application: ApplicationId,
    pub person: PersonId,
    pub submitted: bool,
}

/// The marks of a call.
pub(super) struct Marks {
    pub stage: Stage,
    /// Every submitted application, by number.
    pub applications: Vec<Seen>,
    /// Of those that the viewer may see, as are all that follow.
    pub readers: Vec<Reader>,
    pub given: Vec<Given>,
    /// Each assessor's weighted score of each application, from 0 to 100.
    pub scores: Vec<Score<ApplicationId, PersonId>>,
    /// Largest difference first.
    pub spreads: Vec<Spread<ApplicationId>>,
}

/// How an application was scored, from 0 to 100.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Summary {
    /// How many are to read it, and how many have submitted their scores.
    pub wanted: u32,
    pub submitted: u32,
    /// Each assessor's weighted mean over the criteria.
    pub by: Vec<(PersonId, f64)>,
    pub mean: Option<f64>,
    pub least: Option<f64>,
    pub most: Option<f64>,
    /// The standard deviation; nothing where fewer than two have scored.
    pub deviation: Option<f64>,
}

/// The scores of a call's submitted applications. Those that the viewer may not see are not in it: a conflict of
/// interest, own scores still to be given, or no part in choosing at all.
///
/// # Errors
/// Where the database does not answer.
pub(crate) async fn summary(cx: &Cx, call: &call::Model) -> Result<HashMap<ApplicationId, Summary>, Fault> {
    let marks = Marks::load(cx, call).await?;
    let visible = marks.applications.iter().filter(|a| a.hidden.is_none());
    Ok(visible.map(|a| (a.id, marks.summary_of(a.id))).collect())
}

impl Marks {
    /// Reads a call's marks, as the viewer may see them.
    pub async fn load(cx: &Cx, call: &call::Model) -> Result<Self, Fault> {
        let programme = cx.programme().map_err(|_| Fault::new("list scores", "no programme is named"))?.clone();
        let stage = stage_of(&programme, call)?;
        let applications = seen(cx, call).await?;
        let shown: HashSet<ApplicationId> = applications.iter().filter(|a| a.hidden.is_none()).map(|a| a.id).collect();
        let mut readers = readers(cx.read(), call).await?;
        readers.retain(|r| shown.contains(&r.application));
        let mut given = given(cx.read(), call).await?;
        given.retain(|g| shown.contains(&g.application));
        let scores = weighted(&stage, &given)?;
        let spreads = if scores.is_empty() { Vec::new() } else { spread(&scores).map_err(refused)? };
        Ok(Self { stage, applications, readers, given, scores, spreads })
    }

    pub fn summary_of(&self, id: ApplicationId) -> Summary {
        let spread = self.spreads.iter().find(|s| s.application == id);
        let submitted = self.readers.iter().filter(|r| r.application == id && r.submitted).count();
        Summary {
            wanted: self.stage.readers.unwrap_or(0),
            submitted: u32::try_from(submitted).unwrap_or(u32::MAX),
            by: self.scores.iter().filter(|s| s.application == id).map(|s| (s.assessor, s.value)).collect(),
            mean: spread.map(|s| s.mean),
            least: spread.map(|s| s.least),
            most: spread.map(|s| s.most),
            deviation: spread.and_then(|s| s.deviation),
        }
    }
}

fn refused(refusal: measures::Refusal) -> Fault {
    Fault::new("reckon with scores", refusal)
}

/// The submitted applications, and which of them the viewer may not see.
async fn seen(cx: &Cx, call: &call::Model) -> Result<Vec<Seen>, Fault> {
    let rows = calls::submitted(cx.read(), call.id).await?;
    let Some(person) = cx.viewer().person() else { return Ok(Vec::new()) };
    let runs = cx.viewer().may(Power::RunCalls, call.programme_id, None);
    let decides = cx.viewer().decides_for(call.programme_id).next().is_some();
    let chooses = (runs || decides) && !applies(cx.read(), person, call).await?;
    let ids: Vec<ApplicationId> = rows.iter().map(|r| r.id).collect();
    let near = calls::conflicts(cx.read(), person, &ids).await?;
    let mine = own(cx.read(), person, call).await?;
    let unscored = mine.values().any(|submitted| !submitted);
    let hidden = |id: &ApplicationId| match () {
        () if !chooses || near.contains(id) => Some(Hidden::Conflict),
        // Whoever still has to score here sees nobody's scores but of what they have scored.
        () if unscored && mine.get(id) != Some(&true) => Some(Hidden::Unscored),
        () => None,
    };
    Ok(rows
        .into_iter()
        .map(|one| {
            let hidden = hidden(&one.id);
            let name = if hidden == Some(Hidden::Conflict) { String::new() } else { one.name };
            Seen { id: one.id, number: one.number, name, hidden }
        })
        .collect())
}

/// Whether somebody writes, or wrote, an application to this call: then they have no part in choosing.
pub(super) async fn applies(db: &impl ConnectionTrait, person: PersonId, call: &call::Model) -> Result<bool, Fault> {
    let found = member::Entity::find()
        .join(
            JoinType::InnerJoin,
            member::Entity::belongs_to(application::Entity)
                .from(member::Column::ApplicationId)
                .to(application::Column::Id)
                .into(),
        )
        .filter(member::COLUMN.person_id.eq(person))
        .filter(application::COLUMN.call_id.eq(call.id));
    Ok(found.count(db).await.map_err(fault("count parts in applications"))? > 0)
}

/// What was given to somebody to read for a call, and whether they have submitted their scores.
pub(super) async fn own(
    db: &impl ConnectionTrait,
    person: PersonId,
    call: &call::Model,
) -> Result<HashMap<ApplicationId, bool>, Fault> {
    let rows: Vec<(ApplicationId, Option<kernel::Moment>)> = reading::Entity::find()
        .filter(reading::COLUMN.call_id.eq(call.id))
        .filter(reading::COLUMN.person_id.eq(person))
        .filter(reading::COLUMN.ended_at.is_null())
        .select_only()
        .columns([reading::Column::ApplicationId, reading::Column::SubmittedAt])
        .into_tuple()
        .all(db)
        .await
        .map_err(fault("list readings"))?;
    Ok(rows.into_iter().map(|(id, at)| (id, at.is_some())).collect())
}

/// Who reads what now.
pub(super) async fn readers(db: &impl ConnectionTrait, call: &call::Model) -> Result<Vec<Reader>, Fault> {
    let rows: Vec<(ApplicationId, PersonId, Option<kernel::Moment>)> = reading::Entity::find()
        .filter(reading::COLUMN.call_id.eq(call.id))
        .filter(reading::COLUMN.ended_at.is_null())
        .order_by_asc(reading::Column::Id)
        .select_only()
        .columns([reading::Column::ApplicationId, reading::Column::PersonId, reading::Column::SubmittedAt])
        .into_tuple()
        .all(db)
        .await
        .map_err(fault("list readings"))?;
    Ok(rows.into_iter().map(|(application, person, at)| Reader { application, person, submitted: at.is_some() }).collect())
}

/// The points that count: submitted, not replaced, and of readings that stand.
async fn given(db: &impl ConnectionTrait, call: &call::Model) -> Result<Vec<Given>, Fault> {
    let rows: Vec<(ApplicationId, PersonId, String, Option<i32>)> = score::Entity::find()
        .join(
            JoinType::InnerJoin,
            score::Entity::belongs_to(reading::Entity).from(score::Column::ReadingId).to(reading::Column::Id).into(),
        )
        .filter(reading::COLUMN.call_id.eq(call.id))
        .filter(reading::COLUMN.ended_at.is_null())
        .filter(reading::COLUMN.submitted_at.is_not_null())
        .filter(score::COLUMN.replaced_at.is_null())
        .order_by_asc(score::Column::Id)
        .select_only()
        .column(reading::Column::ApplicationId)
        .column(reading::Column::PersonId)
        .column(score::Column::Criterion)
        .column(score::Column::Points)
        .into_tuple()
        .all(db)
        .await
        .map_err(fault("list scores"))?;
    let points = rows
        .into_iter()
        .filter_map(|(application, person, criterion, points)| Some(Given { application, person, criterion, points: points? }));
    Ok(points.collect())
}

/// Each assessor's weighted score of each application. Points for a criterion that the stage no longer has, or off its
/// scale, do not count.
fn weighted(stage: &Stage, given: &[Given]) -> Result<Vec<Score<ApplicationId, PersonId>>, Fault> {
    let criteria: Vec<Criterion<&str>> = stage
        .criteria
        .iter()
        .filter_map(|c| {
            let values = || c.scale.iter().map(|p| f64::from(p.value));
            let (least, most) = (values().reduce(f64::min)?, values().reduce(f64::max)?);
            (least < most).then(|| Criterion { id: c.key.as_str(), weight: c.weight.approx(), least, most })
        })
        .collect();
    if criteria.is_empty() {
        return Ok(Vec::new());
    }
    let marks = given.iter().filter_map(|g| {
        let value = f64::from(g.points);
        let criterion = criteria.iter().find(|c| c.id == g.criterion && (c.least..=c.most).contains(&value))?;
        Some(Mark { application: g.application, assessor: g.person, criterion: criterion.id, value })
    });
    let marks: Vec<_> = marks.collect();
    Ok(weigh(&criteria, &marks).map_err(refused)?.scores)
}
