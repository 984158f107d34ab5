"""`python -m inside`: the fork server. Only `sandbox.lanes` starts it.

Modules that are imported here mend nothing after a fork. They would look for locks that another
thread held, of which this process has none, and in each box that touched more memory than
anything else did. What a program imports itself is registered as usual.
"""

from __future__ import annotations

import os

register = os.register_at_fork
os.register_at_fork = lambda **_hooks: None

from .server import main, preload  # noqa: E402  # what it imports would register

missing = preload()
os.register_at_fork = register
main(missing)
