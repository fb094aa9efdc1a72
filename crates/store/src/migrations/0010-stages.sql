-- From one stage to the next.

-- Which outcomes of the call before may go on to this one, parted by spaces.
ALTER TABLE calls ADD COLUMN after_outcomes TEXT;
-- Where an answer was taken from, in words, until somebody here has looked at it.
ALTER TABLE answers ADD COLUMN source TEXT;
