"""What a file is by its first bytes, whatever its name says."""

from __future__ import annotations

from labkit.i18n import Text, texts

__all__ = ["HEAD", "kind"]

_ = texts(__file__)

HEAD = 8192
"""Bytes from the beginning of a file that `kind` wants to see."""

_BEGINNINGS = (
    (b"PK\x03\x04", _("a ZIP archive")),
    (b"PK\x05\x06", _("a ZIP archive")),
    (b"%PDF", _("a PDF document")),
    (b"\x89PNG", _("a picture")),
    (b"\xff\xd8\xff", _("a picture")),
    (b"GIF87a", _("a picture")),
    (b"GIF89a", _("a picture")),
    (b"{\\rtf", _("a text document (RTF)")),
    (b"\xd0\xcf\x11\xe0", _("an Office document")),
    (b"\x89HDF\r\n\x1a\n", _("an HDF5 file")),
    (b"\x1f\x8b", _("a gzip archive")),
    (b"BZh91AY&SY", _("a bzip2 archive")),
    (b"\xfd7zXZ\x00", _("an xz archive")),
    (b"7z\xbc\xaf\x27\x1c", _("a 7z archive")),
    (b"Rar!\x1a\x07", _("a RAR archive")),
    (b"\x7fELF", _("a program")),
    (b"SQLite format 3\x00", _("a database")),
)
_OFFICE = (b"[Content_Types].xml", b"word/", b"xl/", b"ppt/", b"mimetypeapplication/vnd.oasis")


def kind(head: bytes) -> Text | None:
    """What a file is that begins with ``head``; ``None`` for text and what is not known.

    Example:
        >>> str(kind(b"%PDF-1.7"))
        'a PDF document'
    """
    if head.startswith(b"PK\x03\x04") and any(mark in head for mark in _OFFICE):
        return _("an Office document")
    for beginning, name in _BEGINNINGS:
        if head.startswith(beginning):
            return name
    text = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    if text[:14].lower() == b"<!doctype html" or text[:5].lower() == b"<html":
        return _("a web page")
    if text.startswith(b"{") and any(
        mark in text for mark in (b'"cells"', b'"nbformat"', b'"cell_type"')
    ):
        return _("a Jupyter notebook")
    return None
