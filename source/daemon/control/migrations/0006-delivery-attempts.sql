-- Every attempt of a delivery, with what kept it from arriving; null: it arrived.
CREATE TABLE delivery_attempts (
  delivery TEXT NOT NULL,
  number INTEGER NOT NULL,
  at TEXT NOT NULL,
  error TEXT,
  PRIMARY KEY (delivery, number)
) STRICT, WITHOUT ROWID;
