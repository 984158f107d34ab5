"""What other rooms ask of this one. Nothing here writes: files come in and go out."""

from __future__ import annotations

from interop.formats import INPUTS, OUTPUTS, export_file, import_file
from interop.joining import joined

__all__ = ["INPUTS", "OUTPUTS", "export_file", "import_file", "joined"]
