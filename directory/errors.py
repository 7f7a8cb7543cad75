"""What can go wrong, in our own words; `edge` alone knows their HTTP status."""

from collections.abc import Mapping, Sequence

from directory.said import Said


class DirectoryError(Exception):
    """Something a caller should hear about, in words for a person."""


class ConfigError(DirectoryError):
    """A setting has a value that we cannot work with."""


class Invalid(DirectoryError):
    """Input that cannot be understood: messages by field name.

    `instead` offers ways on: words for a person, with the same input put right.
    """

    def __init__(
        self,
        fields: Mapping[str, Sequence[str | Said]],
        instead: Sequence[tuple[str, object]] = (),
    ) -> None:
        super().__init__(
            "; ".join(f"{name}: {' '.join(map(str, texts))}" for name, texts in fields.items())
        )
        self.fields = fields
        self.instead = tuple(instead)


class NotFound(DirectoryError):
    """There is nothing public at this address."""


class Gone(DirectoryError):
    """There was something here; it was erased for good."""


class Moved(DirectoryError):
    """It lives under another slug now."""

    def __init__(self, slug: str) -> None:
        super().__init__(slug)
        self.slug = slug


class Conflict(DirectoryError):
    """Somebody else was here first, or the step is not allowed now."""


class SearchUnavailable(DirectoryError):
    """The index cannot answer now; listings themselves are safe."""


class DatabaseUnavailable(DirectoryError):
    """The database cannot be reached, or has a form that this program does not work with."""
