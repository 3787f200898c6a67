"""``python -m tagger_core`` is ``earmark``."""

import sys

from tagger_core.cli import main

sys.exit(main())
