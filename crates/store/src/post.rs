//! The post: mails written by a [`crate::Write`] are sent from here. A mail is sent once: several servers take
//! turns by a lease on the row, and a mail whose server died between sending and noting it carries the same
//! Message-ID the second time, which is how mail servers recognise a copy.

use std::path::PathBuf;
use std::time::Duration;

use kernel::{Clock, Fault, Moment};
use lettre::message::Mailbox;
use lettre::message::header::ContentType;
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};
use sea_orm::entity::prelude::*;
use sea_orm::{QueryOrder, QuerySelect, Set};
use tables::mail;

use crate::{Db, fault};

/// A mail is given up after so many attempts: with the waits below, after about three days.
const ATTEMPTS: i32 = 15;
/// While a server tries to send a mail, the others leave it alone this long.
const LEASE_SECONDS: i64 = 120;
/// Trying ends before that, so that nobody else begins meanwhile.
const LONGEST: Duration = Duration::from_secs(90);

/// Where mail goes.
pub enum Outgoing {
    /// Into a folder, one file a mail.
    Folder(PathBuf),
    Smtp(Box<AsyncSmtpTransport<Tokio1Executor>>),
}

/// Who mail comes from, and where it goes.
pub struct PostOffice {
    pub from: Mailbox,
    /// The host's name in Message-IDs.
    pub host: String,
    pub outgoing: Outgoing,
}

/// A mail server: `smtps://`, or `smtp://` with STARTTLS, with name and password in the address where it asks for them.
/// Links that sign people in travel in these mails, so only a server on this machine may be spoken to in the clear,
/// unless the address says `?tls=` itself.
///
/// # Errors
/// A sentence that says what is wrong with the address.
pub fn smtp(url: &str) -> Result<Outgoing, String> {
    let host = url.trim_start_matches("smtp://").rsplit('@').next().unwrap_or("");
    let here = ["127.0.0.1", "localhost", "[::1]"].iter().any(|h| host.starts_with(h));
    let url = match url.starts_with("smtp://") && !here && !url.contains("tls=") {
        true => format!("{url}?tls=required"),
        false => url.to_string(),
    };
    let builder = AsyncSmtpTransport::<Tokio1Executor>::from_url(&url)
        .map_err(|e| format!("The mail server’s address cannot be used: {e}"))?;
    Ok(Outgoing::Smtp(Box::new(builder.build())))
}

/// Sends what is due, one mail after the other.
///
/// # Errors
/// Where the database does not answer. A mail that cannot be sent is no error: it is tried again later.
pub async fn send_due(db: &Db, office: &PostOffice, clock: &dyn Clock) -> Result<usize, Fault> {
    let due = mail::Entity::find()
        .filter(mail::COLUMN.sent_at.is_null())
        .filter(mail::COLUMN.failed_at.is_null())
        .filter(mail::COLUMN.due_at.lte(clock.now()))
        .order_by_asc(mail::Column::DueAt)
        .order_by_asc(mail::Column::Id)
        .limit(50)
        .all(db.reader())
        .await
        .map_err(fault("read the post"))?;
    let mut sent = 0;
    for mail in due {
        // A mail server can be slow, so the lease begins when the mail's turn has come.
        if !lease(db, &mail, clock.now()).await? {
            continue;
        }
        let attempts = mail.attempts + 1;
        let mut after = mail::ActiveModel { attempts: Set(attempts), ..Default::default() };
        let tried = tokio::time::timeout(LONGEST, office.send(&mail)).await;
        let now = clock.now();
        match tried.unwrap_or_else(|_| Err("the mail server did not answer".into())) {
            Ok(()) => {
                sent += 1;
                after.sent_at = Set(Some(now));
                after.text = Set(String::new());
            }
            Err(cause) => {
                // The address is personal data and stays out of the log; the mail's own identifier finds it.
                tracing::warn!(mail = %mail.id, attempts, cause = without_addresses(&cause), "a mail could not be sent");
                after.due_at = Set(now.plus_seconds(wait_seconds(attempts)));
                if attempts >= ATTEMPTS {
                    after.failed_at = Set(Some(now));
                    after.text = Set(String::new());
                }
            }
        }
        mail::Entity::update_many()
            .set(after)
            .filter(mail::COLUMN.id.eq(mail.id))
            .exec(db.writer())
            .await
            .map_err(fault("note a sent mail"))?;
    }
    Ok(sent)
}

/// Mail servers like to say whom they refuse.
fn without_addresses(cause: &str) -> String {
    cause.split_inclusive(char::is_whitespace).map(|word| if word.contains('@') { "… " } else { word }).collect()
}

/// One minute, two, four… at most half a day.
fn wait_seconds(attempts: i32) -> i64 {
    (60_i64 << (attempts - 1).clamp(0, 10)).min(43_200)
}

async fn lease(db: &Db, mail: &mail::Model, now: Moment) -> Result<bool, Fault> {
    let held = mail::ActiveModel { due_at: Set(now.plus_seconds(LEASE_SECONDS)), ..Default::default() };
    let taken = mail::Entity::update_many()
        .set(held)
        .filter(mail::COLUMN.id.eq(mail.id))
        .filter(mail::COLUMN.due_at.eq(mail.due_at))
        .filter(mail::COLUMN.sent_at.is_null())
        .exec(db.writer())
        .await
        .map_err(fault("take a mail from the post"))?;
    Ok(taken.rows_affected == 1)
}

impl PostOffice {
    async fn send(&self, mail: &mail::Model) -> Result<(), String> {
        let to: Mailbox = mail.recipient.parse().map_err(|e| format!("address: {e}"))?;
        let message = Message::builder()
            .from(self.from.clone())
            .to(to)
            .subject(&mail.subject)
            .message_id(Some(format!("<{}@{}>", mail.id, self.host)))
            .header(ContentType::TEXT_PLAIN)
            .body(mail.text.clone())
            .map_err(|e| e.to_string())?;
        match &self.outgoing {
            Outgoing::Folder(folder) => {
                tokio::fs::create_dir_all(folder).await.map_err(|e| e.to_string())?;
                let plain = format!("To: {}\nSubject: {}\n\n{}\n", mail.recipient, mail.subject, mail.text);
                let path = folder.join(format!("{}.txt", mail.id));
                tokio::fs::write(path, plain).await.map_err(|e| e.to_string())
            }
            Outgoing::Smtp(transport) => transport.send(message).await.map(drop).map_err(|e| e.to_string()),
        }
    }
}
