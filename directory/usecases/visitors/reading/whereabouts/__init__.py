"""Where to look, where not, and what only sounds like a place."""
