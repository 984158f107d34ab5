"""What a learner's form says, before a kind reads it; and the same shown again when it cannot be read."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpRequest

from exercises.types import Unreadable

Posted = dict[str, list[str]]
Shown = dict[str, Any]
"""What `Kind.show` gives."""

PLACE = "position-"


def answer_in(request: HttpRequest) -> Posted:
    """The posted form as kinds read it: name → values.

    An order without JavaScript comes as a place for each item; it becomes the items in order.
    Raises `Unreadable` when two items have the same place.
    """
    posted = {name: list(map(str, values)) for name, values in request.POST.lists()}
    places = {
        name.removeprefix(PLACE): posted.pop(name)[-1]
        for name in list(posted)
        if name.startswith(PLACE)
    }
    if places:
        if len(set(places.values())) < len(places):
            raise Unreadable(
                {
                    "en": "Two items have the same place. Give each its own.",
                    "zh-hans": "有两项的位置相同,请为每一项指定不同的位置。",
                }
            )
        posted["item"] = sorted(places, key=lambda item: (len(places[item]), places[item]))
    return posted


def key_in(request: HttpRequest) -> uuid.UUID:
    """The idempotency key of the form; a new one when it is missing or malformed."""
    try:
        return uuid.UUID(request.POST.get("idempotency_key", ""))
    except ValueError:
        return uuid.uuid4()


def files_in(posted: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """The files of a posted program: name → text."""
    mark = "file:"
    return {
        name.removeprefix(mark): values[-1].replace("\r\n", "\n")
        for name, values in posted.items()
        if name.startswith(mark)
    }


def shown_again(shown: Shown, posted: Mapping[str, Sequence[str]]) -> Shown:
    """What `Kind.show` gave, with what the learner typed in place of their last answer.

    An answer that cannot be read is no Answer, so the kind cannot show it: nothing typed may be lost.
    """
    last = {name: values[-1] for name, values in posted.items() if values}
    again = dict(shown)
    if "value" in shown:
        again["value"] = last.get("value", "")
        again["unit"] = last.get("unit", shown.get("unit"))
    if "options" in shown:
        chosen = set(posted.get("option", ()))
        again["options"] = [
            {**option, "chosen": option["id"] in chosen} for option in shown["options"]
        ]
    if "rows" in shown:
        again["rows"] = [
            {**row, "chosen": last.get(f"right-{row['id']}", "")} for row in shown["rows"]
        ]
    if "segments" in shown:
        again["segments"] = {
            language: [_gap_again(segment, last) for segment in segments]
            for language, segments in shown["segments"].items()
        }
    if "files" in shown:
        files = files_in(posted)
        again["files"] = [
            {**file, "text": files.get(file["name"], file["text"])} for file in shown["files"]
        ]
    return again


def _gap_again(segment: Shown, last: Mapping[str, str]) -> Shown:
    if "gap" not in segment:
        return segment
    return {**segment, "value": last.get(f"gap-{segment['gap']}", "")}
