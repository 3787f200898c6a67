"""Folders that are watched: what arrives or changes in them comes out as tracks, when it is complete.

The way through it: ``notifications`` (the only import of watchfiles) say where something has happened,
``watched_folder`` looks there, or everywhere where none can be had, and puts what it finds into ``arrivals`` (pure),
which hands out what has settled and nobody has open for writing (``file_leases``).
"""
