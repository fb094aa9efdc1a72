//! How a publication is cited, and what its page tells machines: Open Graph and schema.org. None of it holds a quotation.

use serde_json::json;
use tables::publication;
use ui::{Html, html, parts};

use crate::ground::Cx;
use crate::ground::html::*;

/// What a citation is made of.
pub(super) struct Cited {
    pub title: String,
    pub summary: String,
    pub by_line: String,
    pub programme: String,
    pub kind: String,
    pub published: kernel::Day,
    /// The address of this very version.
    pub address: String,
    pub number: i32,
    pub topics: Vec<String>,
    pub licence: String,
}

impl Cited {
    pub fn of(cx: &Cx, one: &publication::Model, programme: &str, kind: &str, licence: String) -> Self {
        Self {
            title: one.title.clone(),
            summary: one.summary.clone(),
            by_line: one.by_line.clone(),
            programme: programme.to_string(),
            kind: kind.to_string(),
            published: one.published_on,
            address: format!("{}/library/{}/{}", cx.app().settings.address, one.slug, one.number),
            number: one.number,
            topics: one.topics.lines().filter(|t| !t.is_empty()).map(str::to_string).collect(),
            licence,
        }
    }

    /// Author (year). Title. Programme, version. Address.
    pub fn sentence(&self) -> String {
        let by = self.by_line.trim_end_matches('.');
        let title = self.title.trim_end_matches('.');
        format!("{by} ({}). {title}. {}, version {}. {}", self.published.year(), self.programme, self.number, self.address)
    }
}

/// How to cite it, and what may be done with it.
pub(super) fn section(cited: &Cited, licence: &str) -> Html {
    parts::section(
        "cite",
        "Cite it",
        maud! {
            p class="citation" { (cited.sentence()) }
            p { "You may share and adapt it if you say whose it is: " a href=(&cited.licence) rel="license" { (licence) } "." }
        },
    )
}

/// What stands in the page's head.
pub(super) fn head(cited: &Cited, made_up: bool) -> Html {
    let data = json!({
        "@context": "https://schema.org",
        "@type": "CreativeWork",
        "name": cited.title,
        "abstract": cited.summary,
        "genre": cited.kind,
        "creditText": cited.by_line,
        "isPartOf": { "@type": "Project", "name": cited.programme },
        "datePublished": cited.published.iso(),
        "version": cited.number,
        "keywords": cited.topics,
        "license": cited.licence,
        "url": cited.address,
        "inLanguage": "en-GB",
        "isAccessibleForFree": true,
    });
    html(maud! {
        link rel="canonical" href=(&cited.address);
        meta name="description" content=(&cited.summary);
        meta property="og:type" content="article";
        meta property="og:title" content=(&cited.title);
        meta property="og:description" content=(&cited.summary);
        meta property="og:url" content=(&cited.address);
        meta property="og:site_name" content="Commonweal";
        @if made_up { meta name="robots" content="noindex"; }
        (ui::data_for_machines(&data.to_string()))
    })
}
