"""Django's settings for notebooks: no server is asked, so the addresses lead nowhere."""

from __future__ import annotations

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ.setdefault("DATABASE_URL", "postgresql://nobody@localhost:1/none")
os.environ.setdefault("REDIS_URL", "redis://localhost:1/0")
os.environ.setdefault("SECRET_KEY", "notebooks keep no secrets")
os.environ.setdefault("VAULT_KEY", "bm90ZWJvb2tzIGtlZXAgbm8gc2VjcmV0cyBhdCBhbGwh")

import django  # noqa: E402

django.setup()
