"""The parts of an organisation."""

from __future__ import annotations

from django.db import transaction
from django.db.models import ProtectedError

from accounts.models import Department
from accounts.types import DepartmentInUse


@transaction.atomic
def remove_department(*, department: Department) -> None:
    """Remove a part that has no cohorts and no people. Raises `DepartmentInUse`."""
    try:
        department.delete()
    except ProtectedError:
        raise DepartmentInUse from None
