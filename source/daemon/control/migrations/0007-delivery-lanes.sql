-- What waits, by the lane it goes through: 100,000 automations that are due must not be read to find the one mail behind them.
CREATE INDEX deliveries_by_kind ON deliveries (kind, next_attempt_at) WHERE state = 'waiting';
CREATE INDEX deliveries_by_target ON deliveries (kind, target, next_attempt_at) WHERE state = 'waiting';
