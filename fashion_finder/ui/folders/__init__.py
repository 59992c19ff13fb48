"""The indexed folders: adding, watching, removing, and what went wrong in them."""
