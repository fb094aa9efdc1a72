//! The mark: a plait of three strands (voluntary sector, NHS, council), one path per strand.

use crate::dsl::*;

/// The three strands, with the class that colours each. Each is broken where it passes under another.
const STRANDS: [(&str, &str); 3] = [
    (
        "strand-voluntary",
        "M10.3 4.7C11.9 6.1 13.7 7.5 15.2 8.9C16.7 10.3 18.1 11.7 18.9 13.1C19.8 14.5 20.1 15.9 20 17.3C19.8 18.6 19.1 20 18 21.4\
         M13.6 25.8C12 27.1 10.3 28.5 8.8 29.8C7.3 31.2 6 32.6 5.1 33.9C4.3 35.3 3.9 36.6 4 38",
    ),
    (
        "strand-nhs",
        "M20 2C20.2 3.9 19.4 5.7 17.9 7.6M13.7 11.7C12 13.1 10.3 14.5 8.7 15.9C7.2 17.3 5.9 18.7 5.1 20.1C4.2 21.5 3.9 22.9 4 24.3\
         C4.2 25.7 4.9 27.1 6.1 28.5M10.3 32.6C12.4 34.4 14.7 36.2 16.5 38",
    ),
    (
        "strand-council",
        "M8.7 2C7.2 3.4 5.9 4.8 5.1 6.1C4.2 7.5 3.9 8.9 4 10.3C4.2 11.7 4.9 13 6 14.4M10.4 18.7C12 20.1 13.8 21.5 15.3 22.9\
         C16.8 24.3 18.1 25.7 19 27.1C19.8 28.5 20.1 29.9 19.9 31.3C19.8 32.7 19 34.1 17.9 35.5",
    ),
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
