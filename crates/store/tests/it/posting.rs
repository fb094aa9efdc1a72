//! The post: each mail once, again later where it could not be sent, and given up in the end.

use kernel::{Clock, Fault, FixedClock, Moment};
use sea_orm::{EntityTrait, QueryOrder};
use store::Db;
use store::post::{Outgoing, PostOffice, smtp};
use tables::mail;

use crate::house::{House, NOON};
use crate::smtp::{MailServer, Mood};

on_both!(
    a_mail_goes_into_the_folder_once_and_its_text_is_forgotten,
    a_mail_that_cannot_be_sent_is_tried_again_and_given_up_in_the_end,
    one_bad_address_does_not_keep_the_others_waiting,
    a_mail_arrives_as_it_was_written,
    a_mail_is_left_to_who_took_it_from_the_moment_of_taking,
    senders_at_work_at_once_send_each_mail_once,
    a_mail_whose_arrival_nobody_noted_comes_again_under_the_same_name,
    a_server_that_dies_before_it_noted_a_mail_leaves_one_that_others_send_under_the_same_name,
);

/// Long after the mails were written.
const LATER: Moment = NOON.plus_seconds(24 * 3600);

async fn write_mails(house: &House, recipients: &[&str]) {
    let mut write = house.write("tell people").await;
    for recipient in recipients {
        let text = "Open https://c.example/sign-in/link/5ec7e7\n\n£5 – it’s for Zoë.\n".into();
        write.mail(recipient, "Your link – to sign in".into(), text).await.unwrap();
    }
    write.save().await.unwrap();
}

async fn send_due(db: &Db, office: &PostOffice, at: Moment) -> Result<usize, Fault> {
    store::post::send_due(db, office, &FixedClock::at(at)).await
}

async fn mails(db: &Db) -> Vec<mail::Model> {
    mail::Entity::find().order_by_asc(mail::Column::Id).all(db.reader()).await.unwrap()
}

fn office(outgoing: Outgoing) -> PostOffice {
    PostOffice { from: "Commonweal <post@c.example>".parse().unwrap(), host: "c.example".into(), outgoing }
}

async fn a_mail_goes_into_the_folder_once_and_its_text_is_forgotten(house: House) {
    write_mails(&house, &["ada@people.example", "Lee Park <lee@people.example>"]).await;
    let folder = tempfile::tempdir().unwrap();
    let outbox = folder.path().join("outbox");
    let office = office(Outgoing::Folder(outbox.clone()));
    assert_eq!(send_due(&house.db, &office, NOON.plus_seconds(-60)).await.unwrap(), 0, "not before it is due");
    assert_eq!(send_due(&house.db, &office, LATER).await.unwrap(), 2);
    assert_eq!(send_due(&house.db, &office, LATER).await.unwrap(), 0);
    assert_eq!(send_due(&house.db, &office, LATER.plus_seconds(1_000_000)).await.unwrap(), 0);
    let mut written: Vec<String> =
        std::fs::read_dir(&outbox).unwrap().map(|f| std::fs::read_to_string(f.unwrap().path()).unwrap()).collect();
    written.sort();
    assert_eq!(written.len(), 2);
    assert!(
        written[0].starts_with("To: Lee Park <lee@people.example>\nSubject: Your link – to sign in\n\nOpen https://"),
        "{written:?}"
    );
    for mail in mails(&house.db).await {
        assert_eq!((mail.text.as_str(), mail.sent_at, mail.failed_at, mail.attempts), ("", Some(LATER), None, 1));
    }
}

async fn a_mail_that_cannot_be_sent_is_tried_again_and_given_up_in_the_end(house: House) {
    write_mails(&house, &["ada@people.example"]).await;
    let folder = tempfile::tempdir().unwrap();
    let in_the_way = folder.path().join("outbox");
    std::fs::write(&in_the_way, "a file where a folder should be").unwrap();
    let office = office(Outgoing::Folder(in_the_way.clone()));
    let (mut now, mut waits) = (LATER, Vec::new());
    loop {
        assert_eq!(send_due(&house.db, &office, now).await.unwrap(), 0);
        let mail = mails(&house.db).await.remove(0);
        assert_eq!((mail.sent_at, mail.attempts), (None, i32::try_from(waits.len()).unwrap() + 1));
        if mail.failed_at.is_some() {
            break;
        }
        assert_ne!(mail.text, "");
        waits.push(mail.due_at.seconds_since(now));
        assert_eq!(send_due(&house.db, &office, mail.due_at.plus_seconds(-1)).await.unwrap(), 0);
        assert_eq!(mails(&house.db).await[0], mail, "it is left alone until then");
        now = mail.due_at;
    }
    assert_eq!(waits[..4], [60, 120, 240, 480]);
    assert!(waits.is_sorted() && waits.iter().all(|w| *w <= 43_200), "{waits:?}");
    let days = now.seconds_since(LATER) / 3_600;
    assert!((60..=84).contains(&days), "about three days, not {days} hours");
    // Given up: nobody tries again, and the secret in it is forgotten.
    std::fs::remove_file(&in_the_way).unwrap();
    assert_eq!(send_due(&house.db, &office, now.plus_seconds(1_000_000)).await.unwrap(), 0);
    assert_eq!(mails(&house.db).await[0].text, "");

    // One that fails at first only, is sent once the trouble is over.
    write_mails(&house, &["lee@people.example"]).await;
    std::fs::write(&in_the_way, "").unwrap();
    assert_eq!(send_due(&house.db, &office, now).await.unwrap(), 0);
    std::fs::remove_file(&in_the_way).unwrap();
    assert_eq!(send_due(&house.db, &office, now).await.unwrap(), 0, "not before its wait is over");
    assert_eq!(send_due(&house.db, &office, now.plus_seconds(60)).await.unwrap(), 1);
}

async fn one_bad_address_does_not_keep_the_others_waiting(house: House) {
    write_mails(&house, &["no address at all", "ada@people.example"]).await;
    let server = MailServer::start().await;
    assert_eq!(send_due(&house.db, &office(server.outgoing()), LATER).await.unwrap(), 1);
    assert_eq!(server.mails().len(), 1);
    assert_eq!(mails(&house.db).await.iter().filter(|m| m.sent_at.is_none()).count(), 1);
}

async fn a_mail_arrives_as_it_was_written(house: House) {
    write_mails(&house, &["ada@people.example"]).await;
    let server = MailServer::start().await;
    assert_eq!(send_due(&house.db, &office(server.outgoing()), LATER).await.unwrap(), 1);
    let mail = server.mails().remove(0);
    let (head, body) = mail.split_once("\r\n\r\n").unwrap();
    let head = head.to_lowercase();
    for line in
        ["from: commonweal <post@c.example>", "to: ada@people.example", "date: ", "content-type: text/plain; charset=utf-8"]
    {
        assert!(head.lines().any(|l| l.starts_with(line)), "{line} is missing from:\n{head}");
    }
    assert!(head.contains(&format!("message-id: <{}@c.example>", mails(&house.db).await[0].id)), "{head}");
    assert!(body.contains("https://c.example/sign-in/link/5ec7e7"), "a link in one piece: {body}");
}

async fn senders_at_work_at_once_send_each_mail_once(house: House) {
    let recipients: Vec<String> = (0..30).map(|n| format!("person{n}@people.example")).collect();
    write_mails(&house, &recipients.iter().map(String::as_str).collect::<Vec<_>>()).await;
    let server = MailServer::start().await;
    let offices = [office(server.outgoing()), office(server.outgoing()), office(server.outgoing())];
    let senders = offices.iter().map(|office| send_due(&house.db, office, LATER));
    let sent: Vec<usize> = futures::future::join_all(senders).await.into_iter().map(Result::unwrap).collect();
    assert_eq!(sent.iter().sum::<usize>(), 30, "{sent:?}");
    let mut arrived: Vec<String> = server.mails().iter().map(|m| header(m, "To: ").to_string()).collect();
    arrived.sort();
    arrived.dedup();
    assert_eq!((server.mails().len(), arrived.len()), (30, 30));
    assert!(mails(&house.db).await.iter().all(|m| m.attempts == 1 && m.sent_at.is_some() && m.text.is_empty()));
}

/// A clock on which a hundred seconds go by whenever somebody looks.
struct Hasty(FixedClock);

impl Clock for Hasty {
    fn now(&self) -> Moment {
        self.0.advance_seconds(100);
        self.0.now()
    }
}

async fn a_mail_is_left_to_who_took_it_from_the_moment_of_taking(house: House) {
    write_mails(&house, &["ada@people.example", "lee@people.example", "zoe@people.example"]).await;
    let server = MailServer::start().await;
    let clock = Hasty(FixedClock::at(LATER));
    assert_eq!(store::post::send_due(&house.db, &office(server.outgoing()), &clock).await.unwrap(), 3);
    let until: Vec<Moment> = mails(&house.db).await.iter().map(|m| m.due_at).collect();
    assert!(
        until.windows(2).all(|pair| pair[1].seconds_since(pair[0]) >= 100),
        "the last waits no less than the first: {until:?}"
    );
}

fn header<'a>(mail: &'a str, name: &str) -> &'a str {
    mail.lines().find_map(|l| l.strip_prefix(name)).unwrap()
}

async fn a_mail_whose_arrival_nobody_noted_comes_again_under_the_same_name(house: House) {
    write_mails(&house, &["ada@people.example"]).await;
    let server = MailServer::start().await;
    let office = office(server.outgoing());
    server.is(Mood::HangsUp);
    assert_eq!(send_due(&house.db, &office, LATER).await.unwrap(), 0);
    server.is(Mood::Refuses);
    assert_eq!(send_due(&house.db, &office, LATER.plus_seconds(60)).await.unwrap(), 0);
    server.is(Mood::Takes);
    assert_eq!(send_due(&house.db, &office, LATER.plus_seconds(180)).await.unwrap(), 1);
    let names: Vec<String> = server.mails().iter().map(|m| header(m, "Message-ID: ").to_string()).collect();
    assert_eq!(names.len(), 2);
    assert_eq!(names[0], names[1], "which is how a mail server knows a copy");
}

async fn a_server_that_dies_before_it_noted_a_mail_leaves_one_that_others_send_under_the_same_name(house: House) {
    write_mails(&house, &["ada@people.example"]).await;
    let server = MailServer::start().await;
    let office = office(server.outgoing());
    server.is(Mood::NeverAnswers);
    // Its work ends where it stands: the mail has arrived, and nothing says so.
    tokio::select! {
        _ = send_due(&house.db, &office, LATER) => panic!("the mail server never answers"),
        () = server.arrival() => {}
    }
    server.is(Mood::Takes);
    assert_eq!(send_due(&house.db, &office, LATER.plus_seconds(60)).await.unwrap(), 0, "it may be alive, and at it still");
    assert_eq!(send_due(&house.db, &office, LATER.plus_seconds(180)).await.unwrap(), 1);
    assert_eq!(send_due(&house.db, &office, LATER.plus_seconds(1_000_000)).await.unwrap(), 0);
    let names: Vec<String> = server.mails().iter().map(|m| header(m, "Message-ID: ").to_string()).collect();
    assert_eq!(names.len(), 2, "no sender can know whether a mail arrived that nobody answered");
    assert_eq!(names[0], names[1]);
}

#[test]
fn a_mail_servers_address_is_checked_at_once() {
    assert!(smtp("smtps://name:password@mail.example:465").is_ok());
    for wrong in ["mail.example", "http://mail.example", "smtp://"] {
        let said = smtp(wrong).err().unwrap_or_default();
        assert!(said.starts_with("The mail server’s address cannot be used: "), "{wrong}: {said}");
    }
}
