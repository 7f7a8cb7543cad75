"""A listing's own page for the staff, and the forms that begin there."""
