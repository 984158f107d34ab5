"""The item bank: exercises of others, found, looked at and copied."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.types import PersonRequest
from authoring.access import EVERY_ROLE, WRITING_ROLES, workspace_for
from authoring.actions.bank import copy_item, share_items
from authoring.queries import outline_of
from authoring.queries.bank import (
    copied_into,
    item_for,
    items_for,
    may_share,
    newer_than,
    shares,
    version_of,
)
from authoring.types import Conflicted, NoSuchPart, TooLarge
from teach.bank_forms import BankForm, CopyForm
from teach.pages import frame

ITEMS_ON_A_PAGE = 20


@login_required
@require_safe
def bank(request: PersonRequest, course_key: str) -> HttpResponse:
    """Exercises that fit the search, and those that were copied into this course."""
    workspace = workspace_for(request.user, course_key)
    form = BankForm(request.GET)
    items = items_for(workspace, **form.filters())
    context = frame(
        workspace,
        "exercises",
        form=form,
        page=Paginator(items, ITEMS_ON_A_PAGE).get_page(request.GET.get("page")),
        copied=copied_into(workspace),
        shares=shares(workspace.organisation),
        may_share=may_share(request.user, workspace.organisation),
    )
    return render(request, "teach/publication/bank.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def bank_item(request: PersonRequest, course_key: str, item_uuid: uuid.UUID) -> HttpResponse:
    """One item as learners read it. POST: copy it into a lesson."""
    roles = WRITING_ROLES if request.method == "POST" else EVERY_ROLE
    workspace = workspace_for(request.user, course_key, *roles)
    assert workspace.head is not None
    item = item_for(workspace, item_uuid)
    form = CopyForm(request.POST or None, outline_of(workspace.head))
    if form.is_valid():
        lesson = form.cleaned_data["lesson"]
        try:
            key = copy_item(item=item, workspace=workspace, by=request.user, lesson=lesson)
            messages.success(request, _("Copied: it stands at the end of the lesson."))
            return redirect("teach:exercise", course_key, lesson, key)
        except (NoSuchPart, Conflicted, TooLarge):
            form.add_error("lesson", _("It could not be written there. Look at the outline."))
    context = frame(
        workspace,
        "exercises",
        item=item,
        form=form,
        version=version_of(item),
        newer=newer_than(item),
    )
    return render(request, "teach/publication/bank_item.html", context)


@login_required
@require_POST
def bank_shared(request: PersonRequest, course_key: str) -> HttpResponse:
    """Whether everybody who writes courses may find the organisation's exercises."""
    workspace = workspace_for(request.user, course_key)
    organisation = workspace.organisation
    if not may_share(request.user, organisation):
        raise Http404
    share_items(organisation=organisation, by=request.user, shares="share" in request.POST)
    messages.success(request, _("Saved."))
    return redirect("teach:bank", course_key)
