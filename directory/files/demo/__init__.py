"""Demo people: clearly fictional, in real towns, the same for the same seed."""
