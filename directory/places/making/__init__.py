"""Makes `data/` from published packages. Run by hand; nothing that serves imports it."""
