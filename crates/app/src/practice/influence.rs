//! Made-up asks for backing with their answers, audiences and what reached them, stages, and a policy that changed. Who they are
//! about is said by roles alone.

use design::{Circle, EntryKind, Influence, InfluencePart, Scope, StepRule, TextPart};
use kernel::Fault;
use rand::RngExt;
use rand::rngs::StdRng;
use store::Write;
use tables::{MatterId, StepId, matter, step};

use super::entries::Writing;
use super::matters::{Written, due, put};
use super::oversight::{PLACES, reads};
use super::people::Player;

/// Of so many places the last has asked for nothing.
const ONE_IN: usize = 5;
/// Steps that lead anywhere at most.
const LONGEST: usize = 4;

/// How far something has come.
#[derive(Clone, Copy)]
enum End {
    Nothing,
    /// Somebody has begun, and said no more.
    First,
    Done,
    /// It was done, and done again.
    Twice,
    Came,
    /// Those who were asked said no.
    Refused,
}

/// Something with what became of it. Each text has a line for each part that may not be left out.
struct Story {
    title: &'static str,
    words: &'static [&'static str],
    /// Days back to when it began.
    back: i64,
    end: End,
    /// What was said at each step.
    said: &'static [&'static [&'static str]],
}

const ASKS: [Story; 5] = [
    Story {
        title: "Open the door to the hospital board",
        words: &[
            "Write to the chair of the board and ask for half an hour of their meeting, with two of us in the room.",
            "We have asked three times. A letter with your name on it is read by somebody who decides.",
        ],
        back: 120,
        end: End::Came,
        said: &[
            &["We will write this week, and one of us comes along."],
            &["The letter went on Monday. The chair rang the day after."],
            &["Two neighbours spoke for twenty minutes. The ward sends somebody to every meeting of ours now."],
        ],
    },
    Story {
        title: "Stand beside us at the budget meeting",
        words: &[
            "Come to the public meeting about the youth hall, and say why you support what happens there.",
            "The hall closes if nobody from outside speaks for it.",
        ],
        back: 90,
        end: End::Refused,
        said: &[&[
            "We may not speak on a budget of theirs, and would rather say so than stay away without a word. We can give you the figures that we hold.",
        ]],
    },
    Story {
        title: "Put your name to our letter on bus fares",
        words: &[
            "Sign the letter of the partners to the transport office.",
            "Alone we are a small charity. With you we are many.",
        ],
        back: 45,
        end: End::Nothing,
        said: &[],
    },
    Story {
        title: "Bring the two directors to one table",
        words: &["Invite both to breakfast. Neither comes where the other invites.", "Both of them return your calls."],
        back: 75,
        end: End::First,
        said: &[&["We will invite both before the month is out."]],
    },
    Story {
        title: "Say in public that the lunch club matters",
        words: &["Name it in your newsletter, in the cook’s own words.", "Her manager reads it."],
        back: 60,
        end: End::Done,
        said: &[&["It goes into the next issue."], &["It stood on the first page, with her words."]],
    },
];

const AUDIENCES: [Story; 3] = [
    Story {
        title: "Those who plan when people leave the ward",
        words: &[
            "Managers of wards and of home care.",
            "That a neighbour with a key is worth a day in bed, and which number to ring.",
        ],
        back: 150,
        end: End::Twice,
        said: &[
            &["A morning on the ward: two volunteers and eleven managers.", "“Why did nobody tell us that there is a number?”"],
            &["The page with the number, pinned up in three offices.", "They asked for it in larger print."],
        ],
    },
    Story {
        title: "Councillors who decide about halls",
        words: &["Five of them, of three parties.", "To ask those who use a hall before it is let to somebody else."],
        back: 100,
        end: End::Done,
        said: &[&["A walk through two halls on a Thursday evening.", "One said that she had never been in by the back door."]],
    },
    Story {
        title: "Colleagues in our own finance team",
        words: &["They write the rules by which places are paid.", "That a plan which changed has not failed."],
        back: 80,
        end: End::Nothing,
        said: &[],
    },
];

const STAGES: [Story; 2] = [
    Story {
        title: "A conference on health and neighbourhoods",
        words: &["A day in a town hall, in spring.", "About two hundred people from wards, councils and charities."],
        back: 140,
        end: End::Came,
        said: &[
            &["All places"],
            &[
                "{place}",
                "The story of the broken lift, told by a neighbour and a nurse together. Several asked for the recording.",
            ],
        ],
    },
    Story {
        title: "A breakfast for those who fund such work",
        words: &["Eight in the morning, twelve people around a table.", "Trustees, mostly."],
        back: 25,
        end: End::Done,
        said: &[&["{place} and {other}"]],
    },
];

const POLICIES: [Story; 2] = [
    Story {
        title: "Volunteers get their fares back within a week",
        words: &[
            "The rule for expenses at the council, since the summer.",
            "A place counted how many had stopped coming, and the sponsors sent the count on.",
            "Some. The officer who changed the rule names the count; a complaint had come in as well.",
        ],
        back: 130,
        end: End::Done,
        said: &[&["The minutes of the meeting that changed it name the count.", "Strong. It stands in their own minutes."]],
    },
    Story {
        title: "The surgery keeps an hour for the warm room",
        words: &[
            "One hour a week in which anybody from the warm room is seen.",
            "We were in the room when it was talked about.",
            "Weak. So were many others.",
        ],
        back: 50,
        end: End::Nothing,
        said: &[],
    },
];

pub(super) async fn fill(writing: &Writing<'_>, rng: &mut StdRng) -> Result<(), Fault> {
    let mut write = writing.db.write(writing.writer, "make practice influence").await?;
    for kind in &writing.document.design.kinds {
        let Some(mark) = &kind.influence else { continue };
        let stories: &[Story] = match mark.part {
            InfluencePart::Backing => &ASKS,
            InfluencePart::Audience => &AUDIENCES,
            InfluencePart::Stage => &STAGES,
            InfluencePart::Policy => &POLICIES,
        };
        if mark.part != InfluencePart::Backing {
            for story in stories {
                tell(writing, &mut write, (kind, mark), None, story, rng).await?;
            }
            continue;
        }
        let asking = (0..writing.cast.places.len().min(PLACES)).filter(|number| number % ONE_IN + 1 < ONE_IN);
        for number in asking {
            // Every other place asks twice.
            for turn in 0..=number % 2 {
                let story = &stories[(number + turn * 3) % stories.len()];
                tell(writing, &mut write, (kind, mark), Some(number), story, rng).await?;
            }
        }
    }
    write.save().await
}

/// The shortest way to a step.
fn way<'a>(kind: &'a EntryKind, to: &str) -> Vec<&'a StepRule> {
    let mut ways: Vec<Vec<&'a StepRule>> = vec![Vec::new()];
    for _ in 0..LONGEST {
        let mut longer = Vec::new();
        for way in &ways {
            let last: Option<&'a StepRule> = way.last().copied();
            for rule in kind.next(last.map(|rule| rule.key.as_str())) {
                let mut further = way.clone();
                further.push(rule);
                if rule.key == to {
                    return further;
                }
                longer.push(further);
            }
        }
        ways = longer;
    }
    Vec::new()
}

/// The steps that are taken of something that comes so far.
fn steps<'a>(kind: &'a EntryKind, mark: &Influence, end: End) -> Vec<&'a StepRule> {
    let mut done = way(kind, &mark.done);
    match end {
        End::Nothing => Vec::new(),
        End::First => done.into_iter().take(1).collect(),
        End::Done => done,
        End::Twice => {
            let last: Option<&'a StepRule> = done.last().copied();
            let again = kind.next(last.map(|rule| rule.key.as_str())).find(|rule| rule.key == mark.done);
            done.extend(again);
            done
        }
        End::Came => way(kind, &mark.came),
        End::Refused => {
            let theirs = |rule: &&StepRule| rule.by.iter().any(|role| kind.addressed_to.contains(role));
            kind.next(None).filter(|rule| rule.ends && theirs(rule)).take(1).collect()
        }
    }
}

/// A text under the headings of its parts; what may be left out is.
fn words(writing: &Writing<'_>, parts: &[TextPart], said: &[&str]) -> String {
    let name = |at: usize| writing.document.history.places.get(at).map_or("", |place| place.name.as_str());
    let mut said = said.iter().map(|text| text.replace("{place}", name(0)).replace("{other}", name(1)));
    if parts.is_empty() {
        return said.collect::<Vec<_>>().join("\n\n");
    }
    let typed = parts.iter().map(|part| if part.optional { String::new() } else { said.next().unwrap_or_default() });
    crate::entries::joined(parts, &typed.collect::<Vec<_>>())
}

/// Whoever holds one of these roles for this place or for all, or where there is no place, for all; and writes in this circle.
fn who<'a>(writing: &'a Writing<'_>, number: Option<usize>, roles: &[String], circle: &Circle) -> Option<&'a Player> {
    let here = |p: &&Player| p.place.is_none_or(|at| Some(at) == number);
    let mut players = writing.cast.players.iter().filter(here);
    players.find(|p| roles.contains(&p.role) && circle.writers.contains(&p.role))
}

async fn tell(
    writing: &Writing<'_>,
    write: &mut Write,
    (kind, mark): (&EntryKind, &Influence),
    number: Option<usize>,
    story: &Story,
    rng: &mut StdRng,
) -> Result<(), Fault> {
    let design = &writing.document.design;
    let circles = kind.circles.iter().filter_map(|key| design.circle(key));
    let mut circles = circles.filter(|circle| number.is_some() || circle.scope == Scope::Programme);
    let found = circles.find_map(|circle| Some((circle, who(writing, number, &kind.writers, circle)?)));
    let Some((circle, author)) = found else { return Ok(()) };
    let asked = |p: &&Player| p.place.is_none_or(|at| Some(at) == number) && kind.addressed_to.contains(&p.role);
    let asked: Vec<&Player> = writing.cast.players.iter().filter(asked).filter(|p| reads(circle, &p.role)).collect();
    let to = if asked.is_empty() { None } else { Some(asked[number.unwrap_or(0) % asked.len()]) };
    let place = number.map(|number| writing.cast.places[number]);
    let mut on = writing.as_of.plus_days(-story.back - rng.random_range(0..10_i64));
    let text = words(writing, &kind.parts, story.words);
    let opened = Written { kind, circle, player: author, title: story.title.to_string(), text, on };
    let opened = put(writing, write, place, opened).await?;
    let mut row = matter::Model {
        id: MatterId(write.id()),
        programme_id: writing.programme,
        place_id: place,
        entry_id: opened.id,
        kind: kind.key.clone(),
        state: String::new(),
        open: true,
        to_person: to.map(|player| player.person),
        due_on: due(kind, None, on),
        opened_on: on,
        moved_at: opened.written_at,
        about: String::new(),
    };
    let mut taken = Vec::new();
    for (at, rule) in steps(kind, mark, story.end).into_iter().enumerate() {
        // Whoever was asked answers.
        let theirs = to.filter(|player| rule.by.contains(&player.role) && circle.writers.contains(&player.role));
        let player = theirs.or_else(|| who(writing, number, &rule.by, circle));
        let later = on.plus_days(rng.random_range(3..18_i64));
        let Some(player) = player.filter(|_| later < writing.as_of) else { break };
        on = later;
        let said = story.said.get(at).or(story.said.last()).copied().unwrap_or_default();
        let (title, text) = (format!("{}: {}", rule.name, story.title), words(writing, &rule.parts, said));
        let said = put(writing, write, place, Written { kind, circle, player, title, text, on }).await?;
        (row.state, row.open, row.moved_at) = (rule.key.clone(), !rule.ends, said.written_at);
        row.due_on = if rule.ends { None } else { due(kind, Some(&rule.key), on) };
        taken.push((said.id, rule.key.clone(), said.written_at));
    }
    let row = write.insert(row).await?;
    for (entry_id, key, at) in taken {
        let id = StepId(write.id());
        write.insert(step::Model { id, programme_id: writing.programme, matter_id: row.id, entry_id, step: key, at }).await?;
    }
    Ok(())
}
