//! What belongs to peers as the tests of moving put it in: one row of each kind.

use sea_orm::EntityTrait;
use store::Write;
use tables::{
    EntryId, FollowId, MailChoiceId, MentionId, PeerProfileId, ThemeId, TopicId, entry, follow, mail_choice, mention,
    peer_profile, theme, topic,
};

use crate::house::{Setting, new_id};

/// Somebody who says how to reach them, a thread that is about something and names them, and what they want to hear of it.
pub async fn peer_one(write: &mut Write, setting: &Setting) {
    let (programme_id, at, person_id) = (setting.id, write.at(), setting.author);
    let entry_id: EntryId = entry::Entity::find().one(write.tx()).await.unwrap().unwrap().id;
    let theme_id: ThemeId = theme::Entity::find().one(write.tx()).await.unwrap().unwrap().id;
    let profile = peer_profile::Model {
        id: PeerProfileId(new_id()),
        programme_id,
        person_id,
        works_on: "Tŷ – ŵ".into(),
        offers: "Tea".into(),
        seeks: String::new(),
        works_themes: theme_id.to_string(),
        offers_themes: String::new(),
        seeks_themes: String::new(),
        contact: "Knock twice".into(),
        changed_at: at,
    };
    write.insert(profile).await.unwrap();
    write.insert(topic::Model { id: TopicId(new_id()), programme_id, entry_id, theme_id, at }).await.unwrap();
    let id = MentionId(new_id());
    write.insert(mention::Model { id, programme_id, entry_id, thread_id: entry_id, person_id, at, seen_at: None }).await.unwrap();
    let id = FollowId(new_id());
    write.insert(follow::Model { id, programme_id, thread_id: entry_id, person_id, muted: true, at }).await.unwrap();
    let choice = mail_choice::Model {
        id: MailChoiceId(new_id()),
        programme_id,
        person_id,
        rhythm: "daily".into(),
        quiet_from: Some(1_200),
        quiet_to: Some(480),
        days_off: "sat sun".into(),
        told_until: at,
        changed_at: at,
    };
    write.insert(choice).await.unwrap();
}
