-- Photographs that belong to an entry: the content is a blob, as that of files is.
CREATE TABLE photographs (
    id ID NOT NULL PRIMARY KEY,
    programme_id ID NOT NULL REFERENCES programmes (id),
    entry_id ID NOT NULL REFERENCES entries (id),
    about TEXT NOT NULL,
    hash TEXT NOT NULL,
    width INTEGER NOT NULL,
    height INTEGER NOT NULL,
    size BIGINT NOT NULL,
    added_by ID NOT NULL REFERENCES people (id),
    added_at MOMENT NOT NULL,
    scanned_at MOMENT,
    removed_at MOMENT
);
CREATE INDEX photographs_of ON photographs (entry_id, id);
CREATE INDEX photographs_with ON photographs (hash);
