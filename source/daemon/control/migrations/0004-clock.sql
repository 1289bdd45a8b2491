-- How far a connector's schedule is dealt with: of what came until then, nothing is due any more. One that is written anew begins anew.
CREATE TABLE schedules (
  connector TEXT PRIMARY KEY,
  -- The schedule and its time zone, as JSON.
  schedule TEXT NOT NULL,
  -- Milliseconds since 1970, like `ticks.at`.
  dealt_to INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- The ticks that were answered, each once, with the execution that came of it or stands for it. The newest of each connector are kept.
CREATE TABLE ticks (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  connector TEXT NOT NULL,
  at INTEGER NOT NULL,
  execution TEXT,
  UNIQUE (connector, at)
) STRICT;

-- What a source looked like when something was last taken from it.
CREATE TABLE sources (
  connector TEXT PRIMARY KEY,
  -- Where it reads and how it sees changes, as JSON: of another source nothing is remembered.
  source TEXT NOT NULL,
  mark TEXT,
  changed_at TEXT,
  execution TEXT,
  -- What the history was told since, so that it is told once: `unchanged`, or `failed` with the code.
  told TEXT
) STRICT, WITHOUT ROWID;

-- The files that were taken from sources, and what became of them: `taken` until the retention has settled it.
CREATE TABLE source_files (
  connector TEXT NOT NULL,
  path TEXT NOT NULL,
  -- Size and time of the file that was taken: another file under its name is another file.
  stat TEXT NOT NULL,
  -- What freshness compares.
  mark TEXT NOT NULL,
  execution TEXT NOT NULL,
  taken_at TEXT NOT NULL,
  state TEXT NOT NULL DEFAULT 'taken',
  PRIMARY KEY (connector, path)
) STRICT, WITHOUT ROWID;
CREATE INDEX source_files_by_state ON source_files (state);

-- When the files of an execution were cleared (keep_executions_days). Its counts stay.
ALTER TABLE executions ADD COLUMN cleared_at TEXT;
CREATE INDEX executions_to_clear ON executions (connector, ended_at) WHERE cleared_at IS NULL;
