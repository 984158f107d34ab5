"""Which addresses a text may point to."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

# Browsers drop control characters and read a backslash as a slash: neither may be in an address.
_FORBIDDEN = re.compile(r"[\x00-\x20\x7f-\xa0\\\u2028\u2029\u3000\ufeff\u200b-\u200f]")


def link_fault(address: str) -> str:
    """What is wrong with an address, as a sentence; '' when it is an http or https address."""
    if _FORBIDDEN.search(address):
        return f"`{address!a}` has a space or a control character in it."
    if "{{" in address:
        return f"`{address}`: an address cannot have varied values in it."
    try:
        parts = urlsplit(address)
    except ValueError:
        return f"`{address}` is not an address."
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        return f"`{address}`: links go to https:// or to #headings."
    if "@" in parts.netloc:
        return f"`{address}` has a user's name in it."
    return ""
