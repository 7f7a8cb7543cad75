"""Places for what is still being typed."""
