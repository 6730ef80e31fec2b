"""What holds for the whole suite."""

import gc

# The app's screens are large graphs that live as long as a test: looking through them again and
# again for rubbish took a sixth of the suite's CPU time.
gc.freeze()
gc.set_threshold(100_000, 50, 100)
