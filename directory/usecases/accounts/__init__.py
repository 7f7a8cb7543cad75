"""Accounts: who may do what, a copy of one's own data, and erasure."""
