"""Refining the question on the page, and going back and forward through the questions."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QMenu

from fashion_finder.domain import COLOUR_VOCABULARY, Answer, Refinement, Region, Status
from fashion_finder.errors import FinderError
from fashion_finder.ui.kit import labels
from fashion_finder.ui.question.history import Asked, History
from fashion_finder.ui.question.panel import QuestionPanel
from fashion_finder.ui.question.questions import Questions
from fashion_finder.ui.question.refining import Refining
from fashion_finder.ui.tiles.results_grid import ResultsGrid
from fashion_finder.ui.work.tasks import EngineTasks

THUMBNAIL = 144  # device pixels: 48 logical ones, three times as sharp


class RefiningFlow(QObject):
    """Stands between the controls of the question panel and the questions."""

    told = Signal(str)  # a small thing to say
    looking = Signal(bool)  # for the main piece

    def __init__(
        self,
        questions: Questions,
        panel: QuestionPanel,
        tasks: EngineTasks,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._questions = questions
        self._panel = panel
        self._tasks = tasks
        self._is_new = False  # the question under way is not from the history
        self._is_off = False  # the newest question failed: the page shows none of the history
        self._answer: Answer | None = None  # on the page
        self.history = History()
        self.refining = Refining(self)
        self._wire()

    def _wire(self) -> None:
        panel, refining, questions = self._panel, self.refining, self._questions
        questions.asked.connect(self._begin)
        questions.answered.connect(self._keep)
        questions.failed.connect(self._step_off)
        refining.changed.connect(self._ask_refined)
        refining.shown.connect(self._show)
        panel.picture.region_changed.connect(refining.limit_to)
        panel.picture.colour_picked.connect(refining.colour)
        panel.balance.changed.connect(refining.balance)
        panel.marks.taken_back.connect(refining.unmark)
        panel.marks.cleared.connect(refining.clear_marks)
        panel.history.went.connect(self.go)
        tools = panel.tools
        tools.colour.changed.connect(refining.colour)
        tools.colour.eyedropper_requested.connect(panel.picture.start_picking)
        tools.eyedropper.triggered.connect(panel.picture.start_picking)
        tools.whole.triggered.connect(panel.picture.reset_region)
        tools.main_piece.triggered.connect(self.find_main_piece)
        tools.usual_balance.triggered.connect(panel.balance.reset)
        tools.clear_marks.triggered.connect(refining.clear_marks)

    def serve(self, *grids: ResultsGrid) -> None:
        """Let the answers of these be marked."""
        for grid in grids:
            grid.more_requested.connect(self.refining.more_like)
            grid.less_requested.connect(self.refining.less_like)

    def fill_menu(self, menu: QMenu) -> None:
        """Everything here has a place in the menu, and most a key."""
        menu.addActions([self._panel.history.back_action, self._panel.history.forward_action])
        menu.addSeparator()
        for action in self._panel.tools.actions_for_menu:
            if action is None:
                menu.addSeparator()
            else:
                menu.addAction(action)

    @Slot(object)
    def show_model(self, status: Status) -> None:
        """Offer what the model in use can do."""
        words = status.model.vocabularies.get(COLOUR_VOCABULARY, ())
        self._panel.show_model(status.model.parts, words)

    @Slot(int)
    def go(self, steps: int) -> None:
        """Show a question of the history as it was left; negative steps go back."""
        if self._is_off and steps < 0:
            asked = self.history.current if steps == -1 else self.history.go(steps + 1)
        else:
            asked = self.history.go(steps)
        if asked is not None:
            self._questions.ask(asked.question, asked.refinement, asked.picture)
            self._is_new = self._is_off = False
            self._show_history()

    @Slot()
    def find_main_piece(self) -> None:
        """Put the box around what the picture is of."""
        answer = self._answer
        if answer is None or answer.picture is None:
            return
        picture = answer.picture

        def done(region: Region | None) -> None:
            if self._answer is None or self._answer.picture is not picture:
                return  # another question by now
            self.looking.emit(False)
            if region is None:
                self.told.emit(self.tr("No piece stands out in this picture"))
            else:
                self.refining.limit_to(region)

        self.looking.emit(True)
        self._tasks.run(lambda engine: engine.main_piece(picture), done, self._tell_failure)

    @Slot(int, str)
    def _begin(self, _ticket: int, _name: str) -> None:
        self._is_new = True
        self.refining.show(self._questions.refinement)

    @Slot(int, object)
    def _keep(self, _ticket: int, answer: Answer) -> None:
        self._answer = answer
        self._panel.set_askable(answer.picture is not None)
        if self._is_new:
            self._is_new = self._is_off = False
            self.history.add(
                Asked(
                    answer.question,
                    self._panel.name_shown,
                    answer.picture,
                    self._questions.refinement,
                    self._panel.picture.thumbnail(THUMBNAIL),
                )
            )
            self._show_history()

    @Slot(int, str, object)
    def _step_off(self, _ticket: int, _name: str, _error: FinderError) -> None:
        self._answer = None
        self._panel.set_askable(False)
        if self._is_new:
            self._is_new, self._is_off = False, True
            self._show_history()

    @Slot(object)
    def _ask_refined(self, refinement: Refinement) -> None:
        self.history.refine(refinement)
        self._questions.refine(refinement)

    @Slot(object)
    def _show(self, refinement: Refinement) -> None:
        # Only the balance outlives a question.
        self._questions.first_refinement = Refinement(weights=refinement.weights)
        self._panel.show_refinement(refinement, *self.refining.marked)

    def _show_history(self) -> None:
        behind = self.history.behind
        if self._is_off and self.history.current is not None:
            behind = (self.history.current, *behind)
        self._panel.history.show_history(behind, self.history.ahead)

    def _tell_failure(self, error: FinderError) -> None:
        self.looking.emit(False)
        self.told.emit(labels.plain(error.title))
