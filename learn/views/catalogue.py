"""What there is to study: the catalogue, a course, enrolling."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.queries import open_cohorts_of
from courses import queries
from courses.access import published_course
from courses.actions import enrol
from learn.forms import CatalogueForm, EnrolForm
from learn.site_pages import course_page

COURSES_ON_A_PAGE = 20


@require_safe
def catalogue(request: HttpRequest) -> HttpResponse:
    """Published courses that fit the search and the filters of the address: 3 queries."""
    form = CatalogueForm(request.GET, queries.providers())
    found = Paginator(queries.catalogue(form.filters()), COURSES_ON_A_PAGE)
    page = found.get_page(request.GET.get("page"))
    context = {"form": form, "page": page, "in_force": form.in_force()}
    return render(request, "learn/catalogue.html", context)


@require_safe
def course(request: HttpRequest, course_key: str) -> HttpResponse:
    """What a course gives and asks for: 1 query, and those of `course_page`."""
    found = published_course(course_key)
    return render(request, "learn/course.html", course_page(found, request.user))


@require_POST
def enrol_in(request: HttpRequest, course_key: str) -> HttpResponse:
    """Enrol, and begin."""
    found = published_course(course_key)
    if not request.user.is_authenticated:
        return redirect_to_login(reverse("learn:course", args=[course_key]))
    form = EnrolForm(request.POST, open_cohorts_of(request.user))
    if not form.is_valid():
        messages.error(request, _("You are not in that cohort. Choose again."))
        return redirect("learn:course", course_key)
    enrol(user=request.user, course=found, cohort=form.cleaned_data["cohort"])
    return redirect("learn:course_home", course_key)
