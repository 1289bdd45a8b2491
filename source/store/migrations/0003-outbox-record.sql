-- The record as the event's chunk left it, as JSON: what an automation is told besides the changes. NULL in events of an earlier version.
ALTER TABLE outbox ADD COLUMN snapshot TEXT;
