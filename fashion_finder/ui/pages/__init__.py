"""The pages of answers and of everything, and what turns them."""
