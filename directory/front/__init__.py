"""What stands before the site in each web process: slow clients, and too many at once."""
