//! The parts that pages are put together from.

mod circles;
mod entries;
mod lists;
mod small;

pub use circles::{Change, Sector, Shape, WhoReads, circle_badge, sector, who_reads, who_reads_with};
pub use entries::{EntryCard, Task, entry_card, task_list, timeline};
pub use lists::{FilterGroup, FilterOption, Page, SummaryRow, filters, pagination, pagination_buttons, summary_list};
pub use small::{
    Tone, details, details_open, empty_state, inset, not_stated, section, section_heading, sources, tag, typed_text_kept,
    undo_bar, undo_button,
};
