//! In a room against online, over all events that were held: each event a row, and of each way of taking part the share of every
//! answer. A group is shown only where no group of the event is small, so that none can be worked out from the others.

use std::collections::BTreeMap;

use forms::{Lang, Question};
use kernel::Fault;
use tables::{GatheringId, sign_up};
use ui::figures::{ShareRow, share_bars};
use ui::{Html, html, parts};

use super::feedback::{Said, chosen, is_asked, options, questions, said};
use super::found::{Event, all, sign_ups_of};
use super::{IN_PERSON, ONLINE};
use crate::ground::html::*;
use crate::ground::{Answer, Cx, Draft, Snapshot};

/// An event that was held, with what was said of it.
struct Told<'a> {
    event: &'a Event<'a>,
    said: Vec<Said>,
}

/// The ways of taking part whose answers to a question can be told: all that there are, or none.
fn ways<'s>(said: &'s [Said], key: &str, fewest: usize) -> Vec<(&'static str, Vec<&'s Said>)> {
    let of = |mode: &str| said.iter().filter(|one| one.mode == mode && one.answers.contains_key(key)).collect::<Vec<_>>();
    let groups: Vec<_> = [(IN_PERSON, "in a room"), (ONLINE, "online")]
        .into_iter()
        .map(|(mode, name)| (name, of(mode)))
        .filter(|(_, group)| !group.is_empty())
        .collect();
    if groups.iter().all(|(_, group)| group.len() >= fewest) { groups } else { Vec::new() }
}

pub(super) async fn page(cx: Cx) -> Answer {
    let programme = cx.programme()?.clone();
    let events = all(cx.read(), cx.viewer(), &programme).await?;
    let mine = match cx.viewer().person() {
        Some(me) => sign_ups_of(cx.read(), programme.id, me).await?,
        None => Vec::new(),
    };
    let mut sections = Vec::new();
    for (kind, rule) in programme.programme.design.gatherings() {
        let Some(form) = rule.feedback.as_ref().and_then(|key| programme.programme.form(key)) else { continue };
        let over = events.iter().filter(|e| e.kind.key == kind.key && e.is_over(cx.now()));
        let of: Vec<&Event<'_>> = over.filter(|e| e.is_run_by(&cx, &programme) || came_to(e, &mine)).collect();
        let told = told(&cx, &of).await?;
        let figures: Vec<Html> =
            questions(&form.form).filter_map(|(q, path)| compared(&programme, q, &path.to_string(), &told)).collect();
        sections.push((kind, figures, of.len()));
    }
    let fewest = programme.programme.design.small_numbers;
    let draft = Draft::new("In a room and online, compared").crumb(&programme.name, programme.href());
    let draft = draft.crumb("Learning events", format!("{}/gatherings", programme.href()));
    Ok(draft.lead("What people said of each event, by how they took part.").page(
        &cx,
        maud! {
            p { "Events that you run, or that you came to. Each stands here once at least " (fewest) " have answered in each way that people took part in it. Fewer are not shown, and cannot be worked out from the others." }
            @for (kind, figures, held) in &sections {
                (parts::section(&kind.key, &kind.name, maud! {
                    @if figures.is_empty() {
                        (parts::empty_state("Nothing to compare yet", &format!("{held} that you run or came to {} over. What people say of each stands here once enough have answered.", if *held == 1 { "is" } else { "are" }), None))
                    }
                    @for figure in figures { (figure) }
                }))
            }
            @if sections.is_empty() { p { "The design asks for no feedback on events." } }
        },
    ))
}

/// What was said of an event is read by those who run it and by those who came, as they were told who answered.
fn came_to(event: &Event<'_>, mine: &[sign_up::Model]) -> bool {
    let row = event.row.as_ref();
    row.is_some_and(|row| mine.iter().any(|sign_up| sign_up.gathering_id == row.id && is_asked(row, sign_up)))
}

async fn told<'a>(cx: &Cx, events: &[&'a Event<'a>]) -> Result<Vec<Told<'a>>, Fault> {
    let ids: Vec<GatheringId> = events.iter().filter_map(|event| Some(event.row.as_ref()?.id)).collect();
    let mut by: BTreeMap<GatheringId, Vec<Said>> = BTreeMap::new();
    for (of, one) in said(cx.read(), &ids).await? {
        by.entry(of).or_default().push(one);
    }
    let told = events.iter().filter_map(|event| Some(Told { event, said: by.remove(&event.row.as_ref()?.id)? }));
    Ok(told.collect())
}

/// The answers to one question, event by event, the oldest first, and all of them together at the end.
fn compared(programme: &Snapshot, question: &Question, key: &str, told: &[Told<'_>]) -> Option<Html> {
    let options = options(question);
    if options.is_empty() {
        return None;
    }
    let fewest = programme.programme.design.small_numbers as usize;
    let (mut rows, mut sums) = (Vec::new(), BTreeMap::<&str, Vec<u64>>::new());
    for one in told.iter().rev() {
        for (way, group) in ways(&one.said, key, fewest) {
            let counts = chosen(group.into_iter(), key, &options);
            let sum = sums.entry(way).or_insert_with(|| vec![0; options.len()]);
            sum.iter_mut().zip(&counts).for_each(|(sum, count)| *sum += count);
            let day = one.event.row.as_ref().map(|row| row.begins_at.day().to_string()).unwrap_or_default();
            rows.push(ShareRow { name: format!("{}, {day}, {way}", one.event.entry.title), counts });
        }
    }
    if rows.is_empty() {
        return None;
    }
    rows.extend(sums.into_iter().map(|(way, counts)| ShareRow { name: format!("All of these, {way}"), counts }));
    let names: Vec<String> = options.iter().map(|(_, name)| name.clone()).collect();
    let label = question.label.get(Lang::En);
    Some(html(maud! { (share_bars(&format!("compared-{key}"), label, "Event", &names, &rows)) }))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use forms::Value;

    use super::{Said, ways};

    fn said(mode: &str) -> Said {
        Said { mode: mode.into(), answers: BTreeMap::from([("worth".to_string(), Value::Point(3))]) }
    }

    #[test]
    fn a_small_group_hides_the_other_too() {
        let room = |n: usize| vec![said("in-person"); n];
        let online = |n: usize| vec![said("online"); n];
        let count = |said: Vec<Said>| ways(&said, "worth", 5).iter().map(|(_, group)| group.len()).collect::<Vec<_>>();
        assert_eq!(count([room(6), online(5)].concat()), [6, 5]);
        assert!(count([room(9), online(1)].concat()).is_empty(), "one person’s answer is the difference");
        assert_eq!(count(room(5)), [5]);
        assert!(count(room(4)).is_empty());
        assert!(ways(&room(9), "talk", 5).is_empty(), "nobody has answered that");
    }
}
