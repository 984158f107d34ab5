"""People, the organisations that they belong to, and what they agreed to."""

from __future__ import annotations

from accounts.models.invitations import (
    Announcement,
    AnnouncementSeen,
    Invitation,
    InviteLink,
    RosterRow,
    RosterUpload,
    new_token,
)
from accounts.models.letters import Letter
from accounts.models.organisations import (
    Cohort,
    CohortInstructor,
    CohortMember,
    Department,
    Membership,
    Organisation,
    new_join_code,
)
from accounts.models.people import Consent, User
from accounts.provinces import Province

__all__ = [
    "Announcement",
    "AnnouncementSeen",
    "Cohort",
    "CohortInstructor",
    "CohortMember",
    "Consent",
    "Department",
    "Invitation",
    "InviteLink",
    "Letter",
    "Membership",
    "Organisation",
    "Province",
    "RosterRow",
    "RosterUpload",
    "User",
    "new_join_code",
    "new_token",
]
