"""What is measured of a model file, from vectors to tables and pictures.

``training/evaluate_retrieval.py`` puts it together. Nothing here is used in training: above all, how a
photo is recaptured (``recapture.py``) shares no code with the views that a model learns from.
"""
