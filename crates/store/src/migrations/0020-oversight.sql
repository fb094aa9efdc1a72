-- Plans line by line, markers and tipping points, what the programme rests on, design reviews, skills and wishes.

CREATE TABLE plan_lines (
    id ID NOT NULL PRIMARY KEY,
    programme_id ID NOT NULL REFERENCES programmes (id),
    entry_id ID NOT NULL REFERENCES entries (id),
    revision INTEGER NOT NULL,
    part TEXT NOT NULL,
    key TEXT NOT NULL,
    position INTEGER NOT NULL,
    text TEXT NOT NULL,
    by_day DAY,
    amount BIGINT,
    UNIQUE (entry_id, revision, key)
);

CREATE TABLE marker_readings (
    id ID NOT NULL PRIMARY KEY,
    programme_id ID NOT NULL REFERENCES programmes (id),
    place_id ID NOT NULL REFERENCES places (id),
    marker TEXT NOT NULL,
    round DAY NOT NULL,
    role TEXT NOT NULL,
    person_id ID NOT NULL REFERENCES people (id),
    value INTEGER NOT NULL,
    why TEXT NOT NULL,
    read_at MOMENT NOT NULL,
    UNIQUE (place_id, marker, round, role, person_id)
);
CREATE INDEX marker_readings_of_programme ON marker_readings (programme_id, round, place_id);

CREATE TABLE tipping_points_reached (
    id ID NOT NULL PRIMARY KEY,
    programme_id ID NOT NULL REFERENCES programmes (id),
    place_id ID NOT NULL REFERENCES places (id),
    point TEXT NOT NULL,
    cause TEXT NOT NULL,
    reached_on DAY NOT NULL,
    told_at MOMENT NOT NULL,
    entry_id ID REFERENCES entries (id),
    UNIQUE (place_id, point, cause)
);
CREATE INDEX tipping_points_open ON tipping_points_reached (programme_id, entry_id);

CREATE TABLE statement_moves (
    id ID NOT NULL PRIMARY KEY,
    programme_id ID NOT NULL REFERENCES programmes (id),
    statement TEXT NOT NULL,
    status TEXT NOT NULL,
    why TEXT NOT NULL,
    next_look DAY,
    person_id ID NOT NULL REFERENCES people (id),
    appointment_id ID NOT NULL REFERENCES appointments (id),
    at MOMENT NOT NULL
);
CREATE INDEX statement_moves_of ON statement_moves (programme_id, statement, at, id);

CREATE TABLE evidence (
    id ID NOT NULL PRIMARY KEY,
    programme_id ID NOT NULL REFERENCES programmes (id),
    statement TEXT NOT NULL,
    entry_id ID NOT NULL REFERENCES entries (id),
    side TEXT NOT NULL,
    note TEXT NOT NULL,
    person_id ID NOT NULL REFERENCES people (id),
    at MOMENT NOT NULL,
    UNIQUE (statement, entry_id)
);
CREATE INDEX evidence_of ON evidence (programme_id, statement);

CREATE TABLE review_answers (
    id ID NOT NULL PRIMARY KEY,
    programme_id ID NOT NULL REFERENCES programmes (id),
    review TEXT NOT NULL,
    consideration TEXT NOT NULL,
    verdict TEXT NOT NULL,
    note TEXT NOT NULL,
    person_id ID NOT NULL REFERENCES people (id),
    at MOMENT NOT NULL,
    replaced_at MOMENT
);
CREATE INDEX review_answers_of ON review_answers (programme_id, review, consideration);

CREATE TABLE skills (
    id ID NOT NULL PRIMARY KEY,
    programme_id ID NOT NULL REFERENCES programmes (id),
    person_id ID REFERENCES people (id),
    place_id ID REFERENCES places (id),
    what TEXT NOT NULL,
    key TEXT NOT NULL,
    weight INTEGER NOT NULL,
    noted_by ID NOT NULL REFERENCES people (id),
    at MOMENT NOT NULL
);
CREATE INDEX skills_of ON skills (programme_id, what);
