"""The question: how it comes in, what refines it, and what was asked before."""
