"""Other systems' formats into the neutral format and out of it, with a report."""
