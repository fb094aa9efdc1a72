-- Outputs on their way to others, the passages quoted in them, and what was published.

CREATE TABLE outputs (
    id ID NOT NULL PRIMARY KEY,
    programme_id ID NOT NULL REFERENCES programmes (id),
    entry_id ID NOT NULL UNIQUE REFERENCES entries (id),
    state TEXT NOT NULL,
    owner_id ID NOT NULL REFERENCES people (id),
    due_on DAY,
    audience TEXT NOT NULL,
    booked INTEGER NOT NULL,
    summary TEXT NOT NULL,
    about TEXT NOT NULL,
    moved_at MOMENT NOT NULL,
    slug TEXT UNIQUE
);
CREATE INDEX outputs_of ON outputs (programme_id, state, due_on, id);
CREATE INDEX outputs_owned ON outputs (owner_id, state);

CREATE TABLE quotations (
    id ID NOT NULL PRIMARY KEY,
    programme_id ID NOT NULL REFERENCES programmes (id),
    entry_id ID NOT NULL REFERENCES entries (id),
    mark_id ID NOT NULL REFERENCES marks (id),
    place_id ID REFERENCES places (id),
    number INTEGER NOT NULL,
    words TEXT NOT NULL,
    attribution TEXT NOT NULL,
    person_id ID NOT NULL REFERENCES people (id),
    for_another BOOLEAN NOT NULL,
    made_by ID NOT NULL REFERENCES people (id),
    made_at MOMENT NOT NULL,
    removed_at MOMENT,
    taken_back_at MOMENT
);
CREATE UNIQUE INDEX quotations_of_entry ON quotations (entry_id, number);
CREATE INDEX quotations_of_mark ON quotations (mark_id);
CREATE INDEX quotations_asked ON quotations (person_id, made_at);

CREATE TABLE publications (
    id ID NOT NULL PRIMARY KEY,
    programme_id ID NOT NULL REFERENCES programmes (id),
    entry_id ID NOT NULL REFERENCES entries (id),
    slug TEXT NOT NULL,
    number INTEGER NOT NULL,
    latest BOOLEAN NOT NULL,
    kind TEXT NOT NULL,
    title TEXT NOT NULL,
    summary TEXT NOT NULL,
    text TEXT NOT NULL,
    by_line TEXT NOT NULL,
    topics TEXT NOT NULL,
    places TEXT NOT NULL,
    place_ids TEXT NOT NULL,
    folded TEXT NOT NULL,
    hash TEXT NOT NULL,
    published_on DAY NOT NULL,
    published_at MOMENT NOT NULL,
    published_by ID NOT NULL REFERENCES people (id),
    withdrawn_at MOMENT,
    withdrawn_why TEXT NOT NULL
);
CREATE UNIQUE INDEX publications_of_slug ON publications (slug, number);
CREATE INDEX publications_of_entry ON publications (entry_id, number);
CREATE INDEX publications_shown ON publications (published_at, id) WHERE latest AND withdrawn_at IS NULL;

CREATE TABLE published_quotations (
    id ID NOT NULL PRIMARY KEY,
    programme_id ID NOT NULL REFERENCES programmes (id),
    publication_id ID NOT NULL REFERENCES publications (id),
    quotation_id ID NOT NULL REFERENCES quotations (id),
    number INTEGER NOT NULL,
    words TEXT NOT NULL,
    attribution TEXT NOT NULL,
    hash TEXT NOT NULL
);
CREATE INDEX published_quotations_in ON published_quotations (publication_id, number);
CREATE INDEX published_quotations_of ON published_quotations (quotation_id);
