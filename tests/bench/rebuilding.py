"""A process that rebuilds an index from stored listings, and nothing else.

python -m tests.bench.rebuilding INDEX STORED
"""

import sys
from pathlib import Path

from directory.search.whoosh_engine import WhooshWriter
from tests.bench.stored import Stored

if __name__ == "__main__":
    WhooshWriter(Path(sys.argv[1])).rebuild(Stored(Path(sys.argv[2])), cursor=0)
