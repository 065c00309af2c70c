"""`python -m popmap`, the same as `popmap`."""

import sys

from popmap.cli import main

if __name__ == "__main__":
    sys.exit(main())
