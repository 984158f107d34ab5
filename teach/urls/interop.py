"""Imports of other systems' files, and exports."""

from __future__ import annotations

from django.urls import URLPattern, path

from teach.views import interop

IMPORT = "<slug:course_key>/import/"
EXPORT = "<slug:course_key>/export/"
FILE = IMPORT + "<uuid:import_uuid>/"

urlpatterns: list[URLPattern] = [
    path(IMPORT, interop.imports, name="imports"),
    path(FILE, interop.foreign_file, name="foreign_file"),
    path(FILE + "drop/", interop.foreign_file_dropped, name="foreign_file_dropped"),
    path(EXPORT, interop.export, name="export"),
    path(EXPORT + "file/", interop.export_sent, name="export_sent"),
]
