"""Commands for whoever looks after the machine: backups, a check-up, and what others need to know."""
