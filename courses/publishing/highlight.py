"""Code → HTML with Pygments' classes; the colours are in static/css."""

from __future__ import annotations

import re
from html import escape

from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_by_name
from pygments.util import ClassNotFound

from exercises.texts import PLACEHOLDER

_HELD = re.compile(r"value0(\w+?)0eulav")
_FORMATTER = HtmlFormatter(nowrap=True)


class UnknownLanguage(Exception):
    """Pygments has no lexer of this name."""


def highlighted(code: str, language: str) -> str:
    """A `<pre>` of the code. `{{ name }}` is held together, to be filled later."""
    if not language:
        return f'<pre class="highlight" tabindex="0"><code>{escape(code)}</code></pre>\n'
    try:
        lexer = get_lexer_by_name(language, stripnl=False)
    except ClassNotFound:
        raise UnknownLanguage(language) from None
    held = PLACEHOLDER.sub(r"value0\g<1>0eulav", code)
    html = _HELD.sub(r"{{ \g<1> }}", highlight(held, lexer, _FORMATTER))
    return (
        f'<pre class="highlight" tabindex="0"><code class="language-{escape(language)}">'
        f"{html}</code></pre>\n"
    )
