"""A closer look at one match: enlarged, with its details and its copies."""
