"""The window's room. It draws what ``tagger_core`` knows and asks ``tagger_core`` to act, and holds no rule itself."""
