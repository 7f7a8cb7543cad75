"""How values are said on a page, in a mail, to a telephone."""
