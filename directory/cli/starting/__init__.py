"""`flask --app wsgi up`: the whole site from whatever is there."""
