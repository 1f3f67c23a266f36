-- What changes (package shelf): one row an item, removed ones kept as a row
-- without a body, so that its versions go on and followers learn of it.
CREATE TABLE shelf (
	kind    TEXT    NOT NULL,
	id      TEXT    NOT NULL,
	version INTEGER NOT NULL,
	seq     INTEGER NOT NULL,
	body    BLOB, -- NULL: removed
	PRIMARY KEY (kind, id)
) STRICT;
CREATE UNIQUE INDEX shelf_seq ON shelf (seq);
-- The dense sequence of writes: one row, moved under the write lock.
CREATE TABLE shelf_head (
	one INTEGER PRIMARY KEY CHECK (one = 1),
	seq INTEGER NOT NULL
) STRICT;
INSERT INTO shelf_head VALUES (1, 0);
