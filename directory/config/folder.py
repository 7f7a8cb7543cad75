"""DATA_DIR: made, closed to other users of the machine, with the secret of the installation."""

import atexit
import logging
import os
import pwd
import secrets
import stat
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from directory.errors import ConfigError

KEY_FILE = "secret-key"
SHORTEST_KEY = 16
# Where temporary files go when the machine has no place for them.
TEMPORARY = "tmp"
# What stands in a folder where a site was at work.
OF_A_SITE = ("stillpoint.db", "audit-anchor", "photos")
# What we write is ours alone to read: people's drafts, portraits and mails are among it.
UMASK = 0o077
OTHERS = stat.S_IRWXG | stat.S_IRWXO
log = logging.getLogger("stillpoint.settings")


def keep_private(data_dir: Path) -> tuple[str, ...]:
    """Let nobody else read what this process writes, or what lies in DATA_DIR by now.

    To be called once, when a process starts that makes something. What root makes in a folder of
    somebody else is theirs when the process ends. Says in a sentence what is not in our hands.
    """
    os.umask(UMASK)
    return (*_owned(data_dir), *_closed(data_dir), *_temporary(data_dir))


def _owned(data_dir: Path) -> Iterator[str]:
    if os.geteuid() == 0 and (owner := owner_of(data_dir)):
        atexit.register(give_back, data_dir)
        yield f"DATA_DIR belongs to {name_of(owner[0])}, and what root makes in it will, too."


def _closed(data_dir: Path) -> Iterator[str]:
    if _close(data_dir):
        yield (
            f"DATA_DIR={str(data_dir)!r} can be read by other users of this machine, and is not"
            " ours to close: let its owner run `chmod -R go-rwx` on it."
        )


def _temporary(data_dir: Path) -> Iterator[str]:
    """Temporary files of this process, and of those it starts, need a place to be."""
    if temporary():
        return
    place = data_dir / TEMPORARY
    place.mkdir(mode=0o700, exist_ok=True)
    tempfile.tempdir = os.environ["TMPDIR"] = str(place)
    yield f"No folder for temporary files can be written, so they go to {place}: set TMPDIR."


def temporary() -> str:
    """The folder for temporary files; "" when there is none that can be written."""
    try:
        return tempfile.gettempdir()
    except OSError:
        return ""


def owner_of(folder: Path) -> tuple[int, int] | None:
    """User and group of a folder that is neither ours nor root's; None of any other.

    What is root's and may be written by others is shared on purpose, as volumes of containers are.
    """
    with suppress(OSError):
        found = folder.stat()
        if found.st_uid not in (0, os.geteuid()):
            return found.st_uid, found.st_gid
    return None


def name_of(user: int) -> str:
    """What a user is called; the number of one who has no name."""
    try:
        return pwd.getpwuid(user).pw_name
    except KeyError:
        return str(user)


def refuse_others(data_dir: Path) -> None:
    """Raise ConfigError for who is neither root nor the owner of DATA_DIR."""
    if os.geteuid() and (owner := owner_of(data_dir)):
        name = name_of(owner[0])
        raise ConfigError(f"DATA_DIR={str(data_dir)!r} belongs to {name}: run this as {name}.")


def give_back(folder: Path) -> int:
    """Let the owner of a folder have all that is root's in it; how many things that were.

    Links, also hard ones, lead out of it, and are left alone.
    """
    owner, given = owner_of(folder), 0
    if os.geteuid() or owner is None:
        return 0
    for _, folders, files, at in os.fwalk(folder):
        for name in (*folders, *files):
            with suppress(OSError):
                found = os.stat(name, dir_fd=at, follow_symlinks=False)
                alone = stat.S_ISDIR(found.st_mode) or found.st_nlink == 1
                if found.st_uid == 0 and alone:
                    os.chown(name, *owner, dir_fd=at, follow_symlinks=False)
                    given += 1
    return given


def become_owner(data_dir: Path) -> None:
    """Be, for good, whom DATA_DIR belongs to, when we are root and it is not ours.

    ConfigError when its owner cannot read the program: such a process could load no more of it.
    """
    owner = owner_of(data_dir)
    if os.geteuid() or owner is None:
        return
    user, group = owner
    try:
        os.initgroups(pwd.getpwuid(user).pw_name, group)
    except KeyError:
        os.setgroups([group])
    os.setresgid(group, group, group)
    os.setresuid(user, user, user)
    for needed in (os.__file__, __file__):
        if not os.access(needed, os.R_OK):
            raise ConfigError(f"{needed} cannot be read by {name_of(user)}, who owns DATA_DIR.")


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


def held_secret(data_dir: Path) -> str:
    """The secret that lies there; "" when there is none."""
    path = data_dir / KEY_FILE
    try:
        found = path.read_text()
    except (FileNotFoundError, NotADirectoryError):
        return ""
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is damaged"
        raise ConfigError(
            f"{path} cannot be read: {reason}. It must belong to this user."
        ) from None
    if len(found) < SHORTEST_KEY:
        raise ConfigError(f"{path} is cut short: put it back from a backup, or delete it.")
    return found


def kept_secret(data_dir: Path) -> str:
    """The secret of this installation: made once, readable by its owner alone."""
    if found := held_secret(data_dir):
        return found
    if forgotten(data_dir):
        log.warning("%s", forgotten(data_dir))
    part = data_dir / f".{KEY_FILE}-{secrets.token_hex(4)}"
    try:
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(48))
            if owner := (None if os.geteuid() else owner_of(data_dir)):
                os.fchown(file.fileno(), *owner)
            file.flush()
            os.fsync(file.fileno())
        _put(part, data_dir / KEY_FILE)
    except OSError as error:
        raise ConfigError(
            f"DATA_DIR={str(data_dir)!r} cannot be written: {error.strerror}"
        ) from None
    finally:
        with suppress(OSError):
            part.unlink()
    return held_secret(data_dir)


def _put(part: Path, path: Path) -> None:
    """Give a file its name, unless another process was first."""
    try:
        os.link(part, path)
    except OSError:  # some file systems have no links
        if not path.exists():
            part.replace(path)


def another_secret(data_dir: Path) -> str:
    """What is to be done where SECRET_KEY is not what lies in DATA_DIR."""
    return (
        f"SECRET_KEY is another: let it be what is in {data_dir / KEY_FILE}, or sign-ins end, and"
        " erased addresses and the do-not-list are forgotten."
    )


def forgotten(data_dir: Path) -> str:
    """What is lost with a secret that is missing where a site was at work; "" elsewhere."""
    there = next((name for name in OF_A_SITE if (data_dir / name).exists()), "")
    if not there or (data_dir / KEY_FILE).exists():
        return ""
    return (
        f"{data_dir / KEY_FILE} is missing beside {there}: put it back from a backup, for with a new"
        " one sign-ins end, and erased addresses and the do-not-list are forgotten."
    )


def sync(folder: Path) -> None:
    """Bring the names in a folder to the disk: a file that was renamed there stays so."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
