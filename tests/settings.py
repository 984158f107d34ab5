"""Settings of the test suite: the product's own, with what a test needs to see or to be quick."""

from __future__ import annotations

import os
import tempfile

os.environ.setdefault("CHAINWRIGHT_ENV_FILE", "")
os.environ.setdefault("SECRET_KEY", "only-for-tests-" + "0" * 40)
os.environ.setdefault("ALLOWED_HOSTS", "testserver,localhost,127.0.0.1")
os.environ.setdefault("SECURE_SSL_REDIRECT", "0")
os.environ.setdefault("SECURE_HSTS_SECONDS", "0")
os.environ.setdefault("VAR_DIR", tempfile.mkdtemp(prefix="chainwright-var-"))
os.environ["DEBUG"] = "0"

from config.settings import *  # noqa: F403  # the environment must be set before

# The real hashers take a quarter of a second on purpose; tests sign in thousands of times.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
# The manifest needs collectstatic; the end-to-end tests run the real site, which has one.
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
# WhiteNoise warns of a missing directory, and warnings are errors.
STATIC_ROOT.mkdir(parents=True, exist_ok=True)
# Workers of one test run share a Redis, or a directory, and a test may clear its cache: each has
# one of its own.
worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) + 1
CACHES["default"]["LOCATION"] = (
    f"{REDIS_URL}?db={worker}" if REDIS_URL else VAR_DIR / f"cache-{worker}"
)
