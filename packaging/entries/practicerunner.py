"""Where the frozen window begins."""

import sys

from app.__main__ import main

sys.exit(main())
