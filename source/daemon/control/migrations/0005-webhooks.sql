-- Windows in which requests of webhook connectors are gathered (SPEC 4). One that has an execution takes no more requests.
CREATE TABLE webhook_windows (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  connector TEXT NOT NULL,
  -- Unix seconds.
  starts_at INTEGER NOT NULL,
  seconds INTEGER NOT NULL,
  -- What its input file will hold.
  bytes INTEGER NOT NULL DEFAULT 0,
  -- Chosen before its file is written; the execution is in the queue as soon as `requests` is known.
  execution TEXT,
  requests INTEGER
) STRICT;
CREATE UNIQUE INDEX webhook_windows_open ON webhook_windows (connector, starts_at, seconds) WHERE execution IS NULL;
CREATE INDEX webhook_windows_not_queued ON webhook_windows (id) WHERE requests IS NULL;
CREATE INDEX webhook_windows_closed ON webhook_windows (connector, starts_at + seconds) WHERE execution IS NOT NULL;
CREATE UNIQUE INDEX webhook_windows_by_execution ON webhook_windows (execution) WHERE execution IS NOT NULL;

-- Requests that were answered 201, until their window's execution is in the queue with its file on disk.
CREATE TABLE webhook_requests (
  seq INTEGER PRIMARY KEY,
  window INTEGER NOT NULL,
  -- The line of the input file.
  line TEXT NOT NULL
) STRICT;
CREATE INDEX webhook_requests_by_window ON webhook_requests (window);

-- What makes a retry harmless: the key a request came with, what it was, and the id it was answered with.
CREATE TABLE webhook_keys (
  connector TEXT NOT NULL,
  key TEXT NOT NULL,
  fingerprint BLOB NOT NULL,
  request TEXT NOT NULL,
  -- Unix seconds.
  until INTEGER NOT NULL,
  PRIMARY KEY (connector, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX webhook_keys_by_end ON webhook_keys (until);
