-- Lists of applications: searched by a folded name, and served by indexes alone, however much was submitted.

ALTER TABLE applications ADD COLUMN folded TEXT NOT NULL DEFAULT '';
UPDATE applications SET folded = lower(name);

DROP INDEX applications_by_name;
CREATE INDEX applications_listed_by_number ON applications (call_id, number, state, folded, id) WHERE submitted_at IS NOT NULL;
CREATE INDEX applications_listed_by_name ON applications (call_id, folded, state, id) WHERE submitted_at IS NOT NULL;
CREATE INDEX applications_listed_by_moment ON applications (call_id, submitted_at, state, folded, id) WHERE submitted_at IS NOT NULL;
