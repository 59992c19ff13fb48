"""The sample wardrobe: garments and accessories that the program draws itself.

Whoever starts without photos sees the program work on them. ``wardrobe.draw_wardrobe`` is the door.
"""
