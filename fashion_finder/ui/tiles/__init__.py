"""Grids of matches: models, painting, and what is dragged or copied out of them."""
