"""The tests of Backbeat."""

import os
import sys

# Each worker, and each process that tests start, would compile all of the program anew where the environment says not
# to keep what was compiled.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
