-- Deliveries of one order key leave one after another, in the order of seq: the first that waits has a time for its next attempt, and those
-- behind it have none until it is done.
ALTER TABLE deliveries ADD COLUMN order_key TEXT;
CREATE INDEX deliveries_in_order ON deliveries (order_key, seq) WHERE state = 'waiting' AND order_key IS NOT NULL;
