//! The library for machines: Atom (RFC 4287), RSS 2.0, a sitemap. They carry titles and summaries, and no text, so that no
//! quotation stands in anybody's feed reader after it was taken back.

use std::sync::Arc;

use kernel::Moment;

use super::licence;
use super::shelf::{Light, shelf};
use crate::ground::{Answer, Cx, download};

/// So many publications stand in a feed.
const MOST: usize = 50;
/// A sitemap may hold fifty thousand addresses.
const MOST_ADDRESSES: usize = 49_000;

/// Text as it stands in XML. What XML has no way to write is left out.
fn text(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\u{FFFE}' | '\u{FFFF}' => {}
            c if c.is_control() && !matches!(c, '\n' | '\t') => {}
            c => out.push(c),
        }
    }
    out
}

/// A day as RSS writes it (RFC 822): 3 Mar 2026 00:00 GMT.
fn mail_date(day: kernel::Day) -> String {
    const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let month = usize::try_from(day.month()).ok().and_then(|m| MONTHS.get(m.wrapping_sub(1))).unwrap_or(&"Jan");
    format!("{:02} {month} {} 00:00 GMT", day.day_of_month(), day.year())
}

async fn newest(cx: &Cx) -> Result<Vec<Arc<Light>>, kernel::Fault> {
    let wanted = cx.query("programme");
    let all = shelf(cx, "", None).await?;
    Ok(all.into_iter().filter(|l| wanted.is_empty() || l.programme_slug == wanted).take(MOST).collect())
}

/// An identifier that stays whatever becomes of the address.
fn id_of(light: &Light) -> String {
    format!("urn:uuid:{}", light.id.0)
}

/// `/library/feed.atom`
pub(super) async fn atom(cx: Cx) -> Answer {
    let all = newest(&cx).await?;
    let address = &cx.app().settings.address;
    let wanted = cx.query("programme");
    let ending = if wanted.is_empty() { String::new() } else { format!("?programme={}", text(wanted)) };
    let latest = all.iter().map(|l| l.published_at).max();
    // A feed without entries has been as it is for as long as there was nothing.
    let updated = latest.map_or_else(|| Moment::from_micros(0).iso(), Moment::iso);
    let mut out = String::from(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"en-GB\">\n",
    );
    out.push_str(&format!(
        "<id>{0}/library{ending}</id>\n<title>Commonweal library</title>\n<updated>{updated}</updated>\n<link rel=\"self\" type=\"application/atom+xml\" href=\"{0}/library/feed.atom{ending}\"/>\n<link rel=\"alternate\" type=\"text/html\" href=\"{0}/library{ending}\"/>\n<author><name>Commonweal</name></author>\n<rights>{1}</rights>\n",
        text(address),
        text(&licence(&cx))
    ));
    for light in &all {
        out.push_str(&format!(
            "<entry>\n<id>{}</id>\n<title>{}</title>\n<updated>{}</updated>\n<published>{}</published>\n<link rel=\"alternate\" type=\"text/html\" href=\"{}/library/{}/{}\"/>\n<author><name>{}</name></author>\n<summary>{}</summary>\n",
            id_of(light),
            text(&light.title),
            light.published_at.iso(),
            light.published_at.iso(),
            text(address),
            text(&light.slug),
            light.number,
            text(&light.by_line),
            text(&light.summary),
        ));
        for topic in light.topics() {
            out.push_str(&format!("<category term=\"{}\"/>\n", text(topic)));
        }
        out.push_str("</entry>\n");
    }
    out.push_str("</feed>\n");
    Ok(download("application/atom+xml; charset=utf-8", out))
}

/// `/library/feed.rss`
pub(super) async fn rss(cx: Cx) -> Answer {
    let all = newest(&cx).await?;
    let address = text(&cx.app().settings.address);
    let mut out = format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<rss version=\"2.0\" xmlns:atom=\"http://www.w3.org/2005/Atom\"><channel>\n<title>Commonweal library</title>\n<link>{address}/library</link>\n<description>What partnerships have learnt, for everybody.</description>\n<language>en-gb</language>\n<atom:link href=\"{address}/library/feed.rss\" rel=\"self\" type=\"application/rss+xml\"/>\n"
    );
    for light in &all {
        out.push_str(&format!(
            "<item>\n<title>{}</title>\n<link>{address}/library/{}/{}</link>\n<guid isPermaLink=\"false\">{}</guid>\n<pubDate>{}</pubDate>\n<description>{}</description>\n</item>\n",
            text(&light.title),
            text(&light.slug),
            light.number,
            id_of(light),
            mail_date(light.published_on),
            text(&light.summary),
        ));
    }
    out.push_str("</channel></rss>\n");
    Ok(download("application/rss+xml; charset=utf-8", out))
}

/// `/sitemap.xml`
pub(super) async fn sitemap(cx: Cx) -> Answer {
    let address = text(&cx.app().settings.address);
    let mut out = String::from(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n",
    );
    for page in ["/programmes", "/library", "/grants"] {
        out.push_str(&format!("<url><loc>{address}{page}</loc></url>\n"));
    }
    for light in shelf(&cx, "", None).await?.iter().take(MOST_ADDRESSES) {
        out.push_str(&format!(
            "<url><loc>{address}/library/{}</loc><lastmod>{}</lastmod></url>\n",
            text(&light.slug),
            light.published_on.iso()
        ));
    }
    out.push_str("</urlset>\n");
    Ok(download("application/xml; charset=utf-8", out))
}

/// `/robots.txt`
pub(super) async fn robots(cx: Cx) -> Answer {
    let address = &cx.app().settings.address;
    Ok(download("text/plain; charset=utf-8", format!("User-agent: *\nDisallow: /sign-in\nSitemap: {address}/sitemap.xml\n")))
}

#[cfg(test)]
mod tests {
    #[test]
    fn what_people_typed_cannot_break_the_file() {
        assert_eq!(super::text("a < b & \"c\"\u{0}\u{b}]]>"), "a &lt; b &amp; &quot;c&quot;]]&gt;");
    }
}
