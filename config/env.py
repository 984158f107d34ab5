"""Settings come from the environment only, and a bad value stops the start with a sentence."""

from __future__ import annotations

import datetime
import json
import os
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured


def load(path: Path) -> None:
    """Take NAME=value lines of a file as defaults: what the environment says goes first."""
    if not path.is_file():
        return
    for line in path.read_text(encoding="utf-8").splitlines():
        name, separator, value = line.partition("=")
        if separator and not line.startswith("#"):
            os.environ.setdefault(name.strip(), value.strip())


def text(name: str, default: str = "") -> str:
    """The variable as it is, or `default` when it is unset or empty."""
    return os.environ.get(name, "") or default


def flag(name: str, *, default: bool = False) -> bool:
    """True for 1/true/yes/on, False for 0/false/no/off; anything else stops the start."""
    value = text(name).lower()
    if not value:
        return default
    if value in {"1", "true", "yes", "on"}:
        return True
    if value in {"0", "false", "no", "off"}:
        return False
    raise ImproperlyConfigured(f"{name}={value!r}: say 1 or 0.")


def number(name: str, default: int, *, least: int = 0) -> int:
    """A whole number of at least `least`."""
    value = text(name, str(default))
    try:
        parsed = int(value)
    except ValueError:
        raise ImproperlyConfigured(f"{name}={value!r}: say a whole number.") from None
    if parsed < least:
        raise ImproperlyConfigured(f"{name}={value!r}: must be at least {least}.")
    return parsed


def day(name: str, default: str) -> datetime.date:
    """A day, written 2028-12-31."""
    value = text(name, default)
    try:
        return datetime.date.fromisoformat(value)
    except ValueError:
        raise ImproperlyConfigured(f"{name}={value!r}: say a day such as {default}.") from None


def names(name: str, default: str = "") -> list[str]:
    """A comma-separated list without empty parts."""
    return [part.strip() for part in text(name, default).split(",") if part.strip()]


def secret(name: str, *, fallback: str | None) -> str:
    """A secret, from the variable or from the file named by `NAME_FILE`.

    With `fallback` None it must be given; a missing one stops the start.
    """
    if path := text(f"{name}_FILE"):
        return Path(path).read_text(encoding="utf-8").strip()
    value = text(name, fallback or "")
    if not value:
        raise ImproperlyConfigured(f"{name} (or {name}_FILE) must be set when DEBUG is off.")
    return value


def oidc_providers(name: str) -> list[dict[str, object]]:
    """OpenID Connect providers for allauth, from a JSON list of objects.

    Each has `id`, `name`, `server_url`, `client_id`, and `secret` or `secret_file`.
    """
    keys = {"id", "name", "server_url", "client_id"}
    try:
        listed = json.loads(text(name, "[]"))
        assert isinstance(listed, list)
        return [_provider(entry, keys) for entry in listed]
    except (ValueError, AssertionError, KeyError, TypeError, OSError) as error:
        raise ImproperlyConfigured(
            f"{name}: say a JSON list of objects with {', '.join(sorted(keys))} and"
            f" secret or secret_file ({error!r})."
        ) from None


def _provider(entry: dict[str, str], keys: set[str]) -> dict[str, object]:
    assert set(entry) - keys in ({"secret"}, {"secret_file"}), sorted(entry)
    path = entry.get("secret_file")
    return {
        "provider_id": entry["id"],
        "name": entry["name"],
        "client_id": entry["client_id"],
        "secret": Path(path).read_text(encoding="utf-8").strip() if path else entry["secret"],
        "settings": {"server_url": entry["server_url"]},
    }


def database(url: str, sqlite_path: Path) -> dict[str, object]:
    """Django's settings for `postgres://user:password@host:port/name`, or SQLite when url is ''.

    A socket directory is given as `postgres:///name?host=/run/postgresql`.
    """
    if not url:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": sqlite_path,
            "OPTIONS": {
                "timeout": 20,
                # Writers take turns from BEGIN on; otherwise two that both read first deadlock.
                "transaction_mode": "IMMEDIATE",
                "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;",
            },
        }
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ImproperlyConfigured(
            "DATABASE_URL must look like postgres://user:password@host:5432/name"
        )
    query = dict(pair.split("=", 1) for pair in parts.query.split("&") if "=" in pair)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(query.get("host", parts.hostname or "")),
        "PORT": str(parts.port or query.get("port", "")),
        "OPTIONS": {"pool": {"min_size": 1, "max_size": number("DATABASE_POOL", 4, least=1)}},
    }
