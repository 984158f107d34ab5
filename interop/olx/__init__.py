"""Open edX: courses and libraries in OLX."""
