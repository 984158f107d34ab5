"""A course → an archive of Open edX: chapters, sequentials, verticals, problems and pages.

Source: https://docs.openedx.org/en/latest/educators/references/course_development/olx_format.html
"""

from __future__ import annotations

import gzip
import io
import tarfile
from collections.abc import Callable, Mapping
from typing import Any

from exercises.cloze import GAP
from exercises.numbers import exact
from interop.neutral_reading import Outgoing, OutgoingCourse, OutgoingLesson, outgoing
from interop.qti.export_items import NoForm
from interop.reasons import because, refused
from interop.types import Exported, Fate, ItemReport
from interop.xhtml import element, text, words_of, xhtml
from interop.xhtml import inline as inline_xml
from interop.xml_trees import read_html

UNKNOWN = frozenset({"section", "aside"})
_DRAWN = ("<svg", "<cw-", "<aside")
_RUN = "course"


def export_olx(files: Mapping[str, bytes], language: str) -> Exported:
    """A course in one of its languages. Raises `Refused`: no course, or nothing in it that Open edX
    can say."""
    course = outgoing(files, language)
    out = _Archive(course)
    chapters = [out.chapter(*module) for module in course.modules]
    if not any(chapters):
        raise refused("nothing_inside")
    out.files[f"course/{_RUN}.xml"] = element(
        "course", "".join(chapters), {"display_name": course.title, "language": _code(language)}
    )
    attributes = {"url_name": _RUN, "org": "chainwright", "course": course.key}
    out.files["course.xml"] = element("course", "", attributes)
    members = {f"course/{path}": f"{xml}\n".encode() for path, xml in out.files.items()}
    members |= {
        f"course/static/{path.rpartition('/')[2]}": data for path, data in course.figures.items()
    }
    reports = (*course.reports, *out.reports)
    return Exported(f"{course.key}-olx.tar.gz", "application/gzip", tarred(members), reports)


def tarred(members: Mapping[str, bytes]) -> bytes:
    """A tar.gz of these files: the same files give the same bytes."""
    plain = io.BytesIO()
    with tarfile.open(fileobj=plain, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for path in sorted(members):
            info = tarfile.TarInfo(path)
            info.size = len(members[path])
            archive.addfile(info, io.BytesIO(members[path]))
    packed = io.BytesIO()
    with gzip.GzipFile(fileobj=packed, mode="wb", mtime=0) as stream:
        stream.write(plain.getvalue())
    return packed.getvalue()


def _code(language: str) -> str:
    return {"zh-hans": "zh-cn"}.get(language, language)


class _Archive:
    """The files of a course, path → XML, and what became of each exercise."""

    def __init__(self, course: OutgoingCourse) -> None:
        self.course = course
        self.files: dict[str, str] = {}
        self.reports: list[ItemReport] = []

    def chapter(self, title: str, lessons: list[OutgoingLesson]) -> str:
        """A chapter's element; '' where none of its lessons has anything to show."""
        inside = "".join(filter(None, map(self._sequential, lessons)))
        return element("chapter", inside, {"display_name": title}) if inside else ""

    def _sequential(self, lesson: OutgoingLesson) -> str:
        exercises = {one.key: one for one in lesson.exercises}
        blocks = []
        for number, piece in enumerate(lesson.body, start=1):
            if "exercise" in piece:
                exercise = exercises.get(piece["exercise"])
                blocks += [self._problem(exercise)] if exercise else []
            else:
                blocks.append(self._page(lesson, number, piece["html"]))
        inside = "".join(filter(None, blocks))
        if not inside:
            return ""
        vertical = element("vertical", inside, {"display_name": lesson.title})
        return element("sequential", vertical, {"display_name": lesson.title})

    def _page(self, lesson: OutgoingLesson, number: int, html: str) -> str:
        words = xhtml(read_html(html).children, UNKNOWN)
        if not words_of(words):
            return ""
        if any(mark in html for mark in _DRAWN):
            said = (because("interactive_left_out"),)
            self.reports.append(ItemReport(lesson.key, lesson.title, Fate.LOSS, said))
        name = f"{lesson.key}-{number}"
        self.files[f"html/{name}.html"] = words
        attributes = {"display_name": lesson.title, "filename": name}
        self.files[f"html/{name}.xml"] = element("html", "", attributes)
        return element("html", "", {"url_name": name})

    def _problem(self, exercise: Outgoing) -> str:
        try:
            xml = problem_xml(exercise)
        except NoForm as no_form:
            report = ItemReport(exercise.where, exercise.title, Fate.REFUSED, (no_form.reason,))
            self.reports.append(report)
            return ""
        self.files[f"problem/{exercise.key}.xml"] = xml
        self.reports.append(exercise.report())
        return element("problem", "", {"url_name": exercise.key})


def problem_xml(exercise: Outgoing) -> str:
    """The element of a problem. Raises `NoForm`; notes losses in the exercise."""
    maker = _MAKERS.get(exercise.kind)
    if maker is None:
        raise NoForm(because("no_form_outside", kind=exercise.kind))
    for node in exercise.statement.all("img"):
        node.attributes["src"] = f"/static/{node.get('src').rpartition('/')[2]}"
    if any(cost == 100 for _, cost in exercise.hints):
        exercise.say("hint_costs_left_out")
    statement = xhtml(exercise.statement.children, UNKNOWN)
    hints = "".join(element("hint", inline_xml(words)) for words, _ in exercise.hints)
    inside = [statement, maker(exercise), element("demandhint", hints) if hints else ""]
    attributes = {"display_name": exercise.title, "weight": exercise.points}
    return element("problem", "\n".join(filter(None, inside)), attributes)


# Kinds


def _choice(exercise: Outgoing) -> str:
    choices = [
        element(
            "choice",
            inline_xml(option["text"]) + _told("choicehint", option.get("feedback", "")),
            {"correct": str(bool(option.get("correct"))).lower()},
        )
        for option in exercise.spec["options"]
    ]
    shuffle = str(exercise.spec.get("shuffle", True)).lower()
    attributes = {"type": "MultipleChoice", "shuffle": shuffle}
    return element("multiplechoiceresponse", element("choicegroup", "".join(choices), attributes))


def _choices(exercise: Outgoing) -> str:
    exercise.say("choices_scoring_out")
    if exercise.spec.get("shuffle", True):
        exercise.say("shuffle_left_out")
    choices = [
        element(
            "choice",
            inline_xml(option["text"]) + _told("choicehint", option["feedback"], selected="true"),
            {"correct": str(bool(option.get("correct"))).lower()},
        )
        for option in exercise.spec["options"]
    ]
    return element("choiceresponse", element("checkboxgroup", "".join(choices)))


def _text(exercise: Outgoing) -> str:
    return _string(exercise, exercise.spec, element("textline", "", {"size": 30}))


def _string(exercise: Outgoing, spec: Mapping[str, Any], field: str) -> str:
    normalise = set(spec.get("normalise", ("case", "space", "width", "punctuation")))
    if normalise - {"case"} != {"space"}:
        exercise.say("normalise_left_out")
    if spec.get("patterns"):
        exercise.say("patterns_left_out")
    first, *others = dict.fromkeys(spec["accept"])
    also = "".join(element("additional_answer", "", {"answer": one}) for one in others)
    wrong = "".join(
        _told("stringequalhint", one["feedback"], answer=form)
        for one in spec.get("wrong", ())
        for form in one["accept"]
    )
    kind = "ci" if "case" in normalise else "cs"
    return element("stringresponse", also + wrong + field, {"answer": first, "type": kind})


def _numeric(exercise: Outgoing) -> str:
    return _number(exercise, exercise.spec, element("formulaequationinput"))


def _number(exercise: Outgoing, spec: Mapping[str, Any], field: str) -> str:
    if spec.get("input") == "hexadecimal":
        raise NoForm(because("hexadecimal"))
    if spec.get("input") == "integer":
        exercise.say("whole_left_out")
    if spec.get("units"):
        exercise.say("units_left_out")
    if spec.get("wrong"):
        exercise.say("mistakes_left_out")
    number = exact(spec["answer"])
    if number is None or abs(number) > 10**300:
        raise NoForm(because("bounds_left_out"))
    written = str(number.numerator) if number.denominator == 1 else repr(float(number))
    tolerance = spec.get("tolerance", {})
    room = tolerance.get("absolute", 0)
    if relative := tolerance.get("relative"):
        exercise.say("tolerance_absolute")
        room = max(room, abs(float(number)) * relative)
    given = {"type": "tolerance", "default": f"{room:.15g}"}
    rule = element("responseparam", "", given) if room else ""
    return element("numericalresponse", rule + field, {"answer": written})


def _cloze(exercise: Outgoing) -> str:
    """Open edX judges each gap alone: they go out within one problem, one response each."""
    exercise.say("gaps_alone")
    gaps = {gap["key"]: gap for gap in exercise.spec["gaps"]}
    pieces = []
    for place, piece in enumerate(GAP.split(inline_xml(exercise.spec["text"], UNKNOWN))):
        pieces.append(_gap(exercise, gaps[piece]) if place % 2 else piece)
    return element("div", "".join(pieces))


def _gap(exercise: Outgoing, gap: Mapping[str, Any]) -> str:
    if gap["kind"] == "text":
        return _string(exercise, gap, element("textline", "", {"inline": "1"}))
    if gap["kind"] == "numeric":
        return _number(exercise, gap, element("formulaequationinput", "", {"inline": "1"}))
    if any("<" in option["text"] for option in gap["options"]):
        exercise.say("marks_in_choice")
    options = [
        element(
            "option",
            text(words_of(option["text"])),
            {"correct": str(bool(option.get("correct"))).lower()},
        )
        for option in gap["options"]
    ]
    if any(option.get("feedback") for option in gap["options"]):
        exercise.say("row_feedback_left_out")
    return element("optionresponse", element("optioninput", "".join(options), {"inline": "1"}))


_MAKERS: Mapping[str, Callable[[Outgoing], str]] = {
    "choice": _choice,
    "choices": _choices,
    "text": _text,
    "numeric": _numeric,
    "cloze": _cloze,
}


def _told(name: str, html: str, **attributes: str) -> str:
    return element(name, inline_xml(html), attributes) if html else ""
