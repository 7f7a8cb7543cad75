"""What every verb knows of one listing."""
