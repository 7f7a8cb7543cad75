"""Sealed generations: what serves, who holds it, how the next one takes its place."""
