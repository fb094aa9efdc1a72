-- The list of applications in the order of an index: the identifier, which ends every order, comes before what is only
-- looked at; and with the moment in it, an index holds everything that is asked.

DROP INDEX applications_listed_by_number;
DROP INDEX applications_listed_by_name;
DROP INDEX applications_listed_by_moment;
CREATE INDEX applications_listed_by_number ON applications (call_id, number, id, state, folded, submitted_at) WHERE submitted_at IS NOT NULL;
CREATE INDEX applications_listed_by_name ON applications (call_id, folded, id, state, submitted_at) WHERE submitted_at IS NOT NULL;
CREATE INDEX applications_listed_by_moment ON applications (call_id, submitted_at, id, state, folded) WHERE submitted_at IS NOT NULL;
