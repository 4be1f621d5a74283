"""Every setting of the deployment, read from the environment; docs/settings.md explains each."""

from pathlib import Path
from urllib.parse import urlsplit

import environ
from cryptography.fernet import Fernet
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.Env()
if (BASE_DIR / ".env").exists():
    env.read_env(str(BASE_DIR / ".env"))

# --- the deployment -------------------------------------------------------------------------
DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env.str("SECRET_KEY")
PUBLIC_URL = env.str("PUBLIC_URL", default="http://localhost:8000").rstrip("/")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[urlsplit(PUBLIC_URL).hostname or "localhost"])
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]
WORKERS = env.int("WORKERS", default=4)
LOG_LEVEL = env.str("LOG_LEVEL", default="INFO")
BULK_THRESHOLD = env.int("BULK_THRESHOLD", default=500)
EGRESS_ADDRESS = env.str("EGRESS_ADDRESS", default="shared")
if not 0 < len(EGRESS_ADDRESS) <= 64:
    raise ImproperlyConfigured(
        "EGRESS_ADDRESS must have 1 to 64 characters: name the address, such as 203.0.113.7."
    )

# --- secrets at rest ------------------------------------------------------------------------
# First key seals, all keys open: rotation is "put the new key in front, run rotate_keys".
FIELD_ENCRYPTION_KEYS = env.list("FIELD_ENCRYPTION_KEYS")
for position, key in enumerate(FIELD_ENCRYPTION_KEYS, start=1):
    try:
        Fernet(key)
    except ValueError:
        raise ImproperlyConfigured(
            f"FIELD_ENCRYPTION_KEYS: key {position} is not a key. "
            "`python -m connector.environment` prints a good one."
        ) from None
FIELD_ENCRYPTION_KEY = FIELD_ENCRYPTION_KEYS  # the name django-encrypted-model-fields reads

# --- the outside systems --------------------------------------------------------------------
VISMA_API_URL = env.str("VISMA_API_URL", default="https://api.finance.visma.net").rstrip("/")
VISMA_TOKEN_URL = env.str("VISMA_TOKEN_URL", default="https://connect.visma.com/connect/token")
MONDAY_API_URL = env.str("MONDAY_API_URL", default="https://api.monday.com/v2")
# The page of a sandbox that visitors may use instead of accounts of their own; set by the demo.
SANDBOX_URL = env.str("SANDBOX_URL", default="")
# Of our monday.com app: proves the webhooks that were made with the app's token.
MONDAY_SIGNING_SECRET = env.str("MONDAY_SIGNING_SECRET", default="")
# Our app at monday.com, for connections made with monday's own sign-in; none: personal tokens only.
MONDAY_CLIENT_ID = env.str("MONDAY_CLIENT_ID", default="")
MONDAY_CLIENT_SECRET = env.str("MONDAY_CLIENT_SECRET", default="")
MONDAY_AUTHORIZE_URL = env.str(
    "MONDAY_AUTHORIZE_URL", default="https://auth.monday.com/oauth2/authorize"
)
MONDAY_TOKEN_URL = env.str(
    "MONDAY_TOKEN_URL", default="https://auth.monday.com/oauth_ms/oauth/token"
)
MONDAY_API_VERSION = "2026-10"  # pinned in code: documents are checked against this version

# --- database -------------------------------------------------------------------------------
DATABASE = env.db_url("DATABASE_URL", default=f"sqlite:///{BASE_DIR}/var/ml-connector.sqlite3")
if DATABASE["ENGINE"] == "django.db.backends.sqlite3":
    Path(DATABASE["NAME"]).parent.mkdir(parents=True, exist_ok=True)
    # IMMEDIATE takes the write lock at BEGIN, so two workers wait instead of dead-locking.
    DATABASE["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        # FULL: a batch that was frozen and sent must still be known after the power failed.
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
    }
else:
    # A connection is kept for a minute and tried before use: a restarted server costs nothing.
    DATABASE = {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True} | DATABASE
    # PostgreSQL plans for disks with heads, and then reads whole tables rather than an index.
    # A server set not to wait for its log would forget a batch that was frozen and sent.
    options = "-c random_page_cost=1.1 -c synchronous_commit=on"
    DATABASE["OPTIONS"] = {"options": options} | DATABASE.get("OPTIONS", {})
DATABASES = {"default": DATABASE}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- people ---------------------------------------------------------------------------------
SIGN_UP = env.bool("SIGN_UP", default=True)
CONFIRM_EMAIL = env.bool("CONFIRM_EMAIL", default=True)
REQUIRE_TWO_FACTOR = env.bool("REQUIRE_TWO_FACTOR", default=False)
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.str("EMAIL_FROM", default="ml-connector@localhost")
vars().update(env.email_url("EMAIL_URL", default="consolemail://"))
EMAIL_TIMEOUT = 10

# --- application ----------------------------------------------------------------------------
INSTALLED_APPS = [
    "connector",
    "mappings",
    "tenants",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "django_q",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "connector.people.second_factor.RequireSecondFactor",
]
ROOT_URLCONF = "connector.urls"
WSGI_APPLICATION = "connector.wsgi.application"
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
                "connector.frame.frame",
            ]
        },
    }
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "people:landing"
LOGOUT_REDIRECT_URL = "account_login"
# A person is known by the e-mail address; it is the username too (tenants.services.user_of).
ACCOUNT_ADAPTER = "connector.people.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory" if CONFIRM_EMAIL else "none"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_DEFAULT_HTTP_PROTOCOL = urlsplit(PUBLIC_URL).scheme
ACCOUNT_FORMS = {
    "login": "connector.people.entrance.LoginForm",
    "signup": "connector.people.entrance.SignupForm",
    "change_password": "connector.people.entrance.ChangePasswordForm",
    "reset_password_from_key": "connector.people.reset.ResetPasswordForm",
}
MFA_ADAPTER = "connector.people.adapter.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "ml-connector"
MFA_ALLOW_UNVERIFIED_EMAIL = not CONFIRM_EMAIL
# Rate limits count by address: behind the proxy of the deployment it is in X-Forwarded-For.
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXIES", default=int(PUBLIC_URL[:5] == "https"))
# Rate limits and used codes must be known to every web process on every host.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "shared_cache",
    }
}
LANGUAGE_CODE = "en"
FORMAT_MODULE_PATH = "connector.formats"  # dates in admin that nobody misreads
TIME_ZONE = "UTC"
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "static_collected"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

# --- browser security -----------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],  # Django admin's icons, the QR code of the second factor
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "form-action": [SELF],
    }
}
SECURE_COOKIES = PUBLIC_URL.startswith("https://")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = SECURE_COOKIES
# Behind https stands a proxy, and it must set this header itself (README, "Deploy").
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SECURE_COOKIES else None
SECURE_HSTS_SECONDS = 31_536_000 if SECURE_COOKIES else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SECURE_COOKIES
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

# --- workers --------------------------------------------------------------------------------
# Reasons, all measured on django-q2 1.11: the retry clock starts at prefetch, so queue_limit is
# the number of workers and retry is far above timeout; any save_limit above 0 locks every old
# result row for each task; catch_up would replay every missed minute after a stop.
Q_CLUSTER = {
    "name": "ml-connector",
    "orm": "default",
    "workers": WORKERS,
    "queue_limit": WORKERS,
    "bulk": 1,
    "timeout": 240,
    "retry": 900,
    "max_attempts": 3,
    "ack_failures": True,  # truth is in our rows; a failed nudge is found again by query
    "save_limit": 0,
    "catch_up": False,
    "poll": 0.5,
    "recycle": 200,
    "max_rss": 300_000,
    "time_zone": "UTC",
    "label": "Workers",
}

# Other people's loggers stay at WARNING: gql, for one, writes whole requests at DEBUG.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"connector": {"level": LOG_LEVEL}, "django_q": {"level": "WARNING"}},
}
