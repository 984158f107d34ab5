"""Forms for exercises: each shows an exercise.toml and the files beside it, and writes the same.

A field that comes back as it was shown leaves its value alone, whatever that is: so a form that is
opened and saved changes nothing, and what a form does not show is never lost.
"""
