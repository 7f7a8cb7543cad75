"""A process with nothing in it but a Reader: prints how many megabytes it takes.

python -m tests.bench.resident INDEX QUERIES
"""

import pickle
import sys
from pathlib import Path

import psutil

from directory.search.whoosh_engine import WhooshReader

if __name__ == "__main__":
    reader = WhooshReader(Path(sys.argv[1]))
    for query in pickle.loads(Path(sys.argv[2]).read_bytes()):
        reader.search(query)
    print(psutil.Process().memory_info().rss / 1024**2)
