"""The description of the API in OpenAPI 3.1, made of the columns that it answers.

tests/reports/test_api.py holds every answer against it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from reports.api.endpoints import ENDPOINTS, ROOT, Endpoint
from reports.api.problems import CONTENT_TYPE
from reports.api.subjects import Subject
from reports.tables import Column, Kind

Schema = dict[str, Any]

TYPES: dict[Kind, Schema] = {
    Kind.TEXT: {"type": ["string", "null"]},
    Kind.NUMBER: {"type": ["integer", "null"]},
    Kind.DECIMAL: {"type": ["number", "null"]},
    Kind.PERCENT: {"type": ["number", "null"], "description": "A share of one."},
    Kind.DAYS: {"type": ["number", "null"], "description": "Days."},
    Kind.DATE: {"type": ["string", "null"], "format": "date"},
}
PARAMETERS = {
    Subject.ORGANISATION: {"name": "organisation", "schema": {"type": "string"}},
    Subject.COHORT: {"name": "cohort", "schema": {"type": "string", "format": "uuid"}},
}
KEY = {"type": "string", "description": "What the row is about, in no language; may be empty."}
FILTERS = {
    "province": "GB/T 2260, two digits. Not for a token of a province, which is held to it.",
    "kind": "Kind of organisation: a key of /kinds.",
    "programme": "Key of a programme.",
}
ERRORS = {
    "400": "A parameter that does not exist, or a value that it does not have.",
    "401": "No token, or one that has ended, was revoked, or whose maker lost the role.",
    "403": "A token of another scope.",
    "404": "Nothing is there, or nothing that the token opens.",
    "429": "Too many calls: wait for as long as Retry-After says.",
}


def description() -> Schema:
    """The whole document."""
    paths = {f"{ROOT}headline": {"get": _headline()}}
    paths |= {f"{ROOT}{each.path}": {"get": _operation(each)} for each in ENDPOINTS}
    schemas = {_row_name(each): _row(each.columns) for each in ENDPOINTS if each.columns}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Chainwright reports",
            "version": "1",
            "description": (
                "Figures that administrators see, for their programs. Read only; counts only, "
                "never a row of a person. What is suppressed on a page is suppressed here: the "
                "value is null and `suppressed` of the row names it. Accept-Language chooses the "
                "language of titles."
            ),
        },
        "security": [{"token": []}],
        "paths": paths,
        "components": {
            "securitySchemes": {
                "token": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "Made at /reports/tokens/.",
                }
            },
            "schemas": {**_shared(), **schemas},
        },
    }


def _operation(endpoint: Endpoint) -> Schema:
    parameters: list[Schema] = [
        {"name": "sort", "in": "query", "schema": {"type": "string"}, "description": "A column."},
        {"name": "page", "in": "query", "schema": {"type": "integer", "minimum": 1}},
    ]
    parameters += [
        {"name": each, "in": "query", "schema": {"type": "string"}, "description": FILTERS[each]}
        for each in endpoint.filters
    ]
    if endpoint.subject in PARAMETERS:
        parameters.insert(0, {**PARAMETERS[endpoint.subject], "in": "path", "required": True})
    page = {
        "allOf": [{"$ref": "#/components/schemas/Table"}],
        "properties": {
            "report": {"const": endpoint.report},
            "rows": {"items": {"$ref": f"#/components/schemas/{_row_name(endpoint)}"}},
        },
    }
    return {
        "operationId": endpoint.name.removeprefix("api_"),
        "summary": endpoint.summary,
        "parameters": parameters,
        "responses": {"200": _answer("A page of the table.", page), **_errors()},
    }


def _headline() -> Schema:
    return {
        "operationId": "headline",
        "summary": "The national count of qualified people against the goal, day by day.",
        "responses": {
            "200": _answer("The count.", {"$ref": "#/components/schemas/Headline"}),
            **_errors(),
        },
    }


def _answer(words: str, schema: Schema) -> Schema:
    return {"description": words, "content": {"application/json": {"schema": schema}}}


def _errors() -> Schema:
    problem = {"schema": {"$ref": "#/components/schemas/Problem"}}
    return {
        status: {"description": words, "content": {CONTENT_TYPE: problem}}
        for status, words in ERRORS.items()
    }


def _row_name(endpoint: Endpoint) -> str:
    if not endpoint.columns:
        return "Row"
    return "".join(part.title() for part in endpoint.report.split("-")) + "Row"


def _row(columns: Sequence[Column]) -> Schema:
    properties: Schema = {"key": KEY}
    for column in columns:
        schema = dict(TYPES[column.kind])
        words = [str(column.definition or column.title), schema.get("description", "")]
        properties[column.key] = {**schema, "description": " ".join(filter(None, words))}
    properties["suppressed"] = {
        "type": "array",
        "items": {"enum": [column.key for column in columns]},
    }
    return _closed(properties)


def _closed(properties: Schema) -> Schema:
    """An object with exactly these properties."""
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _shared() -> Schema:
    moment = {"type": "string", "format": "date-time"}
    count = {"type": "integer", "minimum": 0}
    day = _closed({"day": {"type": "string", "format": "date"}, "qualified": count})
    column = _closed(
        {
            "key": {"type": "string"},
            "title": {"type": "string"},
            "kind": {"enum": [kind.value for kind in Kind]},
            "definition": {"type": "string"},
        }
    )
    row = {
        "type": "object",
        "description": "A value for each of `columns`, which say of what kind it is.",
        "properties": {"key": KEY, "suppressed": {"type": "array", "items": {"type": "string"}}},
        "required": ["key", "suppressed"],
        "additionalProperties": {"type": ["string", "number", "null"]},
    }
    return {
        "Row": row,
        "Headline": _closed(
            {
                "as_of": moment,
                "qualified": count,
                "goal": count,
                "remaining": count,
                "last_thirty_days": {"type": ["integer", "null"]},
                "history": {"type": "array", "items": day},
            }
        ),
        "Table": _closed(
            {
                "report": {"type": "string"},
                "title": {"type": "string"},
                "of": {"type": "string", "description": "What it is about; empty: the nation."},
                "as_of": moment,
                "language": {"type": "string"},
                "filters": {"type": "object", "additionalProperties": {"type": "string"}},
                "columns": {"type": "array", "items": column},
                "rows": {"type": "array", "items": {"type": "object"}},
                "total": count,
                "page": {"type": "integer", "minimum": 1},
                "pages": {"type": "integer", "minimum": 1},
            }
        ),
        "Problem": _closed(
            {
                "type": {"type": "string"},
                "title": {"type": "string"},
                "status": {"type": "integer"},
                "detail": {"type": "string"},
            }
        ),
    }
