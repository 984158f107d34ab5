"""Exercises that are written: their list, the form of one, its source, begun and removed."""

from __future__ import annotations

from collections.abc import Mapping

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.types import PersonRequest
from authoring.access import EVERY_ROLE, WRITING_ROLES, workspace_for
from authoring.actions import add_exercise, remove_exercise, write_files
from authoring.models import Revision
from authoring.queries import draft, merged_files, outline_of
from authoring.types import BadPath, Conflicted, KeyTaken, TooLarge
from teach.editing import posted_base, posted_texts, undecided
from teach.exercise_forms import NewExerciseForm
from teach.exercises import (
    Place,
    about,
    exercise_in,
    form_page,
    place_of,
    posted_in,
    seen_by,
    setting_for,
)
from teach.forms.exercise import NoTable, Opened, meant
from teach.forms.fields import Posted, Problems
from teach.forms.files import with_file, without_file
from teach.forms.registry import TITLES
from teach.forms.rows import changed
from teach.pages import frame
from teach.sources import is_emptied, source_page, statuses_for, writable
from teach.views.trials import begin_trial

UNREADABLE, CONFLICT, TOO_LARGE = 422, 409, 413


@login_required
@require_safe
def exercises(request: PersonRequest, course_key: str) -> HttpResponse:
    """Every exercise of the course by lesson, with what is wrong in it. 3 queries."""
    workspace = workspace_for(request.user, course_key)
    head = workspace.head
    if head is None:
        raise Http404
    head.workspace = workspace
    context = frame(
        workspace,
        "exercises",
        outline=outline_of(head),
        faulty=statuses_for(draft(head).faults),
        titles={kind: title for kind, (title, _words) in TITLES.items()},
    )
    return render(request, "teach/exercises/list.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def exercise_new(request: PersonRequest, course_key: str, folder: str) -> HttpResponse:
    """Begin an exercise in a lesson, as an example of its kind."""
    workspace = workspace_for(request.user, course_key, *WRITING_ROLES)
    outline = outline_of(workspace.head) if workspace.head else None
    lesson = outline.lesson(folder) if outline else None
    if outline is None or lesson is None:
        raise Http404
    form = NewExerciseForm(request.POST or None, outline.languages)
    if form.is_valid():
        key, kind = form.cleaned_data["key"], form.cleaned_data["kind"]
        made = {"folder": folder, "key": key, "kind": kind, "title": form.titles()}
        try:
            add_exercise(workspace=workspace, by=request.user, **made)
            return redirect("teach:exercise", course_key, folder, key)
        except KeyTaken:
            form.add_error("key", _("There is an exercise with this key in the course."))
    kinds = [(name, *TITLES[name]) for name in TITLES]
    context = frame(workspace, "exercises", form=form, lesson=lesson, kinds=kinds)
    return render(request, "teach/exercises/new.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def exercise(
    request: PersonRequest, course_key: str, folder: str, exercise_key: str
) -> HttpResponse:
    """The form of an exercise. POST: save it, or add, remove and move rows without saving."""
    roles = WRITING_ROLES if request.method == "POST" else EVERY_ROLE
    place = place_of(workspace_for(request.user, course_key, *roles), folder, exercise_key)
    base = posted_base(request) if request.method == "POST" else place.head.number
    try:
        shown = exercise_in(place, seen_by(place, base))
    except NoTable:
        return redirect(place.url("exercise_source"))
    if request.method == "POST":
        return _posted(request, place, shown, base)
    context = frame(place.workspace, "exercises", **form_page(place, shown, base=base))
    return render(request, "teach/exercises/edit.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def exercise_source(
    request: PersonRequest, course_key: str, folder: str, exercise_key: str
) -> HttpResponse:
    """The files of an exercise as they are. POST: save them."""
    roles = WRITING_ROLES if request.method == "POST" else EVERY_ROLE
    place = place_of(workspace_for(request.user, course_key, *roles), folder, exercise_key)
    if request.method == "POST":
        texts = posted_texts(request, writable(place, request.POST))
        if "merging" in request.POST and undecided(texts):
            messages.error(request, _("Some lines are still marked. Decide about them first."))
            return _merge(request, place, texts, posted_base(request), place.head, UNREADABLE)
        changes = {path: None if is_emptied(path, text) else text for path, text in texts.items()}
        return _write(request, place, changes, posted_base(request), "exercise_source")
    context = frame(place.workspace, "exercises", **source_page(place))
    return render(request, "teach/exercises/source.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def exercise_removed(
    request: PersonRequest, course_key: str, folder: str, exercise_key: str
) -> HttpResponse:
    """Asks, and takes an exercise away."""
    workspace = workspace_for(request.user, course_key, *WRITING_ROLES)
    place = place_of(workspace, folder, exercise_key)
    if request.method == "POST":
        remove_exercise(workspace=workspace, by=request.user, folder=folder, key=exercise_key)
        messages.success(request, _("The exercise is gone. The history keeps it."))
        return redirect("teach:exercises", course_key)
    context = frame(workspace, "exercises", **about(place, None))
    return render(request, "teach/exercises/remove.html", context)


def _posted(request: PersonRequest, place: Place, shown: Opened, base: int) -> HttpResponse:
    """A button of the form was pressed: one that changes its rows, or one that saves."""
    form, problems = posted_in(request), Problems()
    if change := form.pop("change", [""])[-1]:
        form = _changed(shown, form, change, problems)
        return _form(request, place, shown, base, form, problems, status=200)
    changes = meant(shown, setting_for(place, form), problems)
    if problems:
        return _form(request, place, shown, base, form, problems, status=UNREADABLE)
    written = {f"{place.prefix}{name}": data for name, data in changes.items()}
    return _write(request, place, written, base, "exercise")


def _changed(shown: Opened, form: Posted, change: str, problems: Problems) -> dict[str, list[str]]:
    what, _colon, unit = change.partition(":")
    if what == "add-file":
        return with_file(shown.kind, shown.spec, shown.files, form, problems)
    if what == "remove-file":
        return without_file(shown.kind, shown.spec, form, unit)
    return changed(form, change)


def _form(
    request: PersonRequest,
    place: Place,
    shown: Opened,
    base: int,
    form: Posted,
    problems: Problems,
    *,
    status: int,
) -> HttpResponse:
    """The form as it was posted; by htmx only the form, always with 200."""
    page = form_page(place, shown, base=base, posted=form, problems=problems)
    template = "teach/exercises/form.html" if request.htmx else "teach/exercises/edit.html"
    context = frame(place.workspace, "exercises", **page)
    return render(request, template, context, status=200 if request.htmx else status)


def _write(
    request: PersonRequest, place: Place, changes: dict[str, bytes | None], base: int, back: str
) -> HttpResponse:
    """Write the changes; where they clash with what others wrote, the page that brings both
    together takes over."""
    try:
        made = write_files(workspace=place.workspace, by=request.user, changes=changes, base=base)
    except (TooLarge, BadPath) as refused:
        words = _("Nothing was saved: this file cannot be kept: %(path)s") % {"path": refused.path}
        return HttpResponse(words, status=TOO_LARGE, content_type="text/plain; charset=utf-8")
    except Conflicted as clash:
        if gone := [path for path, data in changes.items() if data is None]:
            words = _("What you removed is still there: %(names)s") % {"names": ", ".join(gone)}
            messages.warning(request, words)
        return _merge(request, place, changes, base, clash.head, CONFLICT)
    if "and_try" in request.POST:
        return begin_trial(request, place_of(place.workspace, place.lesson.folder, place.key))
    messages.success(request, _("Saved.") if made.pk != place.head.pk else _("Nothing changed."))
    return redirect(place.url(back))


def _merge(
    request: PersonRequest,
    place: Place,
    changes: Mapping[str, bytes | None],
    base: int,
    head: Revision,
    status: int,
) -> HttpResponse:
    """The page on which somebody brings their files together with what others wrote meanwhile."""
    texts = {path: data for path, data in changes.items() if data is not None}
    files = merged_files(place.workspace, head, texts, base)
    context = frame(
        place.workspace, "exercises", files=files, head=head, back=place.url("exercise_source")
    )
    return render(request, "teach/workspaces/merge.html", context, status=status)
