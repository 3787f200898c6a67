"""Translations of the window: ``*.ts`` for translators, ``*.qm`` for the program.

``python -m gui.translations`` makes both.
"""
