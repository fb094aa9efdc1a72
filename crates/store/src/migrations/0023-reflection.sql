-- How groups reflect: rounds, what each answered alone, and what was written from a round.

CREATE TABLE reflection_rounds (
    id ID NOT NULL PRIMARY KEY,
    programme_id ID NOT NULL REFERENCES programmes (id),
    place_id ID REFERENCES places (id),
    framework TEXT NOT NULL,
    number INTEGER NOT NULL,
    form_id ID NOT NULL REFERENCES forms (id),
    opened_by ID NOT NULL REFERENCES people (id),
    opened_at MOMENT NOT NULL,
    revealed_by ID REFERENCES people (id),
    revealed_at MOMENT,
    shown TEXT NOT NULL,
    ended_at MOMENT
);
CREATE INDEX reflection_rounds_of ON reflection_rounds (programme_id, framework, place_id, number);

CREATE TABLE reflections (
    id ID NOT NULL PRIMARY KEY,
    programme_id ID NOT NULL REFERENCES programmes (id),
    round_id ID NOT NULL REFERENCES reflection_rounds (id),
    person_id ID NOT NULL REFERENCES people (id),
    given TEXT NOT NULL,
    revision INTEGER NOT NULL,
    done_at MOMENT
);
CREATE UNIQUE INDEX reflections_of_round ON reflections (round_id, person_id);
CREATE INDEX reflections_of_person ON reflections (person_id, round_id);

CREATE TABLE reflection_links (
    id ID NOT NULL PRIMARY KEY,
    programme_id ID NOT NULL REFERENCES programmes (id),
    round_id ID NOT NULL REFERENCES reflection_rounds (id),
    entry_id ID NOT NULL REFERENCES entries (id),
    at MOMENT NOT NULL
);
CREATE INDEX reflection_links_of_round ON reflection_links (round_id, at, id);
CREATE UNIQUE INDEX reflection_links_of_entry ON reflection_links (entry_id);
