"""Areas: everyday regions beside the gazetteer's own, and which of all of them hold a point."""
