"""Verdicts as JSON and back, and the outcome that a score stands for.

`from_json(to_json(verdict)) == verdict` for every verdict. What has its default value is
left out, so that a stored verdict is short.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import MISSING, Field, fields
from typing import Any

from exercises.types import CheckResult, Feedback, Json, Outcome, Verdict

MOST_UNPACKED = 64 << 20
"""Bytes of all transcripts of one verdict; each is bounded when it is made."""

Shaped = CheckResult | Feedback | Verdict


def outcome_of(score: float) -> Outcome:
    """PASSED for 1, WRONG for 0, PARTLY for what lies between."""
    if score >= 1:
        return Outcome.PASSED
    return Outcome.PARTLY if score > 0 else Outcome.WRONG


def to_json(verdict: Verdict) -> dict[str, Any]:
    """The verdict as plain JSON."""
    return _plain(verdict)


def from_json(stored: Mapping[str, Any]) -> Verdict:
    """The verdict that `to_json` stored. Raises KeyError or TypeError for anything else."""
    checks = tuple(
        CheckResult(**{**check, "outcome": Outcome(check["outcome"])})
        for check in stored.get("checks", ())
    )
    feedback = tuple(Feedback(**remark) for remark in stored.get("feedback", ()))
    return Verdict(
        **{
            **stored,
            "outcome": Outcome(stored["outcome"]),
            "checks": checks,
            "feedback": feedback,
            "transcripts": tuple(stored.get("transcripts", ())),
        }
    )


def pack_transcripts(transcripts: Sequence[Mapping[str, Json]]) -> bytes:
    """The transcripts of a verdict, compressed: a few kilobytes where JSON has hundreds."""
    text = json.dumps(list(transcripts), separators=(",", ":"), sort_keys=True)
    return zlib.compress(text.encode())


def unpack_transcripts(packed: bytes) -> list[dict[str, Any]]:
    """What `pack_transcripts` was given. Raises `ValueError` for what it did not write, and for
    more than `MOST_UNPACKED` bytes."""
    inflate = zlib.decompressobj()
    try:
        text = inflate.decompress(packed, MOST_UNPACKED)
    except zlib.error as error:
        raise ValueError(f"no transcripts: {error}") from error
    if not inflate.eof:
        raise ValueError("the transcripts are cut off, or too long")
    transcripts: list[dict[str, Any]] = json.loads(text)
    return transcripts


def _plain(part: Shaped) -> dict[str, Any]:
    return {
        field.name: _plain_value(value)
        for field in fields(part)
        if (value := getattr(part, field.name)) != _default(field)
    }


def _plain_value(value: Any) -> Any:
    if isinstance(value, Outcome):
        return value.value
    if isinstance(value, tuple):
        return [dict(part) if isinstance(part, Mapping) else _plain(part) for part in value]
    if isinstance(value, Mapping):
        return dict(value)
    return value


def _default(field: Field[Any]) -> Any:
    if field.default_factory is not MISSING:
        return field.default_factory()
    return field.default
