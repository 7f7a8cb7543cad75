"""How a typed line is read: terms, facts, what it is to be without, the words that only ask."""
