-- Passages of what an application answers can be marked too. SQLite cannot let a column go empty, so the table is made anew.

postgres:ALTER TABLE marks ALTER COLUMN entry_id DROP NOT NULL;
postgres:ALTER TABLE marks ALTER COLUMN circle_id DROP NOT NULL;
postgres:ALTER TABLE marks ADD COLUMN application_id ID REFERENCES applications (id);
postgres:ALTER TABLE marks ADD COLUMN question TEXT;
postgres:ALTER TABLE marks ADD CONSTRAINT marks_of_one CHECK ((entry_id IS NULL) <> (application_id IS NULL));

-- What points here is looked at again when all is there.
sqlite:PRAGMA defer_foreign_keys = ON;
sqlite:CREATE TABLE marks_before AS SELECT * FROM marks;
sqlite:DROP TABLE marks;
sqlite:CREATE TABLE marks (
    id ID NOT NULL PRIMARY KEY,
    programme_id ID NOT NULL REFERENCES programmes (id),
    entry_id ID REFERENCES entries (id),
    revision INTEGER NOT NULL,
    circle_id ID REFERENCES circles (id),
    from_letter INTEGER NOT NULL,
    to_letter INTEGER NOT NULL,
    note TEXT NOT NULL,
    person_id ID NOT NULL REFERENCES people (id),
    appointment_id ID NOT NULL REFERENCES appointments (id),
    made_at MOMENT NOT NULL,
    shown_at MOMENT,
    removed_at MOMENT,
    application_id ID REFERENCES applications (id),
    question TEXT,
    CHECK ((entry_id IS NULL) <> (application_id IS NULL))
);
sqlite:INSERT INTO marks (id, programme_id, entry_id, revision, circle_id, from_letter, to_letter, note, person_id, appointment_id, made_at, shown_at, removed_at)
    SELECT id, programme_id, entry_id, revision, circle_id, from_letter, to_letter, note, person_id, appointment_id, made_at, shown_at, removed_at FROM marks_before;
sqlite:DROP TABLE marks_before;
sqlite:CREATE INDEX marks_of_entry ON marks (entry_id, from_letter, id);
CREATE INDEX marks_of_application ON marks (application_id, id) WHERE application_id IS NOT NULL;
CREATE INDEX marks_of_applications ON marks (programme_id, id) WHERE application_id IS NOT NULL;
