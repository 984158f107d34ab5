"""Proof, review, release, archives, git, item bank, imports and exports."""

from __future__ import annotations

from django.urls import URLPattern, path

from teach.views import bank, files, publication

ONE = "<slug:course_key>/"
PUBLISH = ONE + "publish/"
FILES = ONE + "files/"
ARRIVAL = FILES + "<uuid:arrival_uuid>/"
BANK = ONE + "bank/"

urlpatterns: list[URLPattern] = [
    path(PUBLISH, publication.publication, name="publication"),
    path(PUBLISH + "proof/", publication.proof, name="proof"),
    path(PUBLISH + "proof/state/", publication.proof_state, name="proof_state"),
    path(PUBLISH + "notes/", publication.notes, name="notes"),
    path(PUBLISH + "remark/", publication.remarked, name="remarked"),
    path(PUBLISH + "override/", publication.overridden, name="overridden"),
    path(PUBLISH + "release/", publication.released, name="released"),
    path(FILES, files.files, name="files"),
    path(FILES + "archive/", files.archive, name="archive"),
    path(FILES + "upload/", files.uploaded, name="uploaded"),
    path(ARRIVAL, files.arrival, name="arrival"),
    path(ARRIVAL + "drop/", files.arrival_dropped, name="arrival_dropped"),
    path(FILES + "git/", files.git_connected, name="git_connected"),
    path(FILES + "git/fetch/", files.git_fetched, name="git_fetched"),
    path(FILES + "tokens/", files.token_made, name="token_made"),
    path(FILES + "tokens/<uuid:token_uuid>/revoke/", files.token_revoked, name="token_revoked"),
    path(BANK, bank.bank, name="bank"),
    path(BANK + "share/", bank.bank_shared, name="bank_shared"),
    path(BANK + "<uuid:item_uuid>/", bank.bank_item, name="bank_item"),
]
