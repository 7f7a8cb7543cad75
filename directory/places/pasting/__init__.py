"""What machines make of a line on its way here."""
