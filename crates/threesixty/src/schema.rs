//! The fields of the standard, version 1.4: what each is called in a file and in a table, and what it may hold.

use crate::value::is;

/// What a field may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Text(Rule),
    Number {
        least: Option<u8>,
    },
    Object(&'static Shape),
    List(&'static Shape),
    /// A list of texts; in a table one cell, with `;` between them.
    Texts(Rule),
}

/// What a text has to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rule {
    Any,
    /// A full day, or a moment with its zone.
    Day,
    /// A year, a month, a full day, or a moment.
    RoughDay,
    /// A moment with its zone.
    Moment,
    Uri,
    Version,
    Currency,
    Country,
    YesNo,
    /// Closed lists that the standard names without having its schema look.
    GrantReason,
    GrantPurpose,
    Regrant,
    Scope,
    GeoCodeType,
}

#[derive(Debug, PartialEq, Eq)]
pub struct Field {
    pub name: &'static str,
    /// The heading in a table; nothing where the standard gives none.
    pub title: &'static str,
    pub kind: Kind,
    pub nullable: bool,
    /// A list that has to hold something.
    pub filled: bool,
}

#[derive(Debug, PartialEq, Eq)]
pub struct Shape {
    pub fields: &'static [Field],
    pub required: &'static [&'static str],
}

impl Shape {
    /// The how manieth of its fields has this name.
    pub(crate) fn place_of(&self, name: &str) -> Option<usize> {
        self.fields.iter().position(|field| is(field.name, name))
    }

    #[must_use]
    pub fn field(&self, name: &str) -> Option<&'static Field> {
        self.place_of(name).and_then(|at| self.fields.get(at))
    }
}

const fn of(name: &'static str, title: &'static str, kind: Kind) -> Field {
    Field { name, title, kind, nullable: false, filled: false }
}
const fn text(name: &'static str, title: &'static str) -> Field {
    of(name, title, Kind::Text(Rule::Any))
}
const fn number(name: &'static str, title: &'static str) -> Field {
    of(name, title, Kind::Number { least: None })
}
impl Field {
    const fn or_null(mut self) -> Self {
        self.nullable = true;
        self
    }
    const fn filled(mut self) -> Self {
        self.filled = true;
        self
    }
}

const MODIFIED: Field = of("dateModified", "Last Modified", Kind::Text(Rule::Moment));
const WEB: Field = of("url", "Web Address", Kind::Text(Rule::Uri));
const LINK: Field = of("url", "URL", Kind::Text(Rule::Uri));
const CURRENCY: Field = of("currency", "Currency", Kind::Text(Rule::Currency));

pub static GRANT: Shape = Shape {
    required: &["id", "title", "description", "currency", "amountAwarded", "awardDate", "fundingOrganization"],
    fields: &[
        text("id", "Identifier"),
        text("title", "Title"),
        text("description", "Description"),
        CURRENCY,
        number("amountAppliedFor", "Amount Applied For"),
        number("amountAwarded", "Amount Awarded"),
        number("amountDisbursed", "Amount Disbursed"),
        of("awardDate", "Award Date", Kind::Text(Rule::Day)),
        LINK,
        of("plannedDates", "Planned Dates", Kind::List(&EVENT)),
        of("actualDates", "Actual Dates", Kind::List(&EVENT)),
        of("recipientIndividual", "Recipient Ind", Kind::Object(&PERSON)),
        of("toIndividualsDetails", "To Individuals Details", Kind::Object(&TO_INDIVIDUALS)),
        of("recipientOrganization", "Recipient Org", Kind::List(&ORGANIZATION)).filled(),
        of("beneficiaryLocation", "Beneficiary Location", Kind::List(&LOCATION)),
        of("fundingOrganization", "Funding Org", Kind::List(&ORGANIZATION)).filled(),
        of("grantProgramme", "Grant Programme", Kind::List(&GRANT_PROGRAMME)),
        of("fromOpenCall", "From An Open Call?", Kind::Text(Rule::YesNo)),
        of("fundingType", "Funding Type", Kind::List(&CLASSIFICATION)),
        of("classifications", "Classifications", Kind::List(&CLASSIFICATION)),
        of("relatedDocument", "Related Document", Kind::List(&DOCUMENT)),
        of("applicationTransaction", "", Kind::List(&TRANSACTION)),
        of("commitmentTransaction", "", Kind::List(&TRANSACTION)),
        of("disbursementTransaction", "", Kind::List(&TRANSACTION)),
        of("relatedActivity", "Related Activity", Kind::Texts(Rule::Any)),
        MODIFIED,
        of("dataSource", "Data Source", Kind::Text(Rule::Uri)).or_null(),
        of("regrantType", "For Regrant Type", Kind::Text(Rule::Regrant)),
        of("locationScope", "Location Scope", Kind::Text(Rule::Scope)),
    ],
};

static ORGANIZATION: Shape = Shape {
    required: &["id", "name"],
    fields: &[
        text("id", "Identifier"),
        text("name", "Name"),
        text("department", "Department"),
        text("contactName", "Contact Name"),
        text("charityNumber", "Charity Number"),
        text("companyNumber", "Company Number"),
        text("streetAddress", "Street Address"),
        text("addressLocality", "City"),
        text("addressRegion", "County"),
        text("addressCountry", "Country"),
        text("postalCode", "Postal Code"),
        text("telephone", "Phone Number"),
        text("alternateName", "Alternate Name"),
        text("email", "Email"),
        text("description", "Description"),
        text("organisationType", "Organisation Type").or_null(),
        WEB,
        of("location", "Location", Kind::List(&LOCATION)),
        MODIFIED,
    ],
};

static PERSON: Shape = Shape { required: &["id", "name"], fields: &[text("id", "Identifier"), text("name", "Name")] };

static TO_INDIVIDUALS: Shape = Shape {
    required: &[],
    fields: &[
        of("primaryGrantReason", "Primary Grant Reason", Kind::Text(Rule::GrantReason)),
        of("secondaryGrantReason", "Secondary Grant Reason", Kind::Text(Rule::GrantReason)),
        of("grantPurpose", "Grant Purpose", Kind::Texts(Rule::GrantPurpose)),
    ],
};

static LOCATION: Shape = Shape {
    required: &[],
    fields: &[
        text("id", "Identifier"),
        text("name", "Name").or_null(),
        of("countryCode", "Country Code", Kind::Text(Rule::Country)).or_null(),
        number("latitude", "Latitude").or_null(),
        number("longitude", "Longitude").or_null(),
        text("description", "Description").or_null(),
        text("geoCode", "Geographic Code").or_null(),
        of("geoCodeType", "Geographic Code Type", Kind::Text(Rule::GeoCodeType)).or_null(),
        MODIFIED,
    ],
};

static EVENT: Shape = Shape {
    required: &[],
    fields: &[
        text("title", "Title"),
        of("startDate", "Start Date", Kind::Text(Rule::RoughDay)),
        of("endDate", "End Date", Kind::Text(Rule::RoughDay)),
        of("duration", "Duration (months)", Kind::Number { least: Some(0) }),
        text("description", "Description"),
        MODIFIED,
    ],
};

static GRANT_PROGRAMME: Shape = Shape {
    required: &[],
    fields: &[
        text("code", "Code"),
        text("title", "Title").or_null(),
        text("description", "Description").or_null(),
        LINK.or_null(),
        MODIFIED,
    ],
};

static CLASSIFICATION: Shape = Shape {
    required: &[],
    fields: &[
        text("vocabulary", "Vocabulary"),
        text("code", "Code"),
        text("title", "Title").or_null(),
        text("description", "Description").or_null(),
        LINK.or_null(),
        MODIFIED,
    ],
};

static DOCUMENT: Shape = Shape {
    required: &[],
    fields: &[
        text("id", "Identifier"),
        text("title", "Title").or_null(),
        WEB.or_null(),
        text("description", "Description").or_null(),
        text("documentType", "Document Type").or_null(),
        MODIFIED,
    ],
};

static TRANSACTION: Shape = Shape {
    required: &[],
    fields: &[
        text("id", "Identifier"),
        of("transactionDate", "Transaction Date", Kind::Text(Rule::Day)),
        CURRENCY,
        number("value", "Value"),
        of("valueDate", "Value Date", Kind::Text(Rule::Day)).or_null(),
        text("description", "Description").or_null(),
        text("provider", "Provider").or_null(),
        text("recipient", "Recipient").or_null(),
        MODIFIED,
    ],
};

/// What stands beside the grants: about the file and who publishes it.
pub static PACKAGE: Shape = Shape {
    required: &[],
    fields: &[
        of("version", "Version", Kind::Text(Rule::Version)),
        of("extensions", "Extensions", Kind::Texts(Rule::Any)),
        text("title", "Title"),
        text("description", "Description"),
        of("issued", "Issued", Kind::Text(Rule::Day)),
        of("modified", "Modified", Kind::Text(Rule::Day)),
        text("identifier", "Identifier"),
        of("publisher", "Publisher", Kind::Object(&PUBLISHER)),
        of("downloadURL", "Download URL", Kind::Text(Rule::Uri)),
        of("accessURL", "Access URL", Kind::Text(Rule::Uri)),
        of("license", "License", Kind::Text(Rule::Uri)),
    ],
};

static PUBLISHER: Shape = Shape {
    required: &["name"],
    fields: &[
        text("identifier", "Identifier"),
        text("name", "Name"),
        of("website", "Website", Kind::Text(Rule::Uri)),
        of("logo", "Logo", Kind::Text(Rule::Uri)),
    ],
};
