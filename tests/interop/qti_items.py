"""Items of QTI 2.1 and 3.0, one for each construct that an importer meets."""

from __future__ import annotations

HEAD_3 = (
    '<qti-assessment-item xmlns="http://www.imsglobal.org/xsd/imsqtiasi_v3p0" '
    'identifier="{key}" title="{key}" time-dependent="false" {more}>'
)
HEAD_2 = (
    '<assessmentItem xmlns="http://www.imsglobal.org/xsd/imsqti_v2p1" identifier="{key}" '
    'title="{key}" adaptive="false" timeDependent="false" {more}>'
)


def item(key: str, inside: str, more: str = "") -> bytes:
    """An item of QTI 3."""
    return f"{HEAD_3.format(key=key, more=more)}{inside}</qti-assessment-item>".encode()


def old_item(key: str, inside: str) -> bytes:
    """An item of QTI 2.1."""
    return f"{HEAD_2.format(key=key, more='')}{inside}</assessmentItem>".encode()


def response(
    correct: str, cardinality: str = "single", base_type: str = "identifier", mapping: str = ""
) -> str:
    """A response declaration; `correct` has one answer in each line."""
    values = "".join(f"<qti-value>{one}</qti-value>" for one in correct.split("|") if one)
    return (
        f'<qti-response-declaration identifier="RESPONSE" cardinality="{cardinality}" '
        f'base-type="{base_type}"><qti-correct-response>{values}</qti-correct-response>{mapping}'
        "</qti-response-declaration>"
    )


def choices(options: str, interaction: str = "choice", **attributes: str) -> str:
    """An interaction with simple choices A, B, C …"""
    inside = "".join(
        f'<qti-simple-choice identifier="{chr(65 + place)}">{one}</qti-simple-choice>'
        for place, one in enumerate(options.split("|"))
    )
    more = "".join(f' {name.replace("_", "-")}="{value}"' for name, value in attributes.items())
    return (
        f'<qti-{interaction}-interaction response-identifier="RESPONSE"{more}>{inside}'
        f"</qti-{interaction}-interaction>"
    )


def body(inside: str) -> str:
    """An item body."""
    return f"<qti-item-body>{inside}</qti-item-body>"


OLD_CHOICE = """<responseDeclaration identifier="RESPONSE" cardinality="single"
    baseType="identifier"><correctResponse><value>B</value></correctResponse></responseDeclaration>
<itemBody><p>Which <b>one</b>?</p>
<choiceInteraction responseIdentifier="RESPONSE" shuffle="true" maxChoices="1">
<simpleChoice identifier="A">No<feedbackInline outcomeIdentifier="FEEDBACK" identifier="A"
    showHide="show">Not this.</feedbackInline></simpleChoice>
<simpleChoice identifier="B">Yes</simpleChoice></choiceInteraction></itemBody>"""

TEMPLATE = """<qti-response-declaration identifier="RESPONSE" cardinality="single"
    base-type="integer"/>
<qti-template-declaration identifier="N" cardinality="single" base-type="integer"/>
<qti-template-declaration identifier="UNIT" cardinality="single" base-type="string"/>
<qti-template-processing>
<qti-set-template-value identifier="N"><qti-random-integer min="2" max="8" step="2"/>
</qti-set-template-value>
<qti-template-condition>
<qti-template-if><qti-gt><qti-variable identifier="N"/>
<qti-base-value base-type="integer">4</qti-base-value></qti-gt>
<qti-set-template-value identifier="UNIT"><qti-base-value base-type="string">many</qti-base-value>
</qti-set-template-value></qti-template-if>
<qti-template-else><qti-set-template-value identifier="UNIT">
<qti-base-value base-type="string">few</qti-base-value></qti-set-template-value>
</qti-template-else></qti-template-condition>
<qti-set-correct-response identifier="RESPONSE"><qti-product><qti-variable identifier="N"/>
<qti-base-value base-type="integer">3</qti-base-value></qti-product></qti-set-correct-response>
</qti-template-processing>
<qti-item-body><p>Three times <qti-printed-variable identifier="N"/>
(<qti-printed-variable identifier="UNIT"/>)?</p>
<p><qti-text-entry-interaction response-identifier="RESPONSE"/></p></qti-item-body>"""

CONSTRAINED = TEMPLATE.replace(
    "<qti-template-condition>",
    "<qti-template-constraint><qti-equal><qti-variable identifier='N'/>"
    "<qti-base-value base-type='integer'>6</qti-base-value></qti-equal></qti-template-constraint>"
    "<qti-template-condition>",
)

MATCH = """<qti-match-interaction response-identifier="RESPONSE">
<qti-prompt>Who is who?</qti-prompt>
<qti-simple-match-set>
<qti-simple-associable-choice identifier="A">one</qti-simple-associable-choice>
<qti-simple-associable-choice identifier="B">two</qti-simple-associable-choice>
</qti-simple-match-set><qti-simple-match-set>
<qti-simple-associable-choice identifier="X">eins</qti-simple-associable-choice>
<qti-simple-associable-choice identifier="Y">zwei</qti-simple-associable-choice>
<qti-simple-associable-choice identifier="Z">drei</qti-simple-associable-choice>
</qti-simple-match-set></qti-match-interaction>"""

GAPS = """<qti-response-declaration identifier="R1" cardinality="single" base-type="identifier">
<qti-correct-response><qti-value>b</qti-value></qti-correct-response></qti-response-declaration>
<qti-response-declaration identifier="R2" cardinality="single" base-type="string">
<qti-correct-response><qti-value>chain</qti-value></qti-correct-response>
<qti-mapping><qti-map-entry map-key="chain" mapped-value="1" case-sensitive="false"/>
<qti-map-entry map-key="ledger" mapped-value="1" case-sensitive="false"/></qti-mapping>
</qti-response-declaration>
<qti-item-body><p>Read.</p><p>A
<qti-inline-choice-interaction response-identifier="R1">
<qti-inline-choice identifier="a">word</qti-inline-choice>
<qti-inline-choice identifier="b">block</qti-inline-choice></qti-inline-choice-interaction>
is a part of a <qti-text-entry-interaction response-identifier="R2"/>.</p></qti-item-body>"""

HINTED = f"""{response("A")}
<qti-response-declaration identifier="ASK" cardinality="single" base-type="boolean"/>
<qti-item-body>{choices("yes|no")}
<p><qti-end-attempt-interaction response-identifier="ASK" title="Hint"/></p>
<qti-feedback-block outcome-identifier="FEEDBACK" identifier="H"><qti-content-body>Think.
</qti-content-body></qti-feedback-block></qti-item-body>
<qti-response-processing><qti-response-condition>
<qti-response-if><qti-variable identifier="ASK"/><qti-set-outcome-value identifier="FEEDBACK">
<qti-base-value base-type="identifier">H</qti-base-value></qti-set-outcome-value></qti-response-if>
<qti-response-else><qti-response-condition><qti-response-if><qti-match>
<qti-variable identifier="RESPONSE"/><qti-correct identifier="RESPONSE"/></qti-match>
<qti-set-outcome-value identifier="FEEDBACK"><qti-base-value base-type="identifier">well
</qti-base-value></qti-set-outcome-value></qti-response-if>
<qti-response-else><qti-set-outcome-value identifier="FEEDBACK">
<qti-base-value base-type="identifier">bad</qti-base-value></qti-set-outcome-value>
</qti-response-else></qti-response-condition></qti-response-else></qti-response-condition>
</qti-response-processing>
<qti-modal-feedback outcome-identifier="FEEDBACK" identifier="well">Well done.</qti-modal-feedback>
<qti-modal-feedback outcome-identifier="FEEDBACK" identifier="bad">No.</qti-modal-feedback>"""

FORMULA = """<p>What is <math xmlns="http://www.w3.org/1998/Math/MathML"><mrow>
<msup><mi>x</mi><mn>2</mn></msup><mo>+</mo><mfrac><mn>1</mn><msqrt><mi>y</mi></msqrt></mfrac>
</mrow></math>?</p>"""
SVG = b"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10"><rect class="fg"
    width="4" height="4" fill="currentColor"/></svg>"""
PNG = b"\x89PNG\r\n\x1a\n" + bytes(32)
