"""Keeping the directory clean and its terms right."""
