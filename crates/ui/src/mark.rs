//! The mark: a plait of three strands (voluntary sector, NHS, council), one path per strand.

use crate::dsl::*;

/// The three strands in drawing order, with the class that colours each. Written as pieces that pass over and under,
/// so that the plait shows without shadows.
const STRANDS: [(&str, &str); 3] = [
    ("strand-voluntary", "M5 4C5 12 19 12 19 20S5 28 5 36"),
    ("strand-nhs", "M12 4C12 8 5 10 5 16S19 24 19 32C19 34 18 35 17 36"),
    ("strand-council", "M19 4C19 12 5 14 5 22S12 32 12 36"),
];

/// The plait, for beside the name. It says nothing of its own, so it is hidden from those who listen.
#[must_use]
pub fn plait() -> Html {
    drawn("plait")
}

/// The plait, large and quiet, for where nothing is yet.
#[must_use]
pub fn plait_large() -> Html {
    drawn("plait plait-large")
}

fn drawn(class: &str) -> Html {
    html(maud! {
        svg class=(class) viewBox="0 0 24 40" width="24" height="40" aria-hidden="true" focusable="false" {
            @for (class, d) in STRANDS {
                path class=(class) d=(d) fill="none" {}
            }
        }
    })
}
