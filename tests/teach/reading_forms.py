"""A page's form as a browser would send it: what is tested then is the template too."""

from __future__ import annotations

from html.parser import HTMLParser


class _Reader(HTMLParser):
    def __init__(self, form_id: str) -> None:
        super().__init__()
        self.form_id = form_id
        self.inside = False
        self.fields: dict[str, list[str]] = {}
        self.buttons: list[tuple[str, str]] = []
        self._textarea: str | None = None
        self._select: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.inside = given.get("id", "") == self.form_id
        if not self.inside:
            return
        name = given.get("name", "")
        if tag == "textarea":
            self._textarea = name
            self.fields.setdefault(name, []).append("")
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select and "selected" in given:
            self.fields.setdefault(self._select, []).append(given["value"])
        elif tag == "button" and name:
            self.buttons.append((name, given.get("value", "")))
        elif tag == "input" and name and _is_sent(given):
            self.fields.setdefault(name, []).append(given.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.inside = False
        elif tag == "textarea" and self._textarea is not None:
            text = self.fields[self._textarea][-1].removeprefix("\n")
            self.fields[self._textarea][-1] = text.replace("\n", "\r\n")
            self._textarea = None
        elif tag == "select":
            self._select = None

    def handle_data(self, data: str) -> None:
        if self._textarea is not None:
            self.fields[self._textarea][-1] += data


def _is_sent(box: dict[str, str]) -> bool:
    return box.get("type") not in {"checkbox", "radio"} or "checked" in box


def form_of(page: str, form_id: str) -> tuple[dict[str, list[str]], list[tuple[str, str]]]:
    """Its fields, without those of buttons, and its buttons as name and value."""
    reader = _Reader(form_id)
    reader.feed(page)
    reader.fields.pop("csrfmiddlewaretoken", None)
    return reader.fields, reader.buttons
