//! Worth knowing, and no error.

pub(crate) fn of(_programme: &crate::Programme) -> Vec<String> {
    Vec::new()
}
