"""Nothing that an author writes becomes active: no script, handler, style, frame or odd address."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.publishing.faults import Faults
from courses.publishing.files import Markdown
from courses.publishing.links import link_fault
from courses.publishing.markdown import Setting, render, render_inline
from courses.publishing.sanitise import ATTRIBUTES, TAGS, sanitise

PAYLOADS = [
    "<script>alert(1)</script>",
    "<ScRiPt\n>alert(1)</sCrIpT\n>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<svg><a xlink:href='javascript:alert(1)'><text>x</text></a></svg>",
    "<svg><animate onbegin=alert(1) attributeName=x dur=1s>",
    "<svg><set attributeName=href to=javascript:alert(1)>",
    "<svg><use href='data:image/svg+xml;base64,PHN2Zz4='/></svg>",
    "<svg><foreignObject><iframe srcdoc='<script>alert(1)</script>'></foreignObject></svg>",
    "<svg><style><img src=x onerror=alert(1)></style></svg>",
    "<svg><desc><noscript><p title='</noscript><img src=x onerror=alert(1)>'></desc></svg>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)></style></mglyph></table></mtext></math>",  # noqa: E501
    "<math href='javascript:alert(1)'>x</math>",
    "<math><maction actiontype='statusline#http://x' xlink:href='javascript:alert(1)'>x</maction></math>",  # noqa: E501
    "<math><annotation-xml encoding='text/html'><script>alert(1)</script></annotation-xml></math>",
    "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "<iframe src=javascript:alert(1)></iframe>",
    "<object data=javascript:alert(1)>",
    "<embed src=javascript:alert(1)>",
    "<base href=https://evil.example/>",
    "<meta http-equiv=refresh content='0;url=javascript:alert(1)'>",
    "<link rel=stylesheet href=https://evil.example/a.css>",
    "<style>*{background:url(javascript:alert(1))}</style>",
    "<div style='background:url(javascript:alert(1))'>x</div>",
    "<a href='javascript:alert(1)'>x</a>",
    "<a href='java\tscript:alert(1)'>x</a>",
    "<a href='&#106;avascript:alert(1)'>x</a>",
    "<a href='vbscript:x'>x</a>",
    "<a href='data:text/html,<script>alert(1)</script>'>x</a>",
    "<cw-editor data-hx-get='/x'></cw-editor>",
    "<div hx-get='/x' hx-trigger='load'>x</div>",
    "<div data-hx-on:load='alert(1)'>x</div>",
    "<button formaction=javascript:alert(1)>x</button>",
    "<input autofocus onfocus=alert(1)>",
    "<details open ontoggle=alert(1)>x</details>",
    "<template><script>alert(1)</script></template>",
    "<noscript><p title='</noscript><script>alert(1)</script>'></noscript>",
    "<textarea></textarea><script>alert(1)</script>",
    "<xmp><script>alert(1)</script></xmp>",
    "<!--><script>alert(1)</script>-->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<p id='x' name='y' onclick=alert(1)>x</p>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](javascript&colon;alert(1))",
    "[x](javascript&#58;alert(1))",
    "[x](java&#10;script:alert(1))",
    "[x](<java\tscript:alert(1)>)",
    "[x](\x01javascript:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](vbscript:alert(1))",
    "[x](file:///etc/passwd)",
    "[x](//evil.example/)",
    "[x](https:evil.example)",
    "[x](https:/\\evil.example)",
    "<javascript:alert(1)>",
    "![x](javascript:alert(1))",
    "![x](data:image/svg+xml,<svg/onload=alert(1)>)",
    "![x](https://evil.example/a.png)",
    "![x](figures/../../../etc/passwd.svg)",
    '[x](https://example.org "onmouseover=alert(1)")',
    '[x](https://example.org/"onmouseover="alert(1))',
    "[x]: javascript:alert(1)\n\n[x]",
    "[^1]\n\n[^1]: [x](javascript:alert(1))",
    '```"><script>alert(1)</script>\nx\n```',
    '```python"onload=alert(1)\nx\n```',
    '```mermaid\nflowchart LR\nA["<img src=x onerror=alert(1)>"] --> B\n```',
    '```mermaid\nflowchart LR\naccTitle: "><script>alert(1)</script>\nA --> B\n```',
    "```mermaid\nsequenceDiagram\nA->>B: <script>alert(1)</script>\n```",
    "::: note <script>alert(1)</script>\nx\n:::",
    '::: note "onclick=alert(1)\nx\n:::',
    "::: figure x onclick=alert(1)\nx\n:::",
    "$\\text{<script>alert(1)</script>}$",
    "$\\href{javascript:alert(1)}{x}$",
    "$</math><script>alert(1)</script>$",
    "## <script>alert(1)</script>",
    "| <script> |\n|:-:|\n| <img src=x onerror=alert(1)> |",
    '{{ exercise "<script>" }}',
    "`<script>alert(1)</script>`",
    "    <script>alert(1)</script>",
]  # fmt: skip


class Inspector(HTMLParser):
    """Collects everything in a piece of HTML that is not on the lists."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.odd: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        # This parser writes all names in lower case, those of SVG too.
        tags = {name.lower(): name for name in TAGS}
        if tag not in tags:
            self.odd.append(f"<{tag}>")
            return
        allowed = {name.lower() for name in ATTRIBUTES["*"] | ATTRIBUTES.get(tags[tag], set())}
        for name, value in attrs:
            if name not in allowed or name.startswith("on") or name == "style":
                self.odd.append(f"<{tag} {name}>")
            if name == "href" and not (value or "").startswith("#") and link_fault(value or ""):
                self.odd.append(f"<{tag} href={value!r}>")

    def handle_comment(self, data: str) -> None:
        self.odd.append(f"<!--{data}-->")

    def handle_decl(self, decl: str) -> None:
        self.odd.append(f"<!{decl}>")


def odd_in(html: str) -> list[str]:
    inspector = Inspector()
    inspector.feed(html)
    inspector.close()
    return inspector.odd


def everything(source: str) -> str:
    """A source as a document and as a short text, with whatever faults it has."""
    faults = Faults()
    blocks = render(Markdown("x.md", source), Setting("en"), faults)
    inline = render_inline(source, Setting("en", names=frozenset()), faults, "x.toml", 1)
    return "".join(block.get("html", "") for block in blocks) + inline


def test_the_lists_hold_nothing_active() -> None:
    active = {"script", "style", "iframe", "object", "embed", "base", "meta", "link", "form"}
    active |= {"foreignObject", "animate", "set", "image", "img", "input", "button", "template"}
    active |= {"annotation-xml", "maction", "mglyph", "malignmark", "noscript", "title", "textarea"}
    assert TAGS & active == set()
    names = set().union(*ATTRIBUTES.values())
    assert {name for name in names if name.startswith("on") or name in {"style", "src"}} == set()


def test_the_inspector_sees_what_is_active() -> None:
    assert odd_in("<p onclick=x><script></script><a href='javascript:x'>") == [
        "<p onclick>",
        "<script>",
        "<a href='javascript:x'>",
    ]


@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_payload_becomes_active(payload: str) -> None:
    assert odd_in(everything(payload)) == []


@pytest.mark.parametrize("payload", PAYLOADS)
def test_the_last_step_holds_alone(payload: str) -> None:
    """Even HTML that came past everything else."""
    assert [odd for odd in odd_in(sanitise(payload)) if "href" not in odd] == []


PIECES = st.one_of(
    st.sampled_from(PAYLOADS),
    st.sampled_from(
        ["[", "](", ")", "<", ">", "`", "$", "**", "\n", "\n\n", ":::", "|", "&#", ";"]
    ),
    st.text(max_size=8),
)


@given(st.lists(PIECES, max_size=8))
def test_no_mixture_becomes_active(pieces: list[str]) -> None:
    assert odd_in(everything("".join(pieces))) == []


@given(st.text(max_size=30))
def test_only_clean_addresses_pass(address: str) -> None:
    if link_fault(address) == "":
        assert address.startswith(("http://", "https://", "HTTP", "Http", "hTTP", "h", "H"))
        assert address.isprintable()
        assert " " not in address
