"""A course's releases: moving to the newer one, and what the policy check says."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.types import PersonRequest
from courses.access import enrolment_for, published_course
from courses.actions import move_to_current_release
from courses.policy import lexicon
from courses.queries import newer_release, releases_between


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def newer(request: PersonRequest, course_key: str) -> HttpResponse:
    """What changed since the learner's release: 3 queries. POST: move to the newer one."""
    enrolment = enrolment_for(request.user, course_key)
    release = newer_release(enrolment)
    if release is None:
        raise Http404
    if request.method == "POST":
        move_to_current_release(enrolment=enrolment)
        messages.success(request, _("You study the newer release now."))
        return redirect("learn:course", course_key)
    context = {
        "course": enrolment.course,
        "enrolment": enrolment,
        "release": release,
        "releases": releases_between(enrolment, release),
    }
    return render(request, "learn/newer.html", context)


@require_safe
def policy(request: HttpRequest, course_key: str) -> HttpResponse:
    """The rules by which the current release was checked, and who answers for what: 1 query."""
    course = published_course(course_key)
    report = getattr(course.current, "policy", None)
    if report is None:
        raise Http404
    context = {"course": course, "report": report, "rules": lexicon().rules}
    return render(request, "learn/policy.html", context)
