"""Interactive figures: web components of ours that a lesson may show.

A figure named `tamper-chain` is the element `<cw-tamper-chain>`, which
`static/js/figures/tamper-chain.js` defines. To add one, write that file and name it here with the
parameters that it reads; each becomes a `data-` attribute.
"""

from __future__ import annotations

FIGURES: dict[str, frozenset[str]] = {}
"""Name → parameters that may be given."""
