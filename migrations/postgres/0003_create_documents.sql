-- Documents: bytes that stand encrypted in a place of objects, each under a key of its own. Here is what finds and opens
-- them, and what the place holds in vain.

-- One Document. Made by put once its bytes are durable; changed by shred, which overwrites the key; never otherwise. A row
-- stays as long as what refers to it (the retention rules of `policies`).
CREATE TABLE document (
    id              BYTEA   NOT NULL PRIMARY KEY CHECK (length(id) = 16),        -- also sealed into every chunk; immutable
    digest          BYTEA   NOT NULL CHECK (length(digest) = 32),                -- SHA-256 of the plain bytes; immutable
    size            BIGINT  NOT NULL CHECK (size >= 0),                          -- plain bytes; immutable
    object          BYTEA   NOT NULL CHECK (length(object) = 16),                -- the name of its bytes in the place, drawn by chance; immutable
    key_version     BIGINT  NOT NULL CHECK (key_version >= 0),                   -- of the token's key that wraps; immutable
    wrapped_key     BYTEA,                                                       -- the Document's key, until it is shredded
    state           TEXT    NOT NULL CHECK (state IN ('kept', 'shredded')),      -- shredded: nobody can read it any more
    shredded_at     BIGINT,                                                      -- when the key was overwritten
    created_at      BIGINT  NOT NULL,                                            -- immutable
    CONSTRAINT document_object UNIQUE (object),
    CONSTRAINT document_key CHECK ((state = 'kept') = (wrapped_key IS NOT NULL)),
    CONSTRAINT document_end CHECK ((state = 'kept') = (shredded_at IS NULL))
);

-- An object that no Document which can be read has. Made by put before the first byte, and by shred; taken away by put
-- together with the Document's row, or by sweep once the object is gone. So a crash leaves nothing that is not listed here.
CREATE TABLE loose_object (
    name            BYTEA   NOT NULL PRIMARY KEY CHECK (length(name) = 16),      -- immutable
    state           TEXT    NOT NULL CHECK (state IN ('arriving', 'leaving')),   -- leaving: whoever still writes it shall not keep it
    since           BIGINT  NOT NULL                                             -- when it began to arrive or to leave
);

CREATE INDEX loose_object_since ON loose_object (state, since);
