-- When decisions are to be told, to all at once; nothing while nobody has said that they are ready.
ALTER TABLE calls ADD COLUMN tells_at MOMENT;
