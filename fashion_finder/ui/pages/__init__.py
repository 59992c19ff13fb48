"""The results page, the browse page, and their controllers."""
