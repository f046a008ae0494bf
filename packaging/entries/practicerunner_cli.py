"""Where the frozen command line begins."""

import sys

from app.cli.entry import main

sys.exit(main(sys.argv[1:]))
