//! Pictures, each with its table: the picture for a first look, the table for reading, for listening and for paper.

mod bars;
mod chains;
mod days;
mod dots;
mod funnel;
mod money;
mod scale;
mod spread;
mod steps;
mod story;
mod timeline;
mod years;

pub use bars::{ShareRow, count_bars, share_bars};
pub use chains::{Chain, money_chains};
pub use days::{DayBar, day_bars};
pub use dots::{DotRow, dot_table};
pub use funnel::{Funnel, FunnelStep, funnel};
pub use money::{MoneyBar, money_bars};
pub use spread::{SpreadRow, score_spread};
pub use steps::{Step, money_steps};
pub use story::{StoryLine, StoryPoint, plan_story};
pub use timeline::{Band, Happening, Line, Mark, Shock, Timeline, programme_timeline};
pub use years::{YearSum, year_sums};
