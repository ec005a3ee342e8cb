"""Django settings, all of them from the typed environment."""

import os

from csp.constants import NONCE, NONE, SELF

from liangxin.config.env import PRODUCTION, cache_settings, database_settings, read_env

ENV = read_env()
DEBUG = False
SECRET_KEY = ENV.secret_key
ALLOWED_HOSTS = list(ENV.allowed_hosts)
CSRF_TRUSTED_ORIGINS = list(ENV.trusted_origins)
ROOT_URLCONF = "liangxin.config.urls"
WSGI_APPLICATION = "liangxin.config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "kernel.User"

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_htmx",
    "ninja",
    "axes",
    "csp",
    "liangxin.kernel",
    "liangxin.ui",
    "liangxin.registry",
    "liangxin.accounts",
    "liangxin.intake",
    "liangxin.coverage",
    "liangxin.insight",
    "liangxin.demo",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "liangxin.kernel.remembering.RememberingMiddleware",
    "liangxin.config.viewing.ViewerMiddleware",
    "liangxin.config.sessions.SessionMiddleware",
    "liangxin.kernel.pages.PageGuardMiddleware",
    "axes.middleware.AxesMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "liangxin.config.navigation.navigation",
            ],
            "builtins": ["liangxin.ui.templatetags.ui"],
        },
    }
]

DATABASES = {"default": database_settings(ENV.database_url)}
CACHES = {"default": cache_settings(ENV.kept_dir)}
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("username", "name")},
    },
    {
        "NAME": "liangxin.config.passwords.LongEnough",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
AXES_FAILURE_LIMIT = 8
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_CALLABLE = "liangxin.accounts.views.session.locked_out"
AXES_VERBOSE = False
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "login"

LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_I18N = True

STATIC_URL = "static/"
# Elsewhere files are found in the apps themselves; a folder that does not exist would be warned of.
STATIC_ROOT = ENV.data_dir / "static" if ENV.mode == PRODUCTION else None
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": (
            "liangxin.config.static_files.HashedStaticFiles"
            if ENV.mode == PRODUCTION
            else "django.contrib.staticfiles.storage.StaticFilesStorage"
        )
    },
}
WHITENOISE_USE_FINDERS = ENV.mode != PRODUCTION
WHITENOISE_MAX_AGE = 3600
WHITENOISE_ALLOW_ALL_ORIGINS = False

DATA_DIR = ENV.data_dir
if ENV.mode == PRODUCTION:
    # Who runs the server may not write beside the code, where compiled solvers are kept otherwise.
    os.environ.setdefault("NUMBA_CACHE_DIR", str(DATA_DIR / "compiled"))
BLOB_DIR = ENV.data_dir / "blobs"
FIELD_KEYS = ENV.field_keys
DEMO_MODE = ENV.is_demo
MAP_TILE_URL = ENV.map_tile_url
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
UPLOAD_MAX_BYTES = 100 * 1024 * 1024

SESSION_COOKIE_AGE = 8 * 3600
IDLE_MINUTES = ENV.idle_minutes
SECOND_FACTOR_REQUIRED = ENV.mode == PRODUCTION
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = ENV.is_https
CSRF_COOKIE_SECURE = ENV.is_https
SECURE_SSL_REDIRECT = False  # TLS ends at the operator's proxy
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
_TILES = [ENV.map_tile_url.split("/{")[0]] if ENV.map_tile_url else []
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        # MapLibre and ECharts set style attributes from script through CSSOM, which needs no exception.
        "img-src": [SELF, "data:", "blob:", *_TILES],
        "connect-src": [SELF, *_TILES],
        "worker-src": [SELF, "blob:"],
        "font-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {
        "console": {"class": "logging.StreamHandler"},
        "nowhere": {"class": "logging.NullHandler"},
    },
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        # Refused pages and addresses are daily life, and scanners ask for unknown hosts all day long.
        "django.request": {"level": "ERROR"},
        "django.security.DisallowedHost": {"handlers": ["nowhere"], "propagate": False},
        "django.security.csrf": {"level": "ERROR"},
    },
}
