-- Awards: what a place is given, on what terms, in which instalments, and how its budget changes.

CREATE TABLE awards (
    id ID NOT NULL PRIMARY KEY,
    programme_id ID NOT NULL REFERENCES programmes (id),
    place_id ID NOT NULL REFERENCES places (id),
    organisation_id ID NOT NULL REFERENCES organisations (id),
    reference TEXT NOT NULL,
    line TEXT NOT NULL,
    follows_id ID REFERENCES awards (id),
    purpose TEXT NOT NULL,
    conditions TEXT NOT NULL,
    amount BIGINT NOT NULL CHECK (amount > 0),
    starts_on DAY NOT NULL,
    ends_on DAY NOT NULL,
    revision INTEGER NOT NULL,
    agreement TEXT NOT NULL,
    agreement_hash TEXT NOT NULL,
    created_by ID NOT NULL REFERENCES people (id),
    created_at MOMENT NOT NULL,
    offered_at MOMENT,
    agreed_at MOMENT,
    closed_at MOMENT,
    UNIQUE (programme_id, reference)
);
CREATE INDEX awards_place ON awards (place_id);

CREATE TABLE signatures (
    id ID NOT NULL PRIMARY KEY,
    programme_id ID NOT NULL REFERENCES programmes (id),
    award_id ID NOT NULL REFERENCES awards (id),
    side TEXT NOT NULL,
    person_id ID NOT NULL REFERENCES people (id),
    role TEXT NOT NULL,
    hash TEXT NOT NULL,
    signed_at MOMENT NOT NULL,
    void_at MOMENT
);
CREATE UNIQUE INDEX signatures_one ON signatures (award_id, side) WHERE void_at IS NULL;

CREATE TABLE payment_files (
    id ID NOT NULL PRIMARY KEY,
    programme_id ID NOT NULL REFERENCES programmes (id),
    number INTEGER NOT NULL,
    made_by ID NOT NULL REFERENCES people (id),
    made_at MOMENT NOT NULL,
    UNIQUE (programme_id, number)
);

CREATE TABLE instalments (
    id ID NOT NULL PRIMARY KEY,
    programme_id ID NOT NULL REFERENCES programmes (id),
    award_id ID NOT NULL REFERENCES awards (id),
    number INTEGER NOT NULL,
    amount BIGINT NOT NULL CHECK (amount >= 0),
    due_on DAY,
    milestone TEXT NOT NULL,
    met_at MOMENT,
    met_by ID REFERENCES people (id),
    payment_file_id ID REFERENCES payment_files (id),
    paid_on DAY,
    paid_reference TEXT NOT NULL,
    paid_at MOMENT,
    UNIQUE (award_id, number)
);
CREATE INDEX instalments_due ON instalments (programme_id, due_on);
CREATE INDEX instalments_file ON instalments (payment_file_id);

CREATE TABLE variations (
    id ID NOT NULL PRIMARY KEY,
    programme_id ID NOT NULL REFERENCES programmes (id),
    award_id ID NOT NULL REFERENCES awards (id),
    number INTEGER NOT NULL,
    reason TEXT NOT NULL,
    plan TEXT NOT NULL,
    ends_on DAY,
    proposed_by ID NOT NULL REFERENCES people (id),
    proposed_at MOMENT NOT NULL,
    outcome TEXT,
    answer TEXT NOT NULL,
    answered_by ID REFERENCES people (id),
    answered_at MOMENT,
    UNIQUE (award_id, number)
);
-- One waits at a time: two at once would each start from the budget that the other changes.
CREATE UNIQUE INDEX variations_waiting ON variations (award_id) WHERE outcome IS NULL;

CREATE TABLE budget_cells (
    id ID NOT NULL PRIMARY KEY,
    programme_id ID NOT NULL REFERENCES programmes (id),
    variation_id ID NOT NULL REFERENCES variations (id),
    line TEXT NOT NULL,
    year INTEGER NOT NULL,
    before BIGINT NOT NULL,
    after BIGINT NOT NULL CHECK (after >= 0),
    UNIQUE (variation_id, line, year)
);

CREATE TABLE approvals (
    id ID NOT NULL PRIMARY KEY,
    programme_id ID NOT NULL REFERENCES programmes (id),
    instalment_id ID REFERENCES instalments (id),
    variation_id ID REFERENCES variations (id),
    person_id ID NOT NULL REFERENCES people (id),
    role TEXT NOT NULL,
    given_at MOMENT NOT NULL,
    ended_at MOMENT
);
-- One person is one voice.
CREATE UNIQUE INDEX approvals_of_payment ON approvals (instalment_id, person_id) WHERE ended_at IS NULL;
CREATE UNIQUE INDEX approvals_of_change ON approvals (variation_id, person_id) WHERE ended_at IS NULL;
