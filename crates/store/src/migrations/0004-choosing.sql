-- Choosing: who reads which application, what they make of it, and what the sponsors decide.

-- The sponsor whose voice somebody has, as the design names it; nobody where the role speaks for none.
ALTER TABLE appointments ADD COLUMN sponsor TEXT;

-- The stage as it stood in the design when the call was opened, as JSON.
ALTER TABLE calls ADD COLUMN terms TEXT;
-- The call out of which those come who may apply here; nothing where the call is open to all.
ALTER TABLE calls ADD COLUMN after_id ID REFERENCES calls (id);
-- When decisions and feedback were told, to all at once.
ALTER TABLE calls ADD COLUMN released_at MOMENT;

-- The application of an earlier stage that this one goes on from, and the place it became.
ALTER TABLE applications ADD COLUMN earlier_id ID REFERENCES applications (id);
ALTER TABLE applications ADD COLUMN place_id ID REFERENCES places (id);
CREATE INDEX applications_earlier ON applications (earlier_id);

CREATE TABLE assessors (
    id ID NOT NULL PRIMARY KEY,
    programme_id ID NOT NULL REFERENCES programmes (id),
    call_id ID NOT NULL REFERENCES calls (id),
    person_id ID NOT NULL REFERENCES people (id),
    sector TEXT NOT NULL,
    lived_experience BOOLEAN NOT NULL,
    most INTEGER,
    created_at MOMENT NOT NULL,
    left_at MOMENT,
    UNIQUE (call_id, person_id)
);

CREATE TABLE conflicts (
    id ID NOT NULL PRIMARY KEY,
    programme_id ID NOT NULL REFERENCES programmes (id),
    application_id ID NOT NULL REFERENCES applications (id),
    person_id ID NOT NULL REFERENCES people (id),
    why TEXT NOT NULL,
    declared_at MOMENT NOT NULL,
    ended_at MOMENT
);
CREATE INDEX conflicts_application ON conflicts (application_id, person_id);
CREATE INDEX conflicts_person ON conflicts (person_id);

CREATE TABLE readings (
    id ID NOT NULL PRIMARY KEY,
    programme_id ID NOT NULL REFERENCES programmes (id),
    call_id ID NOT NULL REFERENCES calls (id),
    application_id ID NOT NULL REFERENCES applications (id),
    person_id ID NOT NULL REFERENCES people (id),
    remark TEXT NOT NULL,
    given_at MOMENT NOT NULL,
    submitted_at MOMENT,
    ended_at MOMENT,
    ended_why TEXT
);
CREATE INDEX readings_application ON readings (application_id, person_id);
CREATE INDEX readings_person ON readings (person_id, call_id);
CREATE INDEX readings_call ON readings (call_id);

CREATE TABLE scores (
    id ID NOT NULL PRIMARY KEY,
    programme_id ID NOT NULL REFERENCES programmes (id),
    reading_id ID NOT NULL REFERENCES readings (id),
    criterion TEXT NOT NULL,
    points INTEGER,
    why TEXT NOT NULL,
    given_at MOMENT NOT NULL,
    replaced_at MOMENT
);
CREATE INDEX scores_reading ON scores (reading_id, criterion);

CREATE TABLE decisions (
    id ID NOT NULL PRIMARY KEY,
    programme_id ID NOT NULL REFERENCES programmes (id),
    call_id ID NOT NULL REFERENCES calls (id),
    application_id ID NOT NULL REFERENCES applications (id),
    outcome TEXT NOT NULL,
    reasons TEXT NOT NULL,
    conditions TEXT NOT NULL,
    feedback TEXT NOT NULL,
    present TEXT NOT NULL,
    stood_aside TEXT NOT NULL,
    proposed_by ID NOT NULL REFERENCES people (id),
    proposed_at MOMENT NOT NULL,
    counts_at MOMENT,
    replaced_at MOMENT
);
CREATE INDEX decisions_application ON decisions (application_id);
CREATE INDEX decisions_call ON decisions (call_id);

CREATE TABLE assents (
    id ID NOT NULL PRIMARY KEY,
    programme_id ID NOT NULL REFERENCES programmes (id),
    decision_id ID NOT NULL REFERENCES decisions (id),
    sponsor TEXT NOT NULL,
    person_id ID NOT NULL REFERENCES people (id),
    given_at MOMENT NOT NULL,
    UNIQUE (decision_id, sponsor)
);
