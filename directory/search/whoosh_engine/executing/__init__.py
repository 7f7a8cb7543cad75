"""A query over a snapshot: sets, scores, order."""
