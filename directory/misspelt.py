"""Settings that were meant for us and are misspelt, so that nothing reads them."""

from collections.abc import Iterator, Mapping, Sequence

from rapidfuzz.distance import OSA

OURS = "STILLPOINT_"
# HOST and PORT are near to too many names that others give.
SHORTEST = 7
# One slip in the short names, up to three in the longest: TRUSTED_PROXY, DATABSE_URL.
LETTERS_FOR_A_SLIP = 5


def misspelt(env: Mapping[str, str], settings: Sequence[str]) -> dict[str, str]:
    """The names in the environment that nothing reads, each with the setting it must have meant.

    Only what looks like a slip counts: most of an environment belongs to other programs.
    """
    unread = sorted(name for name in env if name not in settings)
    meant = ((name, _meant(name, env, settings)) for name in unread)
    return {name: setting for name, setting in meant if setting}


def told(env: Mapping[str, str], settings: Sequence[str]) -> Iterator[str]:
    """A sentence for each misspelt name; never its value, which may be a secret."""
    for name, setting in misspelt(env, settings).items():
        yield f"{name} is set, but nothing reads it. Did you mean {setting}?"


def _meant(name: str, env: Mapping[str, str], settings: Sequence[str]) -> str | None:
    typed = name.upper()
    if typed.startswith(OURS):
        rest = typed.removeprefix(OURS)
        if _from_kubernetes(rest, env):
            return None
        return rest if rest in settings else _nearest(rest, settings)
    return _nearest(typed, settings)


def _from_kubernetes(rest: str, env: Mapping[str, str]) -> bool:
    """Whether it tells of a service called stillpoint, as Kubernetes and Docker's links do."""
    return f"{OURS}SERVICE_HOST" in env or env.get(f"{OURS}{rest}", "").startswith("tcp://")


def _nearest(typed: str, settings: Sequence[str]) -> str | None:
    # Nobody slips on the first letter, and another one makes another word: FILE_URL, TILE_URL.
    near = [
        (OSA.distance(typed, setting), setting)
        for setting in settings
        if len(setting) >= SHORTEST and setting[0] == typed[:1]
    ]
    distance, setting = min(near, default=(SHORTEST, ""))
    return setting if distance <= len(setting) // LETTERS_FOR_A_SLIP else None
