"""Common Cartridges: pages and questions of QTI 1.2."""

from __future__ import annotations

import tomllib
from typing import Any

from interop.cartridge.packages import course_of, is_cartridge
from interop.formats import import_file
from interop.settling import settled
from interop.types import Fate
from tests.interop.archives import zip_of
from tests.interop.qti_items import SVG

MANIFEST = """<?xml version="1.0"?>
<manifest identifier="m" xmlns="http://www.imsglobal.org/xsd/imsccv1p1/imscp_v1p1">
<metadata><schema>IMS Common Cartridge</schema><schemaversion>1.1.0</schemaversion></metadata>
<organizations><organization structure="rooted-hierarchy"><item>
  <item identifier="w1"><title>Week 1</title>
    <item identifierref="page"><title>What a block is</title></item>
    <item identifier="sub"><title>Practice</title>
      <item identifierref="quiz"><title>Quiz</title></item>
      <item identifierref="quiz"><title>Quiz again</title></item></item>
    <item identifierref="link"><title>Read on</title></item>
    <item identifierref="talk"><title>Talk</title></item>
    <item identifierref="gone"><title>Gone</title></item></item>
</item></organization></organizations>
<resources>
<resource identifier="page" type="webcontent" href="pages/block.html">
  <file href="pages/block.html"/></resource>
<resource identifier="quiz" type="imsqti_xmlv1p2/imscc_xmlv1p1/assessment">
  <file href="quiz/quiz.xml"/></resource>
<resource identifier="link" type="imswl_xmlv1p1"><file href="link.xml"/></resource>
<resource identifier="talk" type="imsdt_xmlv1p1"><file href="talk.xml"/></resource>
<resource identifier="extra" type="webcontent" href="extra.html">
  <file href="extra.html"/></resource>
</resources></manifest>"""

PAGE = """<!DOCTYPE html><html><head><title>Blocks</title><style>p {}</style></head>
<body class="x"><h1>Blocks</h1><p>A <em>block</em> names the one before.</p>
<p><img src="$IMS-CC-FILEBASE$/chain.svg" alt="A chain"></p><script>alert(1)</script>
<iframe src="https://video.example.org/1"></iframe></body></html>"""


def label(ident: str, words: str) -> str:
    material = f'<material><mattext texttype="text/html">{words}</mattext></material>'
    return f'<response_label ident="{ident}">{material}</response_label>'


def question(kind: str, response: str, processing: str, more: str = "") -> str:
    """An item of this profile."""
    field = (
        "<itemmetadata><qtimetadata><qtimetadatafield><fieldlabel>cc_profile</fieldlabel>"
        f"<fieldentry>{kind}</fieldentry></qtimetadatafield></qtimetadata></itemmetadata>"
    )
    words = '<material><mattext texttype="text/html">&lt;p&gt;Which?&lt;/p&gt;</mattext></material>'
    return (
        f'<item ident="{kind}" title="{kind}">{field}<presentation>{words}{response}'
        f"</presentation><resprocessing>{processing}</resprocessing>{more}</item>"
    )


def scored(condition: str, score: int = 100, shown: str = "") -> str:
    """A condition that gives points."""
    display = f'<displayfeedback feedbacktype="Response" linkrefid="{shown}"/>' if shown else ""
    points = f'<setvar action="Set" varname="SCORE">{score}</setvar>'
    return (
        f"<respcondition><conditionvar>{condition}</conditionvar>{points}{display}</respcondition>"
    )


def equal(answer: str, response: str = "R", more: str = "") -> str:
    return f'<varequal respident="{response}"{more}>{answer}</varequal>'


CHOICES = (
    f"<render_choice>{label('a', 'No')}{label('b', 'Yes')}{label('c', 'Both')}</render_choice>"
)
ONE = f'<response_lid ident="R" rcardinality="Single">{CHOICES}</response_lid>'
SEVERAL = ONE.replace("Single", "Multiple")
FIELD = '<response_str ident="R"><render_fib/></response_str>'
ROWS = "".join(
    f'<response_lid ident="{row}"><material><mattext>{row}</mattext></material>{CHOICES}'
    "</response_lid>"
    for row in ("x", "y")
)
TOLD = (
    '<itemfeedback ident="no"><flow_mat><material><mattext>Think.</mattext></material></flow_mat>'
    "</itemfeedback>"
)
QUIZ = (
    '<questestinterop xmlns="http://www.imsglobal.org/xsd/ims_qtiasiv1p2"><assessment ident="q" '
    'title="Quiz"><section ident="s">'
    + question(
        "cc.multiple_choice.v0p1", ONE, scored(equal("b")) + scored(equal("a"), 0, "no"), TOLD
    )
    + question(
        "cc.multiple_response.v0p1",
        SEVERAL,
        scored(f"<and>{equal('a')}{equal('b')}<not>{equal('c')}</not></and>"),
    )
    + question("cc.fib.v0p1", FIELD, scored(equal("Hash") + equal("hash sum")))
    + question(
        "numerical_question",
        FIELD,
        scored(
            f"<or>{equal('2.5')}<and><vargte respident='R'>2.4</vargte>"
            "<varlte respident='R'>2.6</varlte></and></or>"
        ),
    )
    + question("matching_question", ROWS, scored(equal("a", "x"), 50) + scored(equal("c", "y"), 50))
    + question("cc.essay.v0p1", FIELD, "")
    + "</section></assessment></questestinterop>"
)
LINK = (
    '<webLink xmlns="http://www.imsglobal.org/xsd/imsccv1p1/imswl_v1p1"><title>A standard</title>'
    '<url href="https://example.org/standard"/></webLink>'
)
FILES = {
    "imsmanifest.xml": MANIFEST.encode(),
    "pages/block.html": PAGE.encode(),
    "quiz/quiz.xml": QUIZ.encode(),
    "link.xml": LINK.encode(),
    "talk.xml": b"<topic/>",
    "extra.html": b"<p>More.</p>",
    "web_resources/chain.svg": SVG,
}


def spec(files: dict[str, bytes], path: str) -> dict[str, Any]:
    table = tomllib.loads(files[f"{path}/exercise.toml"].decode())
    return {"kind": table["kind"], **table["spec"]}


def text(words: str) -> dict[str, str]:
    return {"en": words}


def test_a_cartridge_becomes_modules_lessons_and_exercises() -> None:
    made = import_file(zip_of(FILES), "course.imscc", "en")
    course = tomllib.loads(made.files["course.toml"].decode())
    assert [(one["title"]["en"], one["lessons"]) for one in course["modules"]] == [
        ("Week 1", ["01-what-a-block-is", "02-practice-quiz", "03-read-on"]),
        ("More pages", ["04-extra-html"]),
    ]
    assert made.files["01-what-a-block-is/lesson.en.md"].decode() == (
        "# What a block is\n\n## Blocks\n\nA *block* names the one before.\n\n"
        "![A chain](figures/chain.svg)\n"
    )
    assert made.files["03-read-on/lesson.en.md"].decode() == (
        "# Read on\n\n[A standard](<https://example.org/standard>)\n"
    )
    assert {one.where: (one.fate, [said.code for said in one.said]) for one in made.items} == {
        "pages/block.html": (Fate.LOSS, ["media_left_out"]),
        "quiz/quiz.xml#cc.multiple_choice.v0p1": (Fate.TAKEN, []),
        "quiz/quiz.xml#cc.multiple_response.v0p1": (Fate.LOSS, ["choices_scoring"]),
        "quiz/quiz.xml#cc.fib.v0p1": (Fate.TAKEN, []),
        "quiz/quiz.xml#numerical_question": (Fate.TAKEN, []),
        "quiz/quiz.xml#matching_question": (Fate.TAKEN, []),
        "quiz/quiz.xml#cc.essay.v0p1": (Fate.REFUSED, ["free_text"]),
        "link.xml": (Fate.TAKEN, []),
        "talk.xml": (Fate.REFUSED, ["not_read"]),
        "gone": (Fate.REFUSED, ["file_missing"]),
        "extra.html": (Fate.TAKEN, []),
    }


def test_questions_are_the_exercises_that_they_are() -> None:
    made = settled(course_of(FILES, "en"))
    paths = {one.where.partition("#")[2]: one.path for one in made.items}
    specs = {kind: spec(dict(made.files), path) for kind, path in paths.items() if kind and path}
    assert specs["cc.multiple_choice.v0p1"] == {
        "kind": "choice",
        "shuffle": False,
        "options": [
            {"text": text("No"), "feedback": text("Think.")},
            {"text": text("Yes"), "correct": True},
            {"text": text("Both")},
        ],
    }
    several = specs["cc.multiple_response.v0p1"]["options"]
    assert [one.get("correct", False) for one in several] == [True, True, False]
    assert specs["cc.fib.v0p1"] == {
        "kind": "text",
        "accept": ["Hash", "hash sum"],
        "normalise": ["case"],
    }
    assert specs["numerical_question"] == {
        "kind": "numeric",
        "answer": 2.5,
        "tolerance": {"absolute": 0.1},
    }
    assert specs["matching_question"] == {
        "kind": "match",
        "pairs": [
            {"left": text("x"), "right": text("No")},
            {"left": text("y"), "right": text("Both")},
        ],
        "extra": [{"right": text("Yes")}],
    }


def test_questions_alone_are_known_too() -> None:
    assert is_cartridge({"quiz.xml": QUIZ.encode()})
    made = import_file(QUIZ.encode(), "quiz.xml", "zh-hans")
    assert [made.count(fate) for fate in Fate] == [4, 1, 1]
