"""From a draft to a release, step by step."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.types import PersonRequest
from authoring.access import WRITING_ROLES, Role, workspace_for
from authoring.actions.publication import (
    override_finding,
    prepare_publication,
    publish,
    remark,
)
from authoring.actions.trials import ask_proof
from authoring.models import Remark, Workspace
from authoring.queries import draft, proof_of
from authoring.queries.publication import (
    REVIEWING_ROLES,
    may_decide,
    policy_of,
    preparation_of,
    prepared,
    releases_of,
    remarks_on,
)
from authoring.types import NotASecondPerson, NotReady, Outdated
from courses.models import Release
from courses.policy import lexicon
from teach.editing import posted_base
from teach.pages import frame
from teach.publication_forms import NotesForm, OverrideForm, RemarkForm
from teach.publication_steps import FEW, changes_of, obstacles_of, proof_step, steps_of

REMARKS_SHOWN = 50
RELEASES_SHOWN = 10


@login_required
@require_safe
def publication(request: PersonRequest, course_key: str) -> HttpResponse:
    """Everything that the next release waits for, and the releases before."""
    workspace = workspace_for(request.user, course_key)
    return _page(request, workspace)


@login_required
@require_POST
def proof(request: PersonRequest, course_key: str) -> HttpResponse:
    """Have the head proved; `manage.py author` does it."""
    workspace = workspace_for(request.user, course_key, *WRITING_ROLES)
    assert workspace.head is not None
    ask_proof(workspace=workspace, revision=workspace.head, by=request.user)
    return redirect(f"{_home(workspace)}#proof")


@login_required
@require_safe
def proof_state(request: PersonRequest, course_key: str) -> HttpResponse:
    """The part of the page that says how far the proof is: asked again until it is over."""
    workspace = workspace_for(request.user, course_key)
    assert workspace.head is not None
    found = proof_of(workspace.head)
    context = {
        "workspace": workspace,
        "proof": found,
        "may_write": workspace.role in WRITING_ROLES,
        # Once it is over, the list at the top of the page is put right too.
        "step": proof_step(found) if request.htmx and found and found.is_finished else None,
    }
    return render(request, "teach/publication/parts/proof.html", context)


@login_required
@require_POST
def notes(request: PersonRequest, course_key: str) -> HttpResponse:
    """Keep the release notes, and what becomes of learners in the middle."""
    workspace = workspace_for(request.user, course_key, Role.EDITOR)
    form = NotesForm(request.POST, prepared(workspace), languages_of(workspace))
    if not form.is_valid():
        return _page(request, workspace, notes_form=form, status=422)
    for_learners = Release.ForLearners(form.cleaned_data["for_learners"])
    prepare_publication(workspace=workspace, notes=form.texts(), for_learners=for_learners)
    messages.success(request, _("Saved."))
    return redirect(f"{_home(workspace)}#notes")


@login_required
@require_POST
def remarked(request: PersonRequest, course_key: str) -> HttpResponse:
    """A comment, consent, or that it needs more work."""
    workspace = workspace_for(request.user, course_key)
    form = RemarkForm(request.POST)
    if not form.is_valid():
        return _page(request, workspace, remark_form=form, status=422)
    kind = Remark.Kind(form.cleaned_data["kind"])
    number, text = form.cleaned_data["number"], form.cleaned_data["text"].strip()
    try:
        remark(workspace=workspace, by=request.user, number=number, kind=kind, text=text)
    except Outdated:
        messages.error(request, _("Somebody has written since. Look at the newest revision first."))
    except NotASecondPerson:
        messages.error(request, _("You have written a part of this: somebody else decides."))
    return redirect(f"{_home(workspace)}#review")


@login_required
@require_POST
def overridden(request: PersonRequest, course_key: str) -> HttpResponse:
    """A reviewer answers for a finding of the policy check, in writing."""
    workspace = workspace_for(request.user, course_key, *REVIEWING_ROLES)
    assert workspace.head is not None
    form = OverrideForm(request.POST)
    finding = form.finding_in(policy_of(workspace.head).found) if form.is_valid() else None
    if finding is None:
        messages.error(request, _("Nothing was overridden: give a reason of a sentence or more."))
        return redirect(f"{_home(workspace)}#policy")
    reason = form.cleaned_data["reason"].strip()
    try:
        override_finding(workspace=workspace, by=request.user, finding=finding, reason=reason)
        messages.success(request, _("Your reason is kept, and shown with the release."))
    except NotASecondPerson:
        messages.error(request, _("You have written a part of this: somebody else decides."))
    return redirect(f"{_home(workspace)}#policy")


@login_required
@require_POST
def released(request: PersonRequest, course_key: str) -> HttpResponse:
    """Publish the head, if it is still the one that the person saw."""
    workspace = workspace_for(request.user, course_key, Role.EDITOR)
    number = posted_base(request, "number")
    try:
        done = publish(workspace=workspace, by=request.user, number=number)
        assert done.release is not None
        said = _("Release %(number)s is published.") % {"number": done.release.number}
        messages.success(request, said)
    except Outdated:
        messages.error(request, _("Somebody has written since. Look at the newest revision first."))
    except NotReady:
        messages.error(request, _("Nothing was published: something is still to be done."))
    return redirect(_home(workspace))


def languages_of(workspace: Workspace) -> list[str]:
    """The languages of the course, as far as course.toml can be read."""
    assert workspace.head is not None
    made = draft(workspace.head)
    return [] if made.course is None else made.course.languages


def _home(workspace: Workspace) -> str:
    return reverse("teach:publication", args=[workspace.course_key])


def _page(
    request: PersonRequest,
    workspace: Workspace,
    *,
    notes_form: NotesForm | None = None,
    remark_form: RemarkForm | None = None,
    status: int = 200,
) -> HttpResponse:
    found = preparation_of(workspace)
    context: dict[str, Any] = {
        "found": found,
        "proof": found.proof,
        "steps": steps_of(found),
        "changes": changes_of(found),
        "obstacles": obstacles_of(found),
        "few": FEW,
        "notes_form": notes_form or NotesForm(None, found.publication, languages_of(workspace)),
        "remark_form": remark_form or RemarkForm(),
        "may_decide": may_decide(workspace, request.user, workspace.role),
        "remarks": remarks_on(workspace)[:REMARKS_SHOWN],
        "releases": releases_of(workspace)[:RELEASES_SHOWN],
        "rules": {rule.key: rule for rule in lexicon().rules},
    }
    page = frame(workspace, "publication", **context)
    return render(request, "teach/publication/page.html", page, status=status)
