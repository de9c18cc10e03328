"""What a backup says of itself."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from core.vault import keys
from core.vault.services import CannotUnseal, blind_index, seal, unseal

FORMAT = 1
MANIFEST, DATABASE, FILES, LIST = "manifest.json", "database.dump", "files", "files.jsonl"
_KNOWN_TEXT = "jiumai"
_CHUNK_BYTES = 1024 * 1024


class NotRestorable(Exception):
    """A backup that cannot be taken back as it is, in words for the operator."""


@dataclass(frozen=True, slots=True)
class KeyProof:
    """Tells without any secret whether the keys at hand open what the backup holds."""

    key_ids: list[str]
    sealed: str
    index: str

    @classmethod
    def of_present_keys(cls) -> "KeyProof":
        """Made of the vault's keys as they are now."""
        ids = list(keys.parsed_ids())
        return cls(key_ids=ids, sealed=seal(_KNOWN_TEXT), index=blind_index(_KNOWN_TEXT, "backup"))

    def check(self) -> None:
        """Raise ``NotRestorable`` when sealed fields could not be opened, or not be found, with the present keys."""
        missing = sorted(set(self.key_ids) - set(keys.parsed_ids()))
        if missing:
            raise NotRestorable(
                f"JIUMAI_VAULT_KEYS lacks the keys {', '.join(missing)} that this backup was made with."
            )
        try:
            is_same = unseal(self.sealed) == _KNOWN_TEXT
        except CannotUnseal:
            is_same = False
        if not is_same:
            raise NotRestorable("JIUMAI_VAULT_KEYS holds another key under the same id: sealed fields would stay shut.")
        if blind_index(_KNOWN_TEXT, "backup") != self.index:
            raise NotRestorable(
                "JIUMAI_VAULT_INDEX_KEY is another one: nobody would be found by phone or mail address."
            )


@dataclass(frozen=True, slots=True)
class Manifest:
    """The backup in figures: digests of its parts, rows of every table (``schema.table``) at its one instant."""

    format: int
    made_at: str
    fingerprint: str
    server: str
    has_files: bool
    database_sha256: str
    list_sha256: str
    proof: KeyProof
    rows: dict[str, int]

    def write(self, folder: Path) -> None:
        """Write it down, last of all: a folder without it is no backup."""
        (folder / MANIFEST).write_text(json.dumps(asdict(self), indent=1, sort_keys=True) + "\n")

    @classmethod
    def read(cls, folder: Path) -> "Manifest":
        """Read it. Raises ``NotRestorable`` for a folder that is no backup, or one of another format."""
        try:
            told = json.loads((folder / MANIFEST).read_text())
            manifest = cls(**{**told, "proof": KeyProof(**told["proof"])})
        except (OSError, ValueError, KeyError, TypeError):
            raise NotRestorable(f"{folder} holds no whole backup: its {MANIFEST} cannot be read.") from None
        if manifest.format != FORMAT:
            raise NotRestorable(f"The backup has the format {manifest.format}; this release reads {FORMAT}.")
        return manifest


@dataclass(frozen=True, slots=True)
class ListedFile:
    """One uploaded file: where it lies (``<schema>/<uuid>``) and what its bytes must be."""

    place: str
    sha256: str
    bytes: int


def write_list(folder: Path, files: list[ListedFile]) -> None:
    """Write the list of files, one JSON object a line."""
    with (folder / LIST).open("w") as lines:
        lines.writelines(json.dumps(asdict(file)) + "\n" for file in files)


def read_list(folder: Path) -> Iterator[ListedFile]:
    """The files of a backup whose list has been checked."""
    with (folder / LIST).open() as lines:
        for line in lines:
            yield ListedFile(**json.loads(line))


def digest(path: Path) -> str:
    """SHA-256 of a file's bytes, in hex."""
    found = hashlib.sha256()
    with path.open("rb") as content:
        while chunk := content.read(_CHUNK_BYTES):
            found.update(chunk)
    return found.hexdigest()
