"""Pictures: opening files safely, converting them to upright sRGB, preparing them for the model.

The only package that imports Pillow. ``read.read_picture`` is its front door.
"""
