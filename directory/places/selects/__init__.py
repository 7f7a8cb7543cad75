"""The gazetteer's statements, and what is kept of their answers."""
