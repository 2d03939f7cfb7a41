"""The environment, read once into typed groups. Stops with a sentence a tired operator understands.

Every variable is listed in ``.env.example`` and ``docs/settings.md`` (a house law checks it).
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from errors import ConfigurationError

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class DatabaseSettings:
    """Where PostGIS is. ``host`` may be a socket folder; ``pool_max`` 0 keeps one connection a thread (workers)."""

    name: str
    user: str
    password: str
    host: str
    port: str
    pool_max: int


@dataclass(frozen=True, slots=True)
class QueueSettings:
    """The broker, and after how long silence a stage is taken for dead."""

    url: str
    stale_after_s: int
    max_attempts: int


@dataclass(frozen=True, slots=True)
class StorageSettings:
    """Where bytes lie, and the largest we take."""

    var_dir: Path
    photo_max_bytes: int
    photo_max_pixels: int
    video_max_bytes: int
    video_max_seconds: float
    files_max: int


@dataclass(frozen=True, slots=True)
class DetectionSettings:
    """Which weights run and on what."""

    weights: tuple[str, ...]
    runtime: str
    threads: int
    most_cost: float
    frame_period_s: float
    frames_max: int


@dataclass(frozen=True, slots=True)
class SecuritySettings:
    """Keys and who may knock. ``vault_key`` opens reporter contacts and nothing else."""

    secret_key: str
    vault_key: str
    allowed_hosts: tuple[str, ...]
    trusted_origins: tuple[str, ...]
    debug: bool
    https: bool
    reports_per_hour: int


@dataclass(frozen=True, slots=True)
class PublicationSettings:
    """How people reach us and read us."""

    language: str
    request_prefix: str
    case_prefix: str
    log_level: str


@dataclass(frozen=True, slots=True)
class NoticeSettings:
    """By what people are told. A channel without its settings is off; its notices wait, and the outbox page says so."""

    public_url: str
    mail_url: str
    mail_from: str
    mail_backend: str
    mail_options: str
    vapid_public_key: str
    vapid_private_key: str
    vapid_contact: str
    sms_url: str
    sms_token: str
    sms_sender: str
    messenger_url: str
    messenger_token: str
    zalo_url: str
    zalo_oauth_url: str
    zalo_app_id: str
    zalo_secret_key: str
    zalo_refresh_token: str


@dataclass(frozen=True, slots=True)
class Environment:
    """All groups."""

    database: DatabaseSettings
    queue: QueueSettings
    storage: StorageSettings
    detection: DetectionSettings
    security: SecuritySettings
    publication: PublicationSettings
    notices: NoticeSettings


def read_environment(env: Mapping[str, str] | None = None) -> Environment:
    """Typed settings of the environment; ConfigurationError names the variable, its value and the cure."""
    reader = _Reader(os.environ if env is None else env)
    debug = reader.flag("DEBUG", default=False)
    return Environment(
        database=_read_database(reader),
        queue=QueueSettings(
            url=reader.text("REDIS_URL", cure="redis://[:password@]host:port/0; `make demo` starts one and sets it."),
            stale_after_s=reader.whole("STAGE_STALE_AFTER_S", default=30, least=5),
            max_attempts=reader.whole("STAGE_MAX_ATTEMPTS", default=5, least=1),
        ),
        storage=StorageSettings(
            var_dir=Path(reader.text("VAR_DIR", default=str(ROOT / "var"))).resolve(),
            photo_max_bytes=reader.whole("PHOTO_MAX_MB", default=30, least=1) * 1_000_000,
            photo_max_pixels=reader.whole("PHOTO_MAX_MEGAPIXELS", default=120, least=1) * 1_000_000,
            video_max_bytes=reader.whole("VIDEO_MAX_MB", default=200, least=1) * 1_000_000,
            video_max_seconds=float(reader.whole("VIDEO_MAX_SECONDS", default=1800, least=1)),
            files_max=reader.whole("FILES_MAX", default=6, least=1),
        ),
        detection=DetectionSettings(
            weights=reader.words("DETECTION_WEIGHTS", default="yolo11n-coco-int8,building-site-int8,signboards-int8"),
            runtime=reader.choice("DETECTION_RUNTIME", ("auto", "openvino", "torch", "onnx"), default="auto"),
            threads=reader.whole("DETECTION_THREADS", default=0, least=0),
            most_cost=float(reader.whole("DETECTION_MOST_COST", default=5, least=1)),
            frame_period_s=float(reader.text("VIDEO_FRAME_PERIOD_S", default="1.0")),
            frames_max=reader.whole("VIDEO_FRAMES_MAX", default=60, least=1),
        ),
        security=SecuritySettings(
            secret_key=reader.text("SECRET_KEY", cure="Set 50 random characters; `make demo` makes its own."),
            vault_key=reader.text("VAULT_KEY", cure="Set a Fernet key: python -m ops.new_key"),
            allowed_hosts=reader.words("ALLOWED_HOSTS", default="localhost,127.0.0.1" if debug else ""),
            trusted_origins=reader.words("TRUSTED_ORIGINS", default=""),
            debug=debug,
            https=reader.flag("HTTPS", default=False),
            reports_per_hour=reader.whole("REPORTS_PER_HOUR", default=60, least=0),
        ),
        publication=PublicationSettings(
            language=reader.choice("LANGUAGE", ("vi", "en"), default="vi"),
            request_prefix=reader.text("REQUEST_PREFIX", default="PA"),
            case_prefix=reader.text("CASE_PREFIX", default="VH"),
            log_level=reader.choice("LOG_LEVEL", ("DEBUG", "INFO", "WARNING", "ERROR"), default="INFO"),
        ),
        notices=_read_notices(reader),
    )


def _read_notices(reader: _Reader) -> NoticeSettings:
    found = NoticeSettings(
        public_url=reader.text("PUBLIC_URL", default=" ").strip().rstrip("/"),
        mail_url=reader.text("MAIL_URL", default=" ").strip(),
        mail_from=reader.text("MAIL_FROM", default=" ").strip(),
        mail_backend=reader.text("MAIL_BACKEND", default="django.core.mail.backends.smtp.EmailBackend"),
        mail_options=reader.text("MAIL_OPTIONS", default="{}"),
        vapid_public_key=reader.text("VAPID_PUBLIC_KEY", default=" ").strip(),
        vapid_private_key=reader.text("VAPID_PRIVATE_KEY", default=" ").strip(),
        vapid_contact=reader.text("VAPID_CONTACT", default=" ").strip(),
        sms_url=reader.text("SMS_URL", default=" ").strip(),
        sms_token=reader.text("SMS_TOKEN", default=" ").strip(),
        sms_sender=reader.text("SMS_SENDER", default="Viahe"),
        messenger_url=reader.text("MESSENGER_URL", default="https://graph.facebook.com/v23.0"),
        messenger_token=reader.text("MESSENGER_TOKEN", default=" ").strip(),
        zalo_url=reader.text("ZALO_URL", default="https://openapi.zalo.me"),
        zalo_oauth_url=reader.text("ZALO_OAUTH_URL", default="https://oauth.zaloapp.com"),
        zalo_app_id=reader.text("ZALO_APP_ID", default=" ").strip(),
        zalo_secret_key=reader.text("ZALO_SECRET_KEY", default=" ").strip(),
        zalo_refresh_token=reader.text("ZALO_REFRESH_TOKEN", default=" ").strip(),
    )
    if found.vapid_private_key and not found.vapid_contact:
        cure = "Set VAPID_CONTACT to mailto:somebody@your.city; push services ask for it."
        raise ConfigurationError("VAPID_PRIVATE_KEY is set without VAPID_CONTACT.", field="VAPID_CONTACT", cure=cure)
    return found


def _read_database(reader: _Reader) -> DatabaseSettings:
    cure = "postgresql://user:password@host:port/name; `make demo` starts one and sets it."
    url = reader.text("DATABASE_URL", cure=cure)
    parts = urlsplit(url)
    if parts.scheme not in ("postgresql", "postgres", "postgis") or not parts.path.strip("/"):
        raise ConfigurationError("DATABASE_URL is not a PostgreSQL address.", field="DATABASE_URL", cure=f"Use {cure}")
    return DatabaseSettings(
        name=unquote(parts.path.lstrip("/")),
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        host=unquote(parts.hostname or "") or _query_host(parts.query),
        port=str(parts.port or ""),
        pool_max=reader.whole("DATABASE_POOL_MAX", default=8, least=0),
    )


def _query_host(query: str) -> str:
    """``?host=/folder``: a socket folder, as libpq writes it."""
    for pair in query.split("&"):
        key, _, value = pair.partition("=")
        if key == "host":
            return unquote(value)
    return ""


class _Reader:
    """Reads one variable at a time and complains by name."""

    def __init__(self, env: Mapping[str, str]) -> None:
        self._env = env

    def text(self, name: str, *, default: str | None = None, cure: str = "") -> str:
        value = self._env.get(name, "").strip()
        if value:
            return value
        if default is None:
            raise ConfigurationError(f"The setting {name} is missing.", field=name, cure=cure)
        return default

    def words(self, name: str, *, default: str) -> tuple[str, ...]:
        return tuple(word.strip() for word in self.text(name, default=default or " ").split(",") if word.strip())

    def flag(self, name: str, *, default: bool) -> bool:
        return self.choice(name, ("0", "1"), default="1" if default else "0") == "1"

    def choice(self, name: str, allowed: tuple[str, ...], *, default: str) -> str:
        value = self.text(name, default=default)
        if value not in allowed:
            raise ConfigurationError(
                f"{name} must be one of {', '.join(allowed)}.", field=name, value=value, cure="Correct the setting."
            )
        return value

    def whole(self, name: str, *, default: int, least: int) -> int:
        value = self.text(name, default=str(default))
        if not value.isdigit() or int(value) < least:
            raise ConfigurationError(
                f"{name} must be a whole number of {least} or more.",
                field=name,
                value=value,
                cure="Correct the setting.",
            )
        return int(value)
