"""How long a listing stays fresh; the whole ladder in one place."""

from datetime import timedelta

FRESH_FOR = timedelta(days=180)
RANKED_FULLY_FOR = timedelta(days=270)
SHOWN_FOR = timedelta(days=365)
ACCEPTING_HOLDS_FOR = timedelta(days=90)
