"""`python -m inside`: the fork server. Only `sandbox.lanes` starts it."""

from __future__ import annotations

from .server import main

main()
