"""Courses while they are written: workspaces, revisions, proofs, reviews. No pages."""
