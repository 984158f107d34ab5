"""Writing the texts of a course: lessons in every language, and course.toml."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping, Sequence

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from accounts.types import PersonRequest
from authoring.access import EVERY_ROLE, WRITING_ROLES, workspace_for
from authoring.actions import write_files
from authoring.models import Revision, Workspace
from authoring.queries import file_of, merged_files, outline_of, revision_at
from authoring.types import Conflicted, TooLarge
from teach.course_form import CourseForm
from teach.edited_texts import COURSE_FILE, course_texts, lesson_texts, text_in
from teach.editing import EditedText, posted_base, posted_texts, undecided
from teach.figures import figure_names
from teach.pages import frame

CONFLICT, TOO_LARGE, UNDECIDED = 409, 413, 422
WORDS = {
    TOO_LARGE: gettext_lazy("That is too large: a text has at most 2 MB, a course 32 MB."),
    UNDECIDED: gettext_lazy("Some lines are still marked. Decide about them first."),
}
Read = Callable[[Revision], Sequence[EditedText]]


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def lesson(request: PersonRequest, course_key: str, folder: str) -> HttpResponse:
    """A lesson in every language of its course. POST: save it, by form or by script."""
    roles = WRITING_ROLES if request.method == "POST" else EVERY_ROLE
    workspace = workspace_for(request.user, course_key, *roles)
    head = _head(workspace)
    edited = lesson_texts(head, folder)
    if not edited:
        raise Http404
    if request.method == "POST":
        return _save(request, workspace, lambda revision: lesson_texts(revision, folder), edited)
    found = outline_of(head).lesson(folder)
    context = frame(
        workspace,
        "outline",
        lesson=found,
        edited=edited,
        figures=figure_names(head.tree),
        head=head,
    )
    return render(request, "teach/workspaces/lesson.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def course_file(request: PersonRequest, course_key: str) -> HttpResponse:
    """What course.toml says: about the course, its modules, misconceptions and sources."""
    roles = WRITING_ROLES if request.method == "POST" else EVERY_ROLE
    workspace = workspace_for(request.user, course_key, *roles)
    head = _head(workspace)
    edited = course_texts(head)
    if request.method == "POST":
        return _save(request, workspace, course_texts, edited)
    context = frame(workspace, "outline", edited=edited, head=head)
    return render(request, "teach/workspaces/course_file.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def about(request: PersonRequest, course_key: str) -> HttpResponse:
    """What the course says of itself, by a form. It is written on the revision that was read, so
    that what others changed meanwhile is kept."""
    workspace = workspace_for(request.user, course_key, *WRITING_ROLES)
    read = revision_at(workspace, posted_base(request)) or _head(workspace)
    try:
        form = CourseForm(request.POST or None, text_in(read, COURSE_FILE))
    except tomllib.TOMLDecodeError:
        return redirect("teach:course_file", course_key)
    if form.is_valid():
        texts = {COURSE_FILE: form.source().encode()}
        try:
            write_files(workspace=workspace, by=request.user, changes=texts, base=read.number)
        except Conflicted:
            return _merge(request, workspace, texts, CONFLICT)
        messages.success(request, _("Saved."))
        return redirect("teach:outline", course_key)
    context = frame(workspace, "outline", form=form, head=read)
    return render(request, "teach/workspaces/about.html", context)


def _head(workspace: Workspace) -> Revision:
    assert workspace.head is not None, "a workspace has a first revision"
    return workspace.head


def _save(
    request: PersonRequest, workspace: Workspace, read: Read, edited: Sequence[EditedText]
) -> HttpResponse:
    """Write what was posted. Where it clashes with what others wrote, nothing is written: a form
    gets the page that brings both together, a script the news that it is needed."""
    texts = posted_texts(request, [one.path for one in edited])
    by_script = not request.accepts("text/html")
    if "merging" in request.POST and undecided(texts):
        return _merge(request, workspace, texts, UNDECIDED)
    try:
        made = write_files(
            workspace=workspace,
            by=request.user,
            changes=texts,
            base=posted_base(request),
            origin=Revision.Origin.AUTOSAVE if by_script else Revision.Origin.BROWSER,
        )
    except (Conflicted, TooLarge) as refused:
        if by_script:  # with 200: browsers call every other status an error in their console
            return JsonResponse({"refused": type(refused).__name__.lower()})
        status = CONFLICT if isinstance(refused, Conflicted) else TOO_LARGE
        return _merge(request, workspace, texts, status)
    if by_script:
        return _saved(made, read(made), texts)
    messages.success(request, _("Saved."))
    return redirect(request.path)


def _saved(made: Revision, edited: Sequence[EditedText], sent: Mapping[str, bytes]) -> HttpResponse:
    """For the editor: the new base, the texts where others changed them too, and the faults."""
    merged = {path: (file_of(made, path) or b"").decode() for path in sent}
    return JsonResponse(
        {
            "base": made.number,
            "saved_at": timezone.now(),
            "texts": {path: text for path, text in merged.items() if text.encode() != sent[path]},
            "faults": {
                one.path: [[fault.file, fault.line, fault.message] for fault in one.faults]
                for one in edited
            },
            "missing": [one.path for one in edited if one.is_missing],
        }
    )


def _merge(
    request: PersonRequest, workspace: Workspace, texts: Mapping[str, bytes], status: int
) -> HttpResponse:
    """The page on which somebody brings their text together with what others wrote meanwhile."""
    key = workspace.course_key
    head = _head(workspace_for(request.user, key))
    files = merged_files(workspace, head, texts, posted_base(request))
    if status in WORDS:
        messages.error(request, WORDS[status])
    back = request.path if COURSE_FILE not in texts else reverse("teach:course_file", args=[key])
    context = frame(workspace, "outline", files=files, head=head, back=back)
    return render(request, "teach/workspaces/merge.html", context, status=status)
