-- Events, who comes to them, what they said afterwards, what came of entries, and addresses for calendars.

CREATE TABLE gatherings (
    id ID NOT NULL PRIMARY KEY,
    programme_id ID NOT NULL REFERENCES programmes (id),
    entry_id ID NOT NULL REFERENCES entries (id),
    begins_at MOMENT NOT NULL,
    ends_at MOMENT NOT NULL,
    mode TEXT NOT NULL,
    venue TEXT NOT NULL,
    link TEXT NOT NULL,
    most INTEGER,
    agenda TEXT NOT NULL,
    materials TEXT NOT NULL,
    sequence INTEGER NOT NULL,
    changed_at MOMENT NOT NULL,
    form_id ID REFERENCES forms (id),
    reminded_at MOMENT,
    asked_at MOMENT,
    cancelled_at MOMENT,
    counted_at MOMENT,
    wiped_at MOMENT
);
CREATE UNIQUE INDEX gatherings_of_entry ON gatherings (entry_id);
CREATE INDEX gatherings_of ON gatherings (programme_id, begins_at, id);
CREATE INDEX gatherings_to_tend ON gatherings (begins_at, id) WHERE wiped_at IS NULL OR asked_at IS NULL;

CREATE TABLE sign_ups (
    id ID NOT NULL PRIMARY KEY,
    programme_id ID NOT NULL REFERENCES programmes (id),
    gathering_id ID NOT NULL REFERENCES gatherings (id),
    person_id ID NOT NULL REFERENCES people (id),
    mode TEXT NOT NULL,
    access_needs TEXT NOT NULL,
    dietary_needs TEXT NOT NULL,
    walked_in BOOLEAN NOT NULL,
    signed_at MOMENT NOT NULL,
    seated_at MOMENT,
    left_at MOMENT,
    came TEXT NOT NULL,
    place_id ID REFERENCES places (id),
    sector TEXT NOT NULL,
    answered BOOLEAN NOT NULL
);
CREATE UNIQUE INDEX sign_ups_of ON sign_ups (gathering_id, person_id);
CREATE INDEX sign_ups_of_person ON sign_ups (person_id, programme_id);

CREATE TABLE feedbacks (
    id ID NOT NULL PRIMARY KEY,
    programme_id ID NOT NULL REFERENCES programmes (id),
    gathering_id ID NOT NULL REFERENCES gatherings (id),
    form_id ID NOT NULL REFERENCES forms (id),
    mode TEXT NOT NULL,
    answers TEXT NOT NULL
);
CREATE INDEX feedbacks_of ON feedbacks (gathering_id, id);

CREATE TABLE origins (
    id ID NOT NULL PRIMARY KEY,
    programme_id ID NOT NULL REFERENCES programmes (id),
    entry_id ID NOT NULL REFERENCES entries (id),
    of_entry ID NOT NULL REFERENCES entries (id),
    at MOMENT NOT NULL
);
CREATE UNIQUE INDEX origins_of_entry ON origins (entry_id);
CREATE INDEX origins_of ON origins (of_entry, at, id);

CREATE TABLE calendar_feeds (
    id ID NOT NULL PRIMARY KEY,
    token_hash TEXT NOT NULL UNIQUE,
    person_id ID NOT NULL REFERENCES people (id),
    made_at MOMENT NOT NULL,
    ended_at MOMENT
);
CREATE UNIQUE INDEX calendar_feeds_of ON calendar_feeds (person_id) WHERE ended_at IS NULL;
