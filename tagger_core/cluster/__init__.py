"""Listening on other machines: a crew whose workers are processes of a Dask cluster.

The coordinator, which is the program a person started, scans, remembers, plans and writes, as always. Workers are
``dask worker`` processes on machines that see the same files at the same paths; they have Earmark installed, and get
everything else from the coordinator: the models by their hash, tracks one by one. They never write a music file.

Listening is pure work, so whatever goes wrong with a worker, a connection or a scheduler has one answer: the track is
listened to again. Nothing is written twice, for writing is not done here.

Contents: ``place`` where the cluster is, ``messages`` what is sent, ``worker`` what runs there, ``model_parcels``
models on their way, ``connection`` the only import of Dask, ``remote_crew`` the crew itself, ``replies`` what it
makes of answers. No module imports Dask before a crew is entered.
"""
