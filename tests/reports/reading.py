"""Reading answers that may be files."""

from __future__ import annotations

from django.test import Client


def status_of(client: Client, path: str) -> int:
    """What an address answers. A file is read to its end: closed before, it would close the
    connection on which the test's transaction is.
    """
    response = client.get(path)
    if response.streaming:
        for _ in response:
            pass
    return response.status_code
