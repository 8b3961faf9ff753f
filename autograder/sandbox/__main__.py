"""`python -m autograder.sandbox` tries whether students' code can be isolated here, and says what is in the way."""

import sys

from autograder.sandbox.bubblewrap import Bubblewrap, BubblewrapMissing

if __name__ == "__main__":
    try:
        Bubblewrap.found()
    except BubblewrapMissing as missing:
        sys.exit(str(missing))
