"""Earmark's whole job without a screen: scan, listen, suggest, plan, write, undo."""

__version__ = "0.1.0"
