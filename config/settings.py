"""All settings, from the environment. `docs/operations.md` lists every variable."""

from __future__ import annotations

import os
from pathlib import Path

import django_stubs_ext
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from config import env, logging

# Lets ModelAdmin[…] and ModelForm[…] be written as the type checker wants them.
django_stubs_ext.monkeypatch()

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = Path(env.text("VAR_DIR", str(BASE_DIR / "var")))
"""Everything that this installation writes to disk when no service is configured."""

# `make setup` leaves what one machine needs in var/local.env; in production there is no such file.
if env_file := os.environ.get("CHAINWRIGHT_ENV_FILE", str(VAR_DIR / "local.env")):
    env.load(Path(env_file))

DEBUG = env.flag("DEBUG")
SECRET_KEY = env.secret("SECRET_KEY", fallback="not-secret-development-only" if DEBUG else None)
ALLOWED_HOSTS = env.names("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]" if DEBUG else "")
CSRF_TRUSTED_ORIGINS = env.names("CSRF_TRUSTED_ORIGINS")

INSTALLED_APPS = [
    "learn",
    "teach",
    "organisations",
    "authoring",
    "interop",
    "analysis",
    "reports",
    "grading",
    "courses",
    "accounts",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
    "django_htmx",
    "template_partials",
    "csp",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "accounts.gate.GateMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "learn.context.site",
            ],
        },
    }
]

DATABASES = {"default": env.database(env.text("DATABASE_URL"), VAR_DIR / "chainwright.sqlite3")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.text("REDIS_URL")
"""Empty: no Redis-compatible server; workers drain the database by polling alone."""
CACHES: dict[str, dict[str, object]] = {
    "default": (
        {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}
        if REDIS_URL
        else {
            "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
            "LOCATION": VAR_DIR / "cache",
        }
    )
}

# What templates render once for everybody (docs/decisions/0014): memory of the process, bounded.
# While templates are being written, nothing is remembered.
CACHES["template_fragments"] = {
    "BACKEND": (
        "django.core.cache.backends.dummy.DummyCache"
        if DEBUG
        else "django.core.cache.backends.locmem.LocMemCache"
    ),
    "LOCATION": "template_fragments",
    "OPTIONS": {"MAX_ENTRIES": 4096},
}

AUTH_USER_MODEL = "accounts.User"
# It is Django's ModelBackend, permissions included; both would ask the database twice.
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "learn:my_learning"
LOGOUT_REDIRECT_URL = "learn:landing"

# Sign-up, sign-in and second factor are django-allauth's; the names are its own.
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_SIGNUP_FORM_CLASS = "accounts.forms.SignupForm"
ACCOUNT_EMAIL_VERIFICATION = env.text("EMAIL_VERIFICATION", "mandatory")
"""mandatory, optional or none."""
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = "[Chainwright] "
ACCOUNT_LOGIN_BY_CODE_ENABLED = False
ACCOUNT_LOGIN_ON_PASSWORD_RESET = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = 900
# A whole campus may stand behind one address, so an address may do what two classes do at once;
# what protects a person is the limit by e-mail ("key").
ACCOUNT_RATE_LIMITS = {
    "login": "200/m/ip",
    "login_failed": "60/m/ip,5/300s/key",
    "signup": "120/m/ip",
    "reset_password": "60/m/ip,5/m/key",
    "reset_password_from_key": "60/m/ip",
    "change_password": "5/m/user",
    "manage_email": "10/m/user",
    "reauthenticate": "10/m/user",
    "confirm_email": "1/3m/key",
}
MFA_RATE_LIMITS = {"webauthn_login": "200/m/ip"}
ALLAUTH_TRUSTED_PROXY_COUNT = env.number("TRUSTED_PROXY_COUNT", 0)
"""How many of our own proxies wrote into X-Forwarded-For. 0 behind a proxy: all are one address."""
MFA_ADAPTER = "accounts.adapter.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Chainwright"
MFA_TOTP_TOLERANCE = 1
# Browsers take http://localhost for a safe origin; it is one only where nobody else can come.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = set(ALLOWED_HOSTS) <= {"localhost", "127.0.0.1", "[::1]"}
REQUIRE_ADMIN_MFA = env.flag("REQUIRE_ADMIN_MFA", default=not DEBUG)
"""Whether staff, national and organisation administrators must have a second factor."""
SOCIALACCOUNT_ADAPTER = "accounts.adapter.SocialAccountAdapter"
SOCIALACCOUNT_AUTO_SIGNUP = False  # consent and name are always asked for
# A form that ends at the provider by redirects would break the form-action of our policy.
SOCIALACCOUNT_LOGIN_ON_GET = True
SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": env.oidc_providers("OIDC_PROVIDERS")}}

EMAIL_HOST = env.text("EMAIL_HOST")
EMAIL_PORT = env.number("EMAIL_PORT", 587)
EMAIL_HOST_USER = env.text("EMAIL_HOST_USER")
EMAIL_HOST_PASSWORD = env.secret("EMAIL_HOST_PASSWORD", fallback=" ").strip()
EMAIL_USE_TLS = env.flag("EMAIL_USE_TLS", default=True)
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", "Chainwright <no-reply@localhost>")
SITE_URL = env.text("SITE_URL", "http://localhost:8000").rstrip("/")
LETTERS_PER_SECOND = env.number("LETTERS_PER_SECOND", 5, least=1)
# Without a mail server, letters appear in the terminal.
EMAIL_BACKEND = (
    "django.core.mail.backends.smtp.EmailBackend"
    if EMAIL_HOST
    else "django.core.mail.backends.console.EmailBackend"
)

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("zh-hans", _("Simplified Chinese"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = VAR_DIR / "staticfiles"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": (
            "django.contrib.staticfiles.storage.StaticFilesStorage"
            if DEBUG
            else "whitenoise.storage.CompressedManifestStaticFilesStorage"
        )
    },
}
WHITENOISE_USE_FINDERS = DEBUG

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
SECURE_REFERRER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = env.flag("SECURE_SSL_REDIRECT", default=not DEBUG)
# A proxy that ends TLS must set this header itself, and drop it when a visitor sends it.
SECURE_PROXY_SSL_HEADER = (
    ("HTTP_X_FORWARDED_PROTO", "https") if env.flag("BEHIND_TLS_PROXY") else None
)
SECURE_HSTS_SECONDS = env.number("SECURE_HSTS_SECONDS", 0 if DEBUG else 31_536_000)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT
X_FRAME_OPTIONS = "DENY"

# Celery and Django write a unix socket differently.
CELERY_BROKER_URL = REDIS_URL.replace("unix://", "redis+socket://") or "memory://"
CELERY_TASK_DEFAULT_QUEUE = "grade"
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = False
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_PUBLISH_RETRY = False
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 300,
    "socket_timeout": 5,
    "socket_connect_timeout": 2,
    "socket_keepalive": True,
    "health_check_interval": 5,
}

# Grading: how long a silent worker keeps a submission (longer than any box may run), how often
# workers look by themselves, how many workers one submission may cost.
GRADING_LEASE_SECONDS = env.number("GRADING_LEASE_SECONDS", 60, least=1)
GRADING_POLL_SECONDS = env.number("GRADING_POLL_SECONDS", 5, least=1)
GRADING_SWEEP_SECONDS = env.number("GRADING_SWEEP_SECONDS", 1, least=1)
GRADING_MAX_LOSSES = env.number("GRADING_MAX_LOSSES", 6, least=1)
GRADING_TRIES_PER_MINUTE = env.number("GRADING_TRIES_PER_MINUTE", 30)
GRADING_RUNS_PER_MINUTE = env.number("GRADING_RUNS_PER_MINUTE", 60)
"""For one person; 0 is no limit."""

SANDBOX_LANES = env.names("SANDBOX_LANES", "bubblewrap")
"""Which lanes of `sandbox` may be used, best first; there is no unsafe one.

`landlock` serves hosts without user namespaces. It is the operator's choice, because a program
in it can tell that files of the host exist, though it can read none (docs/operations.md).
"""

GIT_HOSTS = env.names("GIT_HOSTS")
"""The hosts from which workspaces may fetch a course by git, over https; empty: from none."""

NATIONAL_GOAL = 500_000
"""Qualified professionals: the number that the centre is to reach."""
NATIONAL_GOAL_DATE = env.day("NATIONAL_GOAL_DATE", "2028-12-31")
"""The day by which it is to be reached: what the required weekly rate is worked out for."""

OPERATOR_NAME = env.text("OPERATOR_NAME")
"""Who runs this installation, in the footer and the legal texts."""
ICP_NUMBER = env.text("ICP_NUMBER")
PSB_NUMBER = env.text("PSB_NUMBER")
"""Record numbers that a site in China shows in its footer; empty ones are not shown."""

TERMS_VERSION = "2026-11-24"
PRIVACY_VERSION = "2026-11-24"
"""The dates of the texts in templates/legal; somebody's consent names the version."""
CONSENT_VERSIONS = {"terms": TERMS_VERSION, "privacy": PRIVACY_VERSION}
CONSENT_FINGERPRINT = f"{TERMS_VERSION} {PRIVACY_VERSION}"
"""Remembered in sessions: a new text asks everybody again."""

LOGGING = logging.configuration(
    json=env.flag("LOG_JSON", default=not DEBUG), level=env.text("LOG_LEVEL", "INFO")
)
