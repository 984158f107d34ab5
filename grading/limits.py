"""How often one person may submit and run. Kept in the cache: an outage of it refuses nobody."""

from __future__ import annotations

import time

import structlog
from django.conf import settings
from django.core.cache import cache
from django.utils.translation import gettext_lazy as _

from grading.models import Submission
from grading.types import Refused

WINDOW_SECONDS = 60

logger = structlog.get_logger(__name__)


def spend(user_id: int, purpose: str) -> None:
    """Count one submission of this minute. Raises `Refused` above the limit; 0 is no limit."""
    is_try = purpose == Submission.Purpose.TRY
    limit = settings.GRADING_TRIES_PER_MINUTE if is_try else settings.GRADING_RUNS_PER_MINUTE
    if limit and _counted(f"grading:{purpose}:{user_id}") > limit:
        raise Refused(_("That was very often. Please wait a minute."))


def _counted(name: str) -> int:
    key = f"{name}:{int(time.time()) // WINDOW_SECONDS}"
    try:
        cache.add(key, 0, timeout=2 * WINDOW_SECONDS)
        return cache.incr(key)
    except Exception as error:  # noqa: BLE001  # each cache backend raises errors of its own
        logger.warning("rate_limit_unavailable", error=str(error))
        return 0
