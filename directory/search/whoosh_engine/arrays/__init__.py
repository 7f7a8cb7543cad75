"""Arrays on the disk and in memory, and the sets of documents that they answer with."""
