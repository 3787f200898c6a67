"""Tags mode: review by tag. One threshold, everything above it, everything below."""
