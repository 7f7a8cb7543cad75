"""Rosters in, listings out."""
