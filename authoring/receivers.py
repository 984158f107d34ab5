"""Files that come by `manage.py publish` go to the workspace where their course is written; who is
erased is no longer named."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from django.dispatch import receiver

from authoring.actions.files import replace_tree
from authoring.models import (
    Arrival,
    PolicyOverride,
    Revision,
    UploadToken,
    Workspace,
    WorkspaceMember,
)
from authoring.trees import digest_of_bytes, digest_of_tree
from authoring.types import BadPath, Conflicted, TooLarge
from courses.models import PolicyReport
from courses.policy import files_below
from courses.publishing.faults import Fault, Refused
from courses.publishing.write import Act
from courses.signals import course_arrives, person_erased

Origin = Revision.Origin
OUTSIDE = (Origin.ARCHIVE, Origin.IMPORT, Origin.GIT, Origin.UPLOAD)
"""Origins of revisions whose files were whole courses from outside."""
DIFFERS = (
    "Somebody changed this file in the workspace, and it differs here too. Download the files of "
    "the workspace, bring both together, and send them with an upload token and their revision."
)

UNPLAIN = "A workspace takes plain names only: ASCII letters, digits, dots, hyphens, underscores."
TOO_LARGE = "This is more than a workspace takes."


@receiver(course_arrives, dispatch_uid="authoring.take_files")
def take_files(
    sender: object, course_key: str, folder: Path, **rest: Any
) -> Callable[[], Act] | None:
    """None for a course without a workspace, or when these files are what it has published:
    `manage.py publish` goes on. Otherwise they become a revision, to be published there."""
    workspace = Workspace.objects.select_related("published").filter(course_key=course_key).first()
    if workspace is None:
        return None
    files = files_below(folder)
    digest = digest_of_tree({path: digest_of_bytes(data) for path, data in files.items()})
    if workspace.published is not None and workspace.published.digest == digest:
        return None
    known = workspace.revisions.filter(digest=digest).order_by("-number").first()
    if known is not None:
        return partial(Act, "known", "course", course_key, known.number)
    return partial(_send, workspace, folder, files)


def _send(workspace: Workspace, folder: Path, files: dict[str, bytes]) -> Act:
    """Their base is the last whole course that came from outside. Raises `Refused`."""
    outside = workspace.revisions.filter(origin__in=OUTSIDE).order_by("-number").first()
    base = 1 if outside is None else outside.number
    try:
        revision = replace_tree(
            workspace=workspace, by=None, files=files, base=base, origin=Origin.UPLOAD, message=""
        )
    except Conflicted as conflicted:
        faults = [Fault(str(folder / one.path), 1, DIFFERS) for one in conflicted.conflicts]
        raise Refused(faults) from conflicted
    except BadPath as bad:
        raise Refused([Fault(str(folder / bad.path), 1, UNPLAIN)]) from bad
    except TooLarge as large:
        raise Refused([Fault(str(folder / large.path), 1, TOO_LARGE)]) from large
    return Act("sent", "course", workspace.course_key, revision.number)


@receiver(person_erased, dispatch_uid="authoring.forget_writer")
def forget_writer(sender: object, user_id: int, **rest: Any) -> None:
    """Roles, tokens and what was not taken go; what they wrote and let stand stays, without a name:
    in rows they are nobody already, in the reports of releases they become so here."""
    for rows in (WorkspaceMember.objects, UploadToken.objects):
        rows.filter(user=user_id).delete()
    Arrival.objects.filter(by=user_id).delete()
    for override in PolicyOverride.objects.filter(by=user_id).select_related("workspace"):
        key = override.workspace.course_key
        for report in PolicyReport.objects.filter(release__course__key=key):
            _unname(report, override)


def _unname(report: PolicyReport, override: PolicyOverride) -> None:
    place = (override.rule, override.file, override.excerpt)
    for entry in report.overridden:
        if (entry["rule"], entry["file"], entry["excerpt"]) == place:
            entry["by"] = ""
    report.save(update_fields=["overridden"])
