"""The two models of matches: where each stands, and what stands beside it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from fashion_finder.domain import Closeness
from fashion_finder.ui.tiles.browse_model import BrowseModel
from fashion_finder.ui.tiles.match_model import MatchModel
from fashion_finder.ui.tiles.results_model import FIRST_SHOWN, ResultsModel
from tests.ui.fakes import listing, matches

WARN = QAbstractItemModelTester.FailureReportingMode.Warning  # and warnings fail a test


def answers() -> ResultsModel:
    """Five answers."""
    model = ResultsModel()
    model.show(matches())
    return model


def everything() -> BrowseModel:
    """Five pictures of a listing."""
    model = BrowseModel()
    model.show(listing(5))
    return model


@pytest.mark.parametrize("model", [answers(), everything()], ids=["answers", "everything"])
def test_nothing_stands_before_the_first_or_after_the_last(model: MatchModel) -> None:
    """Stepping does not come round, and a picture that is not shown has no neighbours."""
    shown = [model.match_at(model.index(row)) for row in range(5)]
    first, second, last = shown[0], shown[1], shown[-1]
    assert first is not None and second is not None and last is not None
    assert model.neighbour(first, 1) == second
    assert model.neighbour(second, -1) == first
    assert model.neighbour(first, -1) is None
    assert model.neighbour(last, 1) is None
    stranger = matches(1, start=99)[0]
    assert model.place_of(stranger) is None
    assert model.neighbour(stranger, 1) is None


def test_stepping_passes_over_the_divider() -> None:
    """From the last similar answer to the first that is not."""
    close, *others = matches()
    others = [replace(match, closeness=Closeness.DISSIMILAR) for match in others]
    model = ResultsModel()
    model.show((close, *others))
    assert model.divider_row == 1
    assert model.neighbour(close, 1) == others[0]
    assert (model.place_of(others[0]), model.count) == (1, 5)


def test_views_are_told_exactly_what_came_and_went(qtbot: QtBot) -> None:
    """A row more or less than there are would crash them."""
    model = ResultsModel()
    QAbstractItemModelTester(model, WARN, model)
    model.show(matches(12))
    with qtbot.waitSignal(model.rowsInserted) as came:
        model.expand()
    assert came.args is not None and came.args[1:] == [FIRST_SHOWN, 11]
    with qtbot.waitSignal(model.rowsRemoved) as went:
        model.expand(expanded=False)
    assert went.args is not None and went.args[1:] == [FIRST_SHOWN, 11]
    assert model.rowCount() == FIRST_SHOWN


def test_the_tool_tip_names_every_file_of_a_photo() -> None:
    """Where one is offline, that as well."""
    copies = (Path("/old/a.jpg"), Path("/old/b.jpg"))
    model = ResultsModel()
    model.show((replace(matches()[0], copies=copies, offline=True),))
    tip = model.index(0).data(Qt.ItemDataRole.ToolTipRole)
    assert all(path in tip for path in ("/photos/piece 1.jpg", "/old/a.jpg", "/old/b.jpg"))
    assert "not connected" in tip


def test_a_screen_reader_is_told_of_copies() -> None:
    """With the rank and the name of the tile, of an answer as of any picture."""
    found = ResultsModel()
    found.show((replace(matches()[0], copies=(Path("/old/a.jpg"),)),))
    assert "2 copies" in found.index(0).data(Qt.ItemDataRole.AccessibleTextRole)
    browsed = BrowseModel()
    browsed.show(listing(6, files_each=3))
    assert "3 copies" in browsed.index(0).data(Qt.ItemDataRole.AccessibleTextRole)


@pytest.mark.parametrize("model", [answers(), everything()], ids=["answers", "everything"])
def test_what_is_no_row_is_no_picture(model: MatchModel) -> None:
    """Views ask for such places while they change."""
    assert model.match_at(QModelIndex()) is None
    assert model.data(QModelIndex()) is None
    assert model.flags(QModelIndex()) == Qt.ItemFlag.NoItemFlags
