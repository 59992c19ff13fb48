"""Draws the sample wardrobe: garments and accessories, as pictures that the program ships."""
