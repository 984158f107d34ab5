"""A program that the learner writes and we run.

Two closed boxes: the learner's, with their files, and the checker's, with the author's checks.py.
They never meet. The host relays each question of a check to the learner's box and the value
back; the checker alone knows what is expected, and the host alone makes the verdict.
"""
