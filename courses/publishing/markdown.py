"""Markdown → HTML that can be trusted.

Raw HTML is off, addresses are held to http and https, and everything that comes out goes through
`sanitise`. What an author wrote and learners would not see as meant is a fault with its line.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import Any

from markdown_it.common.normalize_url import normalizeLink
from markdown_it.token import Token

from courses.publishing import svg
from courses.publishing.containers import (
    CALLOUTS,
    FIGURE,
    BadFigureBlock,
    open_callout,
    open_figure,
)
from courses.publishing.diagrams import BadDiagram, draw
from courses.publishing.faults import Faults
from courses.publishing.files import Markdown, Source
from courses.publishing.highlight import UnknownLanguage, highlighted
from courses.publishing.links import link_fault
from courses.publishing.mathematics import BadMathematics, mathml
from courses.publishing.parser import PARSER
from courses.publishing.sanitise import sanitise
from courses.publishing.tables import read_text
from exercises.texts import PLACEHOLDER

Block = dict[str, str]
"""{"html": …} or {"exercise": key}."""

_EXERCISE = re.compile(r'\{\{ *exercise +"(?P<key>[^"]*)" *\}\}')
_FIGURE_FILE = re.compile(r"figures/(?P<name>[\w-]+)\.svg")
_CITATION = re.compile(r"\[\^(?P<key>[^\]\s]+)\]")
_BRACES = re.compile(r"\{\{.*?(?:\}\}|$)", re.DOTALL)
_NOT_WORD = re.compile(r"[^\w]+")
_ALIGN = re.compile(r"text-align:(left|right|center)")


@dataclass(frozen=True, slots=True)
class Setting:
    """Where a text stands: what it may name."""

    language: str
    course: Path | None = None
    """The course's folder, for figures; None where no figure can be."""
    sources: dict[str, Source] = field(default_factory=dict)
    exercises: frozenset[str] | None = None
    """Exercises that may be placed; None where none may be."""
    names: frozenset[str] | None = None
    """Names that `{{ name }}` may use; None in lessons, where nothing varies."""
    prefix: str = ""
    """Goes before every id, so that a statement and its lesson can share a page."""


@dataclass(slots=True)
class _Work:
    """One rendering: where faults are, and the ids given so far."""

    setting: Setting
    faults: Faults
    file: str
    first_line: int
    ids: set[str] = field(default_factory=set)
    fragments: list[tuple[int, str]] = field(default_factory=list)
    figures: int = 0

    def fault(self, line: int, message: str) -> None:
        self.faults.add(self.file, line, message)

    def line(self, token: Token) -> int:
        return self.first_line + (token.map[0] if token.map else 0)

    def new_prefix(self) -> str:
        self.figures += 1
        return f"{self.setting.prefix}f{self.figures}-"


def render(markdown: Markdown, setting: Setting, faults: Faults) -> list[Block]:
    """The blocks of a document in reading order; placed exercises stand between pieces of HTML."""
    work = _Work(setting, faults, markdown.file, markdown.line)
    source = markdown.source + "\n\n" + _cited_sources(markdown.source, setting)
    env: dict[str, Any] = {"language": setting.language, "docId": setting.prefix or None}
    tokens = PARSER.parse(source, env)
    lines = source.split("\n")
    _check_blocks(tokens, lines, work)
    _check_fragments(work)
    blocks: list[Block] = []
    pending: list[Token] = []
    position = 0
    while position < len(tokens):
        key = _placed_exercise(tokens, position)
        if key is None:
            pending.append(tokens[position])
            position += 1
            continue
        _check_placement(key, work, work.line(tokens[position]))
        blocks += _html_block(pending, env)
        blocks.append({"exercise": key})
        pending = []
        position += 3
    return blocks + _html_block(pending, env)


def render_document(markdown: Markdown, setting: Setting, faults: Faults) -> str:
    """A document without exercises, as one piece of HTML."""
    return "".join(block.get("html", "") for block in render(markdown, setting, faults))


def render_inline(words: str, setting: Setting, faults: Faults, file: str, line: int) -> str:
    """A short text within a sentence or a line: emphasis, code, links and formulas, no blocks."""
    work = _Work(setting, faults, file, line)
    env: dict[str, Any] = {"language": setting.language}
    tokens = PARSER.parseInline(words.strip(), env)
    _check_blocks(tokens, [], work)
    return sanitise(PARSER.renderer.render(tokens, PARSER.options, env))


def _html_block(tokens: list[Token], env: dict[str, Any]) -> list[Block]:
    html = sanitise(PARSER.renderer.render(tokens, PARSER.options, env)).strip()
    return [{"html": html}] if html else []


def _cited_sources(source: str, setting: Setting) -> str:
    """Footnotes for the sources of the course that the text cites and does not define itself."""
    cited = dict.fromkeys(found["key"] for found in _CITATION.finditer(source))
    notes = []
    for key in cited:
        if key in setting.sources and f"\n[^{key}]:" not in f"\n{source}":
            entry = setting.sources[key]
            title = re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", entry.title)
            notes.append(f"[^{key}]: [{title}](<{entry.url}>), {entry.date}.\n")
    return "\n".join(notes)


# Exercises


def _placed_exercise(tokens: list[Token], position: int) -> str | None:
    """The key, when a paragraph that starts here places an exercise."""
    if tokens[position].type != "paragraph_open" or tokens[position].level > 0:
        return None
    match = _EXERCISE.fullmatch(tokens[position + 1].content.strip())
    return match["key"] if match else None


def _check_placement(key: str, work: _Work, line: int) -> None:
    exercises = work.setting.exercises
    if exercises is None:
        work.fault(line, "An exercise can only be placed in a lesson.")
    elif key not in exercises:
        work.fault(line, f"There is no exercise `{key}` in this lesson's folder.")


# Blocks


def _check_blocks(tokens: list[Token], lines: list[str], work: _Work) -> None:
    """Look at every token once: note what is wrong, and finish what the parser left undone."""
    closings: list[str] = []
    for position, token in enumerate(tokens):
        if token.type == "heading_open":
            _finish_heading(token, tokens[position + 1], work)
        elif token.type == "fence":
            _finish_fence(token, work)
        elif token.type in {"math_block", "math_block_label"}:
            _finish_mathematics(token, work, work.line(token), display=True)
        elif token.type in {"th_open", "td_open"}:
            _finish_cell(token)
        elif token.type.startswith("container_") and token.nesting == 1:
            closings.append(_finish_container(token, tokens[position + 1], lines, work))
        elif token.type.startswith("container_"):
            token.meta["html"] = closings.pop()
        elif token.type == "inline" and _placed_exercise(tokens, position - 1) is None:
            alone = len(token.children or []) == 1 and tokens[position - 1].type == "paragraph_open"
            if _check_inline(token, work, alone=alone):
                tokens[position - 1].hidden = tokens[position + 1].hidden = True


def _finish_heading(token: Token, inline: Token, work: _Work) -> None:
    if token.tag == "h1":
        work.fault(work.line(token), "Only a lesson's first line is a `#` heading; use `##`.")
    words = "".join(child.content for child in inline.children or [])
    slug = _NOT_WORD.sub("-", words.lower()).strip("-") or "section"
    name, count = f"{work.setting.prefix}s-{slug}", 2
    while name in work.ids:
        name, count = f"{work.setting.prefix}s-{slug}-{count}", count + 1
    work.ids.add(name)
    token.attrSet("id", name)


def _finish_fence(token: Token, work: _Work) -> None:
    language = token.info.strip()
    line = work.line(token)
    if language == "mermaid":
        try:
            drawing = draw(token.content)
        except BadDiagram as bad:
            work.fault(line + bad.line, bad.message)
            return
        token.meta["html"] = f'<figure class="diagram">{drawing}</figure>\n'
        return
    _check_braces(token.content, work, line)
    try:
        token.meta["html"] = highlighted(token.content, language)
    except UnknownLanguage:
        work.fault(line, f"`{language}` is not a language that we can highlight.")


def _finish_mathematics(token: Token, work: _Work, line: int, *, display: bool) -> None:
    if work.setting.names is not None:
        _check_braces(token.content, work, line)
    try:
        token.meta = {**token.meta, "html": mathml(token.content.strip(), display=display)}
    except BadMathematics as bad:
        work.fault(line, str(bad))


def _finish_cell(token: Token) -> None:
    """Alignment as a class: our pages allow no style attributes."""
    if aligned := _ALIGN.fullmatch(str(token.attrs.pop("style", ""))):
        token.attrJoin("class", f"align-{aligned[1]}")
    if token.type == "th_open":
        token.attrSet("scope", "col")


def _finish_container(token: Token, after: Token, lines: list[str], work: _Work) -> str:
    """Put the opening HTML of a block in place; return what closes it."""
    line = work.line(token)
    assert token.map is not None
    last = lines[token.map[1]].lstrip() if token.map[1] < len(lines) else ""
    if not last.startswith(token.markup):
        work.fault(line, f"`{token.markup}` is opened here and never closed.")
    kind, _, rest = token.info.strip().partition(" ")
    if kind in CALLOUTS:
        token.meta["html"] = open_callout(kind, rest.strip(), work.setting.language)
        return "</aside>\n"
    if after.type == f"container_{FIGURE}_close":
        work.fault(line, "An interactive figure needs words inside that say what it shows.")
    try:
        name, token.meta["html"] = open_figure(rest.strip())
    except BadFigureBlock as bad:
        work.fault(line, str(bad))
        return ""
    return f"</cw-{name}>\n"


# Inline


def _check_inline(token: Token, work: _Work, *, alone: bool) -> bool:
    """Check the parts of a line; True when it is a figure that stands alone."""
    line = work.line(token)
    figure = False
    for child in token.children or []:
        if child.type in {"softbreak", "hardbreak"}:
            line += 1
        elif child.type == "text":
            _check_words(child.content, work, line)
        elif child.type == "code_inline":
            _check_braces(child.content, work, line)
        elif child.type in {"math_inline", "math_inline_double"}:
            _finish_mathematics(child, work, line, display=child.type != "math_inline")
        elif child.type == "link_open":
            _finish_link(child, work, line)
        elif child.type == "image":
            figure = alone
            _finish_image(child, work, line, alone=alone)
    return figure


def _check_words(words: str, work: _Work, line: int) -> None:
    if _EXERCISE.search(words):
        work.fault(
            line, "An exercise stands alone on its line, between empty lines, outside of blocks."
        )
    elif work.setting.names is None and "{{" in words:
        work.fault(line, "`{{` means nothing here: only exercises have varied values.")
    _check_braces(words, work, line)
    if citation := _CITATION.search(words):
        work.fault(line, f"`{citation[0]}` is neither a source of course.toml nor a footnote here.")
    if words.lstrip().startswith(":::"):
        known = ", ".join([*CALLOUTS, FIGURE])
        work.fault(line, f"`{words.strip()}` opens no block that we know: {known}.")


def _check_braces(words: str, work: _Work, line: int) -> None:
    """Every `{{ name }}` must be a name of `[vary]`."""
    names = work.setting.names
    if names is None:
        return
    for found in _BRACES.finditer(words):
        name = PLACEHOLDER.fullmatch(found[0])
        if name is None or name[1] not in names:
            work.fault(
                line + words.count("\n", 0, found.start()), f"`{found[0]}` is no name of [vary]."
            )


def _finish_link(token: Token, work: _Work, line: int) -> None:
    address = str(token.attrs.get("href", ""))
    if address.startswith("#") and len(address) > 1:
        work.fragments.append((line, address[1:]))
    elif fault := link_fault(address):
        work.fault(line, fault)
        token.attrs.pop("href", None)
    else:
        token.attrSet("href", normalizeLink(address))
        token.attrSet("rel", "noopener noreferrer")
    token.attrs.pop("title", None)


def _check_fragments(work: _Work) -> None:
    for line, name in work.fragments:
        if name not in work.ids:
            known = ", ".join(f"#{one}" for one in sorted(work.ids)) or "none"
            work.fault(line, f"`#{name}` is no heading of this text. Headings: {known}.")


def _finish_image(token: Token, work: _Work, line: int, *, alone: bool) -> None:
    address = str(token.attrs.get("src", ""))
    named = _FIGURE_FILE.fullmatch(address)
    label = token.content.strip()
    if named is None:
        work.fault(line, f"`{address}`: a picture is a file figures/NAME.svg of this course.")
    elif work.setting.course is None:
        work.fault(line, "A figure can only stand in a lesson or a statement.")
    elif not alone:
        work.fault(line, "A figure stands alone in its paragraph.")
    elif not label:
        work.fault(line, "A figure needs words that say what it shows: ![words](…).")
    else:
        drawing = _drawing(work.setting.course, named["name"], label, work, line)
        caption = str(token.attrs.get("title") or "")
        below = f"<figcaption>{escape(caption)}</figcaption>" if caption else ""
        token.meta = {"html": f'<figure class="figure">{drawing}{below}</figure>\n'}


def _drawing(course: Path, name: str, label: str, work: _Work, line: int) -> str:
    """The figure in the language of the text, or in the only version that there is."""
    folder = course / "figures"
    path = folder / f"{name}.{work.setting.language}.svg"
    if not path.is_file():
        path = folder / f"{name}.svg"
    if not path.is_file():
        work.fault(line, f"There is no figure figures/{name}.svg.")
        return ""
    source = read_text(path, str(path), work.faults) or ""
    try:
        return svg.inline(source, prefix=work.new_prefix(), label=label)
    except svg.BadFigure as bad:
        for wrong_line, message in bad.faults:
            work.faults.add(str(path), wrong_line, message)
        return ""
