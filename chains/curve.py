"""The elliptic curve of SM2: y² = x³ - 3x + b over a prime field of 256 bits.

Parameters: GM/T 0003.5-2012 (GB/T 32918.5-2017). Formulas: Jacobian coordinates for a = -3
(Hankerson, Menezes and Vanstone, Guide to Elliptic Curve Cryptography, algorithms 3.21 and 3.22). A
point is a pair of numbers, or None for the point at infinity.

Scalars that may be secret are blinded: a random multiple of the order is added, which changes
every addition that is made and not the result (Coron 1999, §5.1). It is no constant time: numbers
of Python have none.
"""

from __future__ import annotations

import secrets
from functools import cache

P = 0xFFFFFFFE_FFFFFFFF_FFFFFFFF_FFFFFFFF_FFFFFFFF_00000000_FFFFFFFF_FFFFFFFF
B = 0x28E9FA9E_9D9F5E34_4D5A9E4B_CF6509A7_F39789F5_15AB8F92_DDBCBD41_4D940E93
N = 0xFFFFFFFE_FFFFFFFF_FFFFFFFF_FFFFFFFF_7203DF6B_21C6052B_53BBF409_39D54123
"""The order of G, a prime: every point but infinity generates the whole group."""
A = P - 3

Point = tuple[int, int] | None
Jacobian = tuple[int, int, int]
"""(X, Y, Z) for the point (X/Z², Y/Z³); Z is 0 for infinity."""

G = (
    0x32C4AE2C_1F198119_5F990446_6A39C994_8FE30BBF_F2660BE1_715A4589_334C74C7,
    0xBC3736A2_F4F6779C_59BDCEE3_6B692153_D0A9877C_C62A4740_02DF32E5_2139F0A0,
)
INFINITY: Jacobian = (1, 1, 0)
WINDOW = 4
"""Bits of a scalar that one entry of the table of G covers."""
BLINDING_BITS = 64


def on_curve(x: int, y: int) -> bool:
    return 0 <= x < P and 0 <= y < P and (y * y - x * x * x + 3 * x - B) % P == 0


def encoded(point: Point) -> bytes:
    """The uncompressed form, 65 bytes from 0x04. Raises `ValueError` for infinity."""
    if point is None:
        raise ValueError("the point at infinity has no coordinates")
    return b"\x04" + point[0].to_bytes(32, "big") + point[1].to_bytes(32, "big")


def decoded(data: bytes) -> tuple[int, int]:
    """The point of an uncompressed form. Raises `ValueError` where it is none of this curve."""
    if len(data) != 65 or data[0] != 4:
        raise ValueError("not an uncompressed point: 65 bytes from 0x04")
    x, y = int.from_bytes(data[1:33], "big"), int.from_bytes(data[33:], "big")
    if not on_curve(x, y):
        raise ValueError("not a point of the SM2 curve")
    return x, y


def multiplied_base(scalar: int) -> Point:
    """`scalar`, which may be secret, times G, by one addition per window of a fixed table."""
    return affine(_base_sum(_blinded(scalar)))


def multiplied(scalar: int, point: Point) -> Point:
    """`scalar`, which may be secret, times `point`."""
    return affine(_product(_blinded(scalar), point))


def combined(base_scalar: int, scalar: int, point: Point) -> Point:
    """`base_scalar` times G plus `scalar` times `point`, as verifying a signature needs it: both
    scalars are public."""
    total = affine(_product(scalar % N, point))
    left = _base_sum(base_scalar % N)
    return affine(left if total is None else _plus(left, total))


def affine(point: Jacobian) -> Point:
    x, y, z = point
    if z == 0:
        return None
    inverse = pow(z, -1, P)
    square = inverse * inverse % P
    return x * square % P, y * square * inverse % P


def _blinded(scalar: int) -> int:
    return scalar % N + N * secrets.randbits(BLINDING_BITS)


def _base_sum(scalar: int) -> Jacobian:
    total = INFINITY
    for row in _base_table():
        if digit := scalar & ((1 << WINDOW) - 1):
            total = _plus(total, row[digit - 1])
        scalar >>= WINDOW
    return total


@cache
def _base_table() -> tuple[tuple[tuple[int, int], ...], ...]:
    """In row i: 1 to 2^WINDOW - 1 times 2^(i * WINDOW) times G."""
    rows = []
    first = G
    for _ in range((256 + BLINDING_BITS) // WINDOW):
        multiples = [first]
        for _ in range((1 << WINDOW) - 1):
            multiples.append(_known(_plus((*multiples[-1], 1), first)))
        first = multiples.pop()
        rows.append(tuple(multiples))
    return tuple(rows)


def _known(point: Jacobian) -> tuple[int, int]:
    found = affine(point)
    assert found is not None, "a small multiple of a point of large prime order"
    return found


def _product(scalar: int, point: Point) -> Jacobian:
    """By digits 0, ±1, ±3, …, ±15, of which no two in five neighbours are not 0."""
    if point is None:
        return INFINITY
    twice = _known(_doubled((*point, 1)))
    odd = [point]
    for _ in range(7):
        odd.append(_known(_plus((*odd[-1], 1), twice)))
    total = INFINITY
    for digit in reversed(_signed_digits(scalar)):
        total = _doubled(total)
        if digit > 0:
            total = _plus(total, odd[digit >> 1])
        elif digit < 0:
            x, y = odd[-digit >> 1]
            total = _plus(total, (x, P - y))
    return total


def _signed_digits(scalar: int) -> list[int]:
    digits = []
    while scalar:
        digit = 0
        if scalar & 1:
            digit = scalar & 31
            if digit > 15:
                digit -= 32
            scalar -= digit
        digits.append(digit)
        scalar >>= 1
    return digits


def _doubled(point: Jacobian) -> Jacobian:
    x, y, z = point
    delta = z * z % P
    gamma = y * y % P
    beta = x * gamma % P
    alpha = 3 * (x - delta) * (x + delta) % P
    new_x = (alpha * alpha - 8 * beta) % P
    new_z = 2 * y * z % P
    return new_x, (alpha * (4 * beta - new_x) - 8 * gamma * gamma) % P, new_z


def _plus(left: Jacobian, right: tuple[int, int]) -> Jacobian:
    """The sum with a point in plain coordinates."""
    x, y, z = left
    if z == 0:
        return (*right, 1)
    square = z * z % P
    across = (right[0] * square - x) % P
    up = (right[1] * square * z - y) % P
    if across == 0:
        return INFINITY if up else _doubled(left)
    across_square = across * across % P
    across_cube = across_square * across % P
    shared = x * across_square % P
    new_x = (up * up - across_cube - 2 * shared) % P
    return new_x, (up * (shared - new_x) - y * across_cube) % P, z * across % P
