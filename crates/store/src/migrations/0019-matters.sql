-- What becomes of entries, what places and their support agree on, and consent to share.

CREATE TABLE matters (
    id ID NOT NULL PRIMARY KEY,
    programme_id ID NOT NULL REFERENCES programmes (id),
    place_id ID REFERENCES places (id),
    entry_id ID NOT NULL UNIQUE REFERENCES entries (id),
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    open BOOLEAN NOT NULL,
    to_person ID REFERENCES people (id),
    due_on DAY,
    opened_on DAY NOT NULL,
    moved_at MOMENT NOT NULL,
    about TEXT NOT NULL
);
CREATE INDEX matters_open ON matters (programme_id, open, place_id, kind, state, due_on);
CREATE INDEX matters_about ON matters (programme_id, about, place_id);

CREATE TABLE steps (
    id ID NOT NULL PRIMARY KEY,
    programme_id ID NOT NULL REFERENCES programmes (id),
    matter_id ID NOT NULL REFERENCES matters (id),
    entry_id ID NOT NULL UNIQUE REFERENCES entries (id),
    step TEXT NOT NULL,
    at MOMENT NOT NULL
);
CREATE INDEX steps_of_matter ON steps (matter_id, at, id);

CREATE TABLE agreements (
    id ID NOT NULL PRIMARY KEY,
    programme_id ID NOT NULL REFERENCES programmes (id),
    place_id ID NOT NULL REFERENCES places (id),
    entry_id ID NOT NULL UNIQUE REFERENCES entries (id),
    number INTEGER NOT NULL,
    phase TEXT NOT NULL,
    from_day DAY NOT NULL,
    flows TEXT NOT NULL,
    hash TEXT NOT NULL,
    made_by ID NOT NULL REFERENCES people (id),
    made_at MOMENT NOT NULL,
    in_force_at MOMENT,
    void_at MOMENT,
    UNIQUE (place_id, number)
);

CREATE TABLE proposals (
    id ID NOT NULL PRIMARY KEY,
    programme_id ID NOT NULL REFERENCES programmes (id),
    place_id ID REFERENCES places (id),
    source_id ID NOT NULL REFERENCES entries (id),
    source_revision INTEGER NOT NULL,
    circle_id ID NOT NULL REFERENCES circles (id),
    title TEXT NOT NULL,
    text TEXT NOT NULL,
    needs TEXT NOT NULL,
    appointment_id ID NOT NULL REFERENCES appointments (id),
    person_id ID NOT NULL REFERENCES people (id),
    proposed_at MOMENT NOT NULL,
    state TEXT NOT NULL,
    extract_id ID REFERENCES entries (id),
    answer TEXT NOT NULL,
    ended_at MOMENT
);
CREATE INDEX proposals_waiting ON proposals (programme_id, state, place_id);
CREATE INDEX proposals_source ON proposals (source_id);

CREATE TABLE consents (
    id ID NOT NULL PRIMARY KEY,
    programme_id ID NOT NULL REFERENCES programmes (id),
    agreement_id ID REFERENCES agreements (id),
    proposal_id ID REFERENCES proposals (id),
    entry_id ID REFERENCES entries (id),
    side TEXT NOT NULL,
    person_id ID NOT NULL REFERENCES people (id),
    role TEXT NOT NULL,
    hash TEXT NOT NULL,
    given_at MOMENT NOT NULL,
    answer TEXT NOT NULL,
    why TEXT NOT NULL,
    replaced_at MOMENT,
    UNIQUE (agreement_id, side),
    UNIQUE (proposal_id, side)
);
-- A voice counts once; what it said before it changed its mind stays.
CREATE UNIQUE INDEX consents_of_entry ON consents (entry_id, side) WHERE entry_id IS NOT NULL AND replaced_at IS NULL;
