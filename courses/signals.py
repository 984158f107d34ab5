"""News of this room, sent after the transaction that made it has been committed.

A receiver's exception is logged and hurts nobody else (`send_robust`).
"""

from __future__ import annotations

from django.dispatch import Signal

course_completed = Signal()
"""A learner completed a course, for the first and only time. Arguments: `enrolment_id`, `user_id`,
`course_key`."""

programme_qualified = Signal()
"""A person met the rule of a programme, for the first and only time. Arguments: `user_id`,
`programme_key`, `qualification_uuid`."""

course_arrives = Signal()
"""The files of a course come by `manage.py publish`, and nothing is written yet. Unlike news it is
sent before, by `send`. Arguments: `course_key`, `folder`. A receiver that keeps the course
elsewhere returns a function that takes the files there in the caller's transaction and returns an
`Act`, or raises `Refused`; the course is then not published by whoever asked. Others return None.
"""

person_erased = Signal()
"""A person asked to be forgotten, or turned out to be somebody else. Arguments: `user_id`."""
