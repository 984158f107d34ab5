"""What changes the rows of this room. Each docstring lists the effects in order."""

from __future__ import annotations

from accounts.actions.announcements import announce, put_away
from accounts.actions.consent import (
    give_consent,
    sign_out_everywhere,
    withdraw_consent,
)
from accounts.actions.departments import remove_department
from accounts.actions.letters import mail_announcements, mail_decision, mail_places
from accounts.actions.links import make_link, revoke_link
from accounts.actions.registration import (
    refuse_organisation,
    register_organisation,
    verify_organisation,
)
from accounts.actions.roles import assign_instructors, give_role, measure_anew, take_role

__all__ = [
    "announce",
    "assign_instructors",
    "give_consent",
    "give_role",
    "mail_announcements",
    "mail_decision",
    "mail_places",
    "make_link",
    "measure_anew",
    "put_away",
    "refuse_organisation",
    "register_organisation",
    "remove_department",
    "revoke_link",
    "sign_out_everywhere",
    "take_role",
    "verify_organisation",
    "withdraw_consent",
]
