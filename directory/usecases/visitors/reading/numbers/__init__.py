"""What stands in numbers: ages, prices, hours, lengths."""
