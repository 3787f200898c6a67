"""``python -m gui`` is ``earmark``."""

import sys

from gui.entry import main

if __name__ == "__main__":
    sys.exit(main())
