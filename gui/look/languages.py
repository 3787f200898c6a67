"""The language of the window: which translations there are, and putting one in force.

English texts stand in the code; ``earmark_en`` holds only their plural forms. ``make translations`` collects the texts
of the code into ``translations/*.ts`` and compiles them to ``*.qm``.

Contents: ``Language``, ``install``, ``QT_TRANSLATE_NOOP``
"""

from enum import StrEnum
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator

FOLDER = Path(__file__).parents[1] / "translations"


class Language(StrEnum):
    """What a person may choose; the values are those of ``QLocale``."""

    SYSTEM = "system"
    ENGLISH = "en"
    GERMAN = "de"


def QT_TRANSLATE_NOOP(context: str, text: str) -> str:  # noqa: ARG001, N802 - the name that lupdate looks for
    """Mark a text of a table for translation; it is translated where it is shown."""
    return text


def install(application: QCoreApplication, language: Language) -> None:
    """Use this language for texts, plural forms, numbers and Qt's own words from now on."""
    locale = QLocale.system() if language is Language.SYSTEM else QLocale(language)
    known = {one.value for one in Language}
    code = QLocale.languageToCode(locale.language())
    QLocale.setDefault(locale if code in known else QLocale(Language.ENGLISH))
    for old in application.findChildren(QTranslator):
        application.removeTranslator(old)
        old.deleteLater()
    name = code if code in known else Language.ENGLISH
    for file, folder in (
        (f"qtbase_{name}", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)),
        (f"earmark_{name}", str(FOLDER)),
    ):
        translator = QTranslator(application)
        if translator.load(file, folder):
            application.installTranslator(translator)
