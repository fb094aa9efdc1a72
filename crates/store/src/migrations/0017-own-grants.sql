-- Grants of our own: how a place's own spreadsheet of what it spent is read, and what organisations are known by in public.

CREATE TABLE spend_layouts (
    id ID NOT NULL PRIMARY KEY,
    programme_id ID NOT NULL REFERENCES programmes (id),
    place_id ID NOT NULL REFERENCES places (id),
    sheet TEXT NOT NULL,
    lines TEXT NOT NULL,
    amounts TEXT NOT NULL,
    days TEXT NOT NULL,
    names TEXT NOT NULL,
    person_id ID NOT NULL REFERENCES people (id),
    at MOMENT NOT NULL,
    UNIQUE (place_id)
);

ALTER TABLE organisations ADD COLUMN identifier TEXT NOT NULL DEFAULT '';
