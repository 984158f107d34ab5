"""One good spec of each kind, as the loader hands it over. `SECRET-…` may be on no page."""

from __future__ import annotations

from typing import Any


def both(words: str) -> dict[str, str]:
    return {"en": words, "zh-hans": f"{words}（中）"}


CHOICE: dict[str, Any] = {
    "vary": [["n", "randint(3, 9)"]],
    "options": [
        {"text": both("right, {{ n }}"), "correct": True, "feedback": both("SECRET-1")},
        {"text": both("wrong"), "feedback": both("SECRET-2"), "misconception": "secret-3"},
        {"text": both("also wrong"), "feedback": both("SECRET-4")},
        {"text": both("wrong without a word")},
    ],
}
CHOICES: dict[str, Any] = {
    "options": [
        {"text": both("one"), "correct": True, "feedback": both("SECRET-1")},
        {"text": both("two"), "feedback": both("SECRET-2"), "misconception": "secret-3"},
        {"text": both("three"), "correct": True, "feedback": both("SECRET-4")},
        {"text": both("four"), "feedback": both("SECRET-5")},
    ],
}
NUMERIC: dict[str, Any] = {
    "vary": [["n", "randint(5, 40)"]],
    "answer": "2 ** n + 0 * len('SECRET-1')",
    "tolerance": {"absolute": 0},
    "input": "integer",
    "units": [{"unit": "B", "factor": 1}, {"unit": "KiB", "factor": 1024}],
    "wrong": [
        {
            "answer": "2 * n + 0 * len('SECRET-2')",
            "feedback": both("SECRET-3"),
            "misconception": "secret-4",
        }
    ],
}
HEXADECIMAL: dict[str, Any] = {
    "vary": [["word", "randtext(2)"]],
    "answer": "sha256(word)",
    "input": "hexadecimal",
    "wrong": [{"answer": "doublesha256(word)"}],
}
TEXT: dict[str, Any] = {
    "vary": [["word", "choice(['alpha', 'beta'])"]],
    "accept": ["secret-1 {{ word }}", "背书策略"],
    "patterns": [r"secret 2 \w+"],
    "wrong": [{"accept": ["secret-3"], "feedback": both("SECRET-4"), "misconception": "secret-5"}],
}
ORDER: dict[str, Any] = {
    "vary": [["n", "randint(3, 9)"]],
    "items": [both(f"step {number} of {{{{ n }}}}") for number in "abcde"],
    "feedback": both("SECRET-1"),
}
MATCH: dict[str, Any] = {
    "pairs": [
        {"left": both("a"), "right": both("first"), "feedback": both("SECRET-1")},
        {"left": both("b"), "right": both("second"), "misconception": "secret-2"},
        {"left": both("c"), "right": both("first")},
    ],
    "extra": [{"right": both("nobody's")}],
}
CLOZE: dict[str, Any] = {
    "vary": [["n", "randint(3, 9)"]],
    "text": both("Of {{ n }}: [[what]] then [[many]] or [[which]]."),
    "gaps": [
        {"key": "what", "kind": "text", "accept": ["SECRET-1"]},
        {
            "key": "many",
            "kind": "numeric",
            "answer": "n + 1 + 0 * len('SECRET-2')",
            "wrong": [{"answer": "n", "feedback": both("SECRET-3")}],
        },
        {
            "key": "which",
            "kind": "choice",
            "options": [
                {"text": both("this"), "correct": True},
                {"text": both("that"), "feedback": both("SECRET-4"), "misconception": "secret-5"},
            ],
        },
    ],
}
CHECKS = """
from judge import check, equal

SECRET = "SECRET-1"

@check("doubles", en="Doubles", zh="加倍", points=2)
def doubles(solution, values, rng):
    equal(solution.double(4), 8)

@check("random", en="Doubles anything", zh="任意加倍", points=3, hidden=True)
def anything(solution, values, rng):
    number = rng.randint(5, 10 ** 6)
    equal(solution.double(number), 2 * number, en="Not this one.", misconception="adds-two")
"""
PROGRAM: dict[str, Any] = {
    "language": "python",
    "files": ["solution.py"],
    "starter": {"solution.py": "def double(n):\n    ...\n"},
    "solution": {"solution.py": "def double(n):\n    return n + n  # SECRET-2\n"},
    "wrong": {"adds-two": {"solution.py": "def double(n):\n    return n + 4  # SECRET-3\n"}},
    "checks": CHECKS,
    "misconception_of": {"adds-two": "adds-two"},
}

CONTRACT: dict[str, Any] = {
    "vary": [["kg", "randint(2, 9)"]],
    "engine": "python",
    "languages": ["python"],
    "contract": "carbon",
    "starter": {"python": {"contract.py": "class Contract:\n    ...\n"}},
    "solution": {
        "python": {
            "contract.py": (
                "class Contract:\n"
                "    def init_contract(self, chain): ...\n"
                "    def record(self, chain, kg): return kg  # SECRET-1\n"
            )
        }
    },
    "wrong": {
        "forgets": {
            "python": {
                "contract.py": (
                    "class Contract:\n"
                    "    def init_contract(self, chain): ...\n"
                    "    def record(self, chain, kg): ...  # SECRET-2\n"
                )
            }
        }
    },
    "misconception_of": {"forgets": "secret-3"},
    "checks": {
        "identities": {"centre": {"organisation": "centre.example", "role": "admin"}},
        "draw": {"drawn": "'SECRET-4'"},
        "scenario": [
            {
                "key": key,
                "title": both(f"Recorded, {{{{ kg }}}}, {key}"),
                "hidden": key == "hidden",
                "install": {"by": "centre"},
                "step": [
                    {
                        "key": "record",
                        "by": "centre",
                        "call": "record",
                        "args": {"kg": "SECRET-5" if key == "hidden" else "$kg$drawn"},
                        "expect": [
                            {
                                "key": f"{key}-recorded",
                                "title": both("SECRET-6"),
                                "result": "SECRET-5" if key == "hidden" else "$kg$drawn",
                                "message": both("SECRET-7"),
                                "misconception": "secret-8",
                            }
                        ],
                    }
                ],
            }
            for key in ("visible", "hidden")
        ],
    },
}

QUIZZES: list[tuple[str, dict[str, Any]]] = [
    ("choice", CHOICE),
    ("choices", CHOICES),
    ("numeric", NUMERIC),
    ("numeric", HEXADECIMAL),
    ("text", TEXT),
    ("order", ORDER),
    ("match", MATCH),
    ("cloze", CLOZE),
]
ALL = [*QUIZZES, ("program", PROGRAM), ("contract", CONTRACT)]
