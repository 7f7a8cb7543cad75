"""Stillpoint: find a CranioSacral Therapy practitioner."""

__version__ = "0.2.0"
