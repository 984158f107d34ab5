"""What runs inside the box. It imports the standard library and nothing of the host.

The host process imports `values`, `frames` and the tables from here too, so that both
ends of the wire are one text. Nothing in this package knows an expected value.
"""
