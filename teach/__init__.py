"""The instructor's pages: writing a course, watching it work, repairing it. No models."""
