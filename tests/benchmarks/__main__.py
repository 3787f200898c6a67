"""``python -m tests.benchmarks``: the end-to-end benchmark, started from a module that is cheap to import.

The helper processes that decode import the program's main module again, unless it is called ``__main__``; with a
heavy one their start would be measured instead of their work.
"""

import sys

from tests.benchmarks.end_to_end import main

sys.exit(main())
