-- What partners say to each other about their application, and one organisation to the programme team alone; and
-- applications that are reopened after they were submitted.

CREATE TABLE remarks (
    id ID NOT NULL PRIMARY KEY,
    programme_id ID NOT NULL REFERENCES programmes (id),
    application_id ID NOT NULL REFERENCES applications (id),
    applicant_id ID NOT NULL REFERENCES applicants (id),
    audience TEXT NOT NULL,
    section TEXT,
    text TEXT NOT NULL,
    person_id ID NOT NULL REFERENCES people (id),
    created_at MOMENT NOT NULL,
    taken_back_at MOMENT
);
CREATE INDEX remarks_application ON remarks (application_id, audience, created_at);

CREATE TABLE reopenings (
    id ID NOT NULL PRIMARY KEY,
    programme_id ID NOT NULL REFERENCES programmes (id),
    application_id ID NOT NULL REFERENCES applications (id),
    sections TEXT NOT NULL,
    reasons TEXT NOT NULL,
    until MOMENT NOT NULL,
    opened_by ID NOT NULL REFERENCES people (id),
    opened_at MOMENT NOT NULL,
    ended_at MOMENT,
    receipt TEXT,
    receipt_hash TEXT
);
CREATE INDEX reopenings_application ON reopenings (application_id, opened_at);
