"""Exercises and pages of other systems in, and out again."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.types import PersonRequest
from authoring.access import WRITING_ROLES, workspace_for
from authoring.actions.imports import apply_import, drop_import, keep_import
from authoring.models import ForeignFile, Workspace
from authoring.queries import files_of, outline_of
from authoring.queries.imports import files_in, import_in, imports_of
from authoring.types import BadPath, Conflicted, TooLarge
from exercises.texts import storable
from interop.actions import export_file, import_file, joined
from interop.types import Exported, Refused
from teach.interop_forms import ApplyForm, ExportForm, ImportForm, words_of
from teach.interop_reports import add_files, as_json, from_json, report_context
from teach.pages import frame

UNTAKEN, CONFLICT = 422, 409


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def imports(request: PersonRequest, course_key: str) -> HttpResponse:
    """Imports that wait, and a form for a file. POST: turn it into a course, to be looked at."""
    workspace = workspace_for(request.user, course_key, *WRITING_ROLES)
    languages = languages_of(workspace)
    form = ImportForm(languages, request.POST or None, request.FILES or None)
    if form.is_valid():
        try:
            kept = _turned(request, workspace, form)
        except Refused as no:
            form.add_error("file", words_of(no.reason.text))
        except (BadPath, TooLarge):
            form.add_error("file", _("What came out is too large for a course."))
        else:
            return redirect("teach:foreign_file", course_key, kept.uuid)
    context = frame(workspace, "publication", form=form, waiting=imports_of(workspace))
    status = UNTAKEN if form.is_bound else 200
    return render(request, "teach/interop/imports.html", context, status=status)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def foreign_file(request: PersonRequest, course_key: str, import_uuid: uuid.UUID) -> HttpResponse:
    """What became of every item, and what would be written. POST: write it."""
    workspace = workspace_for(request.user, course_key, *WRITING_ROLES)
    imported = import_in(workspace, import_uuid)
    form = ApplyForm(request.POST or None)
    if form.is_valid():
        assert workspace.head is not None
        base = workspace.head.number
        try:
            course, brought = files_of(workspace.head), files_in(imported.tree)
            changes = joined(course, brought, fill=form.cleaned_data["fill"])
            made = apply_import(imported=imported, by=request.user, changes=changes, base=base)
        except (Refused, Conflicted, TooLarge, BadPath) as no:
            form.add_error(None, said_of(no))
            return _report(request, workspace, imported, form, CONFLICT)
        messages.success(request, _("Taken as revision %(number)s.") % {"number": made.number})
        return redirect("teach:outline", course_key)
    return _report(request, workspace, imported, ApplyForm(), 200)


@login_required
@require_POST
def foreign_file_dropped(
    request: PersonRequest, course_key: str, import_uuid: uuid.UUID
) -> HttpResponse:
    """Nobody wants it."""
    workspace = workspace_for(request.user, course_key, *WRITING_ROLES)
    drop_import(workspace=workspace, import_uuid=import_uuid)
    return redirect("teach:imports", course_key)


@login_required
@require_safe
def export(request: PersonRequest, course_key: str) -> HttpResponse:
    """A form for a format; once one is chosen, what stays behind and the file."""
    workspace = workspace_for(request.user, course_key)
    form = ExportForm(languages_of(workspace), request.GET if "format" in request.GET else None)
    context = frame(workspace, "publication", form=form)
    if form.is_valid():
        try:
            made = _exported(workspace, form)
            context |= report_context(made.items, request.GET)
            context |= {"exported": made, "chosen": form.cleaned_data}
        except Refused as no:
            form.add_error(None, words_of(no.reason.text))
    return render(request, "teach/interop/export.html", context)


@login_required
@require_safe
@never_cache
def export_sent(request: PersonRequest, course_key: str) -> HttpResponse:
    """The file itself."""
    workspace = workspace_for(request.user, course_key)
    form = ExportForm(languages_of(workspace), request.GET)
    if not form.is_valid():
        return redirect("teach:export", course_key)
    try:
        made = _exported(workspace, form)
    except Refused:
        return redirect(f"{request.path.removesuffix('file/')}?{request.GET.urlencode()}")
    headers = {"Content-Disposition": f'attachment; filename="{made.name}"'}
    return HttpResponse(made.data, content_type=made.media_type, headers=headers)


def languages_of(workspace: Workspace) -> list[str]:
    """The languages of the course as its course.toml says them; English where it says none."""
    assert workspace.head is not None
    return list(outline_of(workspace.head).languages) or ["en"]


def said_of(no: Exception) -> str:
    """Why an import could not be written into the course."""
    if isinstance(no, Refused):
        return words_of(no.reason.text)
    if isinstance(no, Conflicted):
        return _("Somebody wrote at the same moment. Try again.")
    return _("What came out is too large for a course.")


def _turned(request: PersonRequest, workspace: Workspace, form: ImportForm) -> ForeignFile:
    """Turn the file into a course and keep it. Raises `Refused`, `BadPath`, `TooLarge`."""
    file = form.cleaned_data["file"]
    name, language = storable(file.name or "file"), form.cleaned_data["language"]
    made = import_file(file.read(), name, language, form.cleaned_data["format"])
    report = as_json(made.items)
    return keep_import(
        workspace=workspace, by=request.user, name=name, files=made.files, report=report
    )


def _report(
    request: PersonRequest,
    workspace: Workspace,
    imported: ForeignFile,
    form: ApplyForm,
    status: int,
) -> HttpResponse:
    report = report_context(from_json(imported.report), request.GET)
    add_files(report["page"], imported.tree, files_in)
    context = frame(
        workspace,
        "publication",
        imported=imported,
        form=form,
        several_languages=len(languages_of(workspace)) > 1,
        **report,
    )
    return render(request, "teach/interop/report.html", context, status=status)


def _exported(workspace: Workspace, form: ExportForm) -> Exported:
    assert workspace.head is not None
    chosen = form.cleaned_data
    return export_file(files_of(workspace.head), chosen["format"], chosen["language"])
