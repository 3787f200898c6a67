"""Pages that stand in the place of the review: the first run, settings, write review, history ..."""
