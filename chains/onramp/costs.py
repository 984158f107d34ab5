"""What a call costs on the on-ramp: a function of what it asked of the chain, and of nothing else.

Not comparable with the gas of an EVM or the fuel of the Chang'An Chain host: computing is free
here, because Python has no count of instructions that is the same on every host.
"""

from __future__ import annotations

CALL = 100
"""Each question to the chain."""
BYTE = 1
"""Each byte of keys, values, topics, data and arguments that a question or its answer carries."""
START = 1_000
"""Each call of a contract, that of the transaction itself included."""
MOST = 2_000_000
"""Of one transaction. Whoever asks for more is EXHAUSTED."""
