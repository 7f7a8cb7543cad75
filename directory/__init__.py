"""Stillpoint: find a CranioSacral Therapy practitioner."""
