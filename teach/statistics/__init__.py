"""Pages that say whether exercises teach."""
