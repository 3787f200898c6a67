"""The right column: the track that is looked at, or what several selected tracks share.

It brings the parts what they show and passes on what they ask for; what a decision does is the review's business.
"""

import math
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QCoreApplication, Qt, QTimer
from PySide6.QtWidgets import QFrame, QScrollArea

from gui.focus import NO_ROW, NO_TAG, Focus
from gui.inspector.inspector_column import InspectorColumn
from gui.inspector.metadata_diff import field_diffs
from gui.inspector.player import OpenSound, Player
from gui.inspector.sound_panel import Picture
from gui.inspector.suggestion_lines import listed
from gui.inspector.tag_detail import why_text
from gui.inspector.tags_over_time import TaggramOfTags, rows_over_time
from gui.inspector.track_details import TrackDetails
from gui.inspector.track_header import TrackFacts
from gui.look.groups import group_hint
from gui.look.wording import Words, filled
from tagger_core.domain import Category
from tagger_core.review import Group
from tagger_core.review.values import Rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gui.actions.actions import Actions
    from gui.inspector.taggram_view import TagOverTime
    from gui.library.library import Library
    from tagger_core.suggestions import Suggestion
    from tagger_core.track_preview import TrackOverview

_PICTURE_KEY = "inspector.picture"
_LEAST_WIDTH = 340


class Inspector(QScrollArea):
    """Follows ``focus``; every decision goes through ``library``."""

    def __init__(self, library: "Library", focus: Focus, player: Player | None = None) -> None:
        super().__init__()
        self._library = library
        self._focus = focus
        self._columns: dict[str, int] = {}
        self._evidence: dict[str, Suggestion] = {}
        self._taggram: TaggramOfTags | None = None
        self._taggram_expected = False
        self._sounds = False
        self.player = player or Player()
        self.player.setParent(self)
        self.details = TrackDetails(library, self)
        self.parts = InspectorColumn(self.player)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(0)
        self.setWidget(self.parts)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMinimumWidth(_LEAST_WIDTH)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAccessibleName(self.tr("Inspector"))
        self._connect_outside()
        self._connect_parts()
        self._start_over()

    def use_actions(self, actions: "Actions") -> None:
        """Be what the keys of the window for listening and for tags act on."""
        actions.carry_out(
            {
                "play": self.player.toggle,
                "seek_back": lambda: self.seek_strong(-1),
                "seek_forward": lambda: self.seek_strong(1),
                "edit_tag": self.edit_tag,
                "expand_diff": self.parts.diff.toggle_all,
            }
        )
        self.parts.header.retry.connect(actions["retry"].trigger)
        self.parts.header.show_in_folder.connect(actions["show_in_folder"].trigger)

    def seek_strong(self, direction: int) -> None:
        """Go to the next (1) or previous (-1) moment at which the tag that is looked at is strongest."""
        name = self.parts.suggestions.open_tag or next((row.name for row in self.parts.sound.taggram.rows), "")
        self.parts.sound.seek_strong(name, direction)

    def edit_tag(self) -> None:
        """Let the person type a tag."""
        if self.parts.suggestions.lines.total:
            self.parts.editor.start()
            self.ensureWidgetVisible(self.parts.editor)

    def refresh(self) -> None:
        """Show what is so now, of the same track."""
        rows, row = self._focus.concerned, self._focus.row
        self.parts.suggestions.show_lines(*listed(self._library.review, rows, self.parts.suggestions.open_tag))
        if rows.size > 1:
            self.parts.header.show_several(
                filled(self.tr("%1 selected"), Words().tracks(len(rows))),
                self.tr("What you tick, accept or reject here concerns all of them."),
            )
            self.parts.show_several()
        elif row == NO_ROW:
            self.parts.show_nothing()
        else:
            self._show_track(row)
        self._explain()

    # making

    def _connect_outside(self) -> None:
        self._soon.timeout.connect(self.refresh)
        self._focus.row_changed.connect(self._look_at)
        self._focus.rows_changed.connect(self._soon.start)
        self._focus.tag_changed.connect(self._open_focused_tag)
        self._library.rows_changed.connect(self._rows_changed)
        self._library.review_changed.connect(self._soon.start)
        self._library.reset.connect(self._start_over)
        self.details.overview_ready.connect(self._show_overview)
        self.details.taggram_ready.connect(self._show_taggram)
        self.details.evidence_ready.connect(self._take_evidence)
        application = QCoreApplication.instance()
        if application is not None:  # the device's own thread must not outlive Python
            application.aboutToQuit.connect(self.player.close)

    def _connect_parts(self) -> None:
        parts = self.parts
        parts.sound.picture_chosen.connect(lambda picture: self._library.remember(_PICTURE_KEY, picture))
        parts.suggestions.toggled.connect(lambda name: self._library.do("toggle", self._focus.concerned, name))
        parts.suggestions.opened.connect(self._tag_opened)
        parts.suggestions.threshold_chosen.connect(self._set_threshold)
        parts.suggestions.threshold_reset.connect(lambda name: self._set_threshold(name, None))
        parts.more_button.clicked.connect(self._explain)
        parts.add_button.clicked.connect(self.edit_tag)
        parts.editor.added.connect(self._add_tag)
        parts.editor.left.connect(parts.suggestions.setFocus)

    # what happens outside

    def _start_over(self) -> None:
        """The review is another one."""
        review = self._library.review
        self.details.forget()
        self._columns = {tag.name: column for column, tag in enumerate(review.tags)}
        self.parts.editor.set_vocabulary([tag.name for tag in review.vocabulary.tags()], review.vocabulary.tag_of)
        remembered = self._library.recall(_PICTURE_KEY)
        self.parts.sound.choose(Picture.SPECTROGRAM if remembered == Picture.SPECTROGRAM else Picture.WAVEFORM)
        self._look_at(self._focus.row if self._focus.row < len(review) else NO_ROW)

    def _look_at(self, row: int) -> None:
        self._evidence, self._taggram, self._taggram_expected = {}, None, True
        self._sounds = self._can_sound(row)
        duration = self._library.review.duration(row) if self._sounds else 0.0
        sound = self._open_sound(row) if self._sounds else None
        self.parts.sound.show_track(0.0 if math.isnan(duration) else duration, sound)
        self.details.look_at(row if self._sounds else NO_ROW)
        self._soon.start()

    def _rows_changed(self, rows: Rows) -> None:
        if np.isin(self._focus.concerned, rows).any():
            self._soon.start()
        row = self._focus.row
        if row in rows and self._can_sound(row) != self._sounds:
            self._look_at(row)
        elif row in rows:
            self.details.look_again()

    def _open_focused_tag(self, column: int) -> None:
        self.parts.suggestions.open_line("" if column == NO_TAG else self._library.review.tags[column].name)
        self._draw_taggram()
        self._explain()

    def _show_overview(self, answer: "TrackOverview | str") -> None:
        if isinstance(answer, str):
            self.parts.sound.show_no_overview(answer)
        else:
            self.parts.sound.show_overview(answer)

    def _show_taggram(self, answer: "TaggramOfTags | None") -> None:
        self._taggram, self._taggram_expected = answer, False
        self._draw_taggram()

    def _take_evidence(self, suggestions: "Sequence[Suggestion]") -> None:
        self._evidence = {suggestion.tag: suggestion for suggestion in suggestions}
        self._explain()

    # what the person does

    def _tag_opened(self, name: str) -> None:
        self._focus.set_tag(self._columns.get(name, NO_TAG))
        self._draw_taggram()
        self._explain()

    def _set_threshold(self, name: str, value: float | None) -> None:
        if name in self._columns:
            self._library.do("set_threshold", self._columns[name], value)

    def _add_tag(self, name: str, category: Category) -> None:
        self._library.do("add_tag", self._focus.concerned, name, category)

    # showing

    def _show_track(self, row: int) -> None:
        review, group = self._library.review, self._library.review.group(row)
        self.parts.header.show_track(
            TrackFacts(
                review.path(row),
                review.name(row),
                review.duration(row),
                group,
                review.problem(row),
                review.warnings(row),
            )
        )
        heard = self._was_heard(row)
        if heard:
            self.parts.diff.show_diffs(field_diffs(review.present(row), review.edits_of(row)))
        self._draw_taggram()
        self.parts.show_track(
            sounds=self._sounds, heard=heard, remark=group_hint(group) if group in (Group.WAITING, Group.SILENT) else ""
        )

    def _explain(self) -> None:
        """Say why, below the line that is open."""
        name = self.parts.suggestions.open_tag
        place = self.parts.suggestions.lines.row_of(name)
        if place is None:
            return
        review = self._library.review
        share = review.fires_on(self._columns[name]) if name in self._columns else math.nan
        evidence = self._evidence[name].evidence if name in self._evidence else ()
        why = why_text(self.parts.suggestions.lines.line(place), share, evidence)
        self.parts.suggestions.explain(why, own_threshold=name in review.settings.thresholds)

    def _draw_taggram(self) -> None:
        """The rows are there before their values: what stands below must not jump twice for each track."""
        row, name = self._focus.row, self.parts.suggestions.open_tag
        rows: Sequence[TagOverTime] = ()
        if self._was_heard(row) and (self._taggram is not None or self._taggram_expected):
            rows = rows_over_time(self._library.review, row, self._taggram, name)
        self.parts.sound.show_tags(rows, self._taggram.patch_seconds if self._taggram is not None else 0.0)
        self.parts.sound.taggram.emphasise(name)

    # small things

    def _was_heard(self, row: int) -> bool:
        return row != NO_ROW and not math.isnan(self._library.review.duration(row))

    def _can_sound(self, row: int) -> bool:
        """Not where decoding has failed: the header says so."""
        return row != NO_ROW and (self._was_heard(row) or self._library.review.group(row) is not Group.FAILED)

    def _open_sound(self, row: int) -> OpenSound:
        return lambda start: self._library.open_sound(row, start)
