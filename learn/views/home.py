"""Where people arrive: the landing page, their own learning, the legal texts, the theme."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from accounts.types import PersonRequest
from courses.access import enrolment_for
from courses.queries import resume_key
from learn.context import THEME_COOKIE, THEMES, YEAR_SECONDS
from learn.site_pages import landing_page, my_learning_page


@require_safe
def landing(request: HttpRequest) -> HttpResponse:
    """What this is, for somebody who has never been here: 2 queries."""
    return render(request, "learn/landing.html", landing_page())


@login_required
@require_safe
def my_learning(request: PersonRequest) -> HttpResponse:
    """Resume, progress, due dates, news: at most 6 queries."""
    return render(request, "learn/my_learning.html", my_learning_page(request.user))


@login_required
@require_safe
def course_home(request: PersonRequest, course_key: str) -> HttpResponse:
    """Leads to the lesson where the learner left off: 1 query."""
    enrolment = enrolment_for(request.user, course_key)
    return redirect("learn:lesson", course_key, resume_key(enrolment))


@require_safe
def terms(request: HttpRequest) -> HttpResponse:
    return render(request, "legal/terms.html", {"version": settings.TERMS_VERSION})


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "legal/privacy.html", {"version": settings.PRIVACY_VERSION})


@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Remember light or dark in a cookie, and go back. static/js/shell.js does so without us."""
    back = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}, request.is_secure()):
        back = "/"
    response = HttpResponseRedirect(back)
    if (chosen := request.POST.get("theme")) in THEMES:
        response.set_cookie(
            *(THEME_COOKIE, chosen),
            max_age=YEAR_SECONDS,
            secure=settings.SESSION_COOKIE_SECURE,
            samesite="Lax",
        )
    return response
