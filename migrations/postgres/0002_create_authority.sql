-- What the certification authority remembers: certificates, revocation lists, operators.

-- One certificate, from the intention to issue it on. Changed by issue, hold, release, revoke; each change is witnessed
-- by a leaf, whose position it repeats. Never deleted before the retention rule says so (five years after its end).
CREATE TABLE certificate (
    id              BYTEA   NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    serial          BYTEA   NOT NULL CHECK (length(serial) = 20),                -- immutable
    kind            TEXT    NOT NULL,                                            -- its profile; immutable
    issuer          BIGINT  NOT NULL CHECK (issuer >= 0),                        -- generation of the authority, 0: the root; immutable
    shard           BIGINT  NOT NULL CHECK (shard >= 0),                         -- part of the revocation list; immutable
    iin             TEXT    CHECK (length(iin) = 12),                            -- the natural person; immutable
    bin             TEXT    CHECK (length(bin) = 12),                            -- the legal person; immutable
    credential      BYTEA   CHECK (length(credential) = 16),                     -- the Client's key; immutable
    key_sha256      BYTEA   NOT NULL CHECK (length(key_sha256) = 32),            -- of its DER SubjectPublicKeyInfo; immutable
    statement       BYTEA   NOT NULL CHECK (length(statement) = 16),             -- the demand to issue it; immutable
    content         BYTEA   NOT NULL,                                            -- DER TBSCertificate: the intention; immutable
    der             BYTEA,                                                       -- the certificate, once signed
    not_before      BIGINT  NOT NULL,                                            -- immutable
    not_after       BIGINT  NOT NULL,                                            -- immutable
    published       BIGINT  NOT NULL CHECK (published IN (0, 1)),                -- whether its owner agreed to that
    state           TEXT    NOT NULL CHECK (state IN ('prepared', 'good', 'held', 'revoked')),
    since           BIGINT,                                                      -- held or revoked since; good: last released
    reason          TEXT,                                                        -- why it is revoked
    demand          BYTEA   CHECK (length(demand) = 16),                         -- the demand for the last change
    entry           BYTEA,                                                       -- its revokedCertificates element, encoded once
    key_gone        BIGINT  NOT NULL CHECK (key_gone IN (0, 1)),                 -- whether the Client's key is known to be destroyed
    leaf            BIGINT  NOT NULL,                                            -- position of the last leaf about it
    created_at      BIGINT  NOT NULL,
    changed_at      BIGINT  NOT NULL,
    CONSTRAINT certificate_statement UNIQUE (statement),
    CONSTRAINT certificate_serial UNIQUE (issuer, serial),
    CONSTRAINT certificate_signed CHECK ((state = 'prepared') = (der IS NULL)),
    CONSTRAINT certificate_reason CHECK ((state = 'revoked') = (reason IS NOT NULL)),
    CONSTRAINT certificate_listed CHECK ((state IN ('held', 'revoked')) = (entry IS NOT NULL))
);

CREATE INDEX certificate_by_iin ON certificate (iin) WHERE iin IS NOT NULL;
CREATE INDEX certificate_by_bin ON certificate (bin) WHERE bin IS NOT NULL;
CREATE INDEX certificate_by_key ON certificate (key_sha256);
-- A key behind the HSM is certified once.
CREATE UNIQUE INDEX certificate_by_credential ON certificate (credential) WHERE credential IS NOT NULL;
CREATE INDEX certificate_held ON certificate (changed_at) WHERE state = 'held';
CREATE INDEX credential_waiting ON credential (certificate) WHERE certificate <> 'active';
CREATE INDEX certificate_by_serial ON certificate (serial);
CREATE INDEX certificate_by_leaf ON certificate (leaf);
CREATE INDEX certificate_by_kind ON certificate (kind, not_after);
CREATE INDEX certificate_listed_in ON certificate (issuer, shard, leaf) WHERE entry IS NOT NULL;
CREATE INDEX certificate_released ON certificate (issuer, shard, leaf) WHERE state = 'good' AND since IS NOT NULL;
CREATE INDEX certificate_prepared ON certificate (created_at) WHERE state = 'prepared';
CREATE INDEX certificate_key_left ON certificate (changed_at) WHERE state = 'revoked' AND key_gone = 0 AND credential IS NOT NULL;

-- A revocation list's series: its number never goes back, and one node makes lists at a time.
CREATE TABLE list_series (
    issuer          BIGINT  NOT NULL,                                            -- generation of the authority
    shard           BIGINT  NOT NULL CHECK (shard >= -1),                        -- -1: all of the authority's certificates
    number          BIGINT  NOT NULL CHECK (number >= 0),                        -- the last number given out
    node            BYTEA   CHECK (length(node) = 16),                           -- who is making the list with this number
    until           BIGINT,                                                      -- after this time another may
    CONSTRAINT list_series_scope PRIMARY KEY (issuer, shard),
    CONSTRAINT list_series_turn CHECK ((node IS NULL) = (until IS NULL))
);

-- A revocation list. The newest of each scope is published; the newest base is what deltas complete.
CREATE TABLE list (
    issuer          BIGINT  NOT NULL,
    shard           BIGINT  NOT NULL,
    delta           BIGINT  NOT NULL CHECK (delta IN (0, 1)),
    number          BIGINT  NOT NULL,
    base            BIGINT  NOT NULL CHECK (base IN (0, 1)),                     -- whether later deltas complete it
    position        BIGINT  NOT NULL,                                            -- it tells everything up to this leaf
    made_at         BIGINT  NOT NULL,
    until           BIGINT  NOT NULL,
    der             BYTEA   NOT NULL,
    CONSTRAINT list_number PRIMARY KEY (issuer, shard, delta, number),
    CONSTRAINT list_base CHECK (base = 0 OR delta = 0)
);

-- Who may act for the authority. A certificate that is taken out stays, so that old orders can be checked.
CREATE TABLE operator (
    certificate_sha256 BYTEA NOT NULL PRIMARY KEY CHECK (length(certificate_sha256) = 32),
    name            TEXT    NOT NULL,
    certificate     BYTEA   NOT NULL,                                            -- DER
    roles           TEXT    NOT NULL,                                            -- separated by commas
    added_at        BIGINT  NOT NULL,
    removed_at      BIGINT
);

-- An order that was carried out; none is carried out twice.
CREATE TABLE operator_order (
    id              BYTEA   NOT NULL PRIMARY KEY CHECK (length(id) = 16),        -- drawn by whoever signed it first
    content         BYTEA   NOT NULL,                                            -- what was signed
    signatures      BYTEA   NOT NULL,                                            -- JSON: certificate and signature of each operator
    leaf            BIGINT  NOT NULL,
    done_at         BIGINT  NOT NULL
);

CREATE INDEX operator_order_by_leaf ON operator_order (leaf);

-- The Ledger's tree over the leaves: tiles of at most 256 hashes, the last of each level as wide as the tree is.
CREATE TABLE ledger_tile (
    level           BIGINT  NOT NULL CHECK (level >= 0),
    place           BIGINT  NOT NULL CHECK (place >= 0),
    hashes          BYTEA   NOT NULL CHECK (length(hashes) BETWEEN 32 AND 8192),
    CONSTRAINT ledger_tile_name PRIMARY KEY (level, place)
);

-- The Ledger's states that its key signed; each holds the ones before it. Never changed, never deleted.
CREATE TABLE ledger_checkpoint (
    size            BIGINT  NOT NULL PRIMARY KEY,                                -- entries
    note            TEXT    NOT NULL,                                            -- the signed note
    made_at         BIGINT  NOT NULL
);
