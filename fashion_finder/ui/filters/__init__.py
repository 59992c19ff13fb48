"""Which photos may answer: chips and words."""
