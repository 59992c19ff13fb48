"""The window: everything that draws or listens, and nothing that decides about pictures."""
