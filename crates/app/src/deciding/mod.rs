//! Deciding: the sponsors say together what becomes of each application, and everybody hears at once.

mod standing;

#[expect(unused_imports, reason = "what follows a decision is the next slice's")]
pub(crate) use standing::outcomes;
