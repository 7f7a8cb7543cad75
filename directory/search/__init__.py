"""Searching: Query in, Ranking out. Engines live behind `port`."""
