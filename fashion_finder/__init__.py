"""Fashion Finder: drop a picture of a garment, see the five most similar pieces of your folders."""

__version__ = "0.1.0"
