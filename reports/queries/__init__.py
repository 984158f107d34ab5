"""What report pages read, by subject. Each docstring says how many queries."""
