"""What a learner's form says, before a kind reads it, and the same shown again after an error."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django.http import Http404, HttpRequest

from exercises.types import Unreadable

Posted = dict[str, list[str]]
Shown = dict[str, Any]
"""What `Kind.show` gives."""

PLACE = "position-"
SAME_PLACE = {
    "en": "Two items have the same place. Give each its own.",
    "zh-hans": "有两项的位置相同，请为每一项指定不同的位置。",
}


def form_in(request: HttpRequest) -> Posted:
    """The posted form as it is: name → values."""
    return {name: [str(value) for value in values] for name, values in request.POST.lists()}


def answer_in(posted: Posted) -> Posted:
    """The form as kinds read it.

    An order without JavaScript comes as a place for each item; it becomes the items in order.
    Raises `Unreadable` when two items have the same place.
    """
    places = {
        name.removeprefix(PLACE): values[-1]
        for name, values in posted.items()
        if name.startswith(PLACE)
    }
    if not places:
        return posted
    if len(set(places.values())) < len(places):
        raise Unreadable(SAME_PLACE)
    in_order = sorted(places, key=lambda item: (len(places[item]), places[item]))
    return {**posted, "item": in_order}


def key_in(posted: Posted) -> uuid.UUID:
    """The idempotency key of the form; a new one when it is missing or malformed."""
    try:
        return uuid.UUID(posted.get("idempotency_key", [""])[-1])
    except ValueError:
        return uuid.uuid4()


def uuid_in(words: str) -> uuid.UUID:
    """A uuid that a form names; 404 for anything else."""
    try:
        return uuid.UUID(words)
    except ValueError:
        raise Http404("This is no submission.") from None


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

    What cannot be read is no Answer, so the kind cannot show it: and nothing typed may be lost.
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
    if "items" in shown:
        again["items"] = [_placed_again(item, last) for item in shown["items"]]
    if "rows" in shown:
        again["rows"] = [
            {**row, "chosen": last.get(f"right-{row['id']}", "")} for row in shown["rows"]
        ]
    if "segments" in shown:
        again["segments"] = {
            language: [_gap_again(segment, last) for segment in segments]
            for language, segments in shown["segments"].items()
        }
    if "languages" in shown:
        again["language"] = last.get("language", shown["language"])
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


def _placed_again(item: Shown, last: Mapping[str, str]) -> Shown:
    place = last.get(f"{PLACE}{item['id']}", "")
    return {**item, "place": int(place)} if place.isdecimal() else item
