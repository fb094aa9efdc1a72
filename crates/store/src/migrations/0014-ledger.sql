-- The ledger: what is allotted and used, in pounds or days.

CREATE TABLE accounts (
    id ID NOT NULL PRIMARY KEY,
    programme_id ID NOT NULL REFERENCES programmes (id),
    place_id ID REFERENCES places (id),
    award_id ID,
    person_id ID REFERENCES people (id),
    kind TEXT NOT NULL,
    key TEXT NOT NULL,
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    unit TEXT NOT NULL,
    floor BOOLEAN NOT NULL,
    year INTEGER,
    created_at MOMENT NOT NULL,
    UNIQUE (programme_id, code)
);
CREATE INDEX accounts_kind ON accounts (programme_id, kind, year);
CREATE INDEX accounts_place ON accounts (place_id);
CREATE INDEX accounts_award ON accounts (award_id);
CREATE INDEX accounts_person ON accounts (person_id);

CREATE TABLE movements (
    id ID NOT NULL PRIMARY KEY,
    programme_id ID NOT NULL REFERENCES programmes (id),
    place_id ID REFERENCES places (id),
    award_id ID,
    kind TEXT NOT NULL,
    on_day DAY NOT NULL,
    why TEXT NOT NULL,
    entry_id ID REFERENCES entries (id),
    counters_id ID UNIQUE REFERENCES movements (id),
    person_id ID NOT NULL REFERENCES people (id),
    at MOMENT NOT NULL
);
CREATE INDEX movements_day ON movements (programme_id, on_day);
CREATE INDEX movements_award ON movements (award_id);
CREATE INDEX movements_entry ON movements (entry_id);

CREATE TABLE postings (
    id ID NOT NULL PRIMARY KEY,
    programme_id ID NOT NULL REFERENCES programmes (id),
    movement_id ID NOT NULL REFERENCES movements (id),
    account_id ID NOT NULL REFERENCES accounts (id),
    amount BIGINT NOT NULL,
    UNIQUE (movement_id, account_id)
);
CREATE INDEX postings_account ON postings (account_id);

-- What is in the ledger stands: it is countered, never changed.
sqlite: CREATE TRIGGER movements_are_not_changed BEFORE UPDATE ON movements BEGIN SELECT RAISE(ABORT, 'what is in the ledger stands'); END;
sqlite: CREATE TRIGGER movements_are_not_deleted BEFORE DELETE ON movements BEGIN SELECT RAISE(ABORT, 'what is in the ledger stands'); END;
sqlite: CREATE TRIGGER postings_are_not_changed BEFORE UPDATE ON postings BEGIN SELECT RAISE(ABORT, 'what is in the ledger stands'); END;
sqlite: CREATE TRIGGER postings_are_not_deleted BEFORE DELETE ON postings BEGIN SELECT RAISE(ABORT, 'what is in the ledger stands'); END;
postgres: CREATE FUNCTION ledger_stands() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''what is in the ledger stands''; END';
postgres: CREATE TRIGGER movements_stand BEFORE UPDATE OR DELETE ON movements FOR EACH ROW EXECUTE FUNCTION ledger_stands();
postgres: CREATE TRIGGER postings_stand BEFORE UPDATE OR DELETE ON postings FOR EACH ROW EXECUTE FUNCTION ledger_stands();
