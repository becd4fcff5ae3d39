-- Attempts to sign in that are being verified take a place among those allowed, until they end or are thought
-- lost with their node.

ALTER TABLE identity_sign_in_failure ADD COLUMN pending BIGINT NOT NULL DEFAULT 0;
ALTER TABLE identity_sign_in_failure ADD COLUMN pending_until BIGINT;
