-- Requests of the window whose text was in no charset they named and was read as Windows-1252 (SPEC 25).
ALTER TABLE webhook_windows ADD COLUMN guessed INTEGER NOT NULL DEFAULT 0;

-- Requests whose id had come before with other content, until the log of the connector's next run tells their number.
CREATE TABLE webhook_differing (
  connector TEXT PRIMARY KEY,
  requests INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
