"""Music to distil on: recipes with checksums, never the music itself."""
