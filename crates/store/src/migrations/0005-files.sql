-- Files that people send with their answers. Their content is kept in the database, each once, under its hash.

CREATE TABLE blobs (
    hash VARCHAR(64) NOT NULL PRIMARY KEY,
    content BYTES NOT NULL
);

CREATE TABLE files (
    id ID NOT NULL PRIMARY KEY,
    programme_id ID NOT NULL REFERENCES programmes (id),
    sheet_id ID NOT NULL REFERENCES sheets (id),
    path TEXT NOT NULL,
    name TEXT NOT NULL,
    media_type TEXT NOT NULL,
    size BIGINT NOT NULL,
    hash VARCHAR(64) NOT NULL REFERENCES blobs (hash),
    added_by ID NOT NULL REFERENCES people (id),
    added_at MOMENT NOT NULL,
    scanned_at MOMENT
);
CREATE INDEX files_sheet ON files (sheet_id, hash);
