"""The lesson reader."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from accounts.types import PersonRequest
from courses.access import lesson_for
from courses.actions import remember_lesson
from learn.pages import lesson_page


@require_safe
@login_required
def lesson(request: PersonRequest, course_key: str, lesson_key: str) -> HttpResponse:
    """One lesson with its exercises: at most 5 queries."""
    enrolment, here = lesson_for(request.user, course_key, lesson_key)
    # As text: Django's own is a lazy object, and each of a dozen forms would ask it five times.
    context = {**lesson_page(enrolment, here), "csrf_token": get_token(request)}
    return render(request, "learn/lesson.html", context)


@require_POST
@login_required
def seen(request: PersonRequest, course_key: str, lesson_key: str) -> HttpResponse:
    """Notes that the lesson is being read, so that *resume* finds it (static/js/lesson.js)."""
    enrolment, here = lesson_for(request.user, course_key, lesson_key)
    remember_lesson(enrolment=enrolment, lesson_key=here.key)
    return HttpResponse(status=204)
