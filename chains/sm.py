"""China's commercial cryptography: SM3, SM4 and SM2.

Sources: SM3 is GB/T 32905-2016 (GM/T 0004), SM4 is GB/T 32907-2016 (GM/T 0002), SM2 is GB/T 32918
(GM/T 0003) with the curve of GM/T 0003.5 and the signer's default id of GM/T 0009.

SM2 is written out here, on `chains.curve`, because signatures must be a function of the key and the
message alone: the nonce is that of RFC 6979 with SM3. None of it runs in constant time. The keys
that it serves are made from a seed; never sign with a secret worth stealing where an attacker can
measure the time.
"""

from __future__ import annotations

import hashlib

from chains import curve

DEFAULT_ID = b"1234567812345678"
"""The signer's id of GM/T 0009 where two parties agreed on no other."""


def sm3(data: bytes) -> bytes:
    """The 32 bytes of SM3."""
    return hashlib.new("sm3", data).digest()


def public_key(secret: int) -> bytes:
    """The uncompressed point, 65 bytes from 0x04, of a secret from 1 to n - 2."""
    return curve.encoded(curve.multiplied_base(secret))


def secret_key(seed: bytes) -> int:
    """A secret key from 1 to n - 2 that is a function of the seed: 64 bytes of SM3, reduced, so
    that no key is likelier than another by more than 2^-256."""
    wide = sm3(b"\x00" + seed) + sm3(b"\x01" + seed)
    return int.from_bytes(wide, "big") % (curve.N - 2) + 1
