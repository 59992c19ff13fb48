"""The catalogue: the only truth about what is indexed. The only importer of sqlite3."""
