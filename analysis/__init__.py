"""Whether exercises teach: tallies of answers, what follows from them, flags. No pages."""
