-- Who wrote an output and what it is about is signed off with it, so it stands there before it is published.
ALTER TABLE outputs ADD COLUMN by_line TEXT NOT NULL DEFAULT '';
ALTER TABLE outputs ADD COLUMN topics TEXT NOT NULL DEFAULT '';
UPDATE outputs SET
    by_line = COALESCE((SELECT p.by_line FROM publications p WHERE p.entry_id = outputs.entry_id AND p.latest), ''),
    topics = COALESCE((SELECT p.topics FROM publications p WHERE p.entry_id = outputs.entry_id AND p.latest), '');
