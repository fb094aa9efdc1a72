//! The site as its users meet it, on both databases.

mod access;
mod access_entries;
mod appointing;
mod architecture;
mod assessing;
mod bad_input;
mod calls;
mod changing;
mod deciding;
mod entries;
mod exports;
mod files;
mod forming;
mod forum;
mod ledger;
mod made;
mod places;
mod playing;
mod remarks;
mod reopening;
mod saving;
mod signing_in;
mod stages;
mod storm;
mod together;
mod welsh;
