"""The right column: everything about the track that is looked at, and about several that are selected."""
