//! The programme through time: phases as bands, gates as diamonds, a line per place that ends where the place ends,
//! what came from outside as verticals, what people wrote of such as dots, review points as ticks, and today.

use kernel::Day;

use super::scale::{Placed, Scale, place, rows, tenth, width};
use crate::dsl::*;
use crate::parts;
use crate::table::{Cell, Table};

/// A programme through time.
#[derive(Debug, Clone)]
pub struct Timeline {
    pub from: Day,
    pub to: Day,
    pub today: Option<Day>,
    pub phases: Vec<Band>,
    pub gates: Vec<Mark>,
    pub reviews: Vec<Mark>,
    pub lines: Vec<Line>,
    pub shocks: Vec<Shock>,
    pub happened: Vec<Happening>,
}

/// A phase.
#[derive(Debug, Clone)]
pub struct Band {
    pub name: String,
    pub from: Day,
    pub to: Day,
}

/// A gate or a review point.
#[derive(Debug, Clone)]
pub struct Mark {
    pub name: String,
    pub day: Day,
    /// Only about when is known.
    pub approx: bool,
}

/// A place, from when it joined to when it ended.
#[derive(Debug, Clone)]
pub struct Line {
    pub name: String,
    /// Where the table leads from its name.
    pub href: Option<String>,
    pub from: Day,
    pub to: Day,
    pub note: Option<String>,
}

/// Something from outside that everybody felt.
#[derive(Debug, Clone)]
pub struct Shock {
    pub name: String,
    pub from: Day,
    pub to: Option<Day>,
}

/// Something that happened around those who take part, as one of them wrote of it.
#[derive(Debug, Clone)]
pub struct Happening {
    pub name: String,
    /// Where the table leads from its name.
    pub href: String,
    pub day: Day,
}

const WIDTH: f64 = 864.0;
const RIGHT: f64 = WIDTH - 24.0;
/// The most room that the names of places take.
const NAMES: f64 = 208.0;
const NAME_ROW: f64 = 22.0;
const LINE_ROW: f64 = 28.0;

/// The programme through time, as a picture and as a table.
#[must_use]
pub fn programme_timeline(timeline: &Timeline) -> Html {
    let plan = Plan::of(timeline);
    let id = format!("timeline-{}-{}", timeline.from.iso(), timeline.to.iso());
    html(maud! {
        figure class="figure" {
            figcaption id={ (&id) "-caption" } { "The programme through time" }
            div class="figure-scroll" role="region" aria-labelledby={ (&id) "-caption" } tabindex="0" {
                svg viewBox={ "0 0 " (WIDTH) " " (plan.height) } role="img" aria-labelledby={ (&id) "-title " (&id) "-desc" } {
                    title id={ (&id) "-title" } { "The programme through time" }
                    desc id={ (&id) "-desc" } { (described(timeline)) }
                    (plan.ruled())
                    (plan.shocks())
                    (plan.phases())
                    (plan.gates())
                    (plan.lines())
                    (plan.happened())
                    (plan.reviews())
                    (plan.today())
                }
            }
            (parts::details("The same as a table", as_table(timeline)))
        }
    })
}

fn described(t: &Timeline) -> String {
    let count = |n: usize, one: &str, many: &str| if n == 1 { format!("1 {one}") } else { format!("{n} {many}") };
    let told = match t.happened.len() {
        0 => String::new(),
        n => format!(" Beside them stands what people wrote of: {}.", count(n, "event", "events")),
    };
    format!(
        "From {} to {}: {}, {}, {}, {} and {} from outside.{told} The table below holds them all.",
        t.from,
        t.to,
        count(t.phases.len(), "phase", "phases"),
        count(t.gates.len(), "gate", "gates"),
        count(t.reviews.len(), "review point", "review points"),
        count(t.lines.len(), "place", "places"),
        count(t.shocks.len(), "event", "events"),
    )
}

/// Where everything goes.
struct Plan<'a> {
    timeline: &'a Timeline,
    scale: Scale,
    shock_names: Vec<Placed>,
    gate_names: Vec<Placed>,
    happened_names: Vec<Placed>,
    phases_top: f64,
    gates_top: f64,
    lines_top: f64,
    happened_top: f64,
    reviews_top: f64,
    axis: f64,
    height: f64,
}

impl<'a> Plan<'a> {
    fn of(timeline: &'a Timeline) -> Self {
        let longest = timeline.lines.iter().map(|l| width(&l.name)).fold(width("Review points"), f64::max).min(NAMES);
        let scale = Scale { from: timeline.from, to: timeline.to, left: tenth(longest + 32.0), right: RIGHT };
        let today = timeline.today.map(|day| (scale.x(day), "Today".to_owned()));
        let shocks = timeline.shocks.iter().map(|s| (scale.x(s.from), s.name.clone()));
        let shock_names = place(shocks.chain(today).collect(), RIGHT);
        let gate_names = place(timeline.gates.iter().map(|g| (scale.x(g.day) + 4.0, g.name.clone())).collect(), RIGHT);
        let happened = timeline.happened.iter().map(|h| (scale.x(h.day), shortened(&h.name)));
        let happened_names = place(happened.collect(), RIGHT);
        let phases_top = 8.0 + rows(&shock_names) * NAME_ROW + 8.0;
        let gates_top = phases_top + if timeline.phases.is_empty() { 0.0 } else { 44.0 };
        let lines_top = gates_top + rows(&gate_names) * NAME_ROW + 14.0;
        #[expect(clippy::cast_precision_loss, reason = "a programme has tens of places")]
        let happened_top = lines_top + timeline.lines.len() as f64 * LINE_ROW + 4.0;
        let reviews_top = happened_top + rows(&happened_names) * NAME_ROW;
        let axis = reviews_top + if timeline.reviews.is_empty() { 4.0 } else { 30.0 };
        Self {
            timeline,
            scale,
            shock_names,
            gate_names,
            happened_names,
            phases_top,
            gates_top,
            lines_top,
            happened_top,
            reviews_top,
            axis,
            height: axis + 34.0,
        }
    }

    fn row_name(name: &str, y: f64) -> Html {
        html(maud! { text class="fig-row" x="14" y=(y) { (shortened(name)) } })
    }

    fn ruled(&self) -> Html {
        html(maud! {
            @for (day, name) in self.scale.ruling() {
                @let x = self.scale.x(day);
                line class="fig-grid" x1=(x) y1=(self.phases_top - 4.0) x2=(x) y2=(self.axis + 6.0) {}
                text class="fig-muted" x=(x) y=(self.axis + 24.0) text-anchor="middle" { (name) }
            }
            line class="fig-grid" x1=(self.scale.left) y1=(self.axis) x2=(RIGHT) y2=(self.axis) {}
        })
    }

    fn named(placed: &Placed, class: &str, y: f64) -> Html {
        html(maud! {
            text class=(class) x=(placed.at) y=(y) text-anchor=(if placed.ends { "end" } else { "start" }) { (&placed.text) }
        })
    }

    #[expect(clippy::cast_precision_loss, reason = "a handful of rows")]
    fn name_y(placed: &Placed) -> f64 {
        22.0 + placed.row as f64 * NAME_ROW
    }

    fn shocks(&self) -> Html {
        html(maud! {
            @for shock in &self.timeline.shocks {
                @let x = self.scale.x(shock.from);
                @if let Some(to) = shock.to {
                    rect class="fig-shock-span" x=(x) y=(self.phases_top - 4.0) width=(tenth((self.scale.x(to) - x).max(1.0))) height=(tenth(self.axis - self.phases_top + 4.0)) {}
                }
            }
            @for placed in &self.shock_names {
                @let today = self.timeline.today.is_some() && placed.text == "Today";
                @let y = Self::name_y(placed);
                line class=(if today { "fig-today" } else { "fig-shock" }) x1=(placed.x) y1=(y - 13.0) x2=(placed.x) y2=(self.axis) {}
                (Self::named(placed, if today { "fig-today-name" } else { "fig-shock-name" }, y))
            }
        })
    }

    fn phases(&self) -> Html {
        let y = self.phases_top;
        html(maud! {
            @if !self.timeline.phases.is_empty() { (Self::row_name("Phases", y + 21.0)) }
            @for (i, phase) in self.timeline.phases.iter().enumerate() {
                @let (from, to) = (self.scale.x(phase.from), self.scale.x(phase.to));
                rect class=(if i % 2 == 0 { "fig-phase" } else { "fig-phase-other" }) x=(from) y=(y) width=(tenth((to - from).max(1.0))) height="32" {}
                @if let Some(name) = fitting(&phase.name, to - from - 16.0) {
                    text class="fig-inside" x=(from + 8.0) y=(y + 21.0) { (name) }
                }
            }
        })
    }

    fn gates(&self) -> Html {
        #[expect(clippy::cast_precision_loss, reason = "a handful of rows")]
        let y_of = |placed: &Placed| self.gates_top + 12.0 + placed.row as f64 * NAME_ROW;
        let approx = |placed: &Placed| self.timeline.gates.iter().any(|g| g.approx && g.name == placed.text);
        html(maud! {
            @if !self.timeline.gates.is_empty() { (Self::row_name("Gates", self.gates_top + 17.0)) }
            @for placed in &self.gate_names {
                @let (x, y) = (placed.x - 4.0, y_of(placed));
                polygon class=(if approx(placed) { "fig-gate fig-gate-approx" } else { "fig-gate" })
                    points={ (x) "," (y - 7.0) " " (x + 7.0) "," (y) " " (x) "," (y + 7.0) " " (x - 7.0) "," (y) } {}
                (Self::named(&Placed { at: if placed.ends { x - 12.0 } else { x + 12.0 }, ..placed.clone() }, "", y + 5.0))
            }
        })
    }

    fn lines(&self) -> Html {
        #[expect(clippy::cast_precision_loss, reason = "a programme has tens of places")]
        let y_of = |i: usize| self.lines_top + i as f64 * LINE_ROW + 14.0;
        html(maud! {
            @for (i, place) in self.timeline.lines.iter().enumerate() {
                @let (y, from, to) = (y_of(i), self.scale.x(place.from), self.scale.x(place.to));
                (Self::row_name(&place.name, y + 5.0))
                line class="fig-line" x1=(from) y1=(y) x2=(to.max(from + 2.0)) y2=(y) {}
                @if place.to < self.timeline.to { line class="fig-end" x1=(to) y1=(y - 8.0) x2=(to) y2=(y + 8.0) {} }
                @if let Some(note) = place.note.as_deref().and_then(|n| fitting(n, RIGHT - to - 12.0)) {
                    text class="fig-muted" x=(to + 10.0) y=(y + 5.0) { (note) }
                }
            }
        })
    }

    fn happened(&self) -> Html {
        #[expect(clippy::cast_precision_loss, reason = "a handful of rows")]
        let y_of = |placed: &Placed| self.happened_top + 13.0 + placed.row as f64 * NAME_ROW;
        html(maud! {
            @if !self.happened_names.is_empty() { (Self::row_name("Around us", self.happened_top + 18.0)) }
            @for placed in &self.happened_names {
                @let y = y_of(placed);
                circle class="fig-dot" cx=(placed.x) cy=(y) r="5" {}
                (Self::named(placed, "", y + 5.0))
            }
        })
    }

    fn reviews(&self) -> Html {
        let y = self.reviews_top;
        html(maud! {
            @if !self.timeline.reviews.is_empty() { (Self::row_name("Review points", y + 18.0)) }
            @for review in &self.timeline.reviews {
                @let x = self.scale.x(review.day);
                line class="fig-review" x1=(x) y1=(y + 6.0) x2=(x) y2=(self.axis) {}
            }
        })
    }

    /// Today is drawn last, over everything, as a point on the axis; its line and name stand with the events.
    fn today(&self) -> Html {
        html(maud! {
            @if let Some(today) = self.timeline.today {
                circle class="fig-now" cx=(self.scale.x(today)) cy=(self.axis) r="5" {}
            }
        })
    }
}

/// A name, as much of it as there is room for; the table has all of it.
fn shortened(name: &str) -> String {
    const MOST: usize = 27;
    if name.chars().count() > MOST { name.chars().take(MOST - 1).chain(['…']).collect() } else { name.to_owned() }
}

/// A text, where it fits.
fn fitting(text: &str, room: f64) -> Option<&str> {
    (width(text) <= room).then_some(text)
}

fn as_table(t: &Timeline) -> Html {
    let about = |day: Day, approx: bool| if approx { Cell::text(format!("about {day}")) } else { Cell::day(day) };
    let row = |what: &str, name: Cell, from: Cell, to: Cell, note: &str| {
        vec![name.head(), Cell::text(what), from, to, Cell::text(note)]
    };
    let none = || Cell::text("");
    let mut all: Vec<(Day, Vec<Cell>)> = Vec::new();
    for p in &t.phases {
        all.push((p.from, row("Phase", Cell::text(&p.name), Cell::day(p.from), Cell::day(p.to), "")));
    }
    for (what, marks) in [("Gate", &t.gates), ("Review point", &t.reviews)] {
        for m in marks {
            all.push((m.day, row(what, Cell::text(&m.name), about(m.day, m.approx), none(), "")));
        }
    }
    for s in &t.shocks {
        all.push((s.from, row("Event", Cell::text(&s.name), Cell::day(s.from), s.to.map_or_else(none, Cell::day), "")));
    }
    for h in &t.happened {
        all.push((h.day, row("Around us", Cell::link(&h.href, &h.name), Cell::day(h.day), none(), "")));
    }
    for l in &t.lines {
        let name = l.href.as_deref().map_or_else(|| Cell::text(&l.name), |href| Cell::link(href, &l.name));
        all.push((l.from, row("Place", name, Cell::day(l.from), Cell::day(l.to), l.note.as_deref().unwrap_or(""))));
    }
    all.sort_by_key(|(day, _)| *day);
    let rows = all.into_iter().map(|(_, row)| row).collect();
    Table::new("The programme through time, by date", &["Name", "What", "From", "To", "Note"], rows).quiet().html()
}
