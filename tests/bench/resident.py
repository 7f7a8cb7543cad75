"""A process with nothing in it but a Reader: prints what it takes, in megabytes, as JSON.

python -m tests.bench.resident INDEX QUERIES
"""

import json
import pickle
import sys
from pathlib import Path

import psutil

from directory.search.whoosh_engine import WhooshReader

if __name__ == "__main__":
    reader = WhooshReader(Path(sys.argv[1]))
    for query in pickle.loads(Path(sys.argv[2]).read_bytes()):
        reader.search(query)
    taken = psutil.Process().memory_full_info()
    print(json.dumps({"rss": taken.rss / 1024**2, "uss": taken.uss / 1024**2}))
