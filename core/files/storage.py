"""Where uploads lie when they do not lie on this machine's disk: a private bucket of anything that speaks S3."""

from typing import Any, NoReturn

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.core.files import File
from storages.backends.s3 import S3Storage

from core.files.errors import StoreAway

_CONNECT_S, _READ_S, _TRIES = 3, 20, 2


class PrivateBucket(S3Storage):
    """Files in a private bucket. Their bytes come through the access-checked door only: there are no addresses.

    ``addressing_style``: ``path`` for servers of one's own, ``virtual`` for the large clouds. What the store refuses,
    or that it does not answer, becomes ``StoreAway``; a file it has not is ``FileNotFoundError``.
    """

    @property
    def _library(self) -> Any:
        """The library's own methods, which bring no types."""
        return super()

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
        self._library.__init__(**options, client_config=config)

    def get_default_settings(self) -> dict[str, Any]:
        """The library's, but for what privacy and other makers of S3 need."""
        settings: dict[str, Any] = self._library.get_default_settings()
        return settings | {
            "default_acl": None,  # the bucket's own policy: private
            "file_overwrite": True,  # names are new UUIDs: looking first would cost a request a file
            "max_memory_size": 2 * 1024 * 1024,
        }

    def url(self, name: str | None, parameters: Any = None, expire: Any = None, http_method: Any = None) -> NoReturn:
        """Never: an address would open the file to whoever holds it. Raises ``ValueError``."""
        raise ValueError("files are handed out by their door, never by address")

    def _open(self, name: str, mode: str = "rb") -> "File[Any]":
        try:
            found: File[Any] = self._library._open(name, mode)  # noqa: SLF001 - our own, inherited
            found.seek(0)  # fetched now: later the answer's head is already on its way
        except (BotoCoreError, ClientError) as error:
            raise StoreAway from error
        return found

    def _save(self, name: str, content: "File[Any]") -> str:
        try:
            return str(self._library._save(name, content))  # noqa: SLF001 - our own, inherited
        except (BotoCoreError, ClientError) as error:
            raise StoreAway from error
