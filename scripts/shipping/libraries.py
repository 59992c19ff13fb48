"""The shared libraries that come along with Python packages or from the system: whose they are.

Looked up by hand, each in its source; a library that is not in this list stops the build.
"""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Library:
    """A project, and the names of its files without `lib`, numbers at their end and what follows."""

    name: str
    licence: str  # SPDX
    files: str  # blank-separated; a star at the end stands for anything


LIBRARIES = (
    Library("Qt", "LGPL-3.0-only", "Qt6*"),
    Library("Qt for Python", "LGPL-3.0-only", "pyside6* shiboken6*"),
    Library("ICU", "Unicode-DFS-2016", "icu*"),
    Library("OpenBLAS", "BSD-3-Clause", "scipy_openblas64_"),
    Library(
        "GCC runtime",
        "GPL-3.0-or-later WITH GCC-exception-3.1",
        "gcc_s stdc++ gfortran gomp",
    ),
    Library("libquadmath", "LGPL-2.1-or-later", "quadmath"),
    Library("onnxruntime", "MIT", "onnxruntime*"),
    Library("Python", "Python-2.0", "python3*"),
    Library("SQLite", "blessing", "sqlite3"),
    Library("libheif", "LGPL-3.0-or-later", "heif"),
    Library("libde265", "LGPL-3.0-or-later", "de265"),
    # in Pillow's wheel
    Library("libavif", "BSD-2-Clause", "avif"),
    Library("Brotli", "MIT", "brotlicommon brotlidec brotlienc"),
    Library("FreeType", "FTL", "freetype"),
    Library("HarfBuzz", "MIT-Modern-Variant", "harfbuzz"),
    Library("libjpeg-turbo", "IJG AND BSD-3-Clause AND Zlib", "jpeg"),
    Library("Little CMS", "MIT", "lcms2"),
    Library("XZ Utils", "LicenseRef-Public-Domain", "lzma"),
    Library("OpenJPEG", "BSD-2-Clause", "openjp2"),
    Library("libpng", "libpng-2.0", "png16"),
    Library("libwebp", "BSD-3-Clause", "webp webpdemux webpmux sharpyuv webpdecoder"),
    Library("LibTIFF", "libtiff", "tiff"),
    Library("Zstandard", "BSD-3-Clause", "zstd"),
    Library("zlib", "Zlib", "z z-ng"),
    # of the system
    Library("bzip2", "bzip2-1.0.6", "bz2"),
    Library("libffi", "MIT", "ffi"),
    Library("Expat", "MIT", "expat"),
    Library("fontconfig", "HPND-sell-variant", "fontconfig"),
    Library("libX11", "MIT AND X11 AND HPND-sell-variant AND MIT-open-group", "X11 X11-xcb"),
    Library("libXau", "MIT-open-group", "Xau"),
    Library("libXdmcp", "MIT-open-group", "Xdmcp"),
    Library("libXext", "MIT AND X11 AND HPND-sell-variant AND MIT-open-group", "Xext"),
    Library("libXrender", "HPND-sell-variant", "Xrender"),
    Library(
        "XCB utilities",
        "X11",
        "xcb-cursor xcb-icccm xcb-image xcb-keysyms xcb-render-util xcb-util",
    ),
    Library("libxcb", "X11", "xcb xcb-*"),
    Library("libxkbcommon", "MIT AND X11 AND HPND", "xkbcommon xkbcommon-x11"),
    Library("Wayland", "MIT", "wayland-*"),
    Library("GLVND", "MIT AND BSD-3-Clause", "EGL GL GLX GLdispatch OpenGL"),
    Library("GLib", "LGPL-2.1-or-later", "glib gthread gio gobject gmodule"),
    Library("PCRE2", "BSD-3-Clause", "pcre2"),
    Library("D-Bus", "GPL-2.0-or-later OR AFL-2.1", "dbus"),
    Library("libsystemd", "LGPL-2.1-or-later", "systemd"),
    Library("libcap", "BSD-3-Clause OR GPL-2.0-only", "cap"),
    Library("libgcrypt", "LGPL-2.1-or-later", "gcrypt"),
    Library("libgpg-error", "LGPL-2.1-or-later", "gpg-error"),
    Library("LZ4", "BSD-2-Clause", "lz4"),
    Library("libbsd", "BSD-3-Clause", "bsd"),
    Library("libmd", "BSD-3-Clause", "md"),
    Library("util-linux libraries", "LGPL-2.1-or-later AND BSD-3-Clause", "uuid blkid mount"),
    Library("libselinux", "LicenseRef-Public-Domain", "selinux"),
    # Qt's network module asks for Kerberos, though nothing here logs in anywhere
    Library("MIT Kerberos", "MIT", "gssapi_krb5 k5crypto krb5 krb5support"),
    Library("libcom_err", "MIT", "com_err"),
    Library("keyutils", "LGPL-2.0-or-later", "keyutils"),
    Library("libtirpc", "BSD-3-Clause", "tirpc"),
    # in the list so that the refusal has a reason: nothing of the program needs them
    Library("GNU Readline", "GPL-3.0-or-later", "readline history"),
    Library("GNU dbm", "GPL-3.0-or-later", "gdbm gdbm_compat"),
)

_FILE = re.compile(
    r"(?:lib)?(?P<stem>.+?)(?:-[0-9a-f]{8})*(?:[-.][0-9.]+)*\.(?:so|dylib|dll)(?:\.[0-9.]+)?$"
)


def library_of(file_name: str) -> Library | None:
    """Whose library a file is; None when nobody has looked at it."""
    found = _FILE.match(file_name)
    if found is None:
        return None
    stem = found["stem"]
    for library in LIBRARIES:
        for name in library.files.split():
            if stem == name or (name.endswith("*") and stem.startswith(name[:-1])):
                return library
    return None
