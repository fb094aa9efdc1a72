-- Excerpts and themes; and indexes for the appointments that end and for the entries of one kind.

CREATE INDEX appointments_ending ON appointments (programme_id, to_day) WHERE to_day IS NOT NULL;
CREATE INDEX entries_of_kind ON entries (programme_id, kind, happened_on, id);

-- A theme may come to stand under one that was made later, so these two columns point freely.
CREATE TABLE themes (
    id ID NOT NULL PRIMARY KEY,
    programme_id ID NOT NULL REFERENCES programmes (id),
    parent_id ID,
    name TEXT NOT NULL,
    about TEXT NOT NULL,
    made_at MOMENT NOT NULL,
    merged_into ID,
    ended_at MOMENT
);
CREATE INDEX themes_of ON themes (programme_id, name);

CREATE TABLE theme_changes (
    id ID NOT NULL PRIMARY KEY,
    programme_id ID NOT NULL REFERENCES programmes (id),
    theme_id ID NOT NULL REFERENCES themes (id),
    what TEXT NOT NULL,
    was TEXT NOT NULL,
    now TEXT NOT NULL,
    why TEXT NOT NULL,
    person_id ID NOT NULL REFERENCES people (id),
    at MOMENT NOT NULL
);
CREATE INDEX theme_changes_of ON theme_changes (theme_id, at, id);

CREATE TABLE marks (
    id ID NOT NULL PRIMARY KEY,
    programme_id ID NOT NULL REFERENCES programmes (id),
    entry_id ID NOT NULL REFERENCES entries (id),
    revision INTEGER NOT NULL,
    circle_id ID NOT NULL REFERENCES circles (id),
    from_letter INTEGER NOT NULL,
    to_letter INTEGER NOT NULL,
    note TEXT NOT NULL,
    person_id ID NOT NULL REFERENCES people (id),
    appointment_id ID NOT NULL REFERENCES appointments (id),
    made_at MOMENT NOT NULL,
    shown_at MOMENT,
    removed_at MOMENT
);
CREATE INDEX marks_of_entry ON marks (entry_id, from_letter, id);

CREATE TABLE mark_themes (
    id ID NOT NULL PRIMARY KEY,
    programme_id ID NOT NULL REFERENCES programmes (id),
    mark_id ID NOT NULL REFERENCES marks (id),
    theme_id ID NOT NULL REFERENCES themes (id),
    person_id ID NOT NULL REFERENCES people (id),
    at MOMENT NOT NULL,
    ended_at MOMENT
);
CREATE UNIQUE INDEX mark_themes_of_mark ON mark_themes (mark_id, theme_id) WHERE ended_at IS NULL;
CREATE INDEX mark_themes_of_theme ON mark_themes (programme_id, theme_id, mark_id) WHERE ended_at IS NULL;

CREATE TABLE mark_links (
    id ID NOT NULL PRIMARY KEY,
    programme_id ID NOT NULL REFERENCES programmes (id),
    mark_id ID NOT NULL REFERENCES marks (id),
    to_entry ID NOT NULL REFERENCES entries (id),
    person_id ID NOT NULL REFERENCES people (id),
    at MOMENT NOT NULL,
    ended_at MOMENT
);
CREATE UNIQUE INDEX mark_links_of_mark ON mark_links (mark_id, to_entry) WHERE ended_at IS NULL;
CREATE INDEX mark_links_to ON mark_links (to_entry) WHERE ended_at IS NULL;
