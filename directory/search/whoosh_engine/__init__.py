"""The embedded engine: a real Whoosh index, executed with numpy arrays.

Whoosh analyses and stores text; numpy columns filter, place, count and sort. What serves
is sealed: a base and at most one overlay, named by a manifest that is checked file by file.
"""

from directory.search.whoosh_engine.reader import WhooshReader
from directory.search.whoosh_engine.writer import WhooshWriter

__all__ = ["WhooshReader", "WhooshWriter"]
