"""Pictures: opening files safely, bringing them to upright sRGB, and preparing them for the model.

The only package that imports Pillow. ``read.read_picture`` is its front door.
"""
