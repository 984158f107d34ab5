"""What a course begins with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from accounts.models import Organisation
from authoring.outline_edits import text_in
from courses.publishing.files import Texts
from courses.publishing.toml_words import written

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
    course = {
        "key": course_key,
        "languages": list(languages),
        "title": text_in(title, languages),
        "summary": text_in(_SUMMARY, languages),
        "level": "foundations",
        "topic": "ledgers",
        "provider": organisation.name,
        "licence": "CC BY 4.0",
        "effort_hours": 1,
        "prerequisites": [],
        "outcomes": [text_in(_OUTCOME, languages)],
        "credential": text_in(_CREDENTIAL, languages),
        "completion": {"percent": 70},
        "modules": [
            {"key": "first", "title": text_in(_MODULE, languages), "lessons": [FIRST_LESSON]}
        ],
    }
    files = {"course.toml": written(course).encode()}
    for language in languages:
        files[f"{FIRST_LESSON}/lesson.{language}.md"] = f"# {_LESSON[language]}\n".encode()
    return files
