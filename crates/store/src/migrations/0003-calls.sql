-- Forms and answers; calls and the applications that several organisations write together.

CREATE TABLE forms (
    id ID NOT NULL PRIMARY KEY,
    programme_id ID NOT NULL REFERENCES programmes (id),
    key TEXT NOT NULL,
    version INTEGER NOT NULL,
    document TEXT NOT NULL,
    digest TEXT NOT NULL,
    created_at MOMENT NOT NULL,
    UNIQUE (programme_id, key, version)
);

CREATE TABLE sheets (
    id ID NOT NULL PRIMARY KEY,
    programme_id ID NOT NULL REFERENCES programmes (id),
    form_id ID NOT NULL REFERENCES forms (id),
    revision INTEGER NOT NULL,
    created_at MOMENT NOT NULL,
    changed_at MOMENT NOT NULL,
    closed_at MOMENT
);

CREATE TABLE answers (
    id ID NOT NULL PRIMARY KEY,
    programme_id ID NOT NULL REFERENCES programmes (id),
    sheet_id ID NOT NULL REFERENCES sheets (id),
    path TEXT NOT NULL,
    value TEXT,
    version INTEGER NOT NULL,
    changed_by ID NOT NULL REFERENCES people (id),
    changed_at MOMENT NOT NULL,
    UNIQUE (sheet_id, path)
);

CREATE TABLE calls (
    id ID NOT NULL PRIMARY KEY,
    programme_id ID NOT NULL REFERENCES programmes (id),
    stage TEXT NOT NULL,
    slug TEXT NOT NULL,
    name TEXT NOT NULL,
    about TEXT NOT NULL,
    form_id ID NOT NULL REFERENCES forms (id),
    opens_at MOMENT NOT NULL,
    closes_at MOMENT NOT NULL,
    decides_on DAY,
    applications INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    created_at MOMENT NOT NULL,
    UNIQUE (programme_id, slug)
);

CREATE TABLE applications (
    id ID NOT NULL PRIMARY KEY,
    programme_id ID NOT NULL REFERENCES programmes (id),
    call_id ID NOT NULL REFERENCES calls (id),
    number INTEGER NOT NULL,
    name TEXT NOT NULL,
    sheet_id ID NOT NULL UNIQUE REFERENCES sheets (id),
    state TEXT NOT NULL,
    created_at MOMENT NOT NULL,
    submitted_at MOMENT,
    submitted_by ID REFERENCES people (id),
    submitted_revision INTEGER,
    receipt TEXT,
    receipt_hash TEXT,
    UNIQUE (call_id, number)
);
CREATE INDEX applications_by_name ON applications (call_id, name, id);
CREATE INDEX applications_by_state ON applications (call_id, state, number);

CREATE TABLE applicants (
    id ID NOT NULL PRIMARY KEY,
    programme_id ID NOT NULL REFERENCES programmes (id),
    application_id ID NOT NULL REFERENCES applications (id),
    name TEXT NOT NULL,
    sector TEXT NOT NULL,
    lead BOOLEAN NOT NULL,
    signed_revision INTEGER,
    signed_by ID REFERENCES people (id),
    signed_at MOMENT,
    created_at MOMENT NOT NULL,
    left_at MOMENT
);
CREATE INDEX applicants_application ON applicants (application_id);

CREATE TABLE members (
    id ID NOT NULL PRIMARY KEY,
    programme_id ID NOT NULL REFERENCES programmes (id),
    application_id ID NOT NULL REFERENCES applications (id),
    applicant_id ID NOT NULL REFERENCES applicants (id),
    person_id ID NOT NULL REFERENCES people (id),
    sections TEXT,
    created_at MOMENT NOT NULL,
    ended_at MOMENT
);
CREATE INDEX members_application ON members (application_id, person_id);
CREATE INDEX members_person ON members (person_id);
