//! A write is everything or nothing: rows, journal, mail, index, the note of a handled form.

use std::sync::Arc;

use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryOrder};
use serde_json::Value;
use store::journal::{BeforeAfter, verify};
use store::search::{Reach, fold, search};
use store::{Write, already_handled, forget_old_forms};
use tables::{CircleId, entry, journal, journal_head, mail, person, place};

use crate::house::{House, NOON, Setting, new_id, somebody};

on_both!(
    what_is_not_saved_was_never_there,
    what_is_saved_is_all_there,
    a_fault_in_the_middle_leaves_nothing,
    a_fault_at_the_very_end_leaves_nothing,
    the_journal_says_what_was_different_and_no_secrets,
    many_rows_at_once_are_journalled_like_one,
    changing_what_is_not_there_is_a_fault,
    nobody_overwrites_what_somebody_else_is_changing,
    a_second_press_of_the_button_does_nothing,
    two_presses_at_once_do_it_once,
    of_many_at_once_each_stands_or_falls_alone,
    handled_forms_are_forgotten_after_a_while,
);

/// One of everything a write can hold.
async fn everything(write: &mut Write, setting: &Setting, word: &str) {
    let entry = write.insert(setting.entry("A walk", word)).await.unwrap();
    write.index(&[entry]).await.unwrap();
    write.mail("lead@people.example", "News".into(), "There is news.".into()).await.unwrap();
    write.handled(&format!("somebody/{word}"), "/there").await.unwrap();
}

async fn found(house: &House, setting: &Setting, word: &str) -> usize {
    let reach = [Reach { place: None, circles: setting.circles.to_vec() }];
    search(&house.db, &fold(word), &reach, None, 10).await.unwrap().len()
}

async fn what_is_not_saved_was_never_there(house: House) {
    let setting = house.programme("small").await;
    let before = house.rows().await;
    let mut write = house.write("record an entry").await;
    everything(&mut write, &setting, "kingfisher").await;
    drop(write);
    assert_eq!(house.rows().await, before);
    assert_eq!(found(&house, &setting, "kingfisher").await, 0);
    assert_eq!(already_handled(&house.db, "somebody/kingfisher").await.unwrap(), None);
    // The next write starts from nothing.
    let mut write = house.write("record an entry").await;
    everything(&mut write, &setting, "kingfisher").await;
    write.save().await.unwrap();
    assert_eq!(found(&house, &setting, "kingfisher").await, 1);
    assert_eq!(verify(&house.db).await.unwrap().broken, Vec::<String>::new());
}

async fn what_is_saved_is_all_there(house: House) {
    let setting = house.programme("small").await;
    let journalled = house.count("journal").await;
    let mut write = house.write_as(setting.author, "record an entry").await;
    let at = write.at();
    everything(&mut write, &setting, "kingfisher").await;
    write.save().await.unwrap();

    let entries = house.all::<entry::Entity>().await;
    assert_eq!((entries.len(), entries[0].text.as_str()), (1, "kingfisher"));
    assert_eq!(found(&house, &setting, "kingfisher").await, 1);
    let mails = house.all::<mail::Entity>().await;
    assert_eq!((mails.len(), mails[0].due_at, mails[0].attempts), (1, at, 0));
    assert_eq!(already_handled(&house.db, "somebody/kingfisher").await.unwrap().as_deref(), Some("/there"));
    assert_eq!(house.count("journal").await, journalled + 1, "mail and index are no changes of their own");
    let last = journal::Entity::find().order_by_desc(journal::Column::At).one(house.db.reader()).await.unwrap().unwrap();
    assert_eq!((last.chain, last.record_id, last.at), (setting.id.0, entries[0].id.0, at));
    assert_eq!((last.actor_id, last.act.as_str(), last.kind.as_str()), (Some(setting.author), "record an entry", "entry"));
}

async fn a_fault_in_the_middle_leaves_nothing(house: House) {
    let setting = house.programme("small").await;
    let before = house.rows().await;
    let mut write = house.write("record an entry").await;
    everything(&mut write, &setting, "kingfisher").await;
    let nowhere = entry::Model { circle_id: CircleId(new_id()), ..setting.entry("Nowhere", "") };
    let fault = write.insert(nowhere).await.unwrap_err();
    assert_eq!(fault.doing, "entry", "{fault}");
    drop(write);
    assert_eq!(house.rows().await, before);
    assert_eq!(found(&house, &setting, "kingfisher").await, 0);
    house.record(setting.entry("Afterwards", "as before")).await;
}

async fn a_fault_at_the_very_end_leaves_nothing(house: House) {
    let setting = house.programme("small").await;
    // The journal's next record stands there already, put by somebody else: the write cannot be journalled.
    let head = journal_head::Entity::find_by_id(setting.id.0).one(house.db.reader()).await.unwrap().unwrap();
    let last = journal::Entity::find_by_id((setting.id.0, head.number)).one(house.db.reader()).await.unwrap().unwrap();
    let ahead = journal::Model { number: head.number + 1, ..last }.into_active_model().reset_all();
    ahead.insert(&house.intruder().await).await.unwrap();
    let before = house.rows().await;
    let mut write = house.write("record an entry").await;
    everything(&mut write, &setting, "kingfisher").await;
    let fault = write.save().await.unwrap_err();
    assert_eq!(fault.doing, "write the journal", "{fault}");
    assert_eq!(house.rows().await, before);
    assert_eq!(found(&house, &setting, "kingfisher").await, 0);
}

async fn the_journal_says_what_was_different_and_no_secrets(house: House) {
    let mut write = house.write("welcome somebody").await;
    let person = somebody(&write, "Ada");
    let person = write.insert(person).await.unwrap();
    write.save().await.unwrap();
    let mut write = house.write("correct a name").await;
    let known = write.lock::<person::Entity>(person.id).await.unwrap().unwrap();
    assert_eq!(known, person);
    let after = person::Model { name: "Ada L.".into(), password_hash: Some("$argon2id$another".into()), ..known.clone() };
    write.replace(&known, after.clone()).await.unwrap();
    write.save().await.unwrap();
    assert_eq!(house.all::<person::Entity>().await, [after]);

    let records = journal::Entity::find().order_by_asc(journal::Column::Number).all(house.db.reader()).await.unwrap();
    assert!(records.iter().all(|r| r.chain.is_nil()), "a person belongs to no programme");
    assert!(records.iter().all(|r| !r.change.contains("argon2")), "{records:?}");
    let changes: Vec<BeforeAfter> = records.iter().map(|r| serde_json::from_str(&r.change).unwrap()).collect();
    assert_eq!((changes[0].before.len(), &changes[0].after["name"]), (0, &Value::from("Ada")));
    let only = |map: &serde_json::Map<String, Value>| map.iter().map(|(k, v)| format!("{k}={v}")).collect::<Vec<_>>().join(" ");
    assert_eq!((only(&changes[1].before), only(&changes[1].after)), ("name=\"Ada\"".into(), "name=\"Ada L.\"".into()));
}

async fn many_rows_at_once_are_journalled_like_one(house: House) {
    let setting = house.programme("small").await;
    let journalled = house.count("journal").await;
    let entries: Vec<_> = (0..1_001).map(|n| setting.entry(&format!("Entry {n}"), "the same")).collect();
    let mut write = house.write("fill").await;
    write.insert_all(entries.clone()).await.unwrap();
    write.index(&entries).await.unwrap();
    write.save().await.unwrap();
    assert_eq!(entry::Entity::find().count(house.db.reader()).await.unwrap(), 1_001);
    assert_eq!(house.count("journal").await, journalled + 1_001);
    assert_eq!(house.count("search_documents").await, 1_001);
    let verified = verify(&house.db).await.unwrap();
    assert_eq!(verified.broken, Vec::<String>::new());
    assert_eq!(verified.records, u64::try_from(journalled).unwrap() + 1_001);
}

async fn changing_what_is_not_there_is_a_fault(house: House) {
    let mut write = house.write("correct a name").await;
    let nobody = somebody(&write, "Nobody");
    let renamed = person::Model { name: "Somebody".into(), ..nobody.clone() };
    assert!(write.replace(&nobody, renamed).await.is_err(), "nothing was changed, so nothing may be journalled");
}

async fn nobody_overwrites_what_somebody_else_is_changing(house: House) {
    let setting = house.programme("small").await;
    let house = Arc::new(house);
    let (place, mut tasks) = (setting.places[0], Vec::new());
    for _ in 0..12 {
        let house = house.clone();
        tasks.push(tokio::spawn(async move {
            let mut write = house.write("describe a place").await;
            let before = write.lock::<place::Entity>(place).await.unwrap().unwrap();
            let after = place::Model { revision: before.revision + 1, ..before.clone() };
            write.replace(&before, after).await.unwrap();
            write.save().await.unwrap();
        }));
    }
    for task in tasks {
        task.await.unwrap();
    }
    let after = place::Entity::find_by_id(place).one(house.db.reader()).await.unwrap().unwrap();
    assert_eq!(after.revision, 13);
}

async fn press(house: &House, setting: &Setting) -> Result<(), kernel::Fault> {
    let mut write = house.write("record an entry").await;
    let entry = write.insert(setting.entry("Pressed", "")).await?;
    write.index(&[entry]).await?;
    write.handled("somebody/the same key", "/there").await?;
    write.save().await
}

async fn a_second_press_of_the_button_does_nothing(house: House) {
    let setting = house.programme("small").await;
    press(&house, &setting).await.unwrap();
    let before = house.rows().await;
    assert!(press(&house, &setting).await.is_err());
    assert_eq!(house.rows().await, before);
    assert_eq!(already_handled(&house.db, "somebody/the same key").await.unwrap().as_deref(), Some("/there"));
    assert_eq!(already_handled(&house.db, "somebody else/the same key").await.unwrap(), None);
}

async fn two_presses_at_once_do_it_once(house: House) {
    let setting = house.programme("small").await;
    let (a, b, c) = tokio::join!(press(&house, &setting), press(&house, &setting), press(&house, &setting));
    assert_eq!([a, b, c].iter().filter(|r| r.is_ok()).count(), 1);
    assert_eq!(house.count("entries").await, 1);
    assert_eq!(verify(&house.db).await.unwrap().broken, Vec::<String>::new());
}

async fn handled_forms_are_forgotten_after_a_while(house: House) {
    let mut moments = Vec::new();
    for once in ["old", "new"] {
        let mut write = house.write("handle").await;
        moments.push(write.at());
        write.handled(once, "/there").await.unwrap();
        write.save().await.unwrap();
    }
    assert!(moments[0] >= NOON && moments[0] < moments[1]);
    assert_eq!(forget_old_forms(&house.db, moments[1]).await.unwrap(), 1, "of this very moment is not before it");
    assert_eq!(already_handled(&house.db, "old").await.unwrap(), None);
    assert!(already_handled(&house.db, "new").await.unwrap().is_some());
    assert_eq!(forget_old_forms(&house.db, moments[1]).await.unwrap(), 0);
}

/// Writes that are saved together on SQLite: some are given up, some break a rule, and the others are none the worse.
async fn of_many_at_once_each_stands_or_falls_alone(house: House) {
    let setting = house.programme("small").await;
    let one = |n: usize| {
        let (house, setting) = (&house, &setting);
        async move {
            let mut write = house.write("record an entry").await;
            everything(&mut write, setting, &format!("kingfisher{n}")).await;
            match n % 4 {
                // Given up: the visitor went away.
                1 => return None,
                // The same button pressed twice, which the database refuses.
                2 => write.handled(&format!("somebody/kingfisher{n}"), "/twice").await.unwrap_err(),
                _ => return Some(write.save().await.map(|()| n)),
            };
            None
        }
    };
    let done = futures::future::join_all((0..40).map(one)).await;
    let saved: Vec<usize> = done.into_iter().flatten().map(Result::unwrap).collect();
    assert_eq!(saved.len(), 20);
    for n in 0..40 {
        let there = found(&house, &setting, &format!("kingfisher{n}")).await;
        assert_eq!(there, usize::from(saved.contains(&n)), "kingfisher{n}");
        let handled = already_handled(&house.db, &format!("somebody/kingfisher{n}")).await.unwrap();
        assert_eq!(handled.is_some(), saved.contains(&n), "kingfisher{n}");
    }
    assert_eq!(verify(&house.db).await.unwrap().broken, Vec::<String>::new());
}
