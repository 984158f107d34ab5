"""What a course begins with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import tomlkit

from accounts.models import Organisation
from authoring.outline_edits import inline_text
from courses.publishing.files import Texts

FIRST_LESSON = "01-first-lesson"
_MODULE: Texts = {"en": "First module", "zh-hans": "第一单元"}
_LESSON: Texts = {"en": "First lesson", "zh-hans": "第一课"}
_SUMMARY: Texts = {
    "en": "What this course is about, in a sentence or two.",
    "zh-hans": "用一两句话说明这门课程讲什么。",
}
_OUTCOME: Texts = {"en": "You can …", "zh-hans": "你能……"}
_CREDENTIAL: Texts = {"en": "A certificate of completion.", "zh-hans": "结业证书。"}


def first_files(
    course_key: str, title: Mapping[str, str], languages: Sequence[str], organisation: Organisation
) -> dict[str, bytes]:
    """The files of a course that loads without a fault and has nothing to say yet."""
    course = tomlkit.document()
    course["key"] = course_key
    course["languages"] = list(languages)
    course["title"] = inline_text(title, languages)
    course["summary"] = inline_text(_SUMMARY, languages)
    course["level"] = "foundations"
    course["topic"] = "ledgers"
    course["provider"] = organisation.name
    course["licence"] = "CC BY 4.0"
    course["effort_hours"] = 1
    course["prerequisites"] = []
    outcomes = tomlkit.array()
    outcomes.append(inline_text(_OUTCOME, languages))
    course["outcomes"] = outcomes.multiline(multiline=True)
    course["credential"] = inline_text(_CREDENTIAL, languages)
    completion = tomlkit.table()
    completion["percent"] = 70
    course["completion"] = completion
    modules = tomlkit.aot()
    module = tomlkit.table()
    module["key"] = "first"
    module["title"] = inline_text(_MODULE, languages)
    module["lessons"] = [FIRST_LESSON]
    modules.append(module)
    course["modules"] = modules
    files = {"course.toml": tomlkit.dumps(course).encode()}
    for language in languages:
        files[f"{FIRST_LESSON}/lesson.{language}.md"] = f"# {_LESSON[language]}\n".encode()
    return files
