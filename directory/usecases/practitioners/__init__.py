"""What practitioners do with their own listing."""
