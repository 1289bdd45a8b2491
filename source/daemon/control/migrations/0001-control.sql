-- Executions: the queue is those with status 'queued', in the order of seq. An interrupted one keeps its seq, so it stands at the head again.
CREATE TABLE executions (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  connector TEXT NOT NULL,
  operation TEXT NOT NULL,
  objects TEXT NOT NULL,
  mode TEXT NOT NULL,
  status TEXT NOT NULL,
  input_name TEXT,
  queued_at TEXT NOT NULL,
  started_at TEXT,
  ended_at TEXT,
  started_by TEXT NOT NULL,
  triggered_by TEXT NOT NULL,
  diff_check INTEGER NOT NULL,
  notify TEXT,
  failed_rows_of TEXT,
  -- Grows with every runner; a commit under an older one is refused by the store.
  lease INTEGER NOT NULL DEFAULT 0,
  strikes INTEGER NOT NULL DEFAULT 0,
  strike_place TEXT,
  -- What is already committed of a queued execution, as people read it.
  done TEXT,
  -- 1: a crash or a shutdown interrupted it; it goes on by itself, whatever became of the connector since.
  interrupted INTEGER NOT NULL DEFAULT 0,
  progress TEXT,
  error TEXT,
  errored INTEGER NOT NULL DEFAULT 0,
  acked_at TEXT,
  cancel_requested_by TEXT,
  -- Processes that a crash may leave: {"pid", "start"}.
  runner TEXT,
  worker TEXT
) STRICT;
CREATE INDEX executions_by_connector ON executions (connector, seq);
CREATE INDEX executions_by_status ON executions (status, seq);
CREATE INDEX executions_by_connector_and_status ON executions (connector, status, mode);

CREATE TABLE connectors (
  api_name TEXT PRIMARY KEY,
  active INTEGER NOT NULL DEFAULT 0,
  ever_active INTEGER NOT NULL DEFAULT 0,
  needs_attention INTEGER NOT NULL DEFAULT 0,
  -- Why it is not active although somebody activated it once.
  reason TEXT,
  -- The SQL text (sha256) it is active with.
  active_sql TEXT,
  queue_revision INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;

-- The revision of a queue that was last shown, by connector and user (SPEC 10).
CREATE TABLE shown_queues (
  connector TEXT NOT NULL,
  who TEXT NOT NULL,
  revision INTEGER NOT NULL,
  PRIMARY KEY (connector, who)
) STRICT, WITHOUT ROWID;

-- What is remembered of a validation: for exactly this SQL text, engine and what else it read.
CREATE TABLE validations (
  connector TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  problems TEXT NOT NULL,
  at TEXT NOT NULL,
  PRIMARY KEY (connector, fingerprint)
) STRICT, WITHOUT ROWID;

-- Who did what: append-only.
CREATE TABLE history (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  at TEXT NOT NULL,
  who TEXT NOT NULL,
  origin TEXT NOT NULL,
  what TEXT NOT NULL,
  connector TEXT,
  execution TEXT,
  detail TEXT NOT NULL
) STRICT;
CREATE INDEX history_by_connector ON history (connector, seq);
CREATE TRIGGER history_is_not_changed BEFORE UPDATE ON history BEGIN SELECT RAISE(ABORT, 'history is append-only'); END;
CREATE TRIGGER history_is_not_deleted BEFORE DELETE ON history BEGIN SELECT RAISE(ABORT, 'history is append-only'); END;

-- Sums that are kept for ever, for /metrics.
CREATE TABLE totals (
  metric TEXT NOT NULL,
  label TEXT NOT NULL,
  amount REAL NOT NULL,
  PRIMARY KEY (metric, label)
) STRICT, WITHOUT ROWID;

-- Facts the daemon remembers about itself, such as the objects the store was last migrated to.
CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
