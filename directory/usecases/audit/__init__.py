"""The record of who did what: written as a chain, anchored outside, read by admins."""
