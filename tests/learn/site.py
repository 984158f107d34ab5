"""Courses and programmes with all the words that the site pages show."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

from courses.models import Course, Programme
from tests.courses.rows import make_course, make_programme

OUTLINE: list[dict[str, Any]] = [
    {
        "key": "first",
        "title": {"en": "First module", "zh-hans": "第一单元"},
        "lessons": [
            {"key": "one", "title": {"en": "Lesson one"}, "minutes": 10, "exercises": []},
            {"key": "two", "title": {"en": "Lesson two"}, "minutes": 20, "exercises": []},
        ],
    }
]


def about(title: str, **words: Any) -> dict[str, Any]:
    """What a release or a programme says about itself."""
    return {
        "title": {"en": title, "zh-hans": f"{title}（中文）"},
        "summary": {"en": f"Summary of {title}."},
        "outcomes": [{"en": "You can link blocks."}],
        "credential": {"en": "A certificate."},
        "licence": "CC BY 4.0",
        "level": "foundations",
        "provider": "Chainwright",
        "prerequisites": [],
        "misconceptions": {},
        **words,
    }


def published(key: str, *, prerequisites: tuple[str, ...] = (), **fields: Any) -> Course:
    """A published course of two lessons, titled after its key."""
    words = about(key.replace("-", " ").capitalize(), prerequisites=list(prerequisites))
    return make_course(key, **{"about": words, "outline": OUTLINE, **fields})


def programme_of(key: str, *courses: Course, electives: tuple[Course, ...] = ()) -> Programme:
    """A published programme: these courses, and at least one of the electives."""
    entries = [(course.key, True) for course in courses]
    entries += [(course.key, False) for course in electives]
    programme = make_programme(key, entries, electives=min(1, len(electives)))
    assert programme.current is not None
    programme.current.about = about(key.replace("-", " ").capitalize())
    programme.current.save()
    return programme


class Page(HTMLParser):
    """A page as its elements, with what a strict Content-Security-Policy would refuse."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.refused: list[str] = []
        self._in_script = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.elements.append((tag, given))
        self._in_script = tag == "script" and given.get("type") != "application/json"
        if tag == "style" or "style" in given:
            self.refused.append(f"<{tag}> with an inline style")
        self.refused += [f"<{tag} {name}>" for name in given if name.startswith("on")]

    def handle_endtag(self, tag: str) -> None:
        self._in_script = False

    def handle_data(self, data: str) -> None:
        if self._in_script and data.strip():
            self.refused.append("an inline script")

    def all(self, tag: str, **attributes: str) -> list[dict[str, str | None]]:
        """The attributes of every element of a tag that has these."""
        wanted = {name.rstrip("_").replace("_", "-"): value for name, value in attributes.items()}
        return [
            given
            for found, given in self.elements
            if found == tag and all(given.get(name) == value for name, value in wanted.items())
        ]

    def links(self) -> list[str]:
        """Where its links lead."""
        return [given["href"] or "" for given in self.all("a")]
