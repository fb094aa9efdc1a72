//! Everybody opens everything: every page there is, of everything that there is, narrowed in every way, and looks for every
//! word that was ever planted.

use std::collections::BTreeSet;

use axum::http::Method;
use kernel::Day;
use rand::seq::SliceRandom;

use super::marks::{Mark, word};
use super::play::Run;

/// As many further pages of a list as anybody turns to.
const PAGES: usize = 5;

impl Run {
    pub async fn walk(&mut self, viewers: usize) {
        let addresses = self.addresses();
        let marks: Vec<Mark> = self.origins.keys().copied().collect();
        let none = BTreeSet::new();
        for who in self.viewers(viewers) {
            self.sign_in(who).await;
            for address in &addresses {
                let mut next = Some(address.clone());
                for _ in 0..=PAGES {
                    let Some(path) = next else { break };
                    next = further(&self.read(who, &path, &none).await);
                }
            }
            for mark in &marks {
                self.search(who, *mark).await;
            }
        }
    }

    /// Whatever is asked for is said again; but what is found may be found.
    async fn search(&mut self, who: usize, mark: Mark) {
        let path = format!("/search?q={}", word(mark));
        let body = self.read(who, &path, &BTreeSet::from([mark])).await;
        if body.contains("/entries/ent_") {
            let (id, name) = (self.people[who].id, self.people[who].name.clone());
            self.judge(id, &name, &path, mark);
        }
    }

    /// Somebody without an account, and so many others by chance: those first whose roles nobody before them holds.
    fn viewers(&mut self, most: usize) -> Vec<usize> {
        let mut others: Vec<usize> = (1..self.people.len()).collect();
        others.shuffle(&mut self.rng);
        // Whoever is told of a leak that was planted looks before everybody else.
        if self.world.blind_to.is_some() {
            others.sort_by_cached_key(|who| std::cmp::Reverse(self.world.disbelieved(self.people[*who].id)));
        }
        let mut known = BTreeSet::new();
        let (mut first, mut rest) = (vec![0], Vec::new());
        for who in others {
            let mut roles: Vec<_> = self.world.held(self.people[who].id).map(|held| (held.role.clone(), held.place_id)).collect();
            roles.sort();
            if known.insert(roles) { first.push(who) } else { rest.push(who) }
        }
        first.extend(rest);
        first.truncate(most.saturating_add(1));
        first
    }

    /// Every address at which a page is.
    fn addresses(&self) -> Vec<String> {
        let pages: Vec<&str> = app::route_list().into_iter().filter(|r| r.method == Method::GET).map(|r| r.path).collect();
        let mut all: Vec<String> = pages.into_iter().flat_map(|path| self.filled(path)).collect();
        all.extend(self.narrowed());
        all.extend(self.cut());
        all
    }

    /// A path with everything there is in the place of what stands in braces; nothing where there is nothing of the sort.
    fn filled(&self, path: &str) -> Vec<String> {
        let world = &self.world;
        let mut all = vec![path.replace("/programmes/{programme}", &self.home)];
        if path.contains("{step}") {
            let steps = world.entries.iter().flat_map(|entry| {
                let kind = self.design.kind(&entry.kind);
                kind.into_iter().flat_map(|k| &k.steps).map(move |step| (entry.id.to_string(), step.key.clone()))
            });
            let one = |(entry, step): (String, String)| all[0].replace("{entry}", &entry).replace("{step}", &step);
            return steps.map(one).collect();
        }
        let published = |part: fn(&tables::publication::Model) -> String| {
            let all: BTreeSet<String> = world.publications.iter().map(part).collect();
            all.into_iter().collect()
        };
        if path.contains("/gatherings/{entry}") {
            let events = world.matters.iter().filter(|m| self.design.kind(&m.kind).is_some_and(|k| k.gathering.is_some()));
            return events.map(|event| all[0].replace("{entry}", &event.entry_id.to_string())).collect();
        }
        if path.contains("/channel/{entry}") {
            let said = world.entries.iter().filter(|e| self.design.kind(&e.kind).is_some_and(|k| k.peers.is_some()));
            return said.map(|one| all[0].replace("{entry}", &one.id.to_string())).collect();
        }
        if path.contains("/outputs/{entry}") {
            return world.outputs.iter().map(|output| all[0].replace("{entry}", &output.entry_id.to_string())).collect();
        }
        let values: [(&str, Vec<String>); 14] = [
            ("{place}", world.places.iter().map(|p| p.slug.clone()).collect()),
            ("{entry}", world.entries.iter().map(|e| e.id.to_string()).collect()),
            ("{proposal}", world.proposals.iter().map(|p| p.id.to_string()).collect()),
            ("{agreement}", world.agreements.iter().map(|a| a.id.to_string()).collect()),
            ("{reached}", world.reached.iter().map(|r| r.id.to_string()).collect()),
            ("{person}", self.people.iter().filter_map(|p| Some(p.id?.to_string())).collect()),
            ("{statement}", self.statements()),
            ("{excerpt}", world.excerpts.iter().map(|e| e.id.to_string()).collect()),
            ("{output}", world.outputs.iter().map(|o| o.id.to_string()).collect()),
            ("{quotation}", world.quotations.iter().map(|q| q.id.to_string()).collect()),
            ("{slug}", published(|p| p.slug.clone())),
            ("{number}", published(|p| p.number.to_string())),
            ("{round}", world.rounds.iter().map(|r| r.id.to_string()).collect()),
            ("{theme}", world.themes.iter().map(|t| t.id.to_string()).collect()),
        ];
        for (hole, values) in &values {
            if path.contains(hole) {
                all = all.iter().flat_map(|path| values.iter().map(move |value| path.replace(hole, value))).collect();
            }
        }
        all.retain(|path| !path.contains('{'));
        all
    }

    /// Statements that entries speak for or against, and one beside them.
    fn statements(&self) -> Vec<String> {
        let spoken: BTreeSet<String> = self.world.evidence.iter().map(|e| e.statement.clone()).collect();
        let first = self.design.purpose.first().map(|s| format!("purpose.{}", s.key));
        spoken.into_iter().chain(first).collect()
    }

    /// Lists narrowed in every way, versions side by side, and forms that begin with what is known already.
    fn narrowed(&self) -> Vec<String> {
        let (home, design) = (&self.home, &self.design);
        let places: Vec<String> = self.world.places.iter().map(|p| format!("{home}/places/{}", p.slug)).collect();
        let mut all = Vec::new();
        for base in std::iter::once(home).chain(&places) {
            for kind in &design.kinds {
                let key = &kind.key;
                all.push(format!("{base}/entries?kind={key}"));
                all.push(format!("{base}/entries/new?kind={key}"));
                if kind.is_matter() {
                    all.extend(["", "closed"].map(|state| format!("{base}/matters?kind={key}&state={state}")));
                }
            }
            all.extend(design.circles.iter().map(|c| format!("{base}/entries?circle={}", c.key)));
            all.push(format!("{base}/matters?state=closed"));
        }
        let slug = home.trim_start_matches("/programmes/");
        all.extend(["", "&view=storybook"].map(|view| format!("/library?programme={slug}{view}")));
        for theme in &self.world.themes {
            all.extend(["channel", "peers"].map(|list| format!("{home}/{list}?topic={}", theme.id)));
        }
        for part in design::PeerPart::ALL {
            all.push(format!("{home}/channel?kind={}&open=yes", part.key()));
        }
        for place in &self.world.places {
            all.extend(self.world.outputs.iter().map(|o| format!("{home}/sign-off/{}?place={}", o.id, place.id)));
        }
        for output in &self.world.outputs {
            let excerpts = self.world.excerpts.iter();
            all.extend(excerpts.map(|e| format!("{home}/outputs/{}/quote?excerpt={}", output.entry_id, e.id)));
        }
        let needs: BTreeSet<&String> = design.components.iter().flat_map(|c| &c.needs).map(|n| &n.key).collect();
        all.extend(places.iter().flat_map(|place| needs.iter().map(move |need| format!("{place}/ask?need={need}"))));
        for entry in self.world.entries.iter().filter(|e| e.revision > 1) {
            let last = entry.revision;
            for from in 1..last {
                all.push(format!("{home}/entries/{}/history?from={from}&to={last}", entry.id));
            }
            if design.kind(&entry.kind).is_some_and(|k| k.plan) {
                all.extend(places.iter().map(|place| format!("{place}/plan/compare?from=1&to={last}")));
            }
        }
        all
    }

    /// Themes against places and time, cut in every way, and the excerpts of each theme by place or by quarter.
    fn cut(&self) -> Vec<String> {
        let quarter = |day: Day| i64::from(day.year()) * 4 + i64::from((day.month() - 1) / 3);
        let quarters: BTreeSet<i64> = self.world.entries.iter().map(|e| quarter(e.happened_on)).collect();
        let times: Vec<String> = quarters.iter().map(|q| format!("&quarter={q}")).chain([String::new()]).collect();
        let slugs = self.world.places.iter().map(|p| p.slug.as_str());
        let places: Vec<String> = slugs.chain(["-"]).map(|slug| format!("&place={slug}")).chain([String::new()]).collect();
        let mut all = Vec::new();
        for across in ["places", "time"] {
            let table = format!("{}/theme-table?across={across}", self.home);
            all.extend(places.iter().flat_map(|p| times.iter().map(|t| format!("{table}{p}{t}")).collect::<Vec<_>>()));
        }
        for theme in &self.world.themes {
            all.extend(places.iter().chain(&times).map(|end| format!("{}/themes/{}?{end}", self.home, theme.id)));
        }
        all
    }
}

/// Where a list goes on.
fn further(body: &str) -> Option<String> {
    let (before, after) = body.split_once("rel=\"next\"")?;
    let (_, start) = before.rsplit_once('<')?;
    let (end, _) = after.split_once('>')?;
    let link = format!("{start}{end}");
    let (_, address) = link.split_once("href=\"")?;
    let (address, _) = address.split_once('"')?;
    address.starts_with('/').then(|| address.replace("&amp;", "&"))
}

#[cfg(test)]
mod tests {
    use super::further;

    #[test]
    fn a_list_goes_on_where_it_says() {
        let page = "<a href=\"/x\">x</a> <a href=\"/entries?before=1&amp;kind=note\" rel=\"next\">Older entries</a>";
        assert_eq!(further(page).as_deref(), Some("/entries?before=1&kind=note"));
        let page =
            "<a rel=\"prev\" href=\"/x?page=1\">x</a> <a rel=\"next\" href=\"/x?a=&amp;page=3\">y</a> <a href=\"/z\">z</a>";
        assert_eq!(further(page).as_deref(), Some("/x?a=&page=3"));
        assert_eq!(further("<a href=\"/x\">x</a>"), None);
    }
}
