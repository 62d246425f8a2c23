"""How bytes travel: with the tasks themselves, or by a place that everybody reaches."""

from __future__ import annotations

import secrets
from contextlib import suppress
from dataclasses import dataclass

from labkit.errors import StorageError
from labkit.i18n import texts

__all__ = ["Parcel", "Post", "collect", "dispose"]

_ = texts(__file__)

Parcel = bytes | str
"""The bytes themselves, or the URL where they lie."""


@dataclass(frozen=True, slots=True)
class Post:
    """Sends bytes.

    Args:
        url: A folder as fsspec writes it (``file:///shared``, ``s3://bucket/labkit``); empty where
            bytes travel with the tasks, through Dask's scheduler.
    """

    url: str = ""

    @classmethod
    def at(cls, url: str) -> Post:
        """A place of one's own under ``url``, which is tried at once.

        Raises:
            StorageError: Nothing can be written there.
        """
        post = cls(f"{url.rstrip('/')}/labkit-{secrets.token_hex(6)}") if url else cls()
        if url:
            dispose(post.send(b"labkit"))
        return post

    def send(self, content: bytes) -> Parcel:
        """Hand over bytes; the parcel is what another process needs to get them.

        Raises:
            StorageError: They could not be written.
        """
        if not self.url:
            return content
        import fsspec

        place = f"{self.url}/{secrets.token_hex(12)}"
        try:
            with fsspec.open(place, "wb", auto_mkdir=True) as file:
                file.write(content)
        except Exception as error:  # each kind of place has errors of its own
            raise _unreachable(self.url, error) from error
        return place

    def close(self) -> None:
        """Remove what is left of it."""
        if self.url:
            import fsspec

            with suppress(Exception):
                files, folder = fsspec.core.url_to_fs(self.url)
                files.rm(folder, recursive=True)


def collect(parcel: Parcel) -> bytes:
    """The bytes of a parcel.

    Raises:
        StorageError: They could not be read.
    """
    if isinstance(parcel, bytes):
        return parcel
    import fsspec

    try:
        with fsspec.open(parcel, "rb") as file:
            content: bytes = file.read()
    except Exception as error:
        raise _unreachable(parcel, error) from error
    return content


def dispose(parcel: Parcel) -> None:
    """Remove a parcel that nobody needs any more."""
    if isinstance(parcel, str):
        import fsspec

        with suppress(Exception):
            files, path = fsspec.core.url_to_fs(parcel)
            files.rm(path)


def _unreachable(url: str, error: Exception) -> StorageError:
    return StorageError(
        _("{place} could not be used: {error}", place=url, error=error),
        _("A folder that the coordinator and every worker may read and write was expected."),
        _("Look at its rights; for a store such as s3:// its own package is needed, such as s3fs."),
    )
