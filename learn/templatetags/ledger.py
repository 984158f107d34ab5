"""Where a check and its transaction are on the page, for a list of checks outside the inspector."""

from __future__ import annotations

from django import template
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString

from learn import ledger_checks

register = template.Library()


@register.filter
def check_anchor(key: str) -> str:
    """The id that a check must have, for its transaction to lead to it."""
    return ledger_checks.check_anchor(key)


@register.filter
def transaction_anchor(named: str) -> str:
    """The fragment of the transaction that `CheckResult.transaction` names, as
    `learn.ledger.report` has it; "" where none is named."""
    found = ledger_checks.reference(named)
    if found is None:
        return ""
    return ledger_checks.transaction_anchor(found.scenario, found.ledger, found.number)


@register.filter
def with_code(text: str) -> SafeString:
    """What an author wrote as plain text, with what stands between backticks set as code.

    A text with a single backtick too many is shown as it is.
    """
    parts = text.split("`")
    if len(parts) % 2 == 0:
        return conditional_escape(text)
    pieces = ("<code>{}</code>" if number % 2 else "{}" for number in range(len(parts)))
    return format_html("".join(pieces), *parts)
