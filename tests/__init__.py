"""The tests of Backbeat."""

import gc
import os
import sys

# Looking for cycles among all that SQLAlchemy and Bolt hold took a seventh of the suite's time, and a tenth of the time
# that loading it takes each worker: from the very first.
gc.set_threshold(100_000, 50, 50)

# Each worker, and each process that tests start, would compile all of the program anew where the environment says not
# to keep what was compiled.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
