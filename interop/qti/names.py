"""One spelling for QTI 2 and QTI 3: `simpleChoice` and `qti-simple-choice` are `simple-choice`."""

from __future__ import annotations

import re

from interop.xml_trees import Node

_CAPITAL = re.compile(r"(?<=[a-z0-9])([A-Z])")
_NAMESPACE_2 = re.compile(r"imsqti_v2p\d|ims_qtiasiv2p\d", re.IGNORECASE)
_NAMESPACE_3 = "imsqtiasi_v3p0"
_HTML5_IN_2 = {"matrix"}


def normalised(node: Node) -> Node:
    """The same tree in the names of QTI 3 without `qti-`; HTML and MathML stay as they are."""
    for one in node.walk():
        one.name = _plain(one.name)
        one.attributes = {_plain(key): value for key, value in one.attributes.items()}
    return node


def _plain(name: str) -> str:
    kebab = _CAPITAL.sub(lambda found: f"-{found[1].lower()}", name)
    return kebab.removeprefix("qti-")


def is_qti(node: Node) -> bool:
    """Whether the outermost element is one of QTI 2 or 3."""
    if _NAMESPACE_3 in node.namespace or _NAMESPACE_2.search(node.namespace):
        return True
    return node.name.startswith("qti-assessment-") or node.name in {
        "assessmentItem",
        "assessmentTest",
        "assessmentSection",
        "assessmentStimulus",
    }
