//! Who reads which application.
