"""Moodle: its XML, GIFT and Aiken."""
