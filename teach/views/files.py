"""A course as files: out as an archive, in as an archive, from git, or by a program."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.types import PersonRequest
from authoring.access import EVERY_ROLE, WRITING_ROLES, Role, revision_in, workspace_for
from authoring.actions.arrivals import connect_git, fetch_git, receive, take
from authoring.actions.tokens import make_token, revoke
from authoring.models import Arrival, GitSource, Revision, Workspace
from authoring.queries import merged_files
from authoring.queries.arrivals import (
    arrival_in,
    foresee,
    git_source_of,
    pack,
    revision_named,
    token_in,
    tokens_of,
)
from authoring.types import BadPath, Conflicted, NoCourse, TooLarge
from interop.types import Refused
from sandbox.git import GitRefused
from teach.arrival_forms import GitForm, UploadForm, UploadTokenForm
from teach.arrival_pages import mergeable
from teach.arrivals import course_files, said_of_git
from teach.editing import posted_base, posted_texts, undecided
from teach.pages import frame

CONFLICT, UNDECIDED = 409, 422


@login_required
@require_safe
def files(request: PersonRequest, course_key: str) -> HttpResponse:
    """The ways in and out."""
    return _page(request, workspace_for(request.user, course_key))


@login_required
@require_safe
def archive(request: PersonRequest, course_key: str) -> HttpResponse:
    """A revision as a zip, the head where none is named: the same bytes each time."""
    workspace = workspace_for(request.user, course_key)
    named = request.GET.get("revision", "")
    if named and (not named.isdecimal() or len(named) > 9):
        raise Http404
    revision = revision_in(workspace, int(named)) if named else workspace.head
    assert revision is not None
    revision.workspace = workspace
    name = f"{course_key}-r{revision.number}.zip"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(pack(revision), content_type="application/zip", headers=headers)


@login_required
@require_POST
def uploaded(request: PersonRequest, course_key: str) -> HttpResponse:
    """An archive comes in, to be looked at."""
    workspace = workspace_for(request.user, course_key, *WRITING_ROLES)
    assert workspace.head is not None
    form = UploadForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, workspace, upload_form=form, status=422)
    data: bytes = form.cleaned_data["archive"].read()
    base = form.cleaned_data["base"] or revision_named(data) or workspace.head.number
    try:
        sent, origin = course_files(data), Revision.Origin.ARCHIVE
        came = receive(workspace=workspace, by=request.user, files=sent, base=base, origin=origin)
    except (Refused, BadPath, TooLarge) as error:
        form.add_error("archive", _said(error))
        return _page(request, workspace, upload_form=form, status=422)
    return redirect("teach:arrival", course_key, came.uuid)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def arrival(request: PersonRequest, course_key: str, arrival_uuid: uuid.UUID) -> HttpResponse:
    """What came and what it would change. POST: take it."""
    workspace = workspace_for(request.user, course_key, *WRITING_ROLES)
    came = arrival_in(workspace, arrival_uuid)
    if request.method != "POST":
        return _arrival(request, workspace, came)
    texts = posted_texts(request, came.tree) if "merging" in request.POST else {}
    if undecided(texts):
        messages.error(request, _("Some lines are still marked. Decide about them first."))
        return _merge(request, workspace, came, texts, posted_base(request), UNDECIDED)
    try:
        made = take(arrival=came, by=request.user, decided=texts, seen=posted_base(request))
    except Conflicted as conflicted:
        sent = mergeable(conflicted.conflicts)
        if not sent:
            paths = [one.path for one in conflicted.conflicts]
            return _arrival(request, workspace, came, conflicts=paths, status=CONFLICT)
        return _merge(request, workspace, came, sent, came.base, CONFLICT)
    messages.success(request, _("Taken as revision %(number)s.") % {"number": made.number})
    return redirect("teach:history", course_key)


@login_required
@require_POST
def arrival_dropped(
    request: PersonRequest, course_key: str, arrival_uuid: uuid.UUID
) -> HttpResponse:
    """What came is not taken. Twice is once."""
    workspace = workspace_for(request.user, course_key, *WRITING_ROLES)
    workspace.arrivals.filter(uuid=arrival_uuid).delete()
    return redirect("teach:files", course_key)


@login_required
@require_POST
def git_connected(request: PersonRequest, course_key: str) -> HttpResponse:
    """From where to fetch from now on."""
    workspace = workspace_for(request.user, course_key, Role.EDITOR)
    form = GitForm(request.POST)
    if not form.is_valid():
        return _page(request, workspace, git_form=form, status=422)
    connect_git(workspace=workspace, **form.cleaned_data)
    messages.success(request, _("Saved."))
    return redirect("teach:files", course_key)


@login_required
@require_POST
def git_fetched(request: PersonRequest, course_key: str) -> HttpResponse:
    """Fetch the newest commit, to be looked at. Takes at most half a minute."""
    workspace = workspace_for(request.user, course_key, *WRITING_ROLES)
    source = git_source_of(workspace)
    if source is None:
        raise Http404
    try:
        came = fetch_git(source=source, by=request.user, hosts=settings.GIT_HOSTS)
    except (GitRefused, NoCourse, BadPath, TooLarge) as error:
        messages.error(request, _said(error))
        return redirect("teach:files", course_key)
    if came is None:
        messages.info(request, _("The repository has nothing newer than what was taken."))
        return redirect("teach:files", course_key)
    return redirect("teach:arrival", course_key, came.uuid)


@login_required
@require_POST
@never_cache
def token_made(request: PersonRequest, course_key: str) -> HttpResponse:
    """A new token, whose text is shown this once."""
    workspace = workspace_for(request.user, course_key, *WRITING_ROLES)
    form = UploadTokenForm(request.POST)
    if not form.is_valid():
        return _page(request, workspace, token_form=form, status=422)
    _token, text = make_token(workspace=workspace, user=request.user, **form.cleaned_data)
    return _page(request, workspace, text=text)


@login_required
@require_POST
def token_revoked(request: PersonRequest, course_key: str, token_uuid: uuid.UUID) -> HttpResponse:
    """A token opens nothing any more: one's own, or as an editor anybody's."""
    workspace = workspace_for(request.user, course_key, *EVERY_ROLE)
    token = token_in(workspace, token_uuid)
    if token.user_id != request.user.pk and workspace.role != Role.EDITOR:
        raise Http404
    revoke(token)
    said = _("The token “%(name)s” opens nothing any more.") % {"name": token.name}
    messages.success(request, said)
    return redirect("teach:files", course_key)


def _page(
    request: PersonRequest, workspace: Workspace, *, status: int = 200, **more: Any
) -> HttpResponse:
    """The page, with forms that were filled in wrongly in place of empty ones."""
    source = git_source_of(workspace)
    context: dict[str, Any] = {
        "upload_form": UploadForm(),
        "git_form": GitForm(instance=source or GitSource()),
        "token_form": UploadTokenForm(),
        "git": source,
        "git_hosts": settings.GIT_HOSTS,
        "tokens": tokens_of(workspace),
        "arrivals": workspace.arrivals.select_related("by").order_by("-pk"),
        "api_url": request.build_absolute_uri(f"/api/teach/v1/{workspace.course_key}/files"),
        **more,
    }
    page = frame(workspace, "publication", **context)
    return render(request, "teach/publication/files.html", page, status=status)


def _arrival(
    request: PersonRequest,
    workspace: Workspace,
    came: Arrival,
    *,
    conflicts: list[str] | None = None,
    status: int = 200,
) -> HttpResponse:
    foreseen = foresee(workspace, came)
    context = frame(
        workspace, "publication", arrival=came, foreseen=foreseen, conflicts=conflicts or []
    )
    return render(request, "teach/publication/arrival.html", context, status=status)


def _merge(
    request: PersonRequest,
    workspace: Workspace,
    came: Arrival,
    texts: Mapping[str, bytes],
    base: int,
    status: int,
) -> HttpResponse:
    """The page on which both are brought together: teach/views/lessons.py has the same."""
    head = workspace_for(request.user, workspace.course_key).head
    assert head is not None
    found = merged_files(workspace, head, texts, base)
    context = frame(workspace, "publication", files=found, head=head, back=request.path)
    return render(request, "teach/workspaces/merge.html", context, status=status)


def _said(error: Exception) -> str:
    """Why nothing came of it, as a sentence."""
    match error:
        case Refused():
            language = "zh-hans" if (get_language() or "").startswith("zh") else "en"
            return error.reason.text[language]
        case GitRefused():
            return said_of_git(error)
        case BadPath():
            return _("No file of a course can be called %(path)s.") % {"path": error.path}
        case TooLarge():
            return _("There is too much of it: %(what)s.") % {"what": error.path or error.limit}
    return _("There is no course.toml at its top, nor in the only folder of it.")
