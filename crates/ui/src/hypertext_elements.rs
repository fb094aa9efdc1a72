//! The elements a page may use: all of HTML, and the few of SVG that the figures draw with.

#![expect(missing_docs, reason = "the names are those of the SVG standard")]

use hypertext::define_elements;
pub use hypertext::validation::hypertext_elements::*;

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
