"""Listings into a segment: Whoosh's own files and the arrays beside them."""
