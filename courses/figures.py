"""Interactive figures: web components of ours that a lesson may show.

A figure named `tamper-chain` is the element `<cw-tamper-chain>`, which
`static/js/figures/tamper-chain.js` defines. To add one, write that file and name it here with the
parameters that it reads; each becomes a `data-` attribute.
"""

from __future__ import annotations

FIGURES: dict[str, frozenset[str]] = {
    "birthday": frozenset({"bits"}),
    "hash-explorer": frozenset(),
    "merkle-proof": frozenset({"leaves"}),
    "small-domain": frozenset({"digits"}),
    "tamper-chain": frozenset({"blocks"}),
}
"""Name → parameters that may be given."""
