"""The library behind the window: threads, files and databases, and the signals that tell about them."""
