//! Histories of consent made by chance: whatever people say, change and take back, in whatever order, no public page, feed or
//! search shows words whose consent does not stand.

use std::collections::{BTreeMap, BTreeSet};

use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::{RngExt, SeedableRng};
use sea_orm::entity::prelude::*;
use tables::{MarkId, QuotationId, publication, published_quotation, quotation};
use testkit::site::PRACTICE;
use testkit::{TestSite, Visitor, both};

use crate::outputs::{ask, output_of, put_said, start, write_on};

/// Programmes of steps that are tried, and how many steps each takes.
const HISTORIES: u64 = 4;
const STEPS: usize = 45;

const WRITER: &str = "Learning capture team";
const QUOTED: [&str; 2] = ["Consultant, Riverside", "Project lead, Riverside"];
const SIGNER: &str = "Learning lead, Riverside";

/// What the pages should show, kept beside them by the simplest rules there are.
#[derive(Default)]
struct Model {
    /// To which words somebody has agreed, by quotation. Taking back empties it for good.
    agreed: BTreeMap<QuotationId, Vec<String>>,
    /// Of which somebody has once said no: an earlier version does not come back when they agree to a later one.
    refused: BTreeSet<QuotationId>,
}

struct History<'a> {
    site: &'a TestSite,
    rng: StdRng,
    home: String,
    writer: Visitor,
    quoted: Vec<Visitor>,
    signer: Visitor,
    anyone: Visitor,
    said: Vec<MarkId>,
    model: Model,
    /// Every word that was ever in a quotation; each is one that stands nowhere else.
    words: Vec<String>,
    seen: usize,
}

impl History<'_> {
    /// The quotations of the output that this history is about.
    async fn quotations(&self) -> Vec<quotation::Model> {
        let entry = output_of(self.site, &self.home).await.entry_id;
        let of = quotation::Entity::find().filter(quotation::COLUMN.entry_id.eq(entry));
        let mut all = of.all(self.site.db().reader()).await.expect("quotations");
        all.sort_by_key(|q| (q.made_at, q.number, q.id));
        all
    }

    fn new_word(&mut self) -> String {
        let word = format!("plover{}x", self.words.len());
        self.words.push(word.clone());
        word
    }

    async fn state(&self) -> String {
        output_of(self.site, &self.home).await.state
    }

    /// Something that somebody does, whether or not it is let through.
    async fn step(&mut self) {
        match self.rng.random_range(0..14) {
            0 | 1 => self.quote().await,
            2 => self.rewrite().await,
            3 | 4 => self.put().await,
            5 | 6 => self.answer_all(0.7).await,
            7 => self.sign().await,
            8 | 9 => self.publish().await,
            10 | 11 => self.take_back().await,
            _ => self.bring_out().await,
        }
    }

    async fn quote(&mut self) {
        let live = self.quotations().await.iter().filter(|q| q.removed_at.is_none() && q.taken_back_at.is_none()).count();
        if live >= 3 {
            return;
        }
        let said = *self.said.choose(&mut self.rng).expect("something that was said");
        let word = self.new_word();
        let path = format!("{}/quote", self.home);
        let fields = [("excerpt", said.to_string()), ("words", format!("They said {word}.")), ("whose", "author".into())];
        let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (*n, v.as_str())).collect();
        let reply = self.writer.post(&path, &fields).await;
        assert_eq!(reply.status, 303, "{}", reply.text());
    }

    /// Other words in a quotation, or a quotation less.
    async fn rewrite(&mut self) {
        let all = self.quotations().await;
        let left: Vec<_> = all.into_iter().filter(|q| q.removed_at.is_none()).collect();
        let Some(q) = left.choose(&mut self.rng).cloned() else { return };
        // What was taken back can only be taken out.
        let anew = q.taken_back_at.is_none() && self.rng.random_bool(0.5);
        let fields = match (anew, q.words.split(' ').next_back()) {
            (true, Some(old)) => {
                let new = self.new_word();
                vec![("do", "replace".to_string()), ("name", old.trim_end_matches('.').to_string()), ("by", new)]
            }
            _ => vec![("do", "unquote".to_string()), ("quotation", q.id.to_string())],
        };
        let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (*n, v.as_str())).collect();
        self.writer.post(&self.home.clone(), &fields).await;
    }

    async fn put(&mut self) {
        match self.state().await.as_str() {
            "idea" | "draft" => ask(&mut self.writer, &self.home).await,
            _ => {}
        }
    }

    /// All agree, and it is published: by chance alone that would seldom be.
    async fn bring_out(&mut self) {
        let gone = self.quotations().await;
        for q in gone.into_iter().filter(|q| q.taken_back_at.is_some() && q.removed_at.is_none()) {
            self.writer.post(&self.home.clone(), &[("do", "unquote"), ("quotation", &q.id.to_string())]).await;
        }
        self.put().await;
        self.answer_all(1.0).await;
        self.sign().await;
        self.publish().await;
    }

    async fn answer_all(&mut self, yes: f64) {
        let all = self.quotations().await;
        for q in all.into_iter().filter(|q| q.taken_back_at.is_none() && q.removed_at.is_none()) {
            self.answer(q, yes).await;
        }
    }

    async fn answer(&mut self, q: quotation::Model, yes: f64) {
        let mut who = None;
        for (at, name) in QUOTED.iter().enumerate() {
            if self.site.person(name).await.id == q.person_id {
                who = Some(at);
            }
        }
        let visitor = &mut self.quoted[who.expect("one of those who are quoted")];
        let path = format!("/your-words/{}", q.id);
        if visitor.get(&path).await.status != 200 {
            return;
        }
        visitor.open(&path).await;
        if !visitor.sees_button("Answer") {
            return;
        }
        let yes = self.rng.random_bool(yes);
        visitor.choose("Your answer", if yes { "Yes, as it stands here" } else { "No, leave them out" });
        let page = visitor.press("Answer").await;
        page.must_be(200);
        let agreed = self.model.agreed.entry(q.id).or_default();
        match yes {
            true => agreed.push(q.words),
            // Whoever says no means everything that stands of it.
            false => {
                agreed.clear();
                self.model.refused.insert(q.id);
            }
        }
    }

    async fn sign(&mut self) {
        let id = output_of(self.site, &self.home).await.id;
        let path = format!("{PRACTICE}/sign-off/{id}");
        if self.signer.get(&path).await.status != 200 {
            return;
        }
        self.signer.open(&path).await;
        let yes = "Yes, it can be published as it stands here";
        if self.signer.sees_button("Say it") && self.signer.choices("Can it be published?").iter().any(|c| c == yes) {
            self.signer.choose("Can it be published?", yes);
            self.signer.press("Say it").await.must_be(200);
        }
    }

    async fn publish(&mut self) {
        let path = format!("{}/publish", self.home);
        self.writer.open(&path).await;
        if self.writer.sees_button("Publish it") {
            self.writer.press("Publish it").await.must_be(200);
        }
    }

    async fn take_back(&mut self) {
        let all = self.quotations().await;
        let agreed: Vec<_> = all.into_iter().filter(|q| self.model.agreed.get(&q.id).is_some_and(|a| !a.is_empty())).collect();
        let Some(q) = agreed.choose(&mut self.rng).cloned() else { return };
        for (at, name) in QUOTED.iter().enumerate() {
            if self.site.person(name).await.id == q.person_id {
                let visitor = &mut self.quoted[at];
                visitor.open(&format!("/your-words/{}", q.id)).await.must_be(200);
                visitor.choose("Are you sure?", "I take these words back");
                visitor.press("Take them back").await.must_say("Taken back.");
            }
        }
        self.model.agreed.remove(&q.id);
    }

    /// Nothing public shows words to which nobody agrees now, and what is agreed to and published is shown.
    async fn look(&mut self) {
        let db = self.site.db();
        let published = publication::Entity::find().all(db.reader()).await.expect("publications");
        let rows = published_quotation::Entity::find().all(db.reader()).await.expect("published quotations");
        let slug = PRACTICE.trim_start_matches("/programmes/");
        let mut pages: Vec<(String, Option<&publication::Model>)> = vec![
            (format!("/library?programme={slug}"), None),
            (format!("/library?programme={slug}&view=storybook"), None),
            ("/library/feed.atom".into(), None),
            ("/library/feed.rss".into(), None),
            ("/sitemap.xml".into(), None),
        ];
        pages.extend(self.words.iter().rev().take(3).map(|word| (format!("/library?programme={slug}&q={word}"), None)));
        pages.extend(published.iter().map(|p| (format!("/library/{}/{}", p.slug, p.number), Some(p))));
        let may: Vec<&String> = self.model.agreed.values().flatten().collect();
        for (path, of) in pages {
            let text = self.anyone.get(&path).await.text().replace(&path, "");
            let asked = path.split("q=").nth(1).unwrap_or("nothing").to_string();
            for word in self.words.iter().filter(|w| text.contains(w.as_str()) && **w != asked) {
                assert!(may.iter().any(|words| words.contains(word.as_str())), "{path} shows {word}, to which nobody agrees");
                self.seen += 1;
            }
            let certain = |r: &&published_quotation::Model| !self.model.refused.contains(&r.quotation_id);
            for row in rows.iter().filter(|r| of.is_some_and(|p| p.id == r.publication_id)).filter(certain) {
                let agreed = self.model.agreed.get(&row.quotation_id).is_some_and(|a| a.contains(&row.words));
                assert_eq!(
                    text.contains(row.words.trim_end_matches('.')) && !row.words.is_empty(),
                    agreed,
                    "{path}: {}",
                    row.words
                );
            }
        }
    }
}

both! {
    async fn nothing_public_shows_words_whose_consent_does_not_stand(site: TestSite) {
        let mut seen = 0;
        // What was published in one history stands on in the next.
        let (mut model, mut words) = (Model::default(), Vec::new());
        for seed in 0..HISTORIES {
            let mut writer = site.signed_in_as(WRITER).await;
            let home = start(&mut writer, &format!("History {seed}")).await;
            write_on(&mut writer, &home, "What people say.").await;
            let mut said = Vec::new();
            let mut quoted = Vec::new();
            for name in QUOTED {
                said.push(put_said(&site, name, "learning", "Something was said here.").await.1);
                quoted.push(site.signed_in_as(name).await);
            }
            let mut history = History {
                site: &site,
                rng: StdRng::seed_from_u64(seed),
                home,
                writer,
                quoted,
                signer: site.signed_in_as(SIGNER).await,
                anyone: site.visitor(),
                said,
                model,
                words,
                seen: 0,
            };
            for _ in 0..STEPS {
                history.step().await;
                history.look().await;
            }
            seen += history.seen;
            (model, words) = (history.model, history.words);
        }
        assert!(seen > 20, "words that were agreed to were seen {seen} times: it was hardly tried");
        site.journal_is_whole().await;
    }
}
