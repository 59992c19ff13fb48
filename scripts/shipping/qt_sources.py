"""The works of others that are compiled into Qt and Qt for Python, but for the Wayland protocols."""

from __future__ import annotations

from shipping.embedded import Embedded

_CORE = "Qt6Core"
_GUI = "Qt6Gui"
_LAST = "6.11.1"

SOURCES = (
    # ------------------------------------------------------------ Qt Core
    Embedded(
        "Apache Tika MimeType Definitions",
        "",
        "Apache-2.0",
        _CORE,
        "Copyright 2026 The Apache Software Foundation",
        mark="tika",
        earlier=f"408c26e1e03e018a623e732dff6fb047a2fb8e19 in Qt {_LAST}",
    ),
    Embedded(
        "BLAKE2 (reference implementation)",
        "",
        "CC0-1.0 OR Apache-2.0",
        _CORE,
        "Copyright 2012, Samuel Neves <sneves@dei.uc.pt>",
        earlier=f"ed1974ea83433eba7b2d95c5dcd9ac33cb847913 in Qt {_LAST}",
    ),
    Embedded(
        "double-conversion",
        "",
        "BSD-3-Clause",
        _CORE,
        "Copyright 2006-2012, the V8 project authors",
        earlier=f"3.4.0 in Qt {_LAST}",
    ),
    Embedded(
        "Easing Equations by Robert Penner",
        "",
        "BSD-3-Clause",
        _CORE,
        "Copyright (c) 2001 Robert Penner",
    ),
    Embedded(
        "forkfd",
        "",
        "MIT",
        _CORE,
        "Copyright (C) 2016-2020 Intel Corporation\n"
        "Copyright (C) 2015 Klarälvdalens Datakonsult AB, a KDAB Group company, info@kdab.com",
    ),
    Embedded(
        "MD4",
        "",
        "LicenseRef-Public-Domain",
        _CORE,
        "Written by Alexander Peslyak, better known as Solar Designer <solar@openwall.com>, in 2001,\n"
        "and placed in the public domain. There is absolutely no warranty.",
    ),
    Embedded(
        "MD5",
        "",
        "LicenseRef-Public-Domain",
        _CORE,
        "Written by Colin Plumb in 1993, no copyright is claimed.\n"
        "Ian Jackson <ian@chiark.greenend.org.uk>",
    ),
    Embedded(
        "PCRE2",
        "10.49",
        "BSD-3-Clause WITH PCRE2-exception",
        _CORE,
        "Copyright (c) 1997-2007 University of Cambridge\n"
        "Copyright (c) 2007-2024 Philip Hazel\n"
        "Copyright (c) 2010-2024 Zoltan Herczeg",
        mark="10.49 2026-09-28",
    ),
    Embedded(
        "PCRE2: stack-less just-in-time compiler",
        "10.49",  # it comes with PCRE2
        "BSD-2-Clause",
        _CORE,
        "Copyright Zoltan Herczeg",
        mark="x86 64bit (little endian + unaligned)",
    ),
    Embedded(
        "Secure Hash Algorithm SHA-1",
        "",
        "LicenseRef-Public-Domain",
        _CORE,
        "100% free public domain implementation of the SHA-1 algorithm by Dominik Reichl\n"
        "<dominik.reichl@t-online.de>; Copyright (C) 2016 The Qt Company Ltd",
    ),
    Embedded(
        "Secure Hash Algorithms SHA-384 and SHA-512 (RFC 6234)",
        "",
        "BSD-3-Clause",
        _CORE,
        "Copyright (c) 2011 IETF Trust and the persons identified as authors of the code.",
    ),
    Embedded(
        "Secure Hash Algorithm SHA-3: brg_endian",
        "4b9e13ead2c5b5e41ca27c65de4dd69ae0bac228",
        "BSD-2-Clause",
        _CORE,
        "Copyright (c) 1998-2013, Brian Gladman, Worcester, UK. All rights reserved.",
    ),
    Embedded(
        "Secure Hash Algorithm SHA-3: Keccak",
        "3.2",
        "CC0-1.0",
        _CORE,
        "Guido Bertoni, Joan Daemen, Michaël Peeters and Gilles Van Assche.\n"
        "To the extent possible under law, the implementers have waived all copyright and related\n"
        "or neighboring rights to the source code.",
    ),
    Embedded(
        "SipHash",
        "",
        "CC0-1.0",
        _CORE,
        "Copyright (C) 2012-2014 Jean-Philippe Aumasson\n"
        "Copyright (C) 2012-2014 Daniel J. Bernstein <djb@cr.yp.to>\n"
        "Copyright (C) 2016 Intel Corporation",
    ),
    Embedded(
        "TinyCBOR",
        "",
        "MIT",
        _CORE,
        "Copyright (C) 2015-2025 Intel Corporation",
        earlier=f"7.0 in Qt {_LAST}",
    ),
    Embedded(
        "tl::expected",
        "",
        "CC0-1.0",
        _CORE,
        "To the extent possible under law, Sy Brand has waived all copyright and related or\n"
        "neighboring rights to the expected library. This work is published from: United Kingdom.",
        earlier=f"41d3e1f48d682992a2230b2a715bca38b848b269 in Qt {_LAST}",
    ),
    Embedded(
        "Unicode Character Database",
        "",
        "Unicode-3.0",
        _CORE,
        "Copyright (C) 1991-2023 Unicode, Inc.",
        earlier="revision 36 in Qt 6.10.3",
    ),
    Embedded(
        "Unicode Common Locale Data Repository",
        "",
        "Unicode-3.0",
        _CORE,
        "Copyright (C) 1991-2023 Unicode, Inc.",
        earlier="v48.1 in Qt 6.10.3",
    ),
    # ------------------------------------------------------------ Qt D-Bus
    Embedded(
        "libdbus-1 headers",
        "1.13.12",
        "AFL-2.1",
        "Qt6DBus",
        "Copyright (C) 2002, 2003 CodeFactory AB\nCopyright (C) 2004, 2005 Red Hat, Inc.",
        mark="org.freedesktop.DBus",
    ),
    # ------------------------------------------------------------ Qt GUI
    Embedded(
        "Adobe Glyph List For New Fonts",
        "1.7",
        "BSD-3-Clause",
        _GUI,
        "Copyright 2002, 2003, 2005, 2006, 2008, 2010, 2015 Adobe Systems",
        mark="Aringacute",
    ),
    Embedded(
        "Anti-aliasing rasterizer from FreeType 2",
        "",
        "FTL",
        _GUI,
        "Copyright 2000-2016 by David Turner, Robert Wilhelm, and Werner Lemberg.",
        note="Portions of this software are copyright 2016 The FreeType Project\n"
        "(www.freetype.org). All rights reserved.",
    ),
    Embedded(
        "Emoji Segmenter",
        "",
        "Apache-2.0",
        _GUI,
        "Copyright 2019 Google LLC",
        mark="qt.text.emojisegmenter",
        earlier=f"0.4.0 in Qt {_LAST}",
    ),
    Embedded(
        "HarfBuzz",
        "14.6.0",
        "MIT-Modern-Variant",
        _GUI,
        "Copyright © 2010-2022 Google, Inc.\n"
        "Copyright © 2015-2020 Ebrahim Byagowi\n"
        "Copyright © 2019,2020 Facebook, Inc.\n"
        "Copyright © 2012,2015 Mozilla Foundation\n"
        "Copyright © 2011 Codethink Limited\n"
        "Copyright © 2008,2010 Nokia Corporation and/or its subsidiary(-ies)\n"
        "Copyright © 2009 Keith Stribley\n"
        "Copyright © 2011 Martin Hosken and SIL International\n"
        "Copyright © 2007 Chris Wilson\n"
        "Copyright © 2005,2006,2020,2021,2022,2023 Behdad Esfahbod\n"
        "Copyright © 2004,2007,2008,2009,2010,2013,2021,2022,2023 Red Hat, Inc.\n"
        "Copyright © 1998-2005 David Turner and Werner Lemberg\n"
        "Copyright © 2016 Igalia S.L.\n"
        "Copyright © 2022 Matthias Clasen\n"
        "Copyright © 2018,2021 Khaled Hosny\n"
        "Copyright © 2018,2019,2020 Adobe, Inc\n"
        "Copyright © 2013-2015 Alexei Podtelezhnikov",
        mark="14.6.0",
    ),
    Embedded(
        "libpng",
        "1.6.59",
        "Libpng AND libpng-2.0",
        _GUI,
        "Copyright (c) 1995-2026 The PNG Reference Library Authors\n"
        "Copyright (c) 2000-2026 Cosmin Truta\n"
        "Copyright (c) 1998-2018 Glenn Randers-Pehrson\n"
        "Copyright (c) 1996-1997 Andreas Dilger\n"
        "Copyright (c) 1995-1996 Guy Eric Schalnat, Group 42, Inc.\n"
        "Copyright (c) 2000-2017 Simon-Pierre Cadieux, Eric S. Raymond, Mans Rullgard, Gilles Vollant,\n"
        "    James Yu, Mandar Sahastrabuddhe\n"
        "Copyright (c) 1998-2000 Tom Lane, Willem van Schaik\n"
        "Copyright (c) 1996-1997 John Bowler, Kevin Bracey, Sam Bushell, Magnus Holmgren,\n"
        "    Greg Roelofs, Tom Tanner\n"
        "Copyright (c) 1995-1996 Dave Martindale, Paul Schmidt, Tim Wegner",
        mark="libpng version 1.6.59",
    ),
    Embedded(
        "MD4C",
        "",
        "MIT",
        _GUI,
        "Copyright © 2016-2024 Martin Mitáš",
        mark="mity/md4c",
        earlier=f"0.5.2 in Qt {_LAST}",
    ),
    Embedded(
        "OpenGL Headers",
        "Revision 27684",
        "MIT",
        _GUI,
        "Copyright (c) 2013-2014 The Khronos Group Inc.",
    ),
    Embedded(
        "OpenGL ES 2 Headers",
        "Revision 27673",
        "MIT",
        _GUI,
        "Copyright (c) 2013-2014 The Khronos Group Inc.",
    ),
    Embedded(
        "Smooth Scaling Algorithm",
        "",
        "BSD-2-Clause AND Imlib2",
        _GUI,
        "Copyright (C) 2004, 2005 Daniel M. Duley.\n"
        "(C) Carsten Haitzler and various contributors.\n"
        "(C) Willem Monsuwe <willem@stack.nl>",
    ),
    Embedded(
        "sRGB colour profile",
        "2014",
        "LicenseRef-ICC-License",
        _GUI,
        "Copyright International Color Consortium, 2015",
        mark="Copyright International Color Consortium, 2015",
    ),
    Embedded(
        "Vulkan API Registry",
        "",
        "Apache-2.0 OR MIT",
        _GUI,
        "Copyright (c) 2015-2025 The Khronos Group Inc.",
        mark="vkCreateInstance",
        earlier=f"1.4.308 in Qt {_LAST}",
    ),
    Embedded(
        "Vulkan Memory Allocator",
        "",
        "MIT",
        _GUI,
        "Copyright (c) 2017-2025 Advanced Micro Devices, Inc. All rights reserved.",
        mark="VmaBlockMetadata",
        earlier=f"3.2.1 in Qt {_LAST}",
    ),
    Embedded(
        "WebGradients",
        "",
        "MIT",
        _GUI,
        "Copyright (c) 2017 itmeo",
        mark="WarmFlame",
    ),
    Embedded(
        "X Server helper",
        "",
        "X11 AND HPND",
        _GUI,
        "Copyright (c) 1987, 1988 X Consortium\n"
        "Copyright 1987, 1988 by Digital Equipment Corporation, Maynard, Massachusetts.",
    ),
    # ------------------------------------------------------------ others
    Embedded(
        "libjpeg-turbo",
        "3.2.0",
        "IJG AND BSD-3-Clause",
        "imageformats/qjpeg",
        "Copyright (C) 1991-2026 The libjpeg-turbo Project and many others\n"
        "Copyright (C) 2009-2023 D. R. Commander\n"
        "Copyright (C) 1991-2020 Thomas G. Lane, Guido Vollbeding",
        mark="libjpeg-turbo version 3.2.0",
        note="This software is based in part on the work of the Independent JPEG Group.",
    ),
    Embedded(
        "libpsl",
        "",
        "BSD-3-Clause",
        "Qt6Network",
        "Copyright 2014-2016 The Chromium Authors. All rights reserved.",
        mark="publicsuffix",
        earlier="664f3dc85259ec65e30248a61fa1c45b7b0e4c3f in an earlier Qt 6",
    ),
    Embedded(
        "Public Suffix List",
        "",
        "MPL-2.0",
        "Qt6Network",
        "The list was originally provided by Jo Hermans <jo.hermans@gmail.com>.\n"
        "It is now maintained on GitHub (https://github.com/publicsuffix/list).",
        mark="Using builtin publicsuffix list",
        earlier="2026-01-16_13-11-47_UTC in Qt 6.10.3",
        note="Its source is the list itself, published at https://publicsuffix.org/list/.",
    ),
    Embedded(
        "XSVG",
        "",
        "HPND-sell-variant",
        "Qt6Svg",
        "Copyright 2002 USC/Information Sciences Institute",
    ),
    Embedded(
        "XCB-XInput",
        "",
        "MIT",
        "Qt6XcbQpa",
        "Copyright (C) 2001-2006 Bart Massey, Jamey Sharp, and Josh Triplett.\n"
        "Copyright (C) 2006 Peter Hutterer\n"
        "Copyright (C) 2013 Daniel Martin",
        mark="XInputExtension",
    ),
    Embedded(
        "Python (buffer protocol and signatures)",
        "3.7.0",
        "Python-2.0",
        "shiboken6",
        "© Copyright 2001-2018, Python Software Foundation.",
        mark="Pep_buffer",
        host="shiboken6",
    ),
)
