"""Whether exercises teach: tallies of answers, what follows from them, flags with advice. No pages."""
