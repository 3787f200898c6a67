"""Tracks mode: the table of tracks with what narrows it down, and the bar of thresholds."""
