//! A programme's awards in the words of the 360Giving Data Standard: each agreed award is a grant, whoever holds it is its
//! recipient, and the other partners are named beside it. (Field names and rules: 360Giving Data Standard 1.4.)

use design::Sponsor;
use kernel::{Day, Fault, Moment, Money};
use sea_orm::entity::prelude::*;
use sea_orm::{QueryOrder, QuerySelect};
use serde_json::{Value, json};
use store::fault;
use tables::{AwardId, PlaceId, account, application, award, instalment, organisation, place, variation};

use crate::grants::accounts::{self, PAID};
use crate::ground::{Publishing, Snapshot};
use crate::places::{Partner, partners_of_all};

/// An award that can be published, with its place and the partners there.
pub(super) struct Own {
    pub row: award::Model,
    pub place: place::Model,
    pub partners: Vec<Partner>,
    pub paid: Money,
    /// The place was chosen out of an open call.
    pub called: bool,
    /// When anything of what is published changed last: agreed, paid, changed or closed.
    pub changed_at: Option<Moment>,
}

impl Own {
    pub fn holder(&self) -> Option<&organisation::Model> {
        self.partners.iter().map(|p| &p.organisation).find(|o| o.id == self.row.organisation_id)
    }
}

/// The agreed awards of a programme, the first first.
pub(super) async fn own(db: &impl ConnectionTrait, programme: &Snapshot) -> Result<Vec<Own>, Fault> {
    let rows = award::Entity::find()
        .filter(award::COLUMN.programme_id.eq(programme.id))
        .filter(award::COLUMN.agreed_at.is_not_null())
        .order_by_asc(award::Column::StartsOn)
        .order_by_asc(award::Column::Id)
        .all(db)
        .await
        .map_err(fault("list awards"))?;
    let places = place::Entity::find().filter(place::COLUMN.programme_id.eq(programme.id)).all(db).await;
    let places = places.map_err(fault("list places"))?;
    let ids: Vec<PlaceId> = rows.iter().map(|row| row.place_id).collect();
    let called = application::Entity::find().filter(application::COLUMN.place_id.is_in(ids.clone()));
    let called = called.select_only().column(application::Column::PlaceId).into_tuple::<PlaceId>().all(db).await;
    let called = called.map_err(fault("list applications"))?;
    let partners = partners_of_all(db, &ids).await?;
    let awards: Vec<AwardId> = rows.iter().map(|row| row.id).collect();
    let accounts =
        account::Entity::find().filter(account::COLUMN.award_id.is_in(awards.clone())).filter(account::COLUMN.kind.eq(PAID));
    let accounts = accounts.all(db).await.map_err(fault("list accounts"))?;
    let held = accounts::with_balances(db, accounts, None).await?;
    let paid_at = instalment::Entity::find().filter(instalment::COLUMN.award_id.is_in(awards.clone())).all(db).await;
    let paid_at = paid_at.map_err(fault("list payments"))?;
    let changed = variation::Entity::find().filter(variation::COLUMN.award_id.is_in(awards)).all(db).await;
    let changed = changed.map_err(fault("list versions of budgets"))?;
    let own = |row: award::Model| {
        let place = places.iter().find(|p| p.id == row.place_id)?.clone();
        let paid = held.iter().filter(|(a, _)| a.award_id == Some(row.id)).map(|(_, b)| b).sum();
        let moments = [row.agreed_at, row.closed_at].into_iter().flatten();
        let moments = moments.chain(paid_at.iter().filter(|i| i.award_id == row.id).filter_map(|i| i.paid_at));
        let moments = moments.chain(changed.iter().filter(|v| v.award_id == row.id).filter_map(|v| v.answered_at));
        Some(Own {
            partners: partners.iter().filter(|(id, _)| *id == place.id).map(|(_, p)| p.clone()).collect(),
            paid: Money::from_pence(paid),
            called: called.contains(&place.id),
            changed_at: moments.max(),
            place,
            row,
        })
    };
    Ok(rows.into_iter().filter_map(own).collect())
}

/// The sponsors that give the money: those that the design calls funders, or else all sponsors.
pub(super) fn funders(programme: &Snapshot) -> Vec<&Sponsor> {
    let all = || programme.programme.design.sponsors.iter();
    let funders: Vec<_> = all().filter(|s| s.part == design::Part::Funder).collect();
    if funders.is_empty() { all().filter(|s| s.part == design::Part::Sponsor).collect() } else { funders }
}

/// How the standard identifies an award: the publisher's prefix and a reference of its own.
pub(super) fn id_of(publishing: &Publishing, programme: &Snapshot, row: &award::Model) -> String {
    format!("{}-{}-{}", publishing.prefix, programme.slug, row.reference)
}

/// An organisation that no register knows is identified by the publisher; `own` tells it from every other.
fn organisation(publishing: &Publishing, own: &str, name: &str, identifier: &str) -> Value {
    let internal = || format!("{}-{}", publishing.prefix, own.to_uppercase());
    let id = if identifier.is_empty() { internal() } else { identifier.to_string() };
    let mut told = json!({ "id": id, "name": name });
    for (register, field) in
        [("GB-CHC-", "charityNumber"), ("GB-SC-", "charityNumber"), ("GB-NIC-", "charityNumber"), ("GB-COH-", "companyNumber")]
    {
        if let Some(number) = id.strip_prefix(register) {
            told[field] = json!(number);
        }
    }
    told
}

fn funder(publishing: &Publishing, programme: &Snapshot, sponsor: &Sponsor) -> Value {
    let own = format!("sponsor-{}-{}", programme.slug, sponsor.key);
    organisation(publishing, &own, &sponsor.name, sponsor.identifier.as_deref().unwrap_or_default())
}

fn partner(publishing: &Publishing, own: &organisation::Model) -> Value {
    organisation(publishing, &format!("org-{}", own.key), &own.name, &own.identifier)
}

/// Pounds, as the standard has amounts.
fn pounds(amount: Money) -> Value {
    let pence = amount.pence();
    if pence % 100 == 0 {
        json!(pence / 100)
    } else {
        serde_json::from_str(&format!("{}.{:02}", pence / 100, pence % 100)).unwrap_or_default()
    }
}

/// Whole months from the first day to the last, both counted.
fn months(from: Day, to: Day) -> i32 {
    (1..).take_while(|n| from.plus_months(*n).plus_days(-1) <= to).last().unwrap_or(0)
}

/// A programme's awards as a package of the standard. `address` is that of this site.
pub(super) fn package(programme: &Snapshot, all: &[Own], publishing: &Publishing, address: &str, today: Day) -> Value {
    let home = format!("{address}{}", programme.href());
    let id = |row: &award::Model| id_of(publishing, programme, row);
    let of = |wanted: AwardId| all.iter().find(|o| o.row.id == wanted).map(|o| id(&o.row));
    let grants = all.iter().map(|own| {
        let row = &own.row;
        let line = programme.programme.design.money.iter().find(|l| l.key == row.line).map_or("Grant", |l| &l.name);
        let related: Vec<String> = row.follows_id.and_then(of).into_iter().chain(all.iter().filter(|o| o.row.follows_id == Some(row.id)).map(|o| id(&o.row))).collect();
        let mut grant = json!({
            "id": id(row),
            "title": format!("{line}: {}", own.place.name),
            "description": row.purpose,
            "currency": "GBP",
            "amountAwarded": pounds(Money::from_pence(row.amount)),
            "amountDisbursed": pounds(own.paid),
            "awardDate": row.agreed_at.map(|at| at.day().iso()),
            "plannedDates": [{ "startDate": row.starts_on.iso(), "endDate": row.ends_on.iso(), "duration": months(row.starts_on, row.ends_on) }],
            "recipientOrganization": own.holder().map(|o| vec![partner(publishing, o)]).unwrap_or_default(),
            "fundingOrganization": funders(programme).into_iter().map(|s| funder(publishing, programme, s)).collect::<Vec<_>>(),
            "grantProgramme": [{ "code": programme.slug, "title": programme.name, "url": home }],
            "beneficiaryLocation": [{ "name": own.place.name }],
            "partnerOrganization": own.partners.iter().filter(|p| p.organisation.id != row.organisation_id).map(|p| {
                let mut told = partner(publishing, &p.organisation);
                told["sector"] = json!(p.organisation.sector);
                told
            }).collect::<Vec<_>>(),
            "url": format!("{home}/places/{}", own.place.slug),
            "dataSource": format!("{home}/grants.json"),
            "dateModified": own.changed_at.map(|at| at.iso()),
        });
        if own.called {
            grant["fromOpenCall"] = json!("Yes");
        }
        if !related.is_empty() {
            grant["relatedActivity"] = json!(related);
        }
        grant
    });
    let publisher = funders(programme).first().map(|s| funder(publishing, programme, s)).unwrap_or_default();
    json!({
        "version": "1.4",
        "title": format!("Grants of {}", programme.name),
        "description": format!("The awards of {} to its places: whoever holds one is its recipient, the other partners are named beside it.", programme.name),
        "issued": today.iso(),
        "publisher": { "name": publisher["name"], "identifier": publisher["id"] },
        "downloadURL": format!("{home}/grants.json"),
        "accessURL": home,
        "license": publishing.licence,
        "grants": grants.collect::<Vec<_>>(),
    })
}

/// What keeps a package from being accepted, and what would make it more useful, as the standard's own checks say.
#[derive(Debug, Default)]
pub(super) struct Checked {
    pub errors: Vec<String>,
    pub remarks: Vec<String>,
}

/// Writes a package to a file and puts it through every check.
pub(super) fn check(package: &Value, to: &std::path::Path, today: Day) -> Result<Checked, Fault> {
    let doing = "check the grants that are to be published";
    let bytes = serde_json::to_vec_pretty(package).map_err(|e| Fault::new(doing, e))?;
    std::fs::write(to, bytes).map_err(|e| Fault::new(doing, e))?;
    let part = |n: u32| u8::try_from(n).unwrap_or(1);
    let day = threesixty::Day::new(u16::try_from(today.year()).unwrap_or(1), part(today.month()), part(today.day_of_month()));
    let mut check = threesixty::Check::new(day.ok_or_else(|| Fault::new(doing, "the clock shows no day"))?).keeping(3);
    if let Err(stop) = threesixty::read(to, threesixty::Format::Json, &mut check) {
        return Ok(Checked { errors: vec![stop.to_string()], remarks: Vec::new() });
    }
    let report = check.finish();
    let mut found = Checked::default();
    for tally in &report.tallies {
        let told = tally.problems.iter().map(|p| {
            let id = p.id.as_deref().map(|id| format!("{id}: ")).unwrap_or_default();
            format!("{id}{}; {}", p.what, p.fix)
        });
        match tally.level {
            threesixty::Level::Error => found.errors.extend(told),
            _ => found.remarks.push(format!("{} ({})", tally.title, tally.count)),
        }
    }
    if report.grants == 0 {
        found.errors.push("No award has been agreed yet".into());
    }
    Ok(found)
}
