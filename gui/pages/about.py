"""What Earmark is, which version, under which licence, and on whose work it stands."""

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QLabel

from gui.actions.actions import Actions
from gui.look import theme
from gui.look.wording import filled
from gui.pages.page import WIDTH, Page, muted
from tagger_core import __version__


class AboutPage(Page):
    """Only text."""

    def __init__(self, actions: Actions) -> None:
        super().__init__(QCoreApplication.translate("AboutPage", "About Earmark"), actions)
        picture = QLabel()
        picture.setPixmap(theme.pixmap("app/earmark", 96, ratio=self.devicePixelRatioF()))
        version = QLabel(filled(self.tr("Earmark %1"), __version__))
        version.setFont(theme.font_bold())
        version.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.body.addWidget(picture)
        self.body.addWidget(version)
        for text in (
            self.tr("Listens to a music library, suggests tags, and writes those you accept into your files."),
            self.tr("Everything happens on this computer: no track and no tag leaves it."),
            self.tr("Free software under the GNU General Public License, version 3 or later."),
            self.tr(
                "The models are those of musicnn by Jordi Pons and Xavier Serra, trained on the data sets MagnaTagATune"
                " and Million Song Dataset. THIRD_PARTY_NOTICES.md names every library and its licence."
            ),
        ):
            paragraph = muted(text)
            paragraph.setMaximumWidth(WIDTH)
            self.body.addWidget(paragraph)
        self.body.addStretch()
