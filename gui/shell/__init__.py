"""The window around the review: bars, messages, pages, and what it remembers."""
