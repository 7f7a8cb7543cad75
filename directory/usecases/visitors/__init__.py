"""What members of the public do: search, look, be suggested to."""
