"""Files → `courses.publishing.files`. Whatever is wrong is noted, and reading goes on."""

from __future__ import annotations

import re
from pathlib import Path

from courses.publishing.exercise_loader import read_exercise
from courses.publishing.faults import Faults
from courses.publishing.files import (
    CourseFiles,
    LessonFiles,
    Markdown,
    Misconception,
    Module,
    ProgrammeFile,
    Source,
    Texts,
)
from courses.publishing.tables import (
    KEY,
    LANGUAGES,
    LONGEST_KEY,
    Document,
    Table,
    read_document,
    read_text,
)

LEVELS = ("foundations", "practitioner", "specialist")
TOPICS = (
    "cryptography",
    "ledgers",
    "consensus",
    "contracts",
    "cross-chain",
    "data",
    "rules",
    "operation",
)
FIGURES = "figures"
_NUMBERED = re.compile(r"(?:\d+-)?(?P<key>.+)")
_LESSON_FILE = re.compile(r"lesson\.(?P<language>[a-z-]+)\.md")
_TITLE = re.compile(r"# +(?P<title>.*?)(?: +#*)?")


def find(paths: list[Path], faults: Faults) -> tuple[list[Path], list[Path]]:
    """The folders of courses and the files of programmes in or at these paths, without doubles."""
    courses: dict[Path, None] = {}
    programmes: dict[Path, None] = {}
    for path in paths:
        if path.is_file() and path.suffix == ".toml" and path.name != "course.toml":
            programmes[path] = None
        elif (path / "course.toml").is_file():
            courses[path] = None
        elif path.is_dir():
            found = [file.parent for file in sorted(path.rglob("course.toml"))]
            courses.update(dict.fromkeys(found))
            named = sorted(path.glob("programmes/*.toml"))
            if path.name == "programmes":
                named = sorted(path.glob("*.toml"))
            programmes.update(dict.fromkeys(named))
            if not found and not named:
                faults.add(str(path), 1, "There is no course.toml and no programme here.")
        else:
            faults.add(str(path), 1, "There is neither a course folder nor a programme file here.")
    return list(courses), list(programmes)


def subfolders(folder: Path) -> list[Path]:
    """Folders that an author made, by name."""
    return sorted(path for path in folder.iterdir() if path.is_dir() and path.name[0] not in "._")


def read_programme(path: Path, faults: Faults) -> ProgrammeFile | None:
    """A programme file, or None when it is not even TOML."""
    document = read_document(path, str(path), faults)
    if document is None:
        return None
    table = Table(document, document.data, "", faults)
    courses = []
    for entry in table.tables("courses", least=1):
        courses.append(
            {"key": entry.slug("key"), "required": entry.boolean("required", default=True)}
        )
        entry.close()
    programme = ProgrammeFile(
        document=document,
        key=table.slug("key"),
        title=table.text("title", LANGUAGES),
        summary=table.text("summary", LANGUAGES),
        outcomes=table.texts("outcomes", LANGUAGES),
        level=table.name("level", LEVELS),
        provider=table.string("provider"),
        credential=table.text("credential", LANGUAGES),
        elective_minimum=table.integer("elective_minimum", 0, len(courses), 0),
        courses=courses,
    )
    table.close()
    return programme


def read_course(folder: Path, faults: Faults) -> CourseFiles | None:
    """A course folder, or None when its course.toml cannot be read at all."""
    document = read_document(folder / "course.toml", str(folder / "course.toml"), faults)
    if document is None:
        return None
    table = Table(document, document.data, "", faults)
    languages = _languages(table)
    completion = table.table("completion", required=False)
    modules = _modules(table, languages)
    course = CourseFiles(
        folder=folder,
        document=document,
        key=table.slug("key"),
        languages=languages,
        title=table.text("title", languages),
        summary=table.text("summary", languages),
        level=table.name("level", LEVELS),
        topic=table.name("topic", TOPICS),
        provider=table.string("provider"),
        licence=table.string("licence"),
        effort_hours=table.integer("effort_hours", 1, 1000),
        prerequisites=table.strings("prerequisites", []),
        outcomes=table.texts("outcomes", languages),
        credential=table.text("credential", languages),
        completion_percent=completion.integer("percent", 1, 100, 70),
        modules=modules,
        misconceptions=_misconceptions(table, languages),
        sources=_sources(table),
        lessons=_lessons(folder, document, modules, languages, faults),
    )
    completion.close()
    table.close()
    return course


def _languages(table: Table) -> list[str]:
    languages = table.strings("languages")
    for index, language in enumerate(languages):
        if language not in LANGUAGES:
            known = ", ".join(LANGUAGES)
            table.fault(f"languages[{index}]", f"`{language}` is not one of {known}.")
    usable = [language for language in languages if language in LANGUAGES]
    if table.has("languages") and not usable:
        table.fault("languages", "A course needs at least one language.")
    return usable


def _modules(table: Table, languages: list[str]) -> list[Module]:
    modules = []
    for entry in table.tables("modules", least=1):
        modules.append(
            Module(entry.slug("key"), entry.text("title", languages), entry.strings("lessons"))
        )
        entry.close()
    return modules


def _misconceptions(table: Table, languages: list[str]) -> list[Misconception]:
    misconceptions = []
    for entry in table.tables("misconceptions"):
        misconceptions.append(
            Misconception(
                entry.slug("key"), entry.text("title", languages), entry.text("text", languages)
            )
        )
        entry.close()
    return misconceptions


def _sources(table: Table) -> list[Source]:
    sources = []
    for entry in table.tables("sources"):
        sources.append(
            Source(
                entry.slug("key"), entry.string("title"), entry.string("url"), entry.date("date")
            )
        )
        entry.close()
    return sources


def _lessons(
    folder: Path, document: Document, modules: list[Module], languages: list[str], faults: Faults
) -> dict[str, LessonFiles]:
    """Every lesson that a module names and that exists, in order."""
    lessons: dict[str, LessonFiles] = {}
    for number, module in enumerate(modules):
        for index, name in enumerate(module.lessons):
            path = f"modules[{number}].lessons[{index}]"
            if name in lessons:
                faults.add(document.file, document.line(path), f"The lesson `{name}` stands twice.")
            elif name == FIGURES or "/" in name or not (folder / name).is_dir():
                faults.add(
                    document.file, document.line(path), f"There is no lesson folder `{name}`."
                )
            else:
                lessons[name] = _lesson(folder / name, languages, faults)
    return lessons


def _lesson(folder: Path, languages: list[str], faults: Faults) -> LessonFiles:
    numbered = _NUMBERED.fullmatch(folder.name)
    assert numbered is not None
    key = numbered["key"]
    if not KEY.fullmatch(key) or len(key) > LONGEST_KEY:
        faults.add(
            str(folder), 1, "A lesson's folder is named NN-key: lower case, digits and hyphens."
        )
    title: Texts = {}
    body: dict[str, Markdown] = {}
    for language in languages:
        file = folder / f"lesson.{language}.md"
        source = read_text(file, str(file), faults)
        title[language], body[language] = _split_title(str(file), source, faults)
    for path in sorted(folder.iterdir()):
        named = _LESSON_FILE.fullmatch(path.name)
        if path.is_file() and not (named and named["language"] in languages):
            faults.add(str(path), 1, "This file belongs to no lesson in a language of the course.")
    folders = subfolders(folder)
    exercises = {
        path.name: exercise
        for path in folders
        if (exercise := read_exercise(path, languages, faults)) is not None
    }
    names = [path.name for path in folders]
    return LessonFiles(key, folder, title, body, names, exercises)


def _split_title(file: str, source: str | None, faults: Faults) -> tuple[str, Markdown]:
    """The words of the title line, and what follows it."""
    if source is None:
        return "", Markdown(file, "", 2)
    first, _, rest = source.partition("\n")
    match = _TITLE.fullmatch(first.rstrip())
    if match is None or not match["title"]:
        faults.add(file, 1, "A lesson's first line is its title: `# Title`.")
        return "", Markdown(file, source)
    return match["title"], Markdown(file, rest, 2)
