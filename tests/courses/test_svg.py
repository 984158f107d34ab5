"""Figures are held to their vocabulary by refusal, with lines."""

from __future__ import annotations

import pytest

from courses.publishing.sanitise import sanitise
from courses.publishing.svg import BadFigure, inline

ROOT = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1">'

REFUSED = {
    "script": (
        ROOT + "\n<script>x</script></svg>",
        [(2, "`<script>` is not allowed in a figure.")],
    ),
    "handler": (ROOT + '\n\n<g onload="x"/></svg>', [(3, "`onload` is not allowed in a figure.")]),
    "style": (ROOT + '<g style="fill:red"/></svg>', [(1, "`style` is not allowed in a figure.")]),
    "colour": (
        ROOT + '<rect fill="#fff"/></svg>',
        [(1, '`fill="#fff"`: use currentColor with a class, none or url(#id).')],
    ),
    "class": (
        ROOT + '<g class="big"/></svg>',
        [(1, "Classes of figures are accent, bad, fg, good, muted, surface.")],
    ),
    "foreign": (
        ROOT + "<foreignObject/></svg>",
        [(1, "`<foreignObject>` is not allowed in a figure.")],
    ),
    "image": (
        ROOT + '<image href="https://example.org/a.png"/></svg>',
        [
            (1, "`<image>` is not allowed in a figure."),
            (1, "A figure may only refer to its own parts: `#id`."),
        ],
    ),
    "outside use": (
        ROOT + '<use href="other.svg#a"/></svg>',
        [(1, "A figure may only refer to its own parts: `#id`.")],
    ),
    "outside paint": (
        ROOT + '<rect fill="url(https://example.org/#a)"/></svg>',
        [
            (
                1,
                '`fill="url(https://example.org/#a)"`: use currentColor with a class, none or url(#id).',  # noqa: E501
            )
        ],
    ),
    "nowhere": (ROOT + '<use href="#a"/></svg>', [(1, "`#a` is nowhere in this figure.")]),
    "inner svg": (ROOT + "<svg/></svg>", [(1, "`<svg>` is not allowed in a figure.")]),
    "no box": ("<svg/>", [(1, "`<svg>` needs a viewBox of four numbers.")]),
    "entities": (
        '<!DOCTYPE svg [<!ENTITY a "aaaa">]><svg viewBox="0 0 1 1"/>',
        [(1, "A figure has no DOCTYPE.")],
    ),
    "broken": (ROOT + "\n<g></svg>", [(2, "This is not XML: mismatched tag.")]),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused(name: str) -> None:
    source, faults = REFUSED[name]
    with pytest.raises(BadFigure) as refused:
        inline(source, prefix="f1-", label="x")
    assert refused.value.faults == faults


def test_ids_are_prefixed_and_everything_survives_sanitising() -> None:
    source = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 20 10" width="100%" role="x">'
        "<title>dropped</title><defs><linearGradient id='g'><stop offset='0'/></linearGradient>"
        "<clipPath id='c'><circle r='1'/></clipPath></defs>"
        "<g clip-path='url(#c)'><rect fill='url(#g)' /></g><use href='#c'/>"
        "<text x='1'>a &lt; <tspan>b</tspan></text>\n</svg>"
    )
    drawn = inline(source, prefix="f1-", label="a & b")
    assert drawn == (
        '<svg role="img" aria-label="a &amp; b" width="20" height="10" viewBox="0 0 20 10">'
        '<defs><linearGradient id="f1-g"><stop offset="0"></stop></linearGradient>'
        '<clipPath id="f1-c"><circle r="1"></circle></clipPath></defs>'
        '<g clip-path="url(#f1-c)"><rect fill="url(#f1-g)"></rect></g><use href="#f1-c"></use>'
        '<text x="1">a &lt; <tspan>b</tspan></text></svg>'
    )
    assert sanitise(drawn) == drawn
