"""The separation guard: whether a course keeps apart from virtual currency (DESIGN §10).

    findings = check(files)

Pure reading: files in, findings out. What is looked for is data, in curricula/policy.
docs/separation.md says how it judges, docs/decisions/0020 why so.
"""

from __future__ import annotations

from courses.policy.checking import check, judged
from courses.policy.lexicon import lexicon
from courses.policy.overrides import OVERRIDES_FILE, read_overrides
from courses.policy.pieces import files_below
from courses.policy.types import Finding, Judged, Lexicon, Override, Rule

__all__ = [
    "OVERRIDES_FILE",
    "Finding",
    "Judged",
    "Lexicon",
    "Override",
    "Rule",
    "check",
    "files_below",
    "judged",
    "lexicon",
    "read_overrides",
]
