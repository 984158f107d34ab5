"""The national report: its tables, which are exported too, and what its page shows."""
