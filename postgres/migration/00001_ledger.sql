-- +goose Up
-- Text is compared by bytes ("C"), as in the files of SQLite.

-- The ledger. Rows of entry are written while a batch is staged and are seen by
-- nobody until a row of range names their batch.
CREATE TABLE head (
	id       integer PRIMARY KEY CHECK (id = 1), -- one row: whoever locks it gives out positions
	position bigint  NOT NULL,
	public   bigint  NOT NULL,
	digest   bytea   NOT NULL CHECK (length(digest) = 32),
	edition  bigint  NOT NULL
);
INSERT INTO head VALUES (1, 0, 0, decode(repeat('00', 32), 'hex'), 0);

-- A batch that is being staged, or that is dead and waits to be swept.
CREATE TABLE batch (
	key     bigint  GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	touched bigint  NOT NULL, -- Unix seconds of the last write to it
	dead    boolean NOT NULL DEFAULT false
);

CREATE TABLE entry (
	batch  bigint NOT NULL,
	number bigint NOT NULL, -- within the batch, from 0
	public bigint NOT NULL, -- 1, 2, … among the batch's public entries; 0: sealed
	digest bytea  NOT NULL, -- of the entry's canonical bytes
	fact   text   COLLATE "C" NOT NULL,
	kind   text   COLLATE "C" NOT NULL,
	source text   COLLATE "C" NOT NULL,
	known  text   COLLATE "C" NOT NULL, -- YYYY-MM-DD
	body   bytea  NOT NULL,
	PRIMARY KEY (batch, number)
);

CREATE TABLE range (
	first         bigint PRIMARY KEY,
	count         bigint NOT NULL CHECK (count > 0),
	batch         bigint NOT NULL UNIQUE,
	public_before bigint NOT NULL, -- public entries in all earlier ranges
	public        bigint NOT NULL, -- public entries in this one
	running       bytea  NOT NULL,
	head          bytea  NOT NULL,
	recorded      bigint NOT NULL  -- Unix milliseconds
);

-- Folds' states: never the truth, may be deleted at any time.
CREATE TABLE snapshot (
	name     text   COLLATE "C" NOT NULL,
	engine   text   COLLATE "C" NOT NULL,
	position bigint NOT NULL,
	size     bigint NOT NULL,
	PRIMARY KEY (name, engine, position)
);
CREATE TABLE piece (
	name     text    COLLATE "C" NOT NULL,
	engine   text    COLLATE "C" NOT NULL,
	position bigint  NOT NULL,
	number   integer NOT NULL,
	bytes    bytea   NOT NULL,
	PRIMARY KEY (name, engine, position, number),
	FOREIGN KEY (name, engine, position) REFERENCES snapshot ON DELETE CASCADE
);

-- What changes (package shelf): removed items keep a row without a body.
CREATE TABLE shelf (
	kind    text   COLLATE "C" NOT NULL,
	id      text   COLLATE "C" NOT NULL,
	version bigint NOT NULL,
	seq     bigint NOT NULL,
	body    bytea, -- NULL: removed
	PRIMARY KEY (kind, id)
);
CREATE UNIQUE INDEX shelf_seq ON shelf (seq);
CREATE TABLE shelf_head (
	one integer PRIMARY KEY CHECK (one = 1),
	seq bigint  NOT NULL
);
INSERT INTO shelf_head VALUES (1, 0);
