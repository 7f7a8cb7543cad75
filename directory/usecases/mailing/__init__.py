"""Letters: queued in the transaction that they tell of, then delivered."""
