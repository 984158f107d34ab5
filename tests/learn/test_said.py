"""Plain texts of authors, with code between backticks."""

from __future__ import annotations

import pytest

from learn.templatetags.ledger import with_code


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("Key `lot.` and more", "Key <code>lot.</code> and more"),
        ("`<b>` & `{}`", "<code>&lt;b&gt;</code> &amp; <code>{}</code>"),
        ("one ` too many", "one ` too many"),
        ("none <i>", "none &lt;i&gt;"),
        ("", ""),
    ],
)
def test_backticks_are_code_and_all_else_is_escaped(text: str, html: str) -> None:
    assert with_code(text) == html
