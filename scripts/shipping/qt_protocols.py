"""The Wayland protocols that are compiled into Qt's client library and its shell plug-ins.

Where the file of a protocol carries another licence than Qt's record of it, the file is followed.
"""

from __future__ import annotations

from shipping.embedded import Embedded

_CLIENT = "Qt6WaylandClient"
_XDG = "wayland-shell-integration/xdg-shell"
_INTEL = "Copyright © 2012, 2013 Intel Corporation"

PROTOCOLS = (
    Embedded(
        "Wayland Protocol",
        "",
        "MIT",
        f"{_CLIENT} Qt6WlShellIntegration",
        "Copyright © 2008-2011 Kristian Høgsberg\n"
        "Copyright © 2010-2011 Intel Corporation\n"
        "Copyright © 2012-2013 Collabora, Ltd.",
        mark="wl_data_device_manager",
        earlier="1.24.0 in Qt 6.11.1",
    ),
    Embedded(
        "Wayland Color Management Protocol",
        "1",
        "MIT",
        _CLIENT,
        "Copyright 2019 Sebastian Wick\n"
        "Copyright 2019 Erwin Burema\n"
        "Copyright 2020 AMD\n"
        "Copyright 2020-2024 Collabora, Ltd.\n"
        "Copyright 2024 Xaver Hugl\n"
        "Copyright 2022-2025 Red Hat, Inc.",
        mark="wp_color_manager_v1",
    ),
    Embedded(
        "Wayland Cursor Shape Protocol",
        "1",
        "MIT",
        _CLIENT,
        "Copyright 2018 The Chromium Authors\nCopyright 2023 Simon Ser",
        mark="wp_cursor_shape_manager_v1",
    ),
    Embedded(
        "Wayland Dialog Protocol",
        "1",
        "MIT",
        _XDG,
        "Copyright © 2023 Carlos Garnacho",
        mark="xdg_wm_dialog_v1",
    ),
    Embedded(
        "Wayland Fractional Scale Protocol",
        "1",
        "MIT",
        _CLIENT,
        "Copyright © 2022 Kenny Levinsen",
        mark="wp_fractional_scale_manager_v1",
    ),
    Embedded(
        "Wayland Fullscreen Shell Protocol",
        "unstable v1",
        "MIT",
        "wayland-shell-integration/fullscreen-shell-v1",
        "Copyright © 2016 Yong Bakos\nCopyright © 2015 Jason Ekstrand\nCopyright © 2015 Jonas Ådahl",
        mark="zwp_fullscreen_shell_v1",
    ),
    Embedded(
        "Wayland KDE D-Bus Menu Protocol",
        "1",
        "LGPL-2.1-or-later",
        _CLIENT,
        "Copyright 2017 David Edmundson",
        mark="org_kde_kwin_appmenu_manager",
    ),
    Embedded(
        "Wayland Pointer Gestures Protocol",
        "unstable v1",
        "MIT",
        _CLIENT,
        "Copyright © 2015, 2016 Red Hat",
        mark="zwp_pointer_gestures_v1",
    ),
    Embedded(
        "Wayland Pointer Warp Protocol",
        "1",
        "MIT",
        _CLIENT,
        "Copyright © 2024 Neal Gompa\n"
        "Copyright © 2024 Xaver Hugl\n"
        "Copyright © 2024 Matthias Klumpp\n"
        "Copyright © 2024 Vlad Zahorodnii",
        mark="wp_pointer_warp_v1",
    ),
    Embedded(
        "Wayland Primary Selection Protocol",
        "unstable v1",
        "MIT",
        _CLIENT,
        "Copyright © 2015, 2016 Red Hat",
        mark="zwp_primary_selection_device_manager_v1",
    ),
    Embedded(
        "Wayland Session Management Protocol",
        "experimental v1",
        "MIT",
        _CLIENT,
        "Copyright 2018 Mike Blumenkrantz\n"
        "Copyright 2018 Samsung Electronics Co., Ltd\n"
        "Copyright 2018 Red Hat Inc.",
        mark="xx_session_manager_v1",
    ),
    Embedded(
        "Wayland System Bell Protocol",
        "1",
        "MIT",
        _CLIENT,
        "Copyright © 2016, 2023 Red Hat",
        mark="xdg_system_bell_v1",
    ),
    Embedded(
        "Wayland Tablet Protocol",
        "unstable v2",
        "MIT",
        _CLIENT,
        'Copyright 2014 © Stephen "Lyude" Chandler Paul\nCopyright 2015-2016 © Red Hat, Inc.',
        mark="zwp_tablet_manager_v2",
    ),
    Embedded(
        "Wayland Text Input Protocol v1",
        "unstable v1",
        "MIT",
        _CLIENT,
        _INTEL,
        mark="zwp_text_input_manager_v1",
    ),
    Embedded(
        "Wayland Text Input Protocol v2",
        "unstable v2",
        "HPND-sell-variant",
        _CLIENT,
        f"{_INTEL}\nCopyright © 2015, 2016 Jan Arne Petersen",
        mark="zwp_text_input_manager_v2",
    ),
    Embedded(
        "Wayland Text Input Protocol v3",
        "unstable v3",
        "HPND-sell-variant",
        _CLIENT,
        f"{_INTEL}\n"
        "Copyright © 2015, 2016 Jan Arne Petersen\n"
        "Copyright © 2017, 2018 Red Hat, Inc.\n"
        "Copyright © 2018 Purism SPC",
        mark="zwp_text_input_manager_v3",
    ),
    Embedded(
        "Wayland Viewporter Protocol",
        "1",
        "MIT",
        _CLIENT,
        "Copyright © 2013-2016 Collabora, Ltd.",
        mark="wp_viewporter",
    ),
    Embedded(
        "Wayland XDG Activation Protocol",
        "1",
        "MIT",
        _XDG,
        "Copyright © 2020 Aleix Pol Gonzalez <aleixpol@kde.org>\n"
        "Copyright © 2020 Carlos Garnacho <carlosg@gnome.org>",
        mark="xdg_activation_v1",
    ),
    Embedded(
        "Wayland XDG Decoration Protocol",
        "unstable v1",
        "MIT",
        _XDG,
        "Copyright © 2018 Simon Ser",
        mark="zxdg_decoration_manager_v1",
    ),
    Embedded(
        "Wayland XDG Foreign Protocol",
        "unstable v2",
        "MIT",
        _XDG,
        "Copyright © 2015-2016 Red Hat Inc.",
        mark="zxdg_exporter_v2",
    ),
    Embedded(
        "Wayland XDG Output Protocol",
        "unstable v1",
        "MIT",
        _CLIENT,
        "Copyright © 2017 Red Hat Inc.",
        mark="zxdg_output_manager_v1",
    ),
    Embedded(
        "Wayland XDG Shell Protocol",
        "",
        "MIT",
        f"{_CLIENT} {_XDG}",
        "Copyright © 2008-2013 Kristian Høgsberg\n"
        "Copyright © 2013 Rafael Antognolli\n"
        "Copyright © 2013 Jasper St. Pierre\n"
        "Copyright © 2010-2013 Intel Corporation\n"
        "Copyright © 2015-2017 Samsung Electronics Co., Ltd\n"
        "Copyright © 2015-2017 Red Hat Inc.",
        mark="xdg_wm_base",
        earlier="1.18 in Qt 6.11.1",
    ),
    Embedded(
        "Wayland XDG Toplevel Drag Protocol",
        "1",
        "MIT",
        _CLIENT,
        "Copyright 2023 David Redondo",
        mark="xdg_toplevel_drag_manager_v1",
    ),
    Embedded(
        "Wayland XDG Toplevel Icon Protocol",
        "1",
        "MIT",
        _XDG,
        "Copyright © 2023-2024 Matthias Klumpp\n"
        "Copyright © 2024 David Edmundson\n"
        "Copyright © 2024 Red Hat, Inc.",
        mark="xdg_toplevel_icon_manager_v1",
    ),
    Embedded(
        "wlroots Data Control Protocol",
        "unstable v1",
        "HPND-sell-variant",
        _CLIENT,
        "Copyright © 2018 Simon Ser\nCopyright © 2019 Ivan Molodetskikh",
        mark="zwlr_data_control_manager_v1",
    ),
)
