"""DATA_DIR: made, closed to other users of the machine, with the secret of the installation."""

import os
import secrets
import stat
from contextlib import suppress
from pathlib import Path

from directory.errors import ConfigError

KEY_FILE = "secret-key"
# What we write is ours alone to read: people's drafts, portraits and mails are among it.
UMASK = 0o077
OTHERS = stat.S_IRWXG | stat.S_IRWXO


def keep_private(data_dir: Path) -> tuple[str, ...]:
    """Let nobody else read what this process writes, or what lies in DATA_DIR by now.

    To be called once, when a process starts. Says in a sentence when that is not in our hands.
    """
    os.umask(UMASK)
    if not _close(data_dir):
        return ()
    return (
        f"DATA_DIR={str(data_dir)!r} can be read by other users of this machine, and is not"
        " ours to close: let its owner run `chmod -R go-rwx` on it.",
    )


def _close(folder: Path) -> bool:
    """Take all from group and others that is ours; whether the folder itself stays open.

    Within a folder that is closed nobody gets at anything, so we look no deeper. Links are left
    alone, wherever they lead. The folder comes last: cut short, all of it is done again.
    """
    for path in _within(folder):
        mode, _ = _mode(path)
        if stat.S_ISDIR(mode) and mode & OTHERS:
            _close(path)
        elif stat.S_ISREG(mode):
            _take_from_others(path)
    _take_from_others(folder)
    return bool(_mode(folder)[0] & OTHERS)


def _within(folder: Path) -> list[Path]:
    with suppress(OSError):
        return list(folder.iterdir())
    return []


def _mode(path: Path) -> tuple[int, bool]:
    """What it is and who may use it, of a link itself; and whether it is ours."""
    with suppress(OSError):
        found = path.lstat()
        return found.st_mode, found.st_uid == os.geteuid()
    return 0, False


def _take_from_others(path: Path) -> None:
    mode, ours = _mode(path)
    if ours and mode & OTHERS:
        with suppress(OSError):
            path.chmod(stat.S_IMODE(mode) & ~OTHERS)


def make_room(data_dir: Path) -> None:
    try:
        data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigError(f"DATA_DIR={str(data_dir)!r} cannot be made: {error.strerror}") from None


def kept_secret(data_dir: Path) -> str:
    """The secret of this installation: made once, readable by its owner alone."""
    path = data_dir / KEY_FILE
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(48))
    except FileExistsError:
        pass
    except OSError as error:
        raise ConfigError(
            f"DATA_DIR={str(data_dir)!r} cannot be written: {error.strerror}"
        ) from None
    return path.read_text()


def sync(folder: Path) -> None:
    """Bring the names in a folder to the disk: a file that was renamed there stays so."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
