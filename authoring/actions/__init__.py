"""Writes to workspaces."""
