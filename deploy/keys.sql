-- Run by PostgreSQL at its first start: the keys lie in a database of their own, so
-- that a dump of the other opens nothing.
CREATE DATABASE article41_keys OWNER article41;
