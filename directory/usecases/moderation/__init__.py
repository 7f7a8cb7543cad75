"""The admins' queue: what waits is read and decided."""
