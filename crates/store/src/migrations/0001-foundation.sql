-- The ground: programmes and their designs, organisations and places, people and roles, entries in circles,
-- the journal, the post.

CREATE TABLE programmes (
    id ID NOT NULL PRIMARY KEY,
    slug TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    practice BOOLEAN NOT NULL,
    design_version_id ID NOT NULL,
    created_at MOMENT NOT NULL
);

CREATE TABLE design_versions (
    id ID NOT NULL PRIMARY KEY,
    programme_id ID NOT NULL REFERENCES programmes (id),
    number INTEGER NOT NULL,
    digest TEXT NOT NULL,
    document TEXT NOT NULL,
    adopted_at MOMENT NOT NULL,
    adopted_by ID,
    UNIQUE (programme_id, number)
);

CREATE TABLE circles (
    id ID NOT NULL PRIMARY KEY,
    programme_id ID NOT NULL REFERENCES programmes (id),
    key TEXT NOT NULL,
    created_at MOMENT NOT NULL,
    UNIQUE (programme_id, key)
);

CREATE TABLE organisations (
    id ID NOT NULL PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    sector TEXT NOT NULL,
    practice BOOLEAN NOT NULL,
    created_at MOMENT NOT NULL
);

CREATE TABLE places (
    id ID NOT NULL PRIMARY KEY,
    programme_id ID NOT NULL REFERENCES programmes (id),
    slug TEXT NOT NULL,
    name TEXT NOT NULL,
    problem TEXT NOT NULL,
    vision TEXT NOT NULL,
    revision INTEGER NOT NULL,
    created_at MOMENT NOT NULL,
    UNIQUE (programme_id, slug)
);

CREATE TABLE partners (
    id ID NOT NULL PRIMARY KEY,
    programme_id ID NOT NULL REFERENCES programmes (id),
    place_id ID NOT NULL REFERENCES places (id),
    organisation_id ID NOT NULL REFERENCES organisations (id),
    lead BOOLEAN NOT NULL,
    from_day DAY,
    to_day DAY,
    created_at MOMENT NOT NULL,
    UNIQUE (place_id, organisation_id)
);

CREATE TABLE people (
    id ID NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    email TEXT UNIQUE,
    password_hash TEXT,
    practice BOOLEAN NOT NULL,
    created_at MOMENT NOT NULL
);

CREATE TABLE appointments (
    id ID NOT NULL PRIMARY KEY,
    programme_id ID NOT NULL REFERENCES programmes (id),
    person_id ID NOT NULL REFERENCES people (id),
    role TEXT NOT NULL,
    organisation_id ID REFERENCES organisations (id),
    place_id ID REFERENCES places (id),
    from_day DAY NOT NULL,
    to_day DAY,
    ended_at MOMENT,
    created_at MOMENT NOT NULL
);
CREATE INDEX appointments_person ON appointments (person_id);
CREATE INDEX appointments_place ON appointments (programme_id, place_id, role);

CREATE TABLE sessions (
    id ID NOT NULL PRIMARY KEY,
    token_hash TEXT NOT NULL UNIQUE,
    person_id ID NOT NULL REFERENCES people (id),
    device TEXT NOT NULL,
    created_at MOMENT NOT NULL,
    seen_at MOMENT NOT NULL,
    before_at MOMENT,
    expires_at MOMENT NOT NULL,
    ended_at MOMENT
);
CREATE INDEX sessions_person ON sessions (person_id);

CREATE TABLE tickets (
    id ID NOT NULL PRIMARY KEY,
    token_hash TEXT NOT NULL UNIQUE,
    person_id ID NOT NULL REFERENCES people (id),
    purpose TEXT NOT NULL,
    created_at MOMENT NOT NULL,
    expires_at MOMENT NOT NULL,
    used_at MOMENT
);

CREATE TABLE entries (
    id ID NOT NULL PRIMARY KEY,
    programme_id ID NOT NULL REFERENCES programmes (id),
    place_id ID REFERENCES places (id),
    circle_id ID NOT NULL REFERENCES circles (id),
    kind TEXT NOT NULL,
    title TEXT NOT NULL,
    text TEXT NOT NULL,
    happened_on DAY NOT NULL,
    author_id ID NOT NULL REFERENCES people (id),
    appointment_id ID NOT NULL REFERENCES appointments (id),
    revision INTEGER NOT NULL,
    written_at MOMENT NOT NULL,
    changed_at MOMENT NOT NULL,
    source_id ID REFERENCES entries (id),
    source_circle_id ID REFERENCES circles (id),
    source_revision INTEGER
);
-- A timeline walks one of these backwards and looks at the circle without touching the row.
CREATE INDEX entries_of_place ON entries (programme_id, place_id, happened_on, id, circle_id, source_circle_id);
CREATE INDEX entries_of_circle ON entries (programme_id, circle_id, happened_on, id);
CREATE INDEX entries_of_circle_changed ON entries (programme_id, circle_id, changed_at, id);
CREATE INDEX entries_from_circle ON entries (programme_id, source_circle_id, happened_on, id);
CREATE INDEX entries_source ON entries (source_id);
CREATE INDEX entries_author ON entries (author_id);

CREATE TABLE entry_revisions (
    id ID NOT NULL PRIMARY KEY,
    programme_id ID NOT NULL REFERENCES programmes (id),
    entry_id ID NOT NULL REFERENCES entries (id),
    revision INTEGER NOT NULL,
    title TEXT NOT NULL,
    text TEXT NOT NULL,
    happened_on DAY NOT NULL,
    circle_id ID NOT NULL REFERENCES circles (id),
    author_id ID NOT NULL REFERENCES people (id),
    written_at MOMENT NOT NULL,
    reason TEXT NOT NULL,
    UNIQUE (entry_id, revision)
);

CREATE TABLE journal (
    chain ID NOT NULL,
    number BIGINT NOT NULL,
    at MOMENT NOT NULL,
    actor_id ID,
    act TEXT NOT NULL,
    kind TEXT NOT NULL,
    record_id ID NOT NULL,
    change TEXT NOT NULL,
    change_hash TEXT NOT NULL,
    hash TEXT NOT NULL,
    PRIMARY KEY (chain, number)
);
CREATE INDEX journal_record ON journal (record_id, chain, number);

CREATE TABLE journal_heads (
    chain ID NOT NULL PRIMARY KEY,
    number BIGINT NOT NULL,
    hash TEXT NOT NULL
);

CREATE TABLE mails (
    id ID NOT NULL PRIMARY KEY,
    recipient TEXT NOT NULL,
    subject TEXT NOT NULL,
    text TEXT NOT NULL,
    created_at MOMENT NOT NULL,
    due_at MOMENT NOT NULL,
    attempts INTEGER NOT NULL,
    sent_at MOMENT,
    failed_at MOMENT
);
CREATE INDEX mails_due ON mails (sent_at, failed_at, due_at);

CREATE TABLE handled_forms (
    once TEXT NOT NULL PRIMARY KEY,
    location TEXT NOT NULL,
    at MOMENT NOT NULL
);
CREATE INDEX handled_forms_at ON handled_forms (at);

CREATE TABLE attempts (
    subject TEXT NOT NULL PRIMARY KEY,
    count INTEGER NOT NULL,
    until MOMENT NOT NULL
);

CREATE TABLE search_documents (
    number NUMBER_KEY,
    entry_id ID NOT NULL UNIQUE REFERENCES entries (id),
    programme_id ID NOT NULL REFERENCES programmes (id)
);
sqlite: CREATE VIRTUAL TABLE search_words USING fts5 (words, content = '', contentless_delete = 1, detail = none, tokenize = "unicode61 remove_diacritics 0 tokenchars '@'");
postgres: ALTER TABLE search_documents ADD COLUMN words tsvector NOT NULL;
postgres: CREATE INDEX search_documents_words ON search_documents USING gin (words);
