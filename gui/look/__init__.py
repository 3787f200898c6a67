"""How the window looks and what it says: palettes, icons, style, words and languages."""
