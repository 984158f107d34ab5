"""Every report by name: what an export is made of. To add one, add its line.

A builder takes who reads, what the address asks for, and what the report is about (`of`: "" for
the nation, the key of an organisation, the uuid of a cohort). It decides who may see, and raises
`Http404` to everybody else; reports/tables.py shows how one is written.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.http import QueryDict

from reports.tables import Reader, Table

Builder = Callable[[Reader, QueryDict, str], Table]

REPORTS: Mapping[str, Builder] = {}
"""Name (`Table.key`, also in the address of the export) → builder."""
