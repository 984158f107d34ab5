"""The words for the codes of docs/course-format.md: levels and topics."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

LEVELS = {
    "foundations": _("Foundations"),
    "practitioner": _("Practitioner"),
    "specialist": _("Specialist"),
}
TOPICS = {
    "cryptography": _("Cryptography"),
    "ledgers": _("Ledgers"),
    "consensus": _("Consensus"),
    "contracts": _("Contracts"),
    "cross-chain": _("Cross-chain"),
    "data": _("Data"),
    "rules": _("Rules"),
    "operation": _("Operation"),
}

CODE_LANGUAGES = {"go": "Go", "rust": "Rust", "c": "C", "solidity": "Solidity", "python": "Python"}
"""Names of programming languages are the same in every language."""
