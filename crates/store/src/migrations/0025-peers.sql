-- Peers: what people say of themselves, what threads are about, whom they name, and who wants to hear of them when.

CREATE TABLE peer_profiles (
    id ID NOT NULL PRIMARY KEY,
    programme_id ID NOT NULL REFERENCES programmes (id),
    person_id ID NOT NULL REFERENCES people (id),
    works_on TEXT NOT NULL,
    offers TEXT NOT NULL,
    seeks TEXT NOT NULL,
    works_themes TEXT NOT NULL,
    offers_themes TEXT NOT NULL,
    seeks_themes TEXT NOT NULL,
    contact TEXT NOT NULL,
    changed_at MOMENT NOT NULL
);
CREATE UNIQUE INDEX peer_profiles_of ON peer_profiles (programme_id, person_id);

CREATE TABLE topics (
    id ID NOT NULL PRIMARY KEY,
    programme_id ID NOT NULL REFERENCES programmes (id),
    entry_id ID NOT NULL REFERENCES entries (id),
    theme_id ID NOT NULL REFERENCES themes (id),
    at MOMENT NOT NULL
);
CREATE UNIQUE INDEX topics_of ON topics (entry_id, theme_id);
CREATE INDEX topics_by_theme ON topics (theme_id, entry_id);

CREATE TABLE mentions (
    id ID NOT NULL PRIMARY KEY,
    programme_id ID NOT NULL REFERENCES programmes (id),
    entry_id ID NOT NULL REFERENCES entries (id),
    thread_id ID NOT NULL REFERENCES entries (id),
    person_id ID NOT NULL REFERENCES people (id),
    at MOMENT NOT NULL,
    seen_at MOMENT
);
CREATE UNIQUE INDEX mentions_of ON mentions (entry_id, person_id);
CREATE INDEX mentions_of_person ON mentions (person_id, programme_id, at, id);

CREATE TABLE follows (
    id ID NOT NULL PRIMARY KEY,
    programme_id ID NOT NULL REFERENCES programmes (id),
    thread_id ID NOT NULL REFERENCES entries (id),
    person_id ID NOT NULL REFERENCES people (id),
    muted BOOLEAN NOT NULL,
    at MOMENT NOT NULL
);
CREATE UNIQUE INDEX follows_of ON follows (person_id, thread_id);

CREATE TABLE mail_choices (
    id ID NOT NULL PRIMARY KEY,
    programme_id ID NOT NULL REFERENCES programmes (id),
    person_id ID NOT NULL REFERENCES people (id),
    rhythm TEXT NOT NULL,
    quiet_from INTEGER,
    quiet_to INTEGER,
    days_off TEXT NOT NULL,
    told_until MOMENT NOT NULL,
    changed_at MOMENT NOT NULL
);
CREATE UNIQUE INDEX mail_choices_of ON mail_choices (programme_id, person_id);
CREATE INDEX mail_choices_to_tend ON mail_choices (told_until, id);
