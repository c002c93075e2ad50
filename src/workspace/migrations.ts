/**
 * Numbered migrations: entry i takes `PRAGMA user_version` from i to i + 1. Never edit one that was released; append.
 */
export const migrations: readonly string[] = [
  `
  CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;

  CREATE TABLE images (
    id INTEGER PRIMARY KEY,
    path TEXT NOT NULL UNIQUE,
    identity TEXT NOT NULL,
    sha256 TEXT,
    width INTEGER,
    height INTEGER,
    dhash TEXT,
    slot INTEGER UNIQUE,
    error TEXT
  ) STRICT;

  -- Work that is done: the key is made of the stage's inputs and settings.
  CREATE TABLE stages (
    key TEXT PRIMARY KEY,
    stage TEXT NOT NULL,
    result TEXT NOT NULL,
    seconds REAL NOT NULL,
    finished_at TEXT NOT NULL
  ) STRICT;

  CREATE TABLE runs (
    id TEXT PRIMARY KEY,
    stage TEXT NOT NULL,
    parent TEXT,
    config TEXT NOT NULL,
    inputs TEXT NOT NULL,
    created_at TEXT NOT NULL
  ) STRICT;

  CREATE TABLE decisions (
    run TEXT NOT NULL REFERENCES runs (id),
    path TEXT NOT NULL, -- not an image's id: the record outlives a new ingest
    decision TEXT NOT NULL,
    reason TEXT NOT NULL,
    suggested_identity TEXT,
    p_noise REAL,
    evidence TEXT NOT NULL,
    PRIMARY KEY (run, path)
  ) STRICT, WITHOUT ROWID;

  -- What people said, by path: survives a new ingest. An undo is a row of its own, with verdict NULL.
  CREATE TABLE verdicts (
    id INTEGER PRIMARY KEY,
    batch INTEGER NOT NULL,
    path TEXT NOT NULL,
    verdict TEXT,
    identity TEXT,
    reviewer TEXT NOT NULL,
    given_at TEXT NOT NULL
  ) STRICT;
  CREATE INDEX verdicts_by_path ON verdicts (path, id);
  CREATE TRIGGER verdicts_are_not_changed BEFORE UPDATE ON verdicts
    BEGIN SELECT RAISE(ABORT, 'verdicts are append-only'); END;
  CREATE TRIGGER verdicts_are_not_deleted BEFORE DELETE ON verdicts
    BEGIN SELECT RAISE(ABORT, 'verdicts are append-only'); END;
  `,
  `
  ALTER TABLE images ADD COLUMN state TEXT NOT NULL DEFAULT 'ok';
  ALTER TABLE images ADD COLUMN role TEXT NOT NULL DEFAULT 'set';
  ALTER TABLE images ADD COLUMN place TEXT;
  UPDATE images SET state = 'unreadable' WHERE slot IS NULL;

  -- Every crop; an image with several faces has several.
  CREATE TABLE crops (
    slot INTEGER PRIMARY KEY,
    image INTEGER NOT NULL,
    face INTEGER NOT NULL,
    facts TEXT NOT NULL
  ) STRICT;
  CREATE INDEX crops_by_image ON crops (image, face);
  INSERT INTO crops SELECT slot, id, 0, '{"sharpness":0,"brightness":0,"contrast":0}' FROM images WHERE slot IS NOT NULL;
  `,
  `
  -- What a sift run says against the names: one person under two, or several under one.
  CREATE TABLE identity_proposals (
    run TEXT NOT NULL REFERENCES runs (id),
    kind TEXT NOT NULL CHECK (kind IN ('merge', 'split')),
    number INTEGER NOT NULL, -- the surest first
    identity TEXT NOT NULL,
    other TEXT, -- of a merge
    confidence REAL NOT NULL,
    proposal TEXT NOT NULL, -- whole, as JSON
    PRIMARY KEY (run, kind, number)
  ) STRICT, WITHOUT ROWID;
  `,
  `
  -- The batch that a row takes back; without it nobody could undo several times in a row.
  ALTER TABLE verdicts ADD COLUMN undoes INTEGER;

  -- What people said of a name as a whole; NULL = taken back. Batches are counted together with those of verdicts.
  CREATE TABLE identity_verdicts (
    id INTEGER PRIMARY KEY,
    batch INTEGER NOT NULL,
    identity TEXT NOT NULL,
    verdict TEXT CHECK (verdict IN ('several-people')),
    reviewer TEXT NOT NULL,
    given_at TEXT NOT NULL,
    undoes INTEGER
  ) STRICT;
  CREATE INDEX identity_verdicts_by_identity ON identity_verdicts (identity, id);
  CREATE TRIGGER identity_verdicts_are_not_changed BEFORE UPDATE ON identity_verdicts
    BEGIN SELECT RAISE(ABORT, 'verdicts are append-only'); END;
  CREATE TRIGGER identity_verdicts_are_not_deleted BEFORE DELETE ON identity_verdicts
    BEGIN SELECT RAISE(ABORT, 'verdicts are append-only'); END;
  `,
  `
  -- What must not come back, as salted hashes: of paths, of identities, of the bytes of files.
  CREATE TABLE forgotten (
    kind TEXT NOT NULL CHECK (kind IN ('path', 'identity', 'bytes')),
    hash TEXT NOT NULL,
    reason TEXT NOT NULL,
    forgotten_at TEXT NOT NULL,
    PRIMARY KEY (kind, hash)
  ) STRICT, WITHOUT ROWID;
  `,
  `
  -- CRC-32C of a crop's bytes; NULL where an earlier version wrote it.
  ALTER TABLE crops ADD COLUMN crc INTEGER;
  `,
  `
  -- What people said of names: merged, divided, renamed, newly found, or a proposal refused, as JSON (identities/names/name-verdicts).
  -- NULL = the batch that \`undoes\` names is taken back. Batches are counted together with those of other verdicts.
  CREATE TABLE name_verdicts (
    id INTEGER PRIMARY KEY,
    batch INTEGER NOT NULL,
    verdict TEXT,
    reviewer TEXT NOT NULL,
    given_at TEXT NOT NULL,
    undoes INTEGER
  ) STRICT;
  CREATE TRIGGER name_verdicts_are_not_changed BEFORE UPDATE ON name_verdicts
    BEGIN SELECT RAISE(ABORT, 'verdicts are append-only'); END;
  CREATE TRIGGER name_verdicts_are_not_deleted BEFORE DELETE ON name_verdicts
    BEGIN SELECT RAISE(ABORT, 'verdicts are append-only'); END;
  `,
  `
  -- The face that a verdict is about, from 0, and where it lies in the image, as JSON; NULL = nobody chose one.
  ALTER TABLE verdicts ADD COLUMN face INTEGER;
  ALTER TABLE verdicts ADD COLUMN face_box TEXT;
  `,
];
