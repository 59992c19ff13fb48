"""One match looked at closely: large, in detail, with its copies."""
