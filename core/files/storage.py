"""Where uploads lie when they do not lie on this machine's disk: a private bucket of anything that speaks S3."""

from typing import Any, NoReturn

from botocore.config import Config
from storages.backends.s3 import S3Storage

_CONNECT_S, _READ_S, _TRIES = 3, 20, 3


class PrivateBucket(S3Storage):
    """Files in a private bucket. Their bytes come through the access-checked door only: there are no addresses.

    ``addressing_style``: ``path`` for servers of one's own, ``virtual`` for the large clouds.
    """

    def get_default_settings(self) -> dict[str, Any]:
        """The library's, with our patience, and without what other makers of S3 do not understand."""
        settings: dict[str, Any] = super().get_default_settings()
        return settings | {
            "default_acl": None,  # the bucket's own policy: private
            "file_overwrite": True,  # names are new UUIDs: looking first would cost a request a file
            "querystring_auth": True,
            "max_memory_size": 2 * 1024 * 1024,
        }

    def __init__(self, *, addressing_style: str, **options: Any) -> None:
        config = Config(
            connect_timeout=_CONNECT_S,
            read_timeout=_READ_S,
            retries={"total_max_attempts": _TRIES, "mode": "standard"},
            s3={"addressing_style": addressing_style},
            signature_version="s3v4",
            # Sent unasked by default, and refused by many servers that are not Amazon's.
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
        )
        super().__init__(**options, client_config=config)

    def url(self, name: str, parameters: Any = None, expire: Any = None, http_method: Any = None) -> NoReturn:
        """Never: an address would open the file to whoever holds it. Raises ``ValueError``."""
        raise ValueError("files are handed out by their door, never by address")
