"""Report pages, by subject. A view asks for access, reads, and renders."""

from __future__ import annotations

from reports.views.public import count

__all__ = ["count"]
