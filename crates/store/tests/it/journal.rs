//! Whoever alters, removes, adds or reorders what the journal says is found out.

use std::sync::Arc;

use sea_orm::{
    ActiveModelTrait, ColumnTrait, DatabaseConnection, EntityTrait, ExprTrait, IntoActiveModel, QueryFilter, QueryOrder, Set,
};
use store::journal::{Verified, verify};
use tables::{PersonId, ProgrammeId, Uuid, journal, journal_head, place};

use crate::house::{House, NOON, new_id};

on_both!(
    every_kind_of_tampering_is_found,
    blanked_content_is_found,
    an_empty_journal_is_whole,
    many_writers_leave_whole_chains_without_gaps,
);

/// A chain of at least eight records for the programme, and one for what belongs to none.
async fn chain(house: &House) -> Uuid {
    let setting = house.programme("small").await;
    for n in 0..3 {
        house.record(setting.entry(&format!("Entry {n}"), "a word")).await;
    }
    setting.id.0
}

/// The journal as it stands, and how to alter it past everything that keeps watch.
struct Intruder {
    db: DatabaseConnection,
    records: Vec<journal::Model>,
    heads: Vec<journal_head::Model>,
    chain: Uuid,
}

impl Intruder {
    async fn new(house: &House, chain: Uuid) -> Self {
        let by_number = journal::Entity::find().order_by_asc(journal::Column::Chain).order_by_asc(journal::Column::Number);
        let records = by_number.all(house.db.reader()).await.unwrap();
        Self { db: house.intruder().await, records, heads: house.all::<journal_head::Entity>().await, chain }
    }
    fn record(&self, number: i64) -> journal::Model {
        self.records.iter().find(|r| r.chain == self.chain && r.number == number).unwrap().clone()
    }
    fn last(&self) -> i64 {
        self.heads.iter().find(|h| h.chain == self.chain).unwrap().number
    }
    /// Removes records and puts others in their place.
    async fn put(&self, remove: &[i64], add: Vec<journal::Model>) {
        let gone = journal::Column::Chain.eq(self.chain).and(journal::Column::Number.is_in(remove.iter().copied()));
        journal::Entity::delete_many().filter(gone).exec(&self.db).await.unwrap();
        for record in add {
            record.into_active_model().reset_all().insert(&self.db).await.unwrap();
        }
    }
    async fn alter(&self, number: i64, how: impl FnOnce(&mut journal::Model)) {
        let mut record = self.record(number);
        how(&mut record);
        self.put(&[number], vec![record]).await;
    }
    async fn head(&self, how: journal_head::ActiveModel) {
        let mine = journal_head::Column::Chain.eq(self.chain);
        journal_head::Entity::update_many().set(how).filter(mine).exec(&self.db).await.unwrap();
    }
    async fn mend(&self) {
        journal::Entity::delete_many().exec(&self.db).await.unwrap();
        journal_head::Entity::delete_many().exec(&self.db).await.unwrap();
        for record in self.records.iter().cloned() {
            record.into_active_model().reset_all().insert(&self.db).await.unwrap();
        }
        for head in self.heads.iter().cloned() {
            head.into_active_model().reset_all().insert(&self.db).await.unwrap();
        }
    }
    /// What a check says now; mends everything afterwards.
    async fn found(&self, house: &House) -> String {
        let Verified { broken, .. } = verify(&house.db).await.unwrap();
        self.mend().await;
        assert_eq!(verify(&house.db).await.unwrap().broken, Vec::<String>::new(), "mended");
        broken.join("; ")
    }
}

async fn every_kind_of_tampering_is_found(house: House) {
    let chain = chain(&house).await;
    let i = Intruder::new(&house, chain).await;
    let last = i.last();
    assert!(last >= 8);
    let whole = verify(&house.db).await.unwrap();
    assert_eq!((whole.chains, whole.records, whole.broken.len()), (2, i.records.len() as u64, 0));
    let said = |what: &str| format!("Chain {chain}: {what}");

    i.alter(3, |r| r.change = r.change.replace("support", "sport")).await;
    assert_eq!(i.found(&house).await, said("the content of record 3 was altered"));
    i.alter(3, |r| {
        r.change = "{\"after\":{\"name\":\"Another\"}}".into();
        r.change_hash = store::sha256(r.change.as_bytes());
    })
    .await;
    assert_eq!(i.found(&house).await, said("record 3 was altered, or the one before it"));

    let alterations: [fn(&mut journal::Model); 6] = [
        |r| r.act = "do nothing".into(),
        |r| r.at = r.at.plus_seconds(-1),
        |r| r.actor_id = Some(PersonId(new_id())),
        |r| r.kind = "person".into(),
        |r| r.record_id = new_id(),
        |r| r.hash = store::sha256(b"another"),
    ];
    for alter in alterations {
        i.alter(4, alter).await;
        assert_eq!(i.found(&house).await, said("record 4 was altered, or the one before it"));
    }
    i.alter(last, |r| r.actor_id = None).await;
    assert_eq!(i.found(&house).await, said(&format!("record {last} was altered, or the one before it")));

    i.put(&[1], vec![]).await;
    assert_eq!(i.found(&house).await, said("record 1 is missing"));
    i.put(&[5], vec![]).await;
    assert_eq!(i.found(&house).await, said("record 5 is missing"));
    i.put(&[last], vec![]).await;
    assert_eq!(i.found(&house).await, said(&format!("records {last} to {last} are missing")));
    i.put(&(1..=last).collect::<Vec<_>>(), vec![]).await;
    assert_eq!(i.found(&house).await, said(&format!("records 1 to {last} are missing")));
    // Removed, and the gap closed.
    let moved = (6..=last).map(|n| journal::Model { number: n - 1, ..i.record(n) }).collect();
    i.put(&(5..=last).collect::<Vec<_>>(), moved).await;
    assert_eq!(i.found(&house).await, said("record 5 was altered, or the one before it"));

    let swapped = vec![journal::Model { number: 3, ..i.record(2) }, journal::Model { number: 2, ..i.record(3) }];
    i.put(&[2, 3], swapped).await;
    assert_eq!(i.found(&house).await, said("record 2 was altered, or the one before it"));

    // Inserted in the middle, with room made for it; and added at the end.
    let mut moved: Vec<_> = (4..=last).map(|n| journal::Model { number: n + 1, ..i.record(n) }).collect();
    moved.push(journal::Model { act: "approve a payment".into(), ..i.record(4) });
    i.put(&(4..=last).collect::<Vec<_>>(), moved).await;
    assert_eq!(i.found(&house).await, said("record 4 was altered, or the one before it"));
    i.put(&[], vec![journal::Model { number: last + 1, ..i.record(last) }]).await;
    assert_eq!(i.found(&house).await, said(&format!("record {} was altered, or the one before it", last + 1)));

    journal_head::Entity::delete_by_id(chain).exec(&i.db).await.unwrap();
    assert_eq!(i.found(&house).await, format!("{last} records belong to a chain whose end is missing"));
    i.head(journal_head::ActiveModel { hash: Set(store::sha256(b"another")), ..Default::default() }).await;
    assert_eq!(i.found(&house).await, said(&format!("record {last} is not the one the chain ends with")));
    i.head(journal_head::ActiveModel { number: Set(last + 2), ..Default::default() }).await;
    assert_eq!(i.found(&house).await, said(&format!("records {} to {} are missing", last + 1, last + 2)));

    // One chain's trouble does not hide another's.
    i.put(&[2], vec![]).await;
    let nil = journal::Column::Chain.eq(Uuid::nil());
    journal::Entity::delete_many().filter(nil).exec(&i.db).await.unwrap();
    let found = i.found(&house).await;
    assert!(
        found.contains("record 2 is missing") && found.contains(&format!("Chain {}: records 1 to 1", Uuid::nil())),
        "{found}"
    );
}

async fn blanked_content_is_found(house: House) {
    let chain = chain(&house).await;
    let i = Intruder::new(&house, chain).await;
    i.alter(3, |r| r.change = String::new()).await;
    assert!(i.found(&house).await.contains("the content of record 3 was altered"));
}

async fn an_empty_journal_is_whole(house: House) {
    assert_eq!(verify(&house.db).await.unwrap(), Verified::default());
}

const WRITERS: usize = 16;
const WRITES: usize = 20;

/// Half of the writers share a programme, the others have one for each two; every write touches the shared chain of
/// what belongs to no programme as well.
async fn many_writers_leave_whole_chains_without_gaps(house: House) {
    let house = Arc::new(house);
    let programmes: Vec<ProgrammeId> = (0..5).map(|_| ProgrammeId(new_id())).collect();
    let mut setup = house.write("load designs").await;
    for (n, id) in programmes.iter().enumerate() {
        let row = tables::programme::Model {
            id: *id,
            slug: format!("programme-{n}"),
            name: format!("Programme {n}"),
            practice: true,
            design_version_id: tables::DesignVersionId(new_id()),
            created_at: NOON,
        };
        setup.insert(row).await.unwrap();
    }
    setup.save().await.unwrap();
    let mut tasks = Vec::new();
    for writer in 0..WRITERS {
        let (house, programmes) = (house.clone(), programmes.clone());
        tasks.push(tokio::spawn(async move {
            let programme_id = if writer < WRITERS / 2 { programmes[0] } else { programmes[1 + writer % 4] };
            for n in 0..WRITES {
                let mut write = house.write("open a place").await;
                let row = place::Model {
                    id: tables::PlaceId(write.id()),
                    programme_id,
                    slug: format!("place-{writer}-{n}"),
                    name: "A place".into(),
                    problem: String::new(),
                    vision: String::new(),
                    revision: 1,
                    created_at: write.at(),
                };
                write.insert(row).await.unwrap();
                let person = crate::house::somebody(&write, "Somebody");
                write.insert(person).await.unwrap();
                write.save().await.unwrap();
            }
        }));
    }
    for task in tasks {
        task.await.unwrap();
    }
    let all = (WRITERS * WRITES * 2 + programmes.len()) as u64;
    assert_eq!(verify(&house.db).await.unwrap(), Verified { chains: 6, records: all, broken: vec![] });
    let heads = house.all::<journal_head::Entity>().await;
    let shared = heads.iter().find(|h| h.chain == programmes[0].0).unwrap();
    assert_eq!(shared.number, (WRITERS / 2 * WRITES + 1) as i64);
}
