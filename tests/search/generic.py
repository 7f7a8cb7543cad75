"""The generic Whoosh writer: document by document, the oracle of the bulk-written index."""

from collections.abc import Iterable
from pathlib import Path

from whoosh import index
from whoosh.reading import IndexReader

from directory.search.port import Document
from directory.search.whoosh_engine.arrays.schema import FIELDS, SCHEMA
from directory.search.whoosh_engine.building import overlaying
from directory.search.whoosh_engine.generations import manifests


def write_generic(folder: Path, documents: Iterable[Document]) -> None:
    """Write a one-segment Whoosh index of these documents, in their order."""
    folder.mkdir(parents=True, exist_ok=True)
    writer = index.create_in(str(folder), SCHEMA).writer(limitmb=256)
    for document in documents:
        texts = {field: getattr(document, field) for field in FIELDS}
        identity = {"key": str(document.listing_id), "listing_id": document.listing_id}
        writer.add_document(**identity, **texts)
    writer.commit(merge=False)


def plain_readers(root: Path, beside: Path) -> list[IndexReader]:
    """Plain Whoosh over what serves: over the base's own files, and over an index of the overlay's
    documents that is written `beside`, for an overlay has arrays alone."""
    manifest = manifests.read_current(root)
    folders = [root / manifest.base.folder]
    if manifest.overlay:
        write_generic(beside, overlaying.load(root / manifest.overlay.folder))
        folders.append(beside)
    return [index.open_dir(str(folder)).reader() for folder in folders]
