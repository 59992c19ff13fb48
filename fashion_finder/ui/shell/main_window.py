"""The window: its parts, how they are connected, and which page it shows when."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QByteArray, Slot
from PySide6.QtGui import (
    QCloseEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QGuiApplication,
)
from PySide6.QtWidgets import (
    QFileDialog,
    QLabel,
    QMainWindow,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from fashion_finder.domain import Match, Status
from fashion_finder.engine.handle import EngineHandle
from fashion_finder.errors import CatalogueDamaged, CatalogueEmpty, FinderError
from fashion_finder.images.formats import PICTURE_SUFFIXES
from fashion_finder.ui.filters.filter_controller import FilterController
from fashion_finder.ui.folders.catalogue_controller import CatalogueController
from fashion_finder.ui.folders.indexing_controller import IndexingController
from fashion_finder.ui.folders.progress_panel import ProgressPanel
from fashion_finder.ui.folders.remove_controller import RemoveController
from fashion_finder.ui.folders.skipped_dialog import SkippedDialog
from fashion_finder.ui.folders.start_pages import StartPages
from fashion_finder.ui.kit import labels
from fashion_finder.ui.kit.failures import failure_message, failure_state
from fashion_finder.ui.kit.message_bar import MessageArea
from fashion_finder.ui.kit.state_page import Choice, State, StatePage
from fashion_finder.ui.pages.browse_controller import BrowseController
from fashion_finder.ui.pages.browse_page import BrowsePage
from fashion_finder.ui.pages.results_page import ResultsPage
from fashion_finder.ui.pages.search_controller import SearchController
from fashion_finder.ui.preview.preview_controller import PreviewController
from fashion_finder.ui.question.drop_input import is_acceptable
from fashion_finder.ui.shell.drop_overlay import DropOverlay
from fashion_finder.ui.shell.help import HelpController
from fashion_finder.ui.shell.menus import Menus
from fashion_finder.ui.shell.preferences import Preferences, for_menu, with_newest
from fashion_finder.ui.tiles.file_actions import FileActions
from fashion_finder.ui.work.catalogue_status import CatalogueStatus
from fashion_finder.ui.work.sync_queue import SyncQueue
from fashion_finder.ui.work.tasks import EngineTasks, Tasks
from fashion_finder.ui.work.thumbnail_loader import ThumbnailLoader

MESSAGE_MS = 4000  # how long the status bar shows a message


class MainWindow(QMainWindow):
    """The main window. All slow work goes through `queries`, `syncs` and the loader."""

    def __init__(
        self,
        handle: EngineHandle,
        queries: Tasks,
        syncs: Tasks,
        preferences: Preferences,
        copy_sample: Callable[[], tuple[Path, Path]],
    ) -> None:
        super().__init__()
        self.setWindowTitle(self.tr("Fashion Finder"))
        self.setMinimumSize(820, 560)
        self.setAcceptDrops(True)
        self.preferences = preferences
        self._queries = engine_queries = EngineTasks(queries, handle)
        engine_syncs = EngineTasks(syncs, handle)
        self._opening_failed = False

        self.loader = ThumbnailLoader(handle, self)
        self.catalogue_status = CatalogueStatus(engine_queries, self)
        self.sync_queue = SyncQueue(engine_syncs, self)
        self.files = FileActions(queries, engine_queries, self)

        self.messages = MessageArea()
        self.progress = ProgressPanel()
        self.results = ResultsPage(self.loader)
        self.browse = BrowsePage(self.loader)
        self.start = StatePage(is_drop_target=True)
        self.failure = StatePage()
        self.pages = QStackedWidget()
        self.catalogue_label = QLabel()
        self._lay_out()
        self.menus = Menus(self)
        self.overlay = DropOverlay(self)

        self.indexing = IndexingController(
            self.sync_queue, self.progress, self.messages, copy_sample, syncs, self
        )
        self.catalogue = CatalogueController(handle, syncs, self.sync_queue, self.messages, self)
        self.search = SearchController(
            engine_queries, queries, self.messages, self.catalogue_status, self
        )
        bars = (self.results.filters, self.browse.filters)
        self.filters = FilterController(engine_queries, bars, self)
        self.browsing = BrowseController(
            engine_queries,
            self.browse,
            lambda: self.search.filters,
            self._state_before_questions,
            self,
        )
        for page in (self.results, self.browse):
            PreviewController(engine_queries, page, self)
        self.removing = RemoveController(engine_syncs, self.messages, self)
        self.help = HelpController(self, self.catalogue_status, queries)
        self.start_pages = StartPages(
            index=self.choose_folder,
            sample=self.indexing.try_sample,
            open_picture=self.choose_picture,
            browse=self.browsing.open,
            see_skipped=self.show_skipped,
        )
        self._wire()
        self._wire_search()
        self._wire_question()
        if not self.restoreGeometry(QByteArray(preferences.geometry)):
            self.resize(1180, 780)
        self._choose_page()

    @property
    def is_settled(self) -> bool:
        """Whether the engine has opened, or failed to."""
        return self._opening_failed or self.catalogue_status.latest is not None

    def begin(self, picture: Path | None = None) -> None:
        """Ask the engine what is indexed, and the first question if there is one."""
        self.catalogue_status.refresh()
        if picture is not None:
            self.search.ask_file(picture)

    # ------------------------------------------------------------ building

    def _lay_out(self) -> None:
        for page in (self.start, self.results, self.browse, self.failure):
            self.pages.addWidget(page)
        centre = QWidget()
        column = QVBoxLayout(centre)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.messages)
        column.addWidget(self.pages, 1)
        column.addWidget(self.progress)
        self.setCentralWidget(centre)
        for button in centre.findChildren(QPushButton):
            button.setAutoDefault(True)  # Enter presses it, as Space does
        self.statusBar().addWidget(self.catalogue_label)
        self.statusBar().setSizeGripEnabled(False)

    def _wire(self) -> None:
        menus = self.menus
        menus.index_folder.triggered.connect(self.choose_folder)
        menus.open_picture.triggered.connect(self.choose_picture)
        menus.folder_chosen.connect(self.indexing.index_one)
        menus.update_folders.triggered.connect(self.indexing.update_all)
        menus.show_skipped.triggered.connect(self.show_skipped)
        menus.paste.triggered.connect(self.paste)
        menus.find.triggered.connect(self.find_by_words)
        menus.browse.triggered.connect(self.browsing.open)
        menus.guide.triggered.connect(self.help.show_guide)
        menus.shortcuts.triggered.connect(self.help.show_shortcuts)
        menus.about.triggered.connect(self.help.show_about)
        menus.licences.triggered.connect(self.help.show_licences)
        menus.quit.triggered.connect(self.close)

        self.browsing.turned.connect(self._choose_page)
        self.results.browse_button.clicked.connect(self.browsing.open)

        self.sync_queue.started.connect(self._choose_page)
        self.sync_queue.progressed.connect(self.search.retry_while_empty)
        self.sync_queue.progressed.connect(self.browsing.refresh_while_empty)
        self.indexing.folders_used.connect(self._remember_folders)
        self.indexing.ended.connect(self.loader.retry_missing)
        self.indexing.ended.connect(self.catalogue_status.refresh)
        self.indexing.ended.connect(self.browsing.refresh)
        self.indexing.ended.connect(self.search.refresh)
        menus.read_again_chosen.connect(self.indexing.read_folder_again)
        menus.remove_chosen.connect(self.removing.remove_with_undo)
        self.indexing.folders_used.connect(self.removing.keep)
        self.removing.removed.connect(self.indexing.ended)
        self.indexing.checked.connect(self.catalogue_status.refresh)
        self.indexing.checked.connect(self._search_again_if_offline)
        self.indexing.sample_ready.connect(self.search.ask_file)
        self.progress.skipped_button.clicked.connect(self.show_skipped)

        self.catalogue_status.changed.connect(self._show_catalogue)
        self.catalogue_status.connection_changed.connect(self.search.refresh)
        self.catalogue_status.changed.connect(self.indexing.continue_unfinished)
        self.catalogue_status.failed.connect(self._show_opening_failure)
        self.indexing.damaged.connect(self.catalogue.report_damage)
        self.catalogue.rebuilt.connect(self._leave_failure)
        self.catalogue.rebuilt.connect(self.indexing.ended)
        self.catalogue.failed.connect(self._show_failure)
        menus.erase.triggered.connect(self.catalogue.ask_to_erase)
        self.catalogue.erased.connect(self.close)

        for page in (self.results, self.browse):
            for source in (page.grid, page.copies.grid, page.preview):
                source.open_requested.connect(self.files.open)
                source.show_requested.connect(self.files.show_in_folder)
                source.search_requested.connect(self.search.ask_match)
                source.read_again_requested.connect(self._read_again)
            for grid in (page.grid, page.copies.grid):
                grid.copy_files_requested.connect(self.files.copy_files)
                grid.copy_paths_requested.connect(self.files.copy_paths)
                grid.copy_picture_requested.connect(self.files.copy_picture)
                grid.notified.connect(self._show_message)
            menus.copy_files.triggered.connect(page.copy_files)
            menus.copy_paths.triggered.connect(page.copy_paths)
            menus.copy_picture.triggered.connect(page.copy_picture)
        self.help.failed.connect(self._show_failure)
        self.files.failed.connect(self._show_failure)
        for controller in (self.search, self.files, self.removing):
            controller.notified.connect(self._show_message)

    def _wire_search(self) -> None:
        search, results = self.search, self.results
        search.asked.connect(results.show_question)
        search.asked.connect(self.browsing.close)
        search.asked.connect(self._choose_page)
        search.answered.connect(results.show_answer)
        search.failed.connect(self._show_search_failure)
        search.busy_changed.connect(results.show_busy)
        search.folders_dropped.connect(self.indexing.offer)
        search.filters_changed.connect(self.filters.show_filters)
        search.filters_changed.connect(self.browsing.refresh)
        for page in (results, self.browse):
            page.filters.changed.connect(search.set_filters)
        self.catalogue_status.changed.connect(self.filters.show_status)

    def _wire_question(self) -> None:
        """The controls follow the user by themselves; the search reports only what else changes."""
        search, panel = self.search, self.results.question
        panel.picture.region_changed.connect(lambda region: search.refine(region=region))
        panel.balance.changed.connect(lambda weights: search.refine(weights=weights))
        panel.tools.colour.changed.connect(lambda colour: search.refine(colour=colour))
        panel.tools.main_piece.triggered.connect(search.find_main_piece)
        panel.examples.removed.connect(search.remove_example)
        panel.examples.cleared.connect(search.clear_examples)
        panel.history.step_chosen.connect(search.go)
        search.refinement_changed.connect(panel.show_refinement)
        search.history_changed.connect(panel.history.show_history)
        for grid in (self.results.grid, self.results.copies.grid):
            grid.more_requested.connect(partial(search.add_example, is_more=True))
            grid.less_requested.connect(partial(search.add_example, is_more=False))
        self.catalogue_status.changed.connect(panel.show_status)
        panel.copies_requested.connect(self.results.copies.show_group)
        panel.open_picture_requested.connect(self.choose_picture)
        panel.show_requested.connect(self.files.show_in_folder)
        self.menus.question.addActions([panel.history.back_action, panel.history.forward_action])
        self.menus.question.addSeparator()
        self.menus.question.addActions(panel.tools.actions())

    # ------------------------------------------------------------ what the user wants

    @Slot()
    def choose_folder(self) -> None:
        """Let the user choose a folder to index."""
        title = self.tr("Choose a Folder to Index")
        dialog = self._file_dialog(title, self.preferences.last_place, self._index_chosen)
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.setLabelText(QFileDialog.DialogLabel.Accept, self.tr("Index"))
        dialog.open()

    @Slot()
    def choose_picture(self) -> None:
        """Let the user choose a picture to ask with."""
        title = self.tr("Open a Picture")
        dialog = self._file_dialog(title, self.preferences.last_folder, self._ask_chosen)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        pattern = " ".join(f"*{suffix}" for suffix in sorted(PICTURE_SUFFIXES))
        pictures = self.tr("Pictures ({pattern})").format(pattern=pattern)
        dialog.setNameFilters([pictures, self.tr("All files (*)")])
        dialog.open()

    def _file_dialog(self, title: str, folder: str, choose: Callable[[str], None]) -> QFileDialog:
        dialog = QFileDialog(self, title)
        if folder:
            dialog.setDirectory(folder)
        dialog.fileSelected.connect(choose)
        dialog.finished.connect(dialog.deleteLater)
        return dialog

    @Slot()
    def paste(self) -> None:
        """Ask with the picture on the clipboard."""
        mime = QGuiApplication.clipboard().mimeData()
        if mime is not None:
            self.search.ask_dropped(mime, self.tr("pasted picture"))

    @Slot()
    def find_by_words(self) -> None:
        """Look for words among the answers, or for a name among everything."""
        if self.pages.currentWidget() is self.results:
            self.results.filters.focus_field()
        else:
            self.browsing.open_to_find()

    @Slot()
    def show_skipped(self) -> None:
        """List the files that could not be read, and what else was left out."""

        def show(status: Status) -> None:
            dialog = SkippedDialog(status, self)
            dialog.read_again_requested.connect(self.indexing.read_again)
            dialog.open()

        self._queries.run(lambda engine: engine.status(), show, self._show_failure)

    # ------------------------------------------------------------ what happened

    @Slot(str)
    def _index_chosen(self, folder: str) -> None:
        self.preferences = replace(self.preferences, last_place=str(Path(folder).parent))
        self.indexing.index_one(Path(folder))

    @Slot(str)
    def _ask_chosen(self, path: str) -> None:
        self.preferences = replace(self.preferences, last_folder=str(Path(path).parent))
        self.search.ask_file(Path(path))

    @Slot(tuple)
    def _read_again(self, matches: tuple[Match, ...]) -> None:
        self.indexing.read_again(tuple(match.path for match in matches))

    @Slot(tuple)
    def _remember_folders(self, folders: tuple[Path, ...]) -> None:
        recent = with_newest(self.preferences.recent_folders, folders)
        self.preferences = replace(self.preferences, recent_folders=recent)

    @Slot(Status)
    def _show_catalogue(self, status: Status) -> None:
        self.catalogue_label.setText(labels.catalogue_label(status))
        self.menus.update_folders.setEnabled(bool(status.folders))
        offered = for_menu(self.preferences.recent_folders, self.catalogue_status.folders)
        self.menus.show_folders(offered, self.catalogue_status.folders)
        self._choose_page()

    @Slot()
    def _search_again_if_offline(self) -> None:
        """A drive may be back that was away only between two looks at the status."""
        answer = self.results.answer
        if answer is not None and any(match.offline for match in answer.matches):
            self.search.refresh()

    @Slot(FinderError)
    def _show_opening_failure(self, error: FinderError) -> None:
        if self.catalogue_status.latest is not None:
            self._show_failure(error)
            return
        self._opening_failed = True
        to_quit = Choice(self.tr("Quit"), self.menus.quit.trigger)
        self.failure.show_state(failure_state(error, (*self.catalogue.choices(error), to_quit)))
        self._choose_page()

    @Slot()
    def _leave_failure(self) -> None:
        """The catalogue was rebuilt, and can be opened again."""
        self._opening_failed = False
        self._choose_page()

    @Slot()
    def _choose_page(self) -> None:
        if self._opening_failed:
            self.pages.setCurrentWidget(self.failure)
        elif self.browsing.is_open:
            self.browse.offer_way_back(to_question=self.search.has_question)
            self.pages.setCurrentWidget(self.browse)
        elif self.search.has_question:
            if self.pages.currentWidget() is not self.results:
                self.pages.setCurrentWidget(self.results)
                self.results.grid.setFocus()
        else:
            self.start.show_state(self._state_before_questions())
            self.pages.setCurrentWidget(self.start)

    def _state_before_questions(self) -> State:
        return self.start_pages.state(self.catalogue_status.latest, self.indexing.is_busy)

    @Slot(str, FinderError)
    def _show_search_failure(self, _name: str, error: FinderError) -> None:
        choices = self.catalogue.choices(error)
        if isinstance(error, CatalogueEmpty):
            choices = () if self.indexing.is_busy else self.start_pages.first_choices
        self.results.show_failure(failure_state(error, choices))

    @Slot(FinderError)
    def _show_failure(self, error: FinderError) -> None:
        if isinstance(error, CatalogueDamaged):
            self.catalogue.report_damage(error)
            return
        self.messages.show_message(failure_message("failure", error))

    @Slot(str)
    def _show_message(self, text: str) -> None:
        self.statusBar().showMessage(text, MESSAGE_MS)

    # Qt overrides

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Accept what can be searched with, or advised on; not what is dragged out of the window."""
        if event.source() is None and is_acceptable(event.mimeData()):
            event.acceptProposedAction()
            self.overlay.lift()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        """Accept it anywhere in the window."""
        event.acceptProposedAction()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """The drag went elsewhere."""
        self.overlay.hide()
        event.accept()

    def dropEvent(self, event: QDropEvent) -> None:
        """Ask with what was dropped."""
        self.overlay.hide()
        event.acceptProposedAction()
        self.search.ask_dropped(event.mimeData(), self.tr("dropped picture"))

    def closeEvent(self, event: QCloseEvent) -> None:
        """Stop indexing (nothing done is lost), and remember the window's place and size."""
        self.sync_queue.stop()
        self.preferences = replace(self.preferences, geometry=bytes(self.saveGeometry().data()))
        self.loader.stop()
        event.accept()
