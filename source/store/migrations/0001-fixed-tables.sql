-- What the store knows of the objects' fields, so that it can tell an added field from one whose type changed.
CREATE TABLE field (
	object TEXT NOT NULL,
	field TEXT NOT NULL,
	type TEXT NOT NULL,
	multiple INTEGER NOT NULL,
	PRIMARY KEY (object, field)
) WITHOUT ROWID;

-- Options that runs added to dropdowns; those of the files are not here.
CREATE TABLE option (
	object TEXT NOT NULL,
	field TEXT NOT NULL,
	option TEXT NOT NULL,
	execution TEXT NOT NULL,
	PRIMARY KEY (object, field, option)
) WITHOUT ROWID;

-- Who may commit for an execution. An older number than the one here is refused.
CREATE TABLE lease (
	execution TEXT NOT NULL PRIMARY KEY,
	lease INTEGER NOT NULL,
	load_finished INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;

-- One row a committed chunk, written in the transaction of its records.
CREATE TABLE checkpoint (
	execution TEXT NOT NULL,
	step INTEGER NOT NULL,
	chunk INTEGER NOT NULL,
	created INTEGER NOT NULL,
	updated INTEGER NOT NULL,
	skipped INTEGER NOT NULL,
	errored INTEGER NOT NULL,
	warnings INTEGER NOT NULL,
	PRIMARY KEY (execution, step, chunk)
) WITHOUT ROWID;

-- What automations are yet to be told, in the order it was committed.
CREATE TABLE outbox (
	sequence INTEGER PRIMARY KEY AUTOINCREMENT,
	id TEXT NOT NULL UNIQUE,
	execution TEXT NOT NULL,
	step INTEGER NOT NULL,
	object TEXT NOT NULL,
	kind TEXT NOT NULL,
	record TEXT NOT NULL,
	changes TEXT NOT NULL,
	direct TEXT NOT NULL,
	triggers INTEGER NOT NULL
);

-- A connector's memory of rows. `state` is 'new' while a run writes it, 'current' once it took effect; at most one is current.
CREATE TABLE diff_generation (
	generation INTEGER PRIMARY KEY AUTOINCREMENT,
	connector TEXT NOT NULL,
	signature TEXT NOT NULL,
	execution TEXT NOT NULL,
	state TEXT NOT NULL
);

CREATE UNIQUE INDEX diff_generation_current ON diff_generation (connector) WHERE state = 'current';

-- Hashes of 16 bytes one behind the other, a batch a row: a million take 16 MB and a tenth of a second.
CREATE TABLE diff_block (
	block INTEGER PRIMARY KEY,
	generation INTEGER NOT NULL,
	scope TEXT NOT NULL,
	since TEXT NOT NULL,
	hashes BLOB NOT NULL
);

CREATE INDEX diff_block_generation ON diff_block (generation, scope);
