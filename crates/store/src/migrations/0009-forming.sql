-- Forms made in the browser: who made a version, and why. Nothing where it was taken from the design as it stood.

ALTER TABLE forms ADD COLUMN made_by ID REFERENCES people (id);
ALTER TABLE forms ADD COLUMN reason TEXT;
CREATE INDEX sheets_form ON sheets (form_id);
