"""Where files lie: a folder of this machine, or a private bucket where one is named."""

from pathlib import Path

from core.project.settings import env

Backend = dict[str, object]


def uploads(folder: Path) -> Backend:
    """Django's storage of uploads: the bucket of ``JIUMAI_S3_BUCKET``, else ``folder``."""
    bucket = env.text("JIUMAI_S3_BUCKET", "")
    if not bucket:
        return {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": str(folder)}}
    return {
        "BACKEND": "core.files.storage.PrivateBucket",
        "OPTIONS": {
            "bucket_name": bucket,
            "location": env.text("JIUMAI_S3_PREFIX", ""),
            "endpoint_url": env.text("JIUMAI_S3_ENDPOINT", ""),
            "region_name": env.text("JIUMAI_S3_REGION", "") or None,
            "access_key": env.text("JIUMAI_S3_ACCESS_KEY", ""),
            "secret_key": env.text("JIUMAI_S3_SECRET_KEY", ""),
            "addressing_style": env.choice("JIUMAI_S3_ADDRESSING", ("path", "virtual")),
        },
    }
