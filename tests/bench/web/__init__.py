"""The whole site under load, beside Datasette with the same listings."""
