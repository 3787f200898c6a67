"""``python -m tests.benchmarks.gpu [FOLDER] [--device cuda]``: shared batches on an accelerator, real or simulated.

The helper processes that decode import the program's main module again unless it is called ``__main__``, so this one
is cheap to import.
"""

import sys

from tests.benchmarks.gpu.batches import main

sys.exit(main())
