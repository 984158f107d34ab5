"""Everything that is wrong with the spec of a contract exercise, at once."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from exercises.contract.plan import LANGUAGES, LEDGER, RELAY, SUBMISSION, files_of
from exercises.contract.review_checks import ChecksReview, Known
from exercises.specs import KEY, Review, Table
from exercises.types import Problem, Spec

ENGINES: Mapping[str, Sequence[str]] = {
    "chainmaker": ("go", "rust", "c"),
    "evm": ("solidity",),
    "python": ("python",),
}
"""The languages of each engine."""
PROFILES: Mapping[str, Sequence[str]] = {"evm": ("ethereum", "changan")}
NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,40}")
FILE = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,40}")
MAX_FILES = 8
MAX_LEDGERS = 3
REQUIRED = ("engine", "languages", "contract", "starter", "solution", "wrong", "checks")
OPTIONAL = (
    "profiles",
    "compare",
    "ledgers",
    "relay",
    "files",
    "fixtures",
    "misconception_of",
    "equivalent",
)


def problems_of(spec: Spec) -> list[Problem]:
    review = Review(spec)
    table = review.top(spec, required=REQUIRED, optional=OPTIONAL)
    languages = _check_engine(review, table)
    ledgers = _check_names(review, table)
    relay = review.flag(table, "relay", "spec")
    if languages and _check_files(review, table.get("files", {}), languages):
        _check_sets(review, spec, languages)
    fixtures = table.get("fixtures", {})
    known = Known(
        ledgers=ledgers,
        sources=(SUBMISSION, *(fixtures if isinstance(fixtures, Mapping) else ())),
        relay=relay,
        text_state=table.get("engine") != "evm",
    )
    if "checks" in table:
        ChecksReview(review, known).checks(table["checks"])
    return review.finish()


def _check_engine(review: Review, table: Table) -> list[str]:
    """The engine, its languages and profiles. Gives the languages that are all right."""
    review.word(table, "engine", "spec", tuple(ENGINES))
    engine = table.get("engine")
    if not isinstance(engine, str) or engine not in ENGINES:
        return []
    right: list[str] = []
    for path, language in review.items(table.get("languages", ()), "spec.languages", least=1):
        if language not in ENGINES[engine]:
            known = ", ".join(ENGINES[engine])
            review.report(path, f"The engine {engine} has these languages: {known}.")
        elif language in right:
            review.report(path, "This language is there already.")
        else:
            right.append(language)
    for path, profile in review.items(table.get("profiles", ()), "spec.profiles"):
        if profile not in PROFILES.get(engine, ()):
            known = ", ".join(PROFILES.get(engine, ())) or "none"
            review.report(path, f"The engine {engine} has these profiles: {known}.")
    profiles = table.get("profiles", ())
    if isinstance(profiles, list | tuple) and len(profiles) > 1:
        review.report("spec.profiles", "One profile is the most: it is the one that grades.")
    if "compare" in table:
        _check_compare(review, table, PROFILES.get(engine, ()))
    return right


def _check_compare(review: Review, table: Table, known: Sequence[str]) -> None:
    """The other profile, beside which nothing else is shown."""
    graded = next(iter(table.get("profiles", ())), next(iter(known), ""))
    if table["compare"] not in known or table["compare"] == graded:
        others = ", ".join(name for name in known if name != graded) or "none"
        review.report("spec.compare", f"This must be another profile of the engine: {others}.")
    if "ledgers" in table:
        review.report("spec.compare", "Profiles are compared on one ledger, not on several.")


def _check_names(review: Review, table: Table) -> tuple[str, ...]:
    """The contract's name, the equivalents and the ledgers. Gives the ledgers."""
    contract = table.get("contract", "x")
    if not isinstance(contract, str) or not NAME.fullmatch(contract):
        review.report("spec.contract", "This must be a name of letters, digits and underscores.")
    for path, place in review.items(table.get("equivalent", ()), "spec.equivalent"):
        if not isinstance(place, str) or ":" not in place:
            review.report(path, "This must be a mutant as its report names it: solution.go:31 …")
    if "ledgers" not in table:
        return (LEDGER,)
    ledgers: list[str] = []
    for path, ledger in review.items(table["ledgers"], "spec.ledgers", least=2):
        if not isinstance(ledger, str) or not KEY.fullmatch(ledger) or ledger in ledgers:
            review.report(path, "This must be a key, and no other ledger's.")
        else:
            ledgers.append(ledger)
    if len(ledgers) > MAX_LEDGERS:
        review.report("spec.ledgers", f"{MAX_LEDGERS} ledgers are the most.")
    return tuple(ledgers)


def _check_files(review: Review, value: object, languages: Sequence[str]) -> bool:
    """The names of files, where a language has other ones than contract.EXT."""
    before = len(review.problems)
    table = review.table(value, "spec.files", optional=tuple(languages))
    for language, names in table.items():
        if language not in languages:
            continue
        seen: set[str] = set()
        for path, name in review.items(names, f"spec.files.{language}", least=1):
            suffix = LANGUAGES[language]
            stem = name.removesuffix(suffix) if isinstance(name, str) else ""
            if not isinstance(name, str) or name == stem or not FILE.fullmatch(stem):
                review.report(path, f"This must be a name such as contract{suffix}.")
            elif name in seen or name == RELAY:
                review.report(path, "This file is there already.")
            else:
                seen.add(name)
        if len(seen) > MAX_FILES:
            review.report(f"spec.files.{language}", f"{MAX_FILES} files are the most.")
    return len(review.problems) == before


def _check_sets(review: Review, spec: Spec, languages: Sequence[str]) -> None:
    """Starter, solution and wrong versions hold exactly the files that learners edit."""
    table: Any = spec
    for role in ("starter", "solution"):
        versions = review.table(table.get(role, {}), f"spec.{role}", optional=tuple(languages))
        for language in languages:
            if language not in versions:
                suffix = LANGUAGES[language]
                review.report(f"spec.{role}", f"{role}{suffix} is missing.")
        _check_versions(review, spec, versions, f"spec.{role}")
    wrong = table.get("wrong", {})
    if not isinstance(wrong, Mapping) or not wrong:
        review.report("spec.wrong", "At least one wrong-NAME is needed.")
        wrong = {}
    for name, versions in wrong.items():
        _check_versions(review, spec, versions, f"spec.wrong.{name}")
    starter, solution = table.get("starter", {}), table.get("solution", {})
    for language in languages:
        if language in starter and starter.get(language) == solution.get(language):
            review.report("spec.starter", f"In {language} the starter is the solution.")
    shown_by = review.table(
        table.get("misconception_of", {}), "spec.misconception_of", optional=tuple(wrong)
    )
    for name, key in shown_by.items():
        if not isinstance(key, str) or not KEY.fullmatch(key):
            path = f"spec.misconception_of.{name}"
            review.report(path, "This must be the key of a misconception.")


def _check_versions(review: Review, spec: Spec, versions: object, path: str) -> None:
    if not isinstance(versions, Mapping):
        review.report(path, "This must be a table of languages.")
        return
    for language, files in versions.items():
        if language not in LANGUAGES:
            continue
        names = sorted(files_of(spec, language))
        if not isinstance(files, Mapping) or sorted(files) != names:
            review.report(
                path, f"In {language} these files are needed, and no others: {', '.join(names)}."
            )
