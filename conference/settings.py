"""Settings: every value that differs between machines comes from the environment, once, with a type.

Production gives DATABASE_URL, REDIS_URL, MAIL_URL and SECRET_KEY. Where they are absent, the addresses that the
embedded default (`make run`) wrote into ``$CONCITOYEN_HOME/services.json`` are used, so that ``manage.py`` run beside it
finds the same services.
"""

from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import django_stubs_ext
from django.core.exceptions import ImproperlyConfigured
from django.utils.csp import CSP
from django.utils.translation import gettext_lazy as _
from environs import Env

from conference.local.state import read_services

django_stubs_ext.monkeypatch()  # lets forms.ModelForm[Model] and the like be written as the type checker wants them

BASE_DIR = Path(__file__).resolve().parent.parent
env = Env()

HOME = Path(env.str("CONCITOYEN_HOME", str(BASE_DIR / "var"))).resolve()
_services = read_services(HOME)


def _address(name: str, fallback: str) -> str:
    """An address from the environment, else from the running embedded default, else the fallback."""
    value = env.str(name, "")
    if value:
        return value
    return str(getattr(_services, name.lower(), "") or fallback) if _services else fallback


# -- What runs where ---------------------------------------------------------------------------------------------------
DEBUG = env.bool("DEBUG", False)
LOCAL = env.bool(
    "CONCITOYEN_LOCAL", _services is not None
)  # the embedded default: caught mail can be read at /dev/mail/
SECRET_KEY = _address("SECRET_KEY", "")
if not SECRET_KEY:
    if not (LOCAL or DEBUG or env.bool("CONCITOYEN_BUILD", False)):
        raise ImproperlyConfigured(
            "SECRET_KEY is not set. Give a long random value in the environment, or start the embedded default (make run)."
        )
    SECRET_KEY = "only-for-building-and-checking-" + "0" * 40
SECRET_KEY_FALLBACKS: list[str] = env.list("SECRET_KEY_FALLBACKS", [])
SITE_URL = _address("SITE_URL", "http://127.0.0.1:8000").rstrip("/")
_site = urlsplit(SITE_URL)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", [_site.hostname or "127.0.0.1", "localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", [SITE_URL])
SOURCE_CODE_URL = env.str("SOURCE_CODE_URL", "")  # AGPL: where users of this server find the source that it runs

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_include_bootstrap",
    "conference.apps.ConferenceConfig",
    "conference.mail.apps.MailConfig",
    "panels.apps.PanelsConfig",
    "experts.apps.ExpertsConfig",
    "conference.apps.DeskAdminConfig",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "conference.middleware.PersonLocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]

ROOT_URLCONF = "conference.urls"
WSGI_APPLICATION = "conference.wsgi.application"
AUTH_USER_MODEL = "conference.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "conference.context.site",
            ],
        },
    },
]


# -- Services ----------------------------------------------------------------------------------------------------------
def database_from_url(url: str) -> dict[str, Any]:
    """Django's database settings from ``postgresql://user:password@host:port/name?host=/socket/folder``."""
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"} or not parts.path.strip("/"):
        raise ImproperlyConfigured(f"DATABASE_URL must look like postgresql://user:password@host/name, not {url!r}.")
    query = {key: values[-1] for key, values in parse_qs(parts.query).items()}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.strip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.pop("host", "") or unquote(parts.hostname or ""),
        "PORT": str(query.pop("port", "") or parts.port or ""),
        "CONN_MAX_AGE": env.int("CONN_MAX_AGE", 60),
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"connect_timeout": 5, **query},
        "TEST": {"NAME": None, "TEMPLATE": "template0"},
    }


def mailer_from_url(url: str) -> dict[str, Any]:
    """Django's mailer settings from ``smtp://user:password@host:port`` (``smtps://``, or ``smtp+tls://`` for STARTTLS).

    ``?timeout=30``: how long to wait for an answer. Too short, and a slow server gets the message a second time.
    """
    parts = urlsplit(url)
    if parts.scheme not in {"smtp", "smtps", "smtp+tls"} or not parts.hostname:
        raise ImproperlyConfigured(f"MAIL_URL must look like smtp://user:password@host:25, not {url!r}.")
    return {
        "BACKEND": "conference.mail.smtp.EmailBackend",
        "OPTIONS": {
            "host": parts.hostname,
            "port": parts.port or {"smtp": 25, "smtps": 465, "smtp+tls": 587}[parts.scheme],
            "username": unquote(parts.username or ""),
            "password": unquote(parts.password or ""),
            "use_ssl": parts.scheme == "smtps",
            "use_tls": parts.scheme == "smtp+tls",
            "timeout": float(parse_qs(parts.query).get("timeout", ["30"])[-1]),
        },
    }


DATABASES = {"default": database_from_url(_address("DATABASE_URL", "postgresql://concitoyen@127.0.0.1/concitoyen"))}
REDIS_URL = _address("REDIS_URL", "redis://127.0.0.1:6379/0")
MAILERS = {"default": mailer_from_url(_address("MAIL_URL", "smtp://127.0.0.1:25"))}
MAIL_FROM = env.str("MAIL_FROM", "conference@example.org")
DEFAULT_FROM_EMAIL = SERVER_EMAIL = MAIL_FROM
# The address to which undeliverable mail is sent back, with room for "+…" after its name; empty: to MAIL_FROM.
BOUNCE_ADDRESS = env.str("BOUNCE_ADDRESS", "")
if BOUNCE_ADDRESS and not 0 < len(BOUNCE_ADDRESS.rpartition("@")[0]) <= 20:  # what is added has 44 of the 64 letters
    raise ImproperlyConfigured("BOUNCE_ADDRESS must be an address with at most 20 letters before the @.")
BOUNCE_MAILBOX = env.str("BOUNCE_MAILBOX", "")  # imaps://user:password@host/INBOX, where that mail is fetched from
# The provider behind MAIL_URL that tells what became of messages, and the name:password that it must show.
MAIL_PROVIDER = env.str("MAIL_PROVIDER", "")
ANYMAIL = {
    "WEBHOOK_SECRET": env.list("MAIL_WEBHOOK_SECRET", []),
    "MAILGUN_WEBHOOK_SIGNING_KEY": env.str("MAIL_WEBHOOK_SIGNING_KEY", ""),
}
if MAIL_PROVIDER and not all(":" in secret for secret in ANYMAIL["WEBHOOK_SECRET"] or ["none"]):
    raise ImproperlyConfigured("MAIL_PROVIDER needs MAIL_WEBHOOK_SECRET, as name:password.")
# For how long the text of a message is kept after the last session of its conference.
MAIL_TEXTS_KEPT_DAYS = env.int("MAIL_TEXTS_KEPT_DAYS", 90)
# How many messages a minute, for all workers together; 0: as many as the mail server takes.
MAIL_PER_MINUTE = env.int("MAIL_PER_MINUTE", 0)
MAIL_PER_MINUTE_PER_DOMAIN = env.int("MAIL_PER_MINUTE_PER_DOMAIN", 0)

# What looks for viruses in uploaded files: a command that is given the file's path last (``clamdscan --fdpass``; it leaves
# with 0 for clean, 1 for infected), or the dotted path of a Python function. Empty: nothing is checked.
DOCUMENT_SCANNER = env.str("DOCUMENT_SCANNER", "")
DOCUMENT_SCANNER_SECONDS = env.int("DOCUMENT_SCANNER_SECONDS", 120)

# The broker may be away or empty at any moment: nothing that a page needs lives there, the cache neither.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "conference_cache"}}

CELERY = {
    "broker_url": REDIS_URL,
    "result_backend": None,
    "task_ignore_result": True,
    "task_serializer": "json",
    "accept_content": ["json"],
    "task_acks_late": True,
    "task_reject_on_worker_lost": True,
    "worker_prefetch_multiplier": 1,
    "worker_cancel_long_running_tasks_on_connection_loss": True,
    "task_time_limit": 1800,
    "task_soft_time_limit": 1740,
    "task_routes": {"conference.mail.*": {"queue": "mail"}},
    "timezone": "UTC",
    "enable_utc": True,
    "broker_connection_retry_on_startup": True,
    # A publish inside a web request must never wait for a dead broker.
    "broker_transport_options": {
        "visibility_timeout": 3600,
        "socket_timeout": 1.2,
        "socket_connect_timeout": 1.0,
        "health_check_interval": 30,
        "max_retries": 0,
    },
    "task_publish_retry": False,
    "worker_soft_shutdown_timeout": 5.0,
    "worker_enable_soft_shutdown_on_idle": False,
    "beat_schedule": {
        "dispatch-due-mail": {"task": "conference.mail.tasks.tick", "schedule": 60.0},
        "scan-documents": {"task": "conference.tasks.scan_waiting", "schedule": 60.0},
        "ask-committees": {"task": "experts.tasks.ask_committees", "schedule": 600.0},
        "sweep-panels": {"task": "panels.tasks.sweep", "schedule": 60.0},
        "erase-old-mail": {"task": "conference.mail.tasks.erase_old_texts", "schedule": 3600.0},
        "erase-due-people": {"task": "panels.tasks.erase_due", "schedule": 3600.0},
    },
}

# -- People ------------------------------------------------------------------------------------------------------------
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
PASSWORD_RESET_TIMEOUT = 14 * 24 * 3600  # a new colleague may be on holiday
LOGIN_REDIRECT_URL = "desk:home"
LOGIN_URL = "account_login"
ACCOUNT_ADAPTER = "conference.accounts.Adapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_RATE_LIMITS = {"login_failed": "10/m/ip,5/5m/key"}
ACCOUNT_SESSION_REMEMBER = None
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Concitoyen"

# -- Languages and time ------------------------------------------------------------------------------------------------
LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", _("French")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale" / room for room in ("conference", "mail", "panels", "experts")]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"  # storage and logs; people see the conference's own time zone

# -- Files -------------------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static" if LOCAL else BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_ROOT = Path(env.str("MEDIA_ROOT", str(HOME / "media")))  # outside the web root: documents are served by a view
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": env.str("STATICFILES_BACKEND", "whitenoise.storage.CompressedManifestStaticFilesStorage"),
        "OPTIONS": {},
    },
}
WHITENOISE_MANIFEST_STRICT = False
FILE_UPLOAD_PERMISSIONS = 0o600
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000

CRISPY_ALLOWED_TEMPLATE_PACKS = ["bootstrap5"]
CRISPY_TEMPLATE_PACK = "bootstrap5"

# -- Security ----------------------------------------------------------------------------------------------------------
SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:"],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "frame-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "frame-ancestors": [CSP.SELF],
    "base-uri": [CSP.NONE],
    "manifest-src": [CSP.SELF],
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
_https = _site.scheme == "https"
SECURE_SSL_REDIRECT = _https and env.bool("SECURE_SSL_REDIRECT", True)
SECURE_REDIRECT_EXEMPT = [r"^health/"]
METRICS_TOKEN = env.str("METRICS_TOKEN", "")
SECURE_HSTS_SECONDS = 31536000 if _https else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = _https
if env.bool("BEHIND_PROXY", False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = _https
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 14 * 24 * 3600
CSRF_FAILURE_VIEW = "conference.views.errors.csrf_failure"

# -- Logs: no personal data, no links (gunicorn's access log is off for the same reason) ---------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "filters": {"no_tokens": {"()": "conference.logs.HideTokens"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["no_tokens"]}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", "INFO")},
    "loggers": {"fontTools": {"level": "WARNING"}, "asyncio": {"level": "WARNING"}},
}
