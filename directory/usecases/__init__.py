"""One function per verb. The caller owns the transaction."""
