"""The right column: the track that is looked at, or what several selected tracks share.

It puts the parts together and passes on what they ask for; what a decision does is the review's business.
"""

import math
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from gui import theme
from gui.focus import NO_ROW, NO_TAG, Focus, Rows
from gui.inspector.metadata_diff import MetadataDiff, field_diffs
from gui.inspector.player import OpenSound, Player
from gui.inspector.sound_panel import Picture, SoundPanel
from gui.inspector.suggestion_lines import listed
from gui.inspector.suggestion_list import SuggestionList
from gui.inspector.tag_detail import why_text
from gui.inspector.tag_editor import TagEditor
from gui.inspector.tags_over_time import TaggramOfTags, rows_over_time
from gui.inspector.track_details import TrackDetails
from gui.inspector.track_header import TrackFacts, TrackHeader
from gui.tracks.groups import group_hint
from gui.wording import Words, filled, number
from tagger_core.domain import Category
from tagger_core.review import Group
from tagger_core.write_plan import plan_file

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gui.actions import Actions
    from gui.library import Library
    from tagger_core.suggestions import Suggestion
    from tagger_core.track_preview import TrackOverview

_PICTURE_KEY = "inspector.picture"
_MARGIN = 12
_LEAST_WIDTH = 340


class Inspector(QScrollArea):
    """Follows ``focus``; every decision goes through ``library``."""

    def __init__(self, library: "Library", focus: Focus, player: Player | None = None) -> None:
        super().__init__()
        self._library = library
        self._focus = focus
        self._evidence: dict[str, Suggestion] = {}
        self._taggram: TaggramOfTags | None = None
        self._columns: dict[str, int] = {}
        self.player = player or Player(parent=self)
        self.details = TrackDetails(library, self)
        self.hint = QLabel()
        self.header = TrackHeader()
        self.sound = SoundPanel(self.player)
        self.suggestions = SuggestionList()
        self.editor = TagEditor()
        self.diff = MetadataDiff()
        self.remark = QLabel()
        self.more_button = QPushButton()
        self.add_button = QPushButton(self.tr("Add a tag (E)"))
        self._line = QFrame()
        self._refresh_timer = QTimer(self)
        self._refresh_timer.setSingleShot(True)
        self._refresh_timer.setInterval(0)
        self._refresh_timer.timeout.connect(self.refresh)
        self._set_up()
        self._connect()
        self._library_reset()

    def use_actions(self, actions: "Actions") -> None:
        """Be what the keys of the window for listening and for tags act on."""
        actions["play"].triggered.connect(self.player.toggle)
        actions["seek_back"].triggered.connect(lambda: self.seek_strong(-1))
        actions["seek_forward"].triggered.connect(lambda: self.seek_strong(1))
        actions["edit_tag"].triggered.connect(self.edit_tag)
        actions["expand_diff"].triggered.connect(self.diff.toggle_all)
        self.header.retry.connect(actions["retry"].trigger)
        self.header.show_in_folder.connect(actions["show_in_folder"].trigger)

    def seek_strong(self, direction: int) -> None:
        """Go to the next (1) or previous (-1) moment at which the tag that is looked at is strongest."""
        name = self.suggestions.open_tag or next((row.name for row in self.sound.taggram.rows), "")
        self.sound.seek_strong(name, direction)

    def edit_tag(self) -> None:
        """Let the person type a tag."""
        if self._rows().size:
            self.editor.start()
            self.ensureWidgetVisible(self.editor)

    def refresh(self) -> None:
        """Show what is so now, of the same track."""
        rows = self._rows()
        several = rows.size > 1
        row = self._focus.row
        one = not several and row != NO_ROW
        self.hint.setVisible(not rows.size)
        self.header.setVisible(bool(rows.size))
        self.sound.setVisible(one)
        for part in (self.diff, self._line):
            part.setVisible(one and self._was_heard(row))
        if several:
            self.header.show_several(
                filled(self.tr("%1 selected"), Words().tracks(len(rows))),
                self.tr("What you tick, accept or reject here concerns all of them."),
            )
        elif one:
            self._show_one(row)
        self.suggestions.show_lines(*listed(self._library.review, rows, self.suggestions.open_tag))
        self._explain()
        any_lines = self.suggestions.lines.total > 0
        self.remark.setText(self._remark(row) if one else "")
        self.remark.setVisible(bool(self.remark.text()))
        self.suggestions.setVisible(any_lines)
        self.add_button.setVisible(any_lines)
        self._show_more_button(any_lines)

    # making

    def _set_up(self) -> None:
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMinimumWidth(_LEAST_WIDTH)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAccessibleName(self.tr("Inspector"))
        self.hint.setProperty("look", "muted")
        self.hint.setWordWrap(True)
        self.hint.setTextFormat(Qt.TextFormat.PlainText)
        self.hint.setText(
            self.tr(
                "The inspector shows the track you select: its sound, its tags over time, the suggestions with their "
                "reasons, and what would change in the file.\n\n"
                "J and K move between tracks, 1 to 9 tick suggestions, A accepts and X rejects, Space plays, "
                "? lists all keys."
            )
        )
        self.remark.setProperty("look", "muted")
        self.remark.setWordWrap(True)
        for button in (self.more_button, self.add_button):
            button.setProperty("look", "link")
        self._line.setProperty("look", "line")
        below = QHBoxLayout()
        below.addWidget(self.more_button)
        below.addStretch()
        below.addWidget(self.add_button)
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(_MARGIN, _MARGIN, _MARGIN, _MARGIN)
        column.setSpacing(theme.SPACE)
        for part in (self.hint, self.header, self.sound, self.remark, self.suggestions):
            column.addWidget(part)
        column.addLayout(below)
        for part in (self.editor, self._line, self.diff):
            column.addWidget(part)
        column.addStretch()
        self.setWidget(inside)

    def _connect(self) -> None:
        self._focus.row_changed.connect(self._look_at)
        self._focus.rows_changed.connect(self._refresh_timer.start)
        self._focus.tag_changed.connect(self._open_focused_tag)
        self._library.rows_changed.connect(self._rows_changed)
        self._library.review_changed.connect(self._refresh_timer.start)
        self._library.reset.connect(self._library_reset)
        self.details.overview_ready.connect(self._show_overview)
        self.details.taggram_ready.connect(self._show_taggram)
        self.details.evidence_ready.connect(self._take_evidence)
        self.sound.picture_chosen.connect(lambda picture: self._library.remember(_PICTURE_KEY, picture))
        self.suggestions.toggled.connect(lambda name: self._library.do("toggle", self._rows(), name))
        self.suggestions.opened.connect(self._tag_opened)
        self.suggestions.threshold_chosen.connect(self._set_threshold)
        self.suggestions.threshold_reset.connect(lambda name: self._set_threshold(name, None))
        self.more_button.clicked.connect(self._toggle_all)
        self.add_button.clicked.connect(self.edit_tag)
        self.editor.added.connect(self._add_tag)
        self.editor.left.connect(self.suggestions.setFocus)

    # what happens outside

    def _library_reset(self) -> None:
        self.details.forget()
        review = self._library.review
        self._columns = {tag.name: column for column, tag in enumerate(review.tags)}
        self.editor.set_vocabulary([tag.name for tag in review.vocabulary.tags()], review.vocabulary.tag_of)
        remembered = self._library.recall(_PICTURE_KEY)
        self.sound.choose(Picture.SPECTROGRAM if remembered == Picture.SPECTROGRAM else Picture.WAVEFORM)
        self._look_at(self._focus.row)

    def _look_at(self, row: int) -> None:
        self._evidence = {}
        self._taggram = None
        known = row != NO_ROW
        duration = self._library.review.duration(row) if known else 0.0
        self.sound.show_track(0.0 if math.isnan(duration) else duration, self._open_sound(row) if known else None)
        self.details.look_at(row)
        self.refresh()

    def _rows_changed(self, rows: Rows) -> None:
        if np.isin(self._rows(), rows).any():
            self._refresh_timer.start()
        if self._focus.row in rows:
            self.details.look_again()

    def _open_focused_tag(self, column: int) -> None:
        self.suggestions.open_line("" if column == NO_TAG else self._library.review.tags[column].name)
        self._explain()

    def _show_overview(self, answer: "TrackOverview | str") -> None:
        if isinstance(answer, str):
            self.sound.show_no_overview(answer)
        else:
            self.sound.show_overview(answer)

    def _show_taggram(self, answer: "TaggramOfTags | None") -> None:
        self._taggram = answer
        self._draw_taggram()

    def _take_evidence(self, suggestions: "Sequence[Suggestion]") -> None:
        self._evidence = {suggestion.tag: suggestion for suggestion in suggestions}
        self._explain()

    # what the person does

    def _tag_opened(self, name: str) -> None:
        column = self._column(name)
        self._focus.set_tag(NO_TAG if column is None else column)
        self._draw_taggram()
        self._explain()

    def _set_threshold(self, name: str, value: float | None) -> None:
        column = self._column(name)
        if column is not None:
            self._library.do("set_threshold", column, value)

    def _add_tag(self, name: str, category: Category) -> None:
        self._library.do("add_tag", self._rows(), name, category)

    def _toggle_all(self) -> None:
        self.suggestions.show_all(not self.suggestions.lines.shows_all)
        self._show_more_button(True)
        self._explain()

    # showing

    def _show_one(self, row: int) -> None:
        review = self._library.review
        self.header.show_track(
            TrackFacts(
                review.path(row),
                review.name(row),
                review.duration(row),
                review.group(row),
                review.problem(row),
                review.warnings(row),
            )
        )
        if self._was_heard(row):
            edits = plan_file(
                review.track(row), review.present(row), review.written_tags(row), review.settings, review.vocabulary
            ).edits
            self.diff.show_diffs(field_diffs(review.present(row), edits))
        self._draw_taggram()

    def _explain(self) -> None:
        """Say why, below the line that is open."""
        name = self.suggestions.open_tag
        place = self.suggestions.lines.row_of(name)
        if place is None:
            return
        review = self._library.review
        column = self._column(name)
        share = review.fires_on(column) if column is not None else math.nan
        evidence = self._evidence[name].evidence if name in self._evidence else ()
        why = why_text(self.suggestions.lines.line(place), share, evidence)
        self.suggestions.explain(why, own_threshold=name in review.settings.thresholds)

    def _draw_taggram(self) -> None:
        row = self._focus.row
        if row == NO_ROW or self._taggram is None or not self._was_heard(row):
            self.sound.show_tags((), 0.0)
            return
        rows = rows_over_time(self._library.review, row, self._taggram, self.suggestions.open_tag)
        self.sound.show_tags(rows, self._taggram.patch_seconds)
        self.sound.taggram.emphasise(self.suggestions.open_tag)

    def _show_more_button(self, any_lines: bool) -> None:
        lines = self.suggestions.lines
        self.more_button.setVisible(any_lines and (lines.shows_all or lines.hidden > 0))
        everything = filled(self.tr("Show all %1"), number(lines.total))
        self.more_button.setText(self.tr("Show fewer") if lines.shows_all else everything)

    # small things

    def _remark(self, row: int) -> str:
        """Why there is nothing to decide, where that is so."""
        group = self._library.review.group(row)
        return group_hint(group) if group in (Group.WAITING, Group.SILENT) else ""

    def _rows(self) -> Rows:
        """What a decision concerns: the selection, or the row that is looked at."""
        if self._focus.rows.size or self._focus.row == NO_ROW:
            return self._focus.rows
        return np.array([self._focus.row], np.intp)

    def _column(self, name: str) -> int | None:
        return self._columns.get(name)

    def _was_heard(self, row: int) -> bool:
        return row != NO_ROW and not math.isnan(self._library.review.duration(row))

    def _open_sound(self, row: int) -> OpenSound:
        return lambda start: self._library.open_sound(row, start)
