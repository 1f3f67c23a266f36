-- Rows to screen and their answers (package queue). A body is NULL once the row
-- is settled.
CREATE TABLE queue_row (
	seq   INTEGER PRIMARY KEY AUTOINCREMENT,
	queue TEXT NOT NULL,
	id    TEXT NOT NULL,
	mark  BLOB NOT NULL,
	body  BLOB,
	UNIQUE (queue, id)
) STRICT;
CREATE INDEX queue_waiting ON queue_row (queue, seq) WHERE body IS NOT NULL;
CREATE TABLE queue_answer (
	queue   TEXT    NOT NULL,
	settled INTEGER NOT NULL, -- 1, 2, … within the queue
	row     INTEGER NOT NULL UNIQUE,
	body    BLOB    NOT NULL,
	PRIMARY KEY (queue, settled)
) STRICT, WITHOUT ROWID;
-- How a queue stands, so that nobody counts its rows.
CREATE TABLE queue_head (
	queue   TEXT PRIMARY KEY,
	taken   INTEGER NOT NULL,
	settled INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
