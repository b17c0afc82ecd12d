"""Settings of the platform. Everything that differs between installations comes from the environment:

SECRET_KEY      required, unless DEMO=1 or DEBUG=1 (then made once and kept in var/)
SECRET_KEY_FALLBACKS  earlier keys, separated by blanks: sessions and second factors of their time go on working
BASE_URL        the public address, e.g. https://hoc.example.vn; decides which security headers are sent. Of a demo, what
                script/demo left in VAR_DIR/address
EXTRA_HOSTS     further host names to answer to, separated by blanks
DATABASE_URL    e.g. postgres://user:password@host/name; without it an SQLite file in VAR_DIR
REDIS_URL       optional: one cache for several servers; without it limits live in the database
VAR_DIR         where the database file, uploads and collected static files live (default: var/)
HSTS_SECONDS    how long browsers are to insist on HTTPS (default: a year); `manage.py hall` has it at 0
PROXY_COUNT     how many trusted proxies stand in front (default 0: X-Forwarded-For is not believed)
DEMO            1: demo accounts, the demo phone and the "BẢN DÙNG THỬ" bar; without it the site refuses such data
CERTIFICATE_KEYS  folder of the private keys with which issuers sign (default: keys/ in VAR_DIR); see manage.py certificate_keys
CERTIFICATE_KEYS_PEM  such keys as a text in the environment, one PEM after another, where nothing is to lie in a file
STAFF_SECOND_FACTOR  whether colleagues log in with a second factor: off, asked (default: they are invited), required
DOOR_NOTES_DAYS  how many days after a workshop what its desks typed of people is kept where nobody has looked at it (default 90)
ERASE_WAIT_DAYS, PUBLIC_HOLIDAYS, IDLE_PERSON_MONTHS, …  of personal data (accounts.settings); MESSAGE_LOG_DAYS (messaging.settings)
OIDC_ISSUER, OIDC_CLIENT_ID, OIDC_CLIENT_SECRET, OIDC_NAME, …  optional: another issuer's log-in beside the own (accounts.settings)
VIDEO_HOSTS     hosts of videos to which lessons may link, separated by blanks (default: those of YouTube and Vimeo)
SMS_CHANNEL     the class that sends text messages (messaging.channels)
SMS_GATEWAY_URL, SMS_GATEWAY_TOKEN, …  of messaging.channels.Gateway; SMTP_HOST, MAIL_FROM, … of mail (messaging.settings)
SMS_DAILY_BUDGET  how many codes may be sent a day (default 2000); BULK_REMINDERS, BULK_DAILY_BUDGET: messaging.settings
SEAL_FILE       optional: a PKCS#12 file (.p12, .pfx) with key and certificate; certificates are then sealed (PAdES)
SEAL_PASSWORD_FILE, SEAL_PASSWORD  its password (or the token's PIN): better in a file of mode 600 than here
SEAL_TIMESTAMP_URL  optional: a time-stamp service (RFC 3161), for seals of level B-T
SEAL_PKCS11_MODULE, SEAL_PKCS11_TOKEN, SEAL_PKCS11_LABEL  instead of a file: library, token and certificate of a signing
                device; needs python-pkcs11
DEBUG           1: Django's debug pages; never on a server that others can reach
"""

import os
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import dj_database_url
from django.core.exceptions import ImproperlyConfigured
from django.utils.csp import CSP

from accounts.settings import *  # noqa: F403 (how long personal data is kept; another issuer's log-in)
from messaging.settings import *  # noqa: F403 (channels, budgets, mail)

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = Path(os.environ.get("VAR_DIR", BASE_DIR / "var"))
DEMO = os.environ.get("DEMO") == "1"
DEBUG = os.environ.get("DEBUG") == "1"
VAR_DIR.mkdir(parents=True, exist_ok=True)


def base_url() -> str:
    """From the environment. A command beside a demo has none there, and prints the address under which that demo is served: it would
    disown papers of any other."""
    left = VAR_DIR / "address"
    otherwise = left.read_text().strip() if DEMO and left.is_file() else "http://localhost:8000"
    return os.environ.get("BASE_URL", otherwise).rstrip("/")


def secret_key() -> str:
    """The key from the environment; a demo or a developer gets one made once and kept in VAR_DIR."""
    if key := os.environ.get("SECRET_KEY"):
        return key
    if not (DEMO or DEBUG):
        raise ImproperlyConfigured("Set SECRET_KEY in the environment (a long random text), or DEMO=1 to try the demo.")
    path = VAR_DIR / "secret-key"
    if not path.exists():
        from django.core.management.utils import get_random_secret_key

        path.touch(mode=0o600)
        path.write_text(get_random_secret_key())
    return path.read_text().strip()


BASE_URL = base_url()
HTTPS = BASE_URL.startswith("https://")
SECRET_KEY = secret_key()
SECRET_KEY_FALLBACKS = os.environ.get("SECRET_KEY_FALLBACKS", "").split()
ALLOWED_HOSTS = [urlsplit(BASE_URL).hostname or "localhost", *os.environ.get("EXTRA_HOSTS", "").split()]
if DEMO or DEBUG:
    ALLOWED_HOSTS = ["*"]
CSRF_TRUSTED_ORIGINS = [BASE_URL]

# --- apps: floors from the ground up (a lower floor's receivers run first); import-linter holds the same order ---
INSTALLED_APPS = [
    "lib",
    "provinces",
    "messaging",
    "pages",
    "accounts",
    "courses",
    "quizzes",
    "certificates",
    "workshops",
    "reports",
    "demo",
    "elearning",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "wagtail.contrib.settings",
    "wagtail.contrib.redirects",
    "wagtail.contrib.simple_translation",
    "wagtail.contrib.typed_table_block",
    "wagtail.embeds",
    "wagtail.sites",
    "accounts.apps.StaffUsersConfig",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "django_filters",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]
MIDDLEWARE = [
    "elearning.anonymous.AnonymousPages",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "elearning.middleware.CompressedPages",
    "elearning.middleware.StyleSheetAhead",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "elearning.middleware.PolicyOfTemplate",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "elearning.middleware.LanguageOfAddress",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "accounts.middleware.SharedDevicesRest",
    "accounts.middleware.HelpedLearning",
    "allauth.account.middleware.AccountMiddleware",
    "elearning.middleware.ReadableAddresses",
    "elearning.faults.AtTheSameMoment",
    "elearning.faults.ProtectedRecords",
    "elearning.faults.OddAddressesOfTheAdmin",
    "elearning.faults.ByButtonAlone",
    "accounts.middleware.AdminNeedsPassword",
    "wagtail.contrib.redirects.middleware.RedirectMiddleware",
]
ROOT_URLCONF = "elearning.urls"
WSGI_APPLICATION = "elearning.wsgi.application"
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
                "pages.context_processors.site",
            ],
        },
    },
]

# --- data ---
SQLITE_OPTIONS = {
    # IMMEDIATE: a read-then-write transaction waits for its turn instead of failing with "database is locked".
    "transaction_mode": "IMMEDIATE",
    "timeout": 5,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA mmap_size=134217728;",
}
if url := os.environ.get("DATABASE_URL"):
    DATABASES = {"default": dj_database_url.parse(url, conn_max_age=600, conn_health_checks=True)}
else:
    DATABASES = {
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": str(VAR_DIR / "db.sqlite3"),
            "CONN_MAX_AGE": None,
            "OPTIONS": SQLITE_OPTIONS,
        }
    }
if "postgresql" in DATABASES["default"]["ENGINE"]:
    INSTALLED_APPS.append("django.contrib.postgres")

# Limits must count over all workers, so the default cache is shared: Redis, or a table of the database.
CACHES: dict[str, dict[str, Any]]
if redis := os.environ.get("REDIS_URL"):
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": redis}}
else:
    CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.db.DatabaseCache",
            "LOCATION": "cache",
            # Beyond it entries are thrown out: with Django's 300 a rush of numbers would wash the limits away.
            "OPTIONS": {"MAX_ENTRIES": 100_000},
        }
    }

# --- language, time ---
LANGUAGE_CODE = "vi"
LANGUAGES = WAGTAIL_CONTENT_LANGUAGES = [("vi", "Tiếng Việt"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
WAGTAIL_I18N_ENABLED = True
TAGGIT_CASE_INSENSITIVE = True  # "Muối" and "muối" are one tag
TIME_ZONE = "Asia/Ho_Chi_Minh"
USE_TZ = True
FORMAT_MODULE_PATH = ["elearning.formats"]

# --- files ---
# A long lesson has some thousand fields in the admin; Wagtail advises this number.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000
DATA_UPLOAD_MAX_NUMBER_FILES = 200  # signed certificates that come back from an office at once (certificates.office)
STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_URL = "/media/"
MEDIA_ROOT = VAR_DIR / "media"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "elearning.static.LinkedScripts"},
    # Papers that were signed: no address leads here, only views that ask who it is.
    "certificates": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": VAR_DIR / "certificates", "file_permissions_mode": 0o600},
    },
}

# --- the seal on certificates (certificates.sealing); by default there is none ---
SEAL = {
    "file": os.environ.get("SEAL_FILE", ""),
    "password": os.environ.get("SEAL_PASSWORD", ""),
    "password_file": os.environ.get("SEAL_PASSWORD_FILE", ""),
    "timestamp": os.environ.get("SEAL_TIMESTAMP_URL", ""),
    "module": os.environ.get("SEAL_PKCS11_MODULE", ""),
    "token": os.environ.get("SEAL_PKCS11_TOKEN", ""),
    "label": os.environ.get("SEAL_PKCS11_LABEL", ""),
}

# --- people ---
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["accounts.backends.PhoneBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
LOGIN_URL = "account_request_login_code"
LOGIN_REDIRECT_URL = "courses:my_learning"
# A phone is remembered for 180 days; see accounts.sessions for staff and shared devices.
SESSION_COOKIE_AGE = 180 * 24 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"

ACCOUNT_ADAPTER = "accounts.adapter.PhoneAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_LOGIN_METHODS = {"phone"}
ACCOUNT_SIGNUP_FIELDS = ["phone*"]
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 600
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = 5
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_PHONE_VERIFICATION_ENABLED = False  # a password or PIN says who somebody is; whose the number is, a code (0002)
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_FORMS = {
    "login": "accounts.forms.PasswordLoginForm",
    "confirm_login_code": "accounts.forms.ConfirmCodeForm",
    "reauthenticate": "accounts.forms.factors.PasswordAgainForm",
}
# Per address wide enough for a hall of 120 people behind one Wi-Fi; per number narrow. Of numbers, the key of the plain name
# is number and device, or number and address for strangers, and that of "anywhere" is the number (accounts/devices.py; the
# figures are reckoned in docs/decisions/0002-log-in-by-phone.md).
ACCOUNT_RATE_LIMITS = {
    "request_login_code": "3/10m/key,5/d/key",
    "request_login_code_anywhere": "10/d/key",
    "request_login_code_by_address": "600/h/ip",
    "login": "300/m/ip",
    "login_failed": "5/15m/key,15/d/key",
    "login_failed_anywhere": "50/d/key",
    "login_failed_by_address": "200/5m/ip,2000/d/ip",
    "use_card": "200/5m/ip",
    "mail_address": "5/h/user,20/d/user",
    "oidc": "600/10m/ip",  # each asks the issuer
    "lost_number": "30/h/ip,3/d/key",
    "verify_certificate": "600/10m/ip",
    "compare_certificate": "200/h/ip,10/d/key",  # a birth year could be found out by trying
    "check_file": "20/10m/ip",
    "register_workshop": "30/10m/user",
    "open_ticket": "1200/10m/ip",  # a hall comes through one address
    "open_reminder": "1200/10m/ip",
    "print_workshop": "300/10m/ip",
    "name_badge": "5/10m/key,1200/10m/ip",  # of one badge: four digits of a phone could be found out by trying
    "hand_in_hall": "1200/10m/ip",
    "open_desk": "60/10m/ip",  # codes that were none
    "read_wall": "3000/10m/ip",
    "check_in_self": "1200/10m/ip,10/10m/key",
    "password_of_page": "200/10m/ip,300/h/key",
}
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
SMS_DAILY_BUDGET = int(os.environ.get("SMS_DAILY_BUDGET", "2000"))  # codes a day; what is over waits for tomorrow
DOOR_NOTES_DAYS = int(os.environ.get("DOOR_NOTES_DAYS", "90"))  # see workshops.actions.forget_scans
ACCOUNT_LOGOUT_ON_GET = False
# The second factor of colleagues (docs/decisions/0025-second-factor.md).
STAFF_SECOND_FACTOR = os.environ.get("STAFF_SECOND_FACTOR", "asked")
if STAFF_SECOND_FACTOR not in ("off", "asked", "required"):
    raise ImproperlyConfigured("STAFF_SECOND_FACTOR is off, asked or required.")
MFA_ADAPTER = "accounts.factors.FactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_ISSUER = "Học OCOP"
MFA_TOTP_TOLERANCE = 1  # phones whose clock is half a minute off; accounts.forms.factors keeps a used code for as long
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_FORMS = {
    "authenticate": "accounts.forms.factors.CodeForm",
    "authenticate_webauthn": "accounts.forms.factors.KeyForm",
    "activate_totp": "accounts.forms.factors.AppForm",
    "add_webauthn": "accounts.forms.factors.NewKeyForm",
}
ALLAUTH_TRUSTED_PROXY_COUNT = int(os.environ.get("PROXY_COUNT", "0"))

# --- Wagtail ---
WAGTAIL_SITE_NAME = "Học OCOP"
WAGTAILADMIN_BASE_URL = BASE_URL
WAGTAIL_FRONTEND_LOGIN_URL = WAGTAILADMIN_LOGIN_URL = "/tai-khoan/dang-nhap/"
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
WAGTAIL_PASSWORD_RESET_ENABLED = False
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = True  # staff change their own; a forgotten one is set anew by an administrator
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAILADMIN_UNSAFE_PAGE_DELETION_LIMIT = 5
WAGTAILADMIN_PERMITTED_LANGUAGES = [("vi", "Tiếng Việt"), ("en", "English")]
WAGTAIL_DATE_FORMAT, WAGTAIL_DATETIME_FORMAT = "%d/%m/%Y", "%d/%m/%Y %H:%M"  # read back by elearning.formats
WAGTAIL_USER_TIME_ZONES = [TIME_ZONE]  # days are counted here, whoever looks: no clock of one's own
WAGTAILIMAGES_EXTENSIONS = ["gif", "jpg", "jpeg", "png", "webp", "svg"]
WAGTAILIMAGES_IMAGE_FORM_BASE = "pages.forms.images.ImageForm"
# A phone's best picture; opened it takes 200 MB, more would stop a small server.
WAGTAILIMAGES_MAX_IMAGE_PIXELS = 50_000_000
WAGTAILDOCS_SERVE_METHOD = "serve_view"
WAGTAILDOCS_EXTENSIONS = [
    "pdf", "docx", "xlsx", "pptx", "odt", "ods", "odp", "txt", "csv", "mp3", "m4a", "ogg", "mp4", "webm",
]  # fmt: skip
WAGTAILDOCS_MAX_UPLOAD_SIZE = 50 * 1024 * 1024  # a video of ten minutes for a phone; a small server's disk is small
WAGTAILEMBEDS_FINDERS = [{"class": "wagtail.embeds.finders.oembed", "providers": []}]
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "elearning.search"}}
WAGTAIL_APPEND_SLASH = True
WAGTAIL_ALLOW_UNICODE_SLUGS = True  # in the browser only: pages.forms.addresses folds what it writes
# Hosts, exactly, to which the address of a lesson's video may lead; the page opens there, nothing of theirs is loaded here.
CERTIFICATE_KEYS = Path(os.environ.get("CERTIFICATE_KEYS", VAR_DIR / "keys"))
VIDEO_HOSTS = os.environ.get(
    "VIDEO_HOSTS", "www.youtube.com youtube.com m.youtube.com youtu.be vimeo.com player.vimeo.com"
).split()
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- security headers: strict; previews and the admin have their own (elearning.middleware) ---
SECURE_CSP: dict[str, list[str]] = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:"],
    "media-src": [CSP.SELF],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "manifest-src": [CSP.SELF],
    "form-action": [CSP.SELF, *OIDC_FORM_ACTION],  # noqa: F405
    "base-uri": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "SAMEORIGIN"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = int(os.environ.get("HSTS_SECONDS", "31536000")) if HTTPS else 0
if ALLAUTH_TRUSTED_PROXY_COUNT:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# elearning.checks explains each header that is off over plain HTTP; Django's own four messages would only repeat it.
SILENCED_SYSTEM_CHECKS = ["security.W004", "security.W008", "security.W012", "security.W016"]

# --- logs: no personal data; see docs/decisions ---
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "filters": {"one line": {"()": "elearning.logs.OneLine"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["one line"]}},
    "root": {"handlers": ["console"], "level": "INFO"},
    # Wagtail and its tasks tell every save at INFO; the audit log keeps what matters.
    "loggers": {
        name: {"level": "WARNING"}
        for name in ("wagtail", "django_tasks", "django.tasks", "weasyprint", "fontTools", "pikepdf")
    },
}
