"""Documents people must hand over, each from the register's own rows: records, annexes, lists, and two vocabularies for machines."""
