"""Identities: who calls, made from a name, an organisation, a role and a seed."""

from __future__ import annotations

from functools import lru_cache

from chains import sm
from chains.transcripts import canonical_json
from chains.types import Identity


def seed_of(purpose: str, *parts: str | int) -> bytes:
    """32 bytes that belong to a purpose and its parts: what every key here is made from."""
    return sm.sm3(canonical_json([f"chainwright {purpose}", *parts]))


@lru_cache(maxsize=4096)
def secret_of(name: str, organisation: str, role: str, seed: int) -> int:
    """The SM2 secret key of an identity."""
    return sm.secret_key(seed_of("identity", seed, organisation, role, name))


@lru_cache(maxsize=4096)
def identity(name: str, organisation: str, role: str, seed: int) -> Identity:
    """The identity of these arguments: the same of them give the same bytes, on every host."""
    point = sm.public_key(secret_of(name, organisation, role, seed))
    key_id = sm.sm3(point)
    return Identity(
        name=name,
        organisation=organisation,
        role=role,
        public_key=key_id.hex(),
        address=sm.sm3(key_id).hex()[-40:],
    )
