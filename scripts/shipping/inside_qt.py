"""What is compiled into the libraries and plug-ins of Qt that are shipped, and which were looked at.

Qt's own record is a `qt_attribution.json` beside each such work in its sources; for 6.11 they were read
in its repositories, and those of 6.11.1 all together. What could be seen in the libraries themselves
was looked up there: their texts show versions, interfaces and tables, and what they ask for at load
tells what is not inside. For Linux only: what the wheels for other systems hold was not looked up, and
their platform plug-ins are not among those here, so that a build there stops.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from shipping.embedded import Embedded
from shipping.qt_protocols import PROTOCOLS
from shipping.qt_sources import SOURCES

MADE_FOR = "6.11.3"  # another release has other works inside: look again, then change this
EMBEDDED = SOURCES + PROTOCOLS

# All that were looked at, also those that hold nothing of others.
CONSIDERED = frozenset(
    """
    Qt6Core Qt6DBus Qt6Gui Qt6Network Qt6OpenGL Qt6Svg Qt6WaylandClient Qt6Widgets
    Qt6WlShellIntegration Qt6XcbQpa
    iconengines/qsvgicon imageformats/qico imageformats/qjpeg imageformats/qsvg
    platforminputcontexts/composeplatforminputcontextplugin
    platforminputcontexts/ibusplatforminputcontextplugin
    platforms/qoffscreen platforms/qwayland platforms/qxcb platformthemes/qxdgdesktopportal
    wayland-decoration-client/adwaita wayland-decoration-client/bradient
    wayland-graphics-integration-client/qt-plugin-wayland-egl
    wayland-shell-integration/fullscreen-shell-v1 wayland-shell-integration/wl-shell-plugin
    wayland-shell-integration/xdg-shell
    xcbglintegrations/qxcb-egl-integration xcbglintegrations/qxcb-glx-integration
    shiboken6
    """.split()
)

_ENDING = r"\.(?:so|dylib|dll)(?:\.[0-9.]+)?$"
_MODULE = re.compile(
    r"PySide6/(?:.*/)?plugins/(?P<folder>.+)/(?:lib)?(?P<plugin>[^/]+?)"
    + _ENDING
    + r"|(?:^|/)(?:lib)?(?P<library>Qt6[A-Za-z0-9]+?)"
    + _ENDING
    + r"|(?:^|/)(?:lib)?(?P<binding>shiboken6)\.abi3"
    + _ENDING
)


def module_of(file: str) -> str | None:
    """What CONSIDERED calls a shipped file; None when it is no library or plug-in of Qt."""
    found = _MODULE.search(file)
    if found is None:
        return None
    if found["plugin"]:
        return f"{found['folder']}/{found['plugin']}"
    return found["library"] or found["binding"]


def modules_in(files: Iterable[str]) -> dict[str, str]:
    """The files of Qt among those shipped, by the name of their module."""
    named = ((module_of(file), file) for file in files)
    return {module: file for module, file in named if module is not None}


def not_looked_at(modules: Iterable[str], release: str) -> list[str]:
    """What nobody has looked at: modules, or all of a release of Qt that is not the one looked at."""
    modules = sorted(modules)
    unknown = [f"what is inside {one}" for one in modules if one not in CONSIDERED]
    if modules and release != MADE_FOR:
        unknown.append(f"what is inside Qt {release} (it was looked up for {MADE_FOR})")
    return unknown


def embedded_in(modules: Iterable[str]) -> list[Embedded]:
    """The works of others that are compiled into some of these modules."""
    shipped = set(modules)
    return [one for one in EMBEDDED if shipped & set(one.modules.split())]
