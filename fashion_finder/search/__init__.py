"""Nearest neighbours over the catalogue's vectors. The only importer of hnswlib."""
