-- Who is in a circle is asked by role: beside every entry and above every box one writes into.
CREATE INDEX appointments_role ON appointments (programme_id, role, place_id);
