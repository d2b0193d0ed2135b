-- The Shelf: a database of its own, never in a backup and never in an archive, of which one current copy is kept.
--
-- A Client's wrapped key is sealed under its part. Removing the row here makes every copy of the key unreadable,
-- wherever it is; so what destroys a key has to reach this table only.

-- The part of one Credential; put before the Credential's row is, never changed, removed after its key was destroyed.
CREATE TABLE part (
    credential      BLOB    NOT NULL PRIMARY KEY CHECK (length(credential) = 16),
    value           BLOB    NOT NULL CHECK (length(value) = 32)                  -- random, made by the token
) STRICT;
