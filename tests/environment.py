"""Says which environment the tests are before anything reads the settings (loaded by ``-p`` in pyproject.toml)."""

import os

os.environ.setdefault("JIUMAI_ENV", "test")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "core.project.settings")
os.environ.setdefault("JIUMAI_ONE_PROCESS", "1")
