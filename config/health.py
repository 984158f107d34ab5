"""Whether this installation lives, and whether it can do its work."""

from __future__ import annotations

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from grading.queries import queue_status

OLDEST_ACCEPTABLE_SECONDS = 60.0
"""A submission that waits longer means that nobody grades."""


@require_safe
@never_cache
def alive(request: HttpRequest) -> HttpResponse:
    """200 as long as this process answers. Asks nothing of anybody else."""
    return HttpResponse("alive\n", content_type="text/plain")


@require_safe
@never_cache
def ready(request: HttpRequest) -> HttpResponse:
    """200 when the database answers, the queue moves and a sandbox holds; else 503 and why.

    Says nothing about people or content, so it may be asked without an account.
    """
    faults = find_faults()
    return JsonResponse({"ready": not faults, "faults": faults}, status=503 if faults else 200)


def find_faults() -> list[str]:
    """One sentence for each thing that keeps this installation from working."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        status = queue_status()
    except DatabaseError as error:
        return [f"The database does not answer: {type(error).__name__}."]
    faults = []
    if status.oldest_seconds is not None and status.oldest_seconds > OLDEST_ACCEPTABLE_SECONDS:
        faults.append(
            f"{status.queued} submissions wait, the oldest for {status.oldest_seconds:.0f} s."
        )
    if status.reason_paused:
        faults.append(f"Programs are not graded: {status.reason_paused}")
    elif not status.workers_alive:
        faults.append("No grading worker is alive.")
    return faults
