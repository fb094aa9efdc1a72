//! The mails of this slice.

use kernel::Moment;

use super::next::with_next;

/// Subject and text of the mail with a link to sign in, which leads on to `next`.
pub(super) fn sign_in_link(address: &str, secret: &str, next: &str, until: Moment) -> (String, String) {
    let link = with_next(&format!("{address}/sign-in/link/{secret}"), next);
    let text = format!(
        "Open this link to sign in to Commonweal. It works once, until {until}.\n\n{link}\n\n\
         If you did not ask for it, do nothing: without the link nobody gets in.\n"
    );
    ("Your link to sign in".into(), text)
}

/// Subject and text of an invitation to somebody new.
pub(super) fn invitation(address: &str, secret: &str, role: &str, programme: &str, until: Moment) -> (String, String) {
    let text = format!(
        "You have been invited to {programme} on Commonweal, as: {role}.\n\n\
         Open this link to choose how you sign in. It works once, until {until}.\n\n{address}/invitations/{secret}\n"
    );
    (format!("You are invited to {programme}"), text)
}

/// Subject and text for somebody who already has an account.
pub(crate) fn appointed(address: &str, role: &str, programme: &str) -> (String, String) {
    let text = format!("You now hold this role in {programme}: {role}.\n\nSign in to see what it opens: {address}/\n");
    (format!("Your role in {programme}"), text)
}
