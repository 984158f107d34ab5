"""Files sent by a program, such as a continuous integration: who asks is who made the token."""

from __future__ import annotations

from collections.abc import Mapping

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from authoring.actions import replace_tree
from authoring.models import Revision, UploadToken, Workspace
from authoring.queries.arrivals import pack, workspace_by
from authoring.types import BadPath, Conflicted, TooLarge
from interop.archives import LIMITS
from interop.types import Refused
from teach.arrivals import course_files

MESSAGE_HEADER = "X-Message"
LONGEST_MESSAGE = 500


class Problem(Exception):
    """An answer that says what is wrong, as RFC 9457 has it."""

    def __init__(self, status: int, title: str, **more: object) -> None:
        super().__init__(title)
        self.body = {"status": status, "title": title, **more}
        self.status = status

    def response(self) -> JsonResponse:
        return JsonResponse(
            self.body,
            status=self.status,
            content_type="application/problem+json",
            json_dumps_params={"ensure_ascii": False},
        )


@csrf_exempt
@require_http_methods(["GET", "POST"])
@never_cache
def files(request: HttpRequest, course_key: str) -> HttpResponse:
    """POST /api/teach/v1/COURSE/files?base=N, an archive as the body: these are the files now.

    200 {"revision", "changed"}; 409 {"head", "conflicts"} when others changed the same since N.
    GET: the newest files as an archive, and their number in `X-Revision`.
    """
    try:
        workspace, token = _opened(request, course_key)
        if request.method == "GET":
            return _archive(workspace)
        base = _base(request)
        sent = course_files(_body(request))
        return _taken(workspace, token, sent, base, request.headers.get(MESSAGE_HEADER, ""))
    except Problem as problem:
        return problem.response()
    except Refused as refused:
        return Problem(422, refused.reason.text["en"], code=refused.reason.code).response()


def _archive(workspace: Workspace) -> HttpResponse:
    head = workspace.head
    assert head is not None
    headers = {"X-Revision": str(head.number)}
    return HttpResponse(pack(head), content_type="application/zip", headers=headers)


def _opened(request: HttpRequest, course_key: str) -> tuple[Workspace, UploadToken]:
    scheme, _space, text = request.headers.get("Authorization", "").partition(" ")
    found = workspace_by(text.strip(), course_key) if scheme.lower() == "bearer" else None
    if found is None:
        raise Problem(401, "Send an upload token of this course as Authorization: Bearer TOKEN.")
    return found


def _base(request: HttpRequest) -> int:
    base = request.GET.get("base", "")
    if not base.isdecimal() or len(base) > 9 or int(base) == 0:
        raise Problem(422, "Say ?base=N: the number of the revision that these files began with.")
    return int(base)


def _body(request: HttpRequest) -> bytes:
    """At most what an archive may be. Raises `Problem`."""
    data: bytes = request.read(LIMITS.packed + 1)
    if len(data) > LIMITS.packed:
        raise Problem(413, f"An archive has at most {LIMITS.packed} bytes.")
    return data


def _taken(
    workspace: Workspace,
    token: UploadToken,
    sent: Mapping[str, bytes],
    base: int,
    message: str,
) -> JsonResponse:
    assert workspace.head is not None
    before = workspace.head.tree
    try:
        revision = replace_tree(
            workspace=workspace,
            by=token.user,
            files=sent,
            base=base,
            origin=Revision.Origin.UPLOAD,
            message=message[:LONGEST_MESSAGE] or token.name,
        )
    except Conflicted as conflicted:
        raise Problem(
            409,
            "Others changed the same since that revision. Nothing was written.",
            head=conflicted.head.number,
            conflicts=[one.path for one in conflicted.conflicts],
        ) from conflicted
    except BadPath as bad:
        raise Problem(422, "No file of a course can have this path.", path=bad.path) from bad
    except TooLarge as large:
        raise Problem(413, "This is too much.", limit=large.limit, path=large.path) from large
    after = revision.tree
    changed = sorted(path for path in {*before, *after} if before.get(path) != after.get(path))
    return JsonResponse({"revision": revision.number, "changed": changed})
