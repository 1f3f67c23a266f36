-- +goose Up
-- Rows to screen and their answers (package queue). A body is NULL once the row
-- is settled.
CREATE TABLE queue_row (
	seq   bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	queue text   COLLATE "C" NOT NULL,
	id    text   COLLATE "C" NOT NULL,
	mark  bytea  NOT NULL,
	body  bytea,
	UNIQUE (queue, id)
);
CREATE INDEX queue_waiting ON queue_row (queue, seq) WHERE body IS NOT NULL;
CREATE TABLE queue_answer (
	queue   text   COLLATE "C" NOT NULL,
	settled bigint NOT NULL, -- 1, 2, … within the queue
	row     bigint NOT NULL UNIQUE,
	body    bytea  NOT NULL,
	PRIMARY KEY (queue, settled)
);
-- How a queue stands. Its row is locked while answers are kept, so that their
-- places have no gap and a reader with a cursor misses none.
CREATE TABLE queue_head (
	queue   text   COLLATE "C" PRIMARY KEY,
	taken   bigint NOT NULL,
	settled bigint NOT NULL
);
