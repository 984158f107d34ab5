"""The words of the separation guard."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from courses.publishing.files import Texts


@dataclass(frozen=True, slots=True)
class Law:
    """A rule of law that a rule of the guard stands on."""

    key: str
    date: str
    """ISO."""
    name: Texts
    source: str
    """Its own number, or its day where it has none."""


@dataclass(frozen=True, slots=True)
class Rule:
    """What a course must not do, and how that is noticed."""

    key: str
    title: Texts
    reason: Texts
    laws: tuple[Law, ...]
    names: re.Pattern[str] | None
    """Found unless the paragraph is critical."""
    invites: re.Pattern[str] | None
    """Found unless its own clause refuses or criticises."""
    allowed: re.Pattern[str] | None
    """Words in the clause with which something else is meant."""
    hosts: tuple[str, ...]
    """Never linked to, nor anything below them."""
    addresses: re.Pattern[str] | None
    code: re.Pattern[str] | None
    """Never in programs."""


@dataclass(frozen=True, slots=True, eq=False)
class Lexicon:
    """All rules, and the words by which a mention is excused."""

    rules: tuple[Rule, ...]
    critical: re.Pattern[str]
    regulating: re.Pattern[str]
    refusing: re.Pattern[str]
    turns: re.Pattern[str]
    digest: str
    """Of all that it was read from: findings are a function of it and of the files."""


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One place that breaks a rule."""

    file: str
    """Path below the course's folder."""
    line: int
    """From 1."""
    rule: str
    excerpt: str
    """The sentence in which it stands, on one line, at most 160 characters."""
    reason: Texts = field(compare=False)


@dataclass(frozen=True, slots=True)
class Override:
    """A reviewer's written reason for which one sentence may stand all the same."""

    rule: str
    file: str
    excerpt: str
    """As the finding said it: when the sentence changes, the override says nothing any more."""
    reason: str
    by: str
    date: str
    """ISO."""

    def covers(self, finding: Finding) -> bool:
        return (self.rule, self.file, self.excerpt) == (
            finding.rule,
            finding.file,
            finding.excerpt,
        )


@dataclass(frozen=True, slots=True)
class Judged:
    """What the guard says of a course."""

    found: tuple[Finding, ...]
    """What nobody has answered for."""
    overridden: tuple[tuple[Finding, Override], ...]
    digest: str
    """Of the lexicon."""

    @property
    def is_clean(self) -> bool:
        return not self.found
