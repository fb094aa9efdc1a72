-- What keeps a call from being counted by its last number: applications that are not submitted, which are few where it matters.
-- The state stands in the question as it stands here: PostgreSQL does not take an index for a value that it learns later.
CREATE INDEX applications_apart ON applications (call_id, state, submitted_at) WHERE state <> 'submitted';
