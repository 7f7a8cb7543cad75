"""What admins see of one listing, and do with it from there."""
