//! What forms do, from the outside.

#[cfg(test)]
mod any;
#[cfg(test)]
mod common;
#[cfg(test)]
mod expressions;
#[cfg(test)]
mod reading;
#[cfg(test)]
mod speed;
#[cfg(test)]
mod state;
#[cfg(test)]
mod versions;
#[cfg(test)]
mod workbooks;
