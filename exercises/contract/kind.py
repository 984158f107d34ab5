"""The kind `contract`.

Answer: `{"language": name, "files": {name: text}}`. Texts of checks.toml and of the verdict are
plain text and no HTML.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from exercises.contract.grading import judge
from exercises.contract.names import only_values
from exercises.contract.plan import LANGUAGES, RELAY, Plan, Step, files_of, plan_of
from exercises.contract.playing import Method, methods_of, play, read_calls
from exercises.contract.results import called, filled
from exercises.contract.review import problems_of
from exercises.specs import values_of
from exercises.types import (
    Answer,
    Broken,
    Json,
    Problem,
    Spec,
    Tools,
    Unreadable,
    Variant,
    Verdict,
)
from exercises.written import Words, read_files
from sandbox.types import BoxBroken, Unavailable

MAX_CHARACTERS = 128_000
"""Of all files of a submission together."""
NOT_SHOWN = "…"
"""In place of a value that is drawn for each submission."""

WORDS = Words(
    empty={"en": "Write your contract first.", "zh-hans": "请先编写合约。"},
    too_long={
        "en": f"Your contract is too long: {MAX_CHARACTERS} characters are the most.",
        "zh-hans": f"合约过长：最多 {MAX_CHARACTERS} 个字符。",
    },
    no_text={
        "en": "Your contract holds characters that are no text. Remove them.",
        "zh-hans": "合约中含有无法识别的字符，请删除。",
    },
)
NO_LANGUAGE = {
    "en": "Choose one of the languages of this exercise.",
    "zh-hans": "请选择本练习支持的语言。",
}


class Contract:
    """Scores the share of the points of the expectations and laws that hold."""

    name: ClassVar[str] = "contract"
    slow: ClassVar[bool] = True

    def check(self, spec: Spec) -> list[Problem]:
        return problems_of(spec)

    def vary(self, spec: Spec, seed: int) -> Variant:
        return Variant(seed, values_of(spec, seed))

    def read(self, spec: Spec, variant: Variant, posted: Mapping[str, Sequence[str]]) -> Answer:
        languages = languages_of(spec)
        language = next(iter(posted.get("language", ())), languages[0])
        if language not in languages:
            raise Unreadable(NO_LANGUAGE)
        files = read_files(
            files_of(spec, language), posted, most_characters=MAX_CHARACTERS, words=WORDS
        )
        return {"language": language, "files": files}

    def read_play(
        self, spec: Spec, variant: Variant, posted: Mapping[str, Sequence[str]]
    ) -> Answer:
        """An answer with the calls to make by hand; see `exercises.contract.playing`."""
        return {
            **self.read(spec, variant, posted),
            "calls": read_calls(spec, posted.get("call", ())),
        }

    def play(self, spec: Spec, variant: Variant, answer: Answer, tools: Tools) -> Verdict:
        """What happened when the calls were made. Raises as `grade` does."""
        try:
            return play(spec, variant, answer, tools)
        except Unavailable:
            raise
        except BoxBroken as error:
            raise Broken(str(error)) from error

    def methods(self, spec: Spec) -> list[Method]:
        """What the form of the playground offers."""
        return methods_of(spec)

    def grade(self, spec: Spec, variant: Variant, answer: Answer, tools: Tools) -> Verdict:
        """Raises Broken, and `sandbox.types.Unavailable` where an engine or its compiler is
        missing on this host: its reason is a sentence for a page."""
        made: Any = answer
        try:
            return judge(spec, variant, made["language"], made["files"], tools)
        except Unavailable:
            raise
        except BoxBroken as error:
            raise Broken(str(error)) from error

    def show(self, spec: Spec, variant: Variant, answer: Answer | None) -> dict[str, object]:
        made: Any = spec
        written: Any = answer or {"language": languages_of(spec)[0], "files": {}}
        plan = plan_of(spec)
        return {
            "languages": list(languages_of(spec)),
            "language": written.get("language", languages_of(spec)[0]),
            "files": files_shown(spec, written["files"]),
            "engine": made["engine"],
            "contract": made["contract"],
            "people": [
                {"name": name, "organisation": organisation, "role": role}
                for name, (organisation, role) in plan.identities.items()
            ],
            "ledgers": list(plan.ledgers),
            "scenarios": scenarios_shown(spec, plan, variant.values),
            "laws": [
                {"title": filled(law.check.title, variant.values), "hidden": law.check.hidden}
                for law in plan.laws
            ],
        }

    def solution(self, spec: Spec, variant: Variant) -> Answer | None:
        return next(iter(self.solutions(spec).values()), None)

    def solutions(self, spec: Spec) -> dict[str, Answer]:
        """A right answer in each language, by names such as `solution.go`."""
        made: Any = spec
        return {
            f"solution{LANGUAGES[language]}": {
                "language": language,
                "files": made["solution"][language],
            }
            for language in languages_of(spec)
        }

    def wrong(self, spec: Spec, variant: Variant) -> Mapping[str, Answer]:
        """By name and suffix, as in `starter.go` and `no-role-check.go`."""
        made: Any = spec
        sets = {"starter": made["starter"], **made["wrong"]}
        return {
            name + LANGUAGES[language]: {"language": language, "files": files}
            for name, versions in sets.items()
            for language, files in versions.items()
            if language in languages_of(spec)
        }


def files_shown(spec: Spec, written: Mapping[str, str]) -> list[dict[str, str]]:
    """Every file of every language, by name; a relay, which all languages share, once.

    `language` says with which language a file is handed in, "" for all; `mode` what it is
    written in.
    """
    made: Any = spec
    found: dict[str, dict[str, str]] = {}
    for language in languages_of(spec):
        for name in files_of(spec, language):
            starter = made["starter"][language][name]
            found[name] = {
                "name": name,
                "language": "" if name == RELAY else language,
                "mode": "python" if name == RELAY else language,
                "text": written.get(name, starter),
                "starter": starter,
            }
    return list(found.values())


def languages_of(spec: Spec) -> Sequence[str]:
    made: Any = spec
    return made["languages"]  # type: ignore[no-any-return]


def scenarios_shown(spec: Spec, plan: Plan, values: Mapping[str, Json]) -> list[dict[str, object]]:
    """Of a visible scenario its steps, of a hidden one its title."""
    made: Any = spec
    drawn = dict.fromkeys(made["checks"].get("draw", {}), NOT_SHOWN)
    names = only_values({**drawn, **values})

    def line(step: Step) -> dict[str, object]:
        text = called(step, names.all(step.args))
        return {"ledger": step.ledger, "text": text, "seconds": step.after_seconds}

    return [
        {
            "key": scenario.key,
            "title": filled(scenario.title, values),
            "hidden": scenario.hidden,
            "steps": [] if scenario.hidden else [line(step) for step in scenario.steps],
        }
        for scenario in plan.scenarios
    ]
