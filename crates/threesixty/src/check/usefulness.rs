//! What a grant could say besides, and more people could then use it.

use super::context::{Context, Step};
use super::report::{Found, Level};
use crate::value::Node;

const fn useful(check: &'static str, title: &'static str) -> Found {
    Found { level: Level::Usefulness, critical: false, check, title }
}

static RECIPIENT_360G: Found = useful("RecipientOrg360GPrefix", "A recipient has an id of the publisher's own");
static FUNDER_360G: Found = useful("FundingOrg360GPrefix", "A funder has an id of the publisher's own");
static NO_NUMBER: Found = useful("NoRecipientOrgCompanyCharityNumber", "A recipient has neither charity nor company number");
static INCOMPLETE: Found = useful("IncompleteRecipientOrg", "A recipient has neither postcode nor code of an area");
static NO_PROGRAMME: Found = useful("NoGrantProgramme", "A grant names no programme");
static NO_LOCATION: Found = useful("NoBeneficiaryLocation", "A grant does not say where it is of use");
static SAME_TEXT: Found = useful("TitleDescriptionSame", "Title and description are the same");
static LONG_TITLE: Found = useful("TitleLength", "A title has more than 140 letters");
static NO_MODIFIED: Found = useful("NoLastModified", "A grant does not say when it was last changed");
static NO_SOURCE: Found = useful("NoDataSource", "A grant does not say where its data are from");
static NO_DETAILS: Found = useful("RecipientIndWithoutToIndividualsDetails", "A grant to a person does not say why and for what");
static NO_DURATION: Found = useful("PlannedDurationNotPresent", "A grant does not say how long it is planned to last");
static NAME_NO_CODE: Found = useful("BeneficiaryLocationNameButNoCode", "A place has a name and no code");
static NOT_RECIPIENT: Found =
    useful("BeneficiaryButNotRecipientGeoData", "It is known where a grant is of use, and not where its recipient is");
static NOT_BENEFICIARY: Found =
    useful("RecipientGeoDataButNoBeneficiary", "It is known where a recipient is, and not where the grant is of use");

/// The checks of one grant.
pub(crate) fn check<'c>(context: &mut Context<'c>, root: &'c Node<'c>) {
    recipients(context, root);
    funders(context, root);
    texts(context, root);
    absent(context, root);
    places(context, root);
}

fn recipients<'c>(context: &mut Context<'c>, root: &'c Node<'c>) {
    for (at, organisation) in root.list_of("recipientOrganization").iter().enumerate() {
        context.within(Step::Name("recipientOrganization"), |context| {
            context.within(Step::Item(at), |context| {
                own_id(context, organisation, &RECIPIENT_360G);
                if organisation.text_of("charityNumber").is_none() && organisation.text_of("companyNumber").is_none() {
                    context.missing(&NO_NUMBER, organisation.at, "charityNumber", || {
                        let fix = "give the number, also where it stands in the id already; leave it out where there is none";
                        ("there is neither charityNumber nor companyNumber".to_owned(), fix.to_owned())
                    });
                }
                if !has_place(organisation) {
                    context.missing(&INCOMPLETE, organisation.at, "postalCode", || {
                        ("there is neither postalCode nor a location with geoCode".to_owned(), "give one of them".to_owned())
                    });
                }
            });
        });
    }
}

fn own_id<'c>(context: &mut Context<'c>, organisation: &'c Node<'c>, found: &Found) {
    let Some(node) = organisation.get("id").filter(|node| node.text().is_some_and(|id| id.starts_with("360G-"))) else { return };
    context.within(Step::Name("id"), |context| {
        let fix = "give the id of a register where the organisation is in one, as GB-CHC-1126147";
        context.add(
            found,
            node.at,
            "this id is known to nobody else, so grants of others cannot be put together with this one",
            fix,
        );
    });
}

/// Whether it is known where a recipient is.
fn has_place(organisation: &Node<'_>) -> bool {
    organisation.text_of("postalCode").is_some()
        || organisation.list_of("location").iter().any(|place| place.text_of("geoCode").is_some())
}

fn funders<'c>(context: &mut Context<'c>, root: &'c Node<'c>) {
    for (at, organisation) in root.list_of("fundingOrganization").iter().enumerate() {
        context.within(Step::Name("fundingOrganization"), |context| {
            context.within(Step::Item(at), |context| own_id(context, organisation, &FUNDER_360G));
        });
    }
}

fn texts<'c>(context: &mut Context<'c>, root: &'c Node<'c>) {
    let (title, description) = (root.text_of("title"), root.text_of("description"));
    if let (Some(title), Some(description), Some(node)) = (title, description, root.get("description"))
        && title.trim() == description.trim()
    {
        context.within(Step::Name("description"), |context| {
            context.add(
                &SAME_TEXT,
                node.at,
                "the description says what the title says",
                "say in the description what the grant is for",
            );
        });
    }
    // No letter takes less than one byte.
    if let Some((title, node)) = title.zip(root.get("title"))
        && title.len() > 140
        && title.chars().count() > 140
    {
        context.within(Step::Name("title"), |context| {
            let length = title.chars().count();
            context.add_with(&LONG_TITLE, node.at, || {
                (format!("the title has {length} letters"), "say it in 140, and the rest in the description".to_owned())
            });
        });
    }
}

fn absent<'c>(context: &mut Context<'c>, root: &'c Node<'c>) {
    let mut missing = |found: &Found, there: bool, name: &'static str, what: &str, fix: &str| {
        if !there {
            context.missing(found, root.at, name, || (what.to_owned(), fix.to_owned()));
        }
    };
    missing(
        &NO_PROGRAMME,
        !root.list_of("grantProgramme").is_empty(),
        "grantProgramme",
        "there is no programme",
        "give its title or code",
    );
    missing(
        &NO_LOCATION,
        !root.list_of("beneficiaryLocation").is_empty(),
        "beneficiaryLocation",
        "there is no place",
        "give the places that the grant is for",
    );
    missing(
        &NO_MODIFIED,
        root.text_of("dateModified").is_some(),
        "dateModified",
        "there is no dateModified",
        "give the moment of the last change",
    );
    missing(
        &NO_SOURCE,
        root.text_of("dataSource").is_some(),
        "dataSource",
        "there is no dataSource",
        "give the web address of the file or of who publishes it",
    );
    let detailed = root.get("recipientIndividual").is_none() || root.get("toIndividualsDetails").is_some_and(Node::is_object);
    missing(
        &NO_DETAILS,
        detailed,
        "toIndividualsDetails",
        "there is no reason and no purpose",
        "give primaryGrantReason and grantPurpose",
    );
    let lasting = root.list_of("plannedDates").iter().any(|event| {
        event.get("duration").is_some_and(|node| node.number().is_some())
            || (event.text_of("startDate").is_some() && event.text_of("endDate").is_some())
    });
    missing(
        &NO_DURATION,
        lasting,
        "plannedDates",
        "there is neither duration nor start and end",
        "give the months, or both days",
    );
}

fn places<'c>(context: &mut Context<'c>, root: &'c Node<'c>) {
    let places = root.list_of("beneficiaryLocation");
    for (at, place) in places.iter().enumerate() {
        if place.text_of("name").is_some() && place.text_of("geoCode").is_none() {
            context.within(Step::Name("beneficiaryLocation"), |context| {
                context.within(Step::Item(at), |context| {
                    context.missing(&NAME_NO_CODE, place.at, "geoCode", || {
                        (
                            "the place has a name and no code".to_owned(),
                            "give geoCode and geoCodeType, so that it can be put on a map".to_owned(),
                        )
                    });
                });
            });
        }
    }
    let recipients = root.list_of("recipientOrganization");
    let recipient = recipients.iter().any(has_place);
    let beneficiary = places.iter().any(|place| place.text_of("geoCode").is_some());
    if beneficiary && !recipient && !recipients.is_empty() {
        context.missing(&NOT_RECIPIENT, root.at, "recipientOrganization", || {
            ("no recipient says where it is".to_owned(), "give its postalCode".to_owned())
        });
    }
    if recipient && !beneficiary {
        context.missing(&NOT_BENEFICIARY, root.at, "beneficiaryLocation", || {
            ("no place that the grant is for has a code".to_owned(), "give its geoCode and geoCodeType".to_owned())
        });
    }
}
