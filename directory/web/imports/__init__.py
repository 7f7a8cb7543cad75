"""Pages for rosters in and listings out."""

from directory.web.imports import do_not_list, export, previewing, runs, sending

BLUEPRINTS = (
    sending.blueprint,
    previewing.blueprint,
    runs.blueprint,
    export.blueprint,
    do_not_list.blueprint,
)
