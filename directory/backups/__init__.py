"""Everything that cannot be made again, in one file: taken while the site runs, restored anywhere."""

from directory.backups.archives import Damaged, Manifest, read
from directory.backups.restoring import NotEmpty, restore
from directory.backups.running import others
from directory.backups.taking import take

__all__ = ["Damaged", "Manifest", "NotEmpty", "others", "read", "restore", "take"]
