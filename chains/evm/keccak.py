"""Keccak-256, as the EVM has it: the sponge of FIPS 202 with the padding of the first submission
(a one bit and no domain bits before it), so that it differs from SHA3-256."""

from __future__ import annotations

from functools import lru_cache

RATE = 136
_MASK = (1 << 64) - 1


def _rotations() -> list[list[int]]:
    """FIPS 202 §3.2.2: by how much each lane [x][y] is turned."""
    turns = [[0] * 5 for _ in range(5)]
    x, y = 1, 0
    for step in range(24):
        turns[x][y] = (step + 1) * (step + 2) // 2 % 64
        x, y = y, (2 * x + 3 * y) % 5
    return turns


def _round_constants() -> list[int]:
    """FIPS 202 §3.2.5: bits of a linear feedback shift register at the places 2^j - 1."""
    constants, register = [], 1
    for _ in range(24):
        constant = 0
        for power in range(7):
            constant |= (register & 1) << ((1 << power) - 1)
            register <<= 1
            register ^= (register >> 8) * 0x171
        constants.append(constant)
    return constants


_CONSTANTS = _round_constants()
_TURNS = _rotations()
_MOVES = [
    (y + 5 * ((2 * x + 3 * y) % 5), x + 5 * y, _TURNS[x][y]) for x in range(5) for y in range(5)
]
"""Rho and pi together: (to, from, turn) of each lane, numbered x + 5 y."""


def _permute(lanes: list[int]) -> list[int]:
    for constant in _CONSTANTS:
        columns = [
            lanes[x] ^ lanes[x + 5] ^ lanes[x + 10] ^ lanes[x + 15] ^ lanes[x + 20]
            for x in range(5)
        ]
        spread = [
            columns[x - 1] ^ (columns[x - 4] << 1 & _MASK | columns[x - 4] >> 63) for x in range(5)
        ]
        moved = [0] * 25
        for target, source, turn in _MOVES:
            lane = lanes[source] ^ spread[source % 5]
            moved[target] = lane << turn & _MASK | lane >> (64 - turn)
        lanes = [
            moved[row + x] ^ (~moved[row + (x + 1) % 5] & moved[row + (x + 2) % 5])
            for row in (0, 5, 10, 15, 20)
            for x in range(5)
        ]
        lanes[0] ^= constant
    return lanes


@lru_cache(maxsize=4096)
def keccak256(data: bytes) -> bytes:
    """The 32 bytes of the hash."""
    padded = bytearray(data)
    padded += bytes(RATE - len(data) % RATE)
    padded[len(data)] ^= 0x01
    padded[-1] ^= 0x80
    lanes = [0] * 25
    for start in range(0, len(padded), RATE):
        for lane in range(RATE // 8):
            at = start + 8 * lane
            lanes[lane] ^= int.from_bytes(padded[at : at + 8], "little")
        lanes = _permute(lanes)
    return b"".join(lane.to_bytes(8, "little") for lane in lanes[:4])
