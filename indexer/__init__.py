"""The indexer reads SQL and writes the index; the site never calls it."""
