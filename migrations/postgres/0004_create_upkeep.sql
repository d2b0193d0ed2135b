-- Signatures are kept at a level for as long as their files are kept: stamped, completed, sealed, and sealed again before the
-- last seal ages. Here is which signature, how far it is, when its next step is due, and which file replaced which.

-- The upkeep of one signature of one file. Begun by whoever signed; changed by the job `upkeep` only, one step at a time, by
-- whoever has the turn; every change raises `version`, so that nobody ends a turn that went to another. Stays as long as
-- its document.
CREATE TABLE upkeep (
    id              BYTEA   NOT NULL PRIMARY KEY CHECK (length(id) = 16),        -- immutable
    document        BYTEA   NOT NULL REFERENCES document (id),                   -- the newest file; each step puts the next one here
    content         BYTEA   REFERENCES document (id),                            -- what a detached signature is over; immutable
    which           TEXT    NOT NULL CHECK (length(which) BETWEEN 1 AND 4096),   -- which of its signatures, JSON; immutable
    wanted          BIGINT  NOT NULL CHECK (wanted BETWEEN 1 AND 3),             -- 1 T, 2 LT, 3 LTA; immutable
    reached         BIGINT  NOT NULL CHECK (reached BETWEEN 0 AND 3),            -- 0 B, else as wanted; never falls
    state           TEXT    NOT NULL CHECK (state IN ('waiting', 'settled', 'stuck')), -- settled: nothing is left to do; stuck: only people help
    due_at          BIGINT,                                                     -- when the next step is tried
    owed_since      BIGINT,                                                     -- when the next step was due first; failures do not move it
    failures        BIGINT  NOT NULL CHECK (failures >= 0),                      -- of this step, one after the other
    reason_code     TEXT,                                                        -- why the last try failed
    reason          TEXT CHECK (length(reason) <= 2048),                         -- the same in words that say what to do
    version         BIGINT  NOT NULL CHECK (version > 0),                        -- grows with every change
    node            BYTEA   CHECK (length(node) = 16),                           -- who has the turn
    until           BIGINT,                                                     -- until when, unless it says that it goes on
    created_at      BIGINT  NOT NULL,                                            -- immutable
    changed_at      BIGINT  NOT NULL,                                            -- when a step was made or failed
    CONSTRAINT upkeep_of UNIQUE (document, which),
    CONSTRAINT upkeep_due CHECK ((state = 'waiting') = (due_at IS NOT NULL) AND (state = 'waiting') = (owed_since IS NOT NULL)),
    CONSTRAINT upkeep_reason CHECK ((reason_code IS NULL) = (reason IS NULL) AND (state <> 'stuck' OR reason IS NOT NULL)),
    CONSTRAINT upkeep_settled CHECK (state <> 'settled' OR (reached >= wanted AND wanted < 3)),
    CONSTRAINT upkeep_turn CHECK ((node IS NULL) = (until IS NULL) AND (node IS NULL OR state = 'waiting'))
);

CREATE INDEX upkeep_due ON upkeep (state, due_at);
CREATE INDEX upkeep_owed ON upkeep (state, owed_since);
CREATE INDEX upkeep_content ON upkeep (content);

-- A file in whose place another stands. Made in the transaction that replaces it; taken away once it is shredded, after the
-- time that whoever reads it may still need.
CREATE TABLE replaced_document (
    document        BYTEA   NOT NULL PRIMARY KEY REFERENCES document (id),       -- immutable
    since           BIGINT  NOT NULL                                             -- when it was replaced; immutable
);

CREATE INDEX replaced_document_since ON replaced_document (since);
