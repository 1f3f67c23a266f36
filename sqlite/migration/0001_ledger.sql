-- The ledger. Rows of entry are written while a batch is being staged and are
-- seen by nobody until a row of range names their batch.

CREATE TABLE head (
	id       INTEGER PRIMARY KEY CHECK (id = 1), -- one row: whoever holds it gives out positions
	position INTEGER NOT NULL,
	public   INTEGER NOT NULL,
	digest   BLOB    NOT NULL CHECK (length(digest) = 32),
	edition  INTEGER NOT NULL
);
INSERT INTO head VALUES (1, 0, 0, zeroblob(32), 0);

-- A batch that is being staged, or that is dead and waits to be swept. Keys are
-- never used twice (AUTOINCREMENT): a range keeps naming its batch for good.
CREATE TABLE batch (
	key     INTEGER PRIMARY KEY AUTOINCREMENT,
	touched INTEGER NOT NULL, -- Unix seconds of the last write to it
	dead    INTEGER NOT NULL DEFAULT 0
);

-- place is batch key << 32 | number within the batch, from 0: one plain b-tree
-- that is appended to and read in order, with no second index. Position and
-- public number are the range's start plus what stands here, so that publishing
-- touches no entry.
CREATE TABLE entry (
	place  INTEGER PRIMARY KEY,
	public INTEGER NOT NULL, -- 1, 2, … among the batch's public entries; 0: sealed
	digest BLOB    NOT NULL, -- of the entry's canonical bytes
	fact   TEXT    NOT NULL,
	kind   TEXT    NOT NULL,
	source TEXT    NOT NULL,
	known  TEXT    NOT NULL, -- YYYY-MM-DD
	body   BLOB    NOT NULL
);

CREATE TABLE range (
	first         INTEGER PRIMARY KEY,
	count         INTEGER NOT NULL CHECK (count > 0),
	batch         INTEGER NOT NULL UNIQUE,
	public_before INTEGER NOT NULL, -- public entries in all earlier ranges
	public        INTEGER NOT NULL, -- public entries in this one
	running       BLOB    NOT NULL,
	head          BLOB    NOT NULL,
	recorded      INTEGER NOT NULL  -- Unix milliseconds
);

-- Folds' states: never the truth, may be deleted at any time. The bytes lie in
-- pieces, so that writing a large one holds the lock only for moments.
CREATE TABLE snapshot (
	name     TEXT    NOT NULL,
	engine   TEXT    NOT NULL,
	position INTEGER NOT NULL,
	batch    INTEGER NOT NULL UNIQUE,
	size     INTEGER NOT NULL,
	PRIMARY KEY (name, engine, position)
) WITHOUT ROWID;

CREATE TABLE piece (
	place INTEGER PRIMARY KEY, -- batch key << 32 | number, from 0
	bytes BLOB    NOT NULL
);
