-- What the boundary remembers: Credentials and their attempts, challenges, Enrolments, Activations, signatures, the
-- Ledger's leaves, token keys and jobs.
--
-- Ids are the 16 raw bytes of a UUIDv7, times are microseconds UTC. `tag` is an HMAC by the token over the row's
-- content: a row edited here is refused there. CHECKs repeat what the types say.

-- One key of one Client with all that decides about it. Changed by enrol, certify, activate, rewrap, destroy; each
-- change is the next version. Kept five years after the key is destroyed (requirements 1.20).
CREATE TABLE credential (
    id              BYTEA   NOT NULL PRIMARY KEY CHECK (length(id) = 16),        -- also the key id in hashes; immutable
    version         BIGINT  NOT NULL CHECK (version >= 1),                       -- grows by one with each change
    client          TEXT    NOT NULL CHECK (length(client) = 12),                -- IIN; immutable
    pseudonym       BYTEA   NOT NULL CHECK (length(pseudonym) = 32),             -- the Client's name in the Ledger; immutable
    algorithm       TEXT    NOT NULL CHECK (algorithm IN ('p256', 'p384', 'rsa-2048', 'rsa-3072', 'rsa-4096')), -- immutable
    public_key      BYTEA   NOT NULL,                                            -- DER SubjectPublicKeyInfo; immutable
    material        TEXT    NOT NULL CHECK (material IN ('wrapped', 'destroyed')),
    destroyed_at    BIGINT,                                                      -- when the key was destroyed
    key_format      TEXT    CHECK (key_format = 'rfc5649/pkcs8'),                -- how `key_blob` is wrapped
    key_kdk         BIGINT,                                                      -- version of kdk
    key_blob        BYTEA,                                                       -- the wrapped private key
    verifier        TEXT    CHECK (verifier IN ('sealed', 'resident')),          -- where the verifier is
    verifier_kek    BIGINT,                                                      -- version of kek, if sealed
    verifier_blob   BYTEA,                                                       -- the wrapped verifier, if sealed
    salt            BYTEA   NOT NULL CHECK (length(salt) = 16),                  -- of Argon2id; immutable
    argon2_memory   BIGINT  NOT NULL,                                            -- KiB; immutable
    argon2_passes   BIGINT  NOT NULL,                                            -- immutable
    tries           BIGINT  NOT NULL CHECK (tries >= 0),                         -- attempts ever reserved
    tries_base      BIGINT  NOT NULL CHECK (tries_base <= tries),                -- those not counted in this round
    lock_level      BIGINT  NOT NULL,                                            -- locks in a row
    attempts        TEXT    NOT NULL CHECK (attempts IN ('open', 'locked', 'exhausted')),
    locked_until    BIGINT,                                                      -- the end of the lock
    certificate     TEXT    NOT NULL CHECK (certificate IN ('awaited', 'active', 'held')),
    certificate_sha256 BYTEA CHECK (length(certificate_sha256) = 32),            -- of its DER
    not_before      BIGINT,                                                      -- of the certificate
    not_after       BIGINT,                                                      -- of the certificate
    used_at         BIGINT,                                                      -- last successful use
    tag             BYTEA   NOT NULL CHECK (length(tag) = 32),                   -- the token's HMAC over this version
    created_at      BIGINT  NOT NULL,
    changed_at      BIGINT  NOT NULL,
    changed_by      TEXT    NOT NULL,                                            -- the step that wrote this version
    CONSTRAINT credential_destroyed CHECK ((material = 'destroyed') = (destroyed_at IS NOT NULL)),
    CONSTRAINT credential_wrapped CHECK ((material = 'wrapped') = (key_format IS NOT NULL AND key_kdk IS NOT NULL AND key_blob IS NOT NULL AND verifier IS NOT NULL)),
    CONSTRAINT credential_gone CHECK (material = 'wrapped' OR (key_blob IS NULL AND verifier_blob IS NULL)),
    CONSTRAINT credential_sealed CHECK ((verifier IS NOT NULL AND verifier = 'sealed') = (verifier_blob IS NOT NULL AND verifier_kek IS NOT NULL)),
    CONSTRAINT credential_locked CHECK ((attempts = 'locked') = (locked_until IS NOT NULL)),
    CONSTRAINT credential_certified CHECK ((certificate = 'awaited') = (certificate_sha256 IS NULL AND not_before IS NULL AND not_after IS NULL))
);

CREATE INDEX credential_by_client ON credential (client);
CREATE INDEX credential_by_kek ON credential (verifier_kek, id) WHERE verifier_kek IS NOT NULL;
CREATE INDEX credential_resident ON credential (verifier) WHERE verifier = 'resident';

-- An issued challenge; never changed. Forgotten a day after it expired.
CREATE TABLE challenge (
    nonce           BYTEA   NOT NULL PRIMARY KEY CHECK (length(nonce) = 32),
    session         BYTEA   NOT NULL CHECK (length(session) = 16),
    credential      BYTEA   CHECK (length(credential) = 16),                     -- for an Activation; null: for an Enrolment
    salt            BYTEA   NOT NULL CHECK (length(salt) = 16),                  -- given out with it
    argon2_memory   BIGINT  NOT NULL,                                            -- KiB, given out with it
    argon2_passes   BIGINT  NOT NULL,                                            -- given out with it
    issued_at       BIGINT  NOT NULL,
    expires_at      BIGINT  NOT NULL,
    tag             BYTEA   NOT NULL CHECK (length(tag) = 32)                    -- the token's HMAC over this row
);

CREATE INDEX challenge_by_expiry ON challenge (expires_at);

-- A nonce that made a key; never changed. Kept as long as the Credential.
CREATE TABLE enrolment (
    nonce           BYTEA   NOT NULL PRIMARY KEY CHECK (length(nonce) = 32),
    assertion       BYTEA   NOT NULL CHECK (length(assertion) = 16),
    session         BYTEA   NOT NULL CHECK (length(session) = 16),
    request         BYTEA   NOT NULL CHECK (length(request) = 32),               -- SHA-256 of the sealed Enrolment
    credential      BYTEA   NOT NULL,
    receipt         TEXT    NOT NULL,                                            -- to be answered again
    created_at      BIGINT  NOT NULL,
    CONSTRAINT enrolment_assertion UNIQUE (assertion),
    CONSTRAINT enrolment_credential FOREIGN KEY (credential) REFERENCES credential (id)
);

-- One use of a key, from reservation to end. Its nonce is spent by being here. Kept five years.
CREATE TABLE activation (
    id              BYTEA   NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    boot            BYTEA   NOT NULL CHECK (length(boot) = 16),                  -- the supervisor's life that reserved it
    nonce           BYTEA   NOT NULL CHECK (length(nonce) = 32),
    assertion       BYTEA   NOT NULL CHECK (length(assertion) = 16),
    session         BYTEA   NOT NULL CHECK (length(session) = 16),
    credential      BYTEA   NOT NULL,
    attempt         BIGINT  NOT NULL,                                            -- number of the attempt at this Credential
    intention       BYTEA   NOT NULL CHECK (length(intention) = 32),             -- SHA-256 over what is about to be signed
    count           BIGINT  NOT NULL,                                            -- signatures asked for
    state           TEXT    NOT NULL CHECK (state IN ('reserved', 'signed', 'failed')),
    reserved_at     BIGINT  NOT NULL,
    ended_at        BIGINT,
    CONSTRAINT activation_nonce UNIQUE (nonce),
    CONSTRAINT activation_credential FOREIGN KEY (credential) REFERENCES credential (id),
    CONSTRAINT activation_ended CHECK ((state = 'reserved') = (ended_at IS NULL))
);

-- One assertion leads to signatures once.
CREATE UNIQUE INDEX activation_assertion ON activation (assertion) WHERE state = 'signed';
CREATE INDEX activation_open ON activation (reserved_at) WHERE state = 'reserved';

-- A signature: it exists once this row is committed, and never twice for one occurrence. Kept five years.
CREATE TABLE signature (
    session         BYTEA   NOT NULL CHECK (length(session) = 16),
    document        BYTEA   NOT NULL CHECK (length(document) = 16),
    activation      BYTEA   NOT NULL,
    position        BIGINT  NOT NULL,                                            -- in the Activation's list, from 0
    profile         TEXT    NOT NULL,
    value           BYTEA   NOT NULL,
    CONSTRAINT signature_occurrence PRIMARY KEY (session, document),
    CONSTRAINT signature_activation FOREIGN KEY (activation) REFERENCES activation (id)
);

CREATE INDEX signature_by_activation ON signature (activation, position);

-- The Ledger's leaves in their final encoding, gapless from 1; never changed, never deleted.
CREATE TABLE leaf (
    position        BIGINT  NOT NULL PRIMARY KEY,
    entry           BYTEA   NOT NULL CHECK (length(entry) = 74),
    salt            BYTEA   NOT NULL CHECK (length(salt) = 16),                  -- of its commitment
    content         BYTEA   NOT NULL,                                            -- JSON that it commits to
    credential      BYTEA   CHECK (length(credential) = 16),
    client          TEXT,                                                        -- IIN
    row_version     BIGINT,                                                      -- version of the Credential's row that it repeats
    row_tag         BYTEA   CHECK (length(row_tag) = 32),                        -- tag of that row
    CONSTRAINT leaf_repeats CHECK ((row_version IS NULL) = (row_tag IS NULL))
);

CREATE UNIQUE INDEX leaf_version ON leaf (credential, row_version) WHERE row_version IS NOT NULL;

-- What is known about a token key beside the token.
CREATE TABLE token_key (
    role            TEXT    NOT NULL,
    version         BIGINT  NOT NULL,
    made_at         BIGINT  NOT NULL,
    retired_at      BIGINT,                                                      -- nothing new is made with it since
    destroyed_at    BIGINT,
    public_key      BYTEA,                                                       -- DER
    certificate     TEXT,                                                        -- the root's statement
    CONSTRAINT token_key_name PRIMARY KEY (role, version)
);

-- How far a long piece of work is.
CREATE TABLE job (
    name            TEXT    NOT NULL PRIMARY KEY,
    version         BIGINT  NOT NULL,                                            -- what it works towards
    after           BYTEA   CHECK (length(after) = 16),                          -- the last Credential done
    done            BIGINT  NOT NULL,
    changed_at      BIGINT  NOT NULL
);
