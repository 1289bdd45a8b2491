-- Which store this is, and how often it was written: an older copy put in its place is known by its number.
CREATE TABLE generation (
	only INTEGER NOT NULL PRIMARY KEY CHECK (only = 1),
	id TEXT NOT NULL,
	number INTEGER NOT NULL
) WITHOUT ROWID;
