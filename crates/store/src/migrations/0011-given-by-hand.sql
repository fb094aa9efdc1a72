-- Why an application was given to an assessor by hand; nothing where the allocation gave it.
ALTER TABLE readings ADD COLUMN given_why TEXT;
