"""Grids of matches: models, painting, and what can be dragged or copied from them."""
