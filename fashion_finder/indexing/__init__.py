"""From a folder to the catalogue: scan, compare, read, embed, record."""
