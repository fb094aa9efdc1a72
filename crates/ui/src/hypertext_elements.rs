//! The elements a page may use: all of HTML, and the few of SVG that the figures draw with.

#![expect(missing_docs, reason = "the names are those of the standards")]

pub use hypertext::validation::hypertext_elements::*;
use hypertext::{define_elements, define_void_elements};

define_elements! {
    svg { viewBox width height xmlns preserveAspectRatio focusable fill stroke }
    g { transform }
    path { d fill stroke stroke_width stroke_linecap stroke_linejoin pathLength }
    rect { x y width height rx }
    line { x1 y1 x2 y2 }
    circle { cx cy r }
    polygon { points }
    text { x y text_anchor }
    desc
}

define_void_elements! {
    /// The standard’s own, and `property`, by which Open Graph tells what a page is.
    meta { name http_equiv content charset media property }
}
