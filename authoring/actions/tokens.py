"""Upload tokens, made and revoked."""

from __future__ import annotations

from authoring.tokens import make_token, revoke

__all__ = ["make_token", "revoke"]
