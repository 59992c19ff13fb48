#!/usr/bin/env bash
# Sees to it that this system has what Fashion Finder needs beyond Python packages.
#
#     scripts/setup/system.sh run       compile hnswlib, show the window
#     scripts/setup/system.sh test      the same, and a display, a mouse and fonts for the tests
#     scripts/setup/system.sh package   the same, and what PyInstaller needs
#     scripts/setup/system.sh soak      the same, and older processors, clean machines, Wayland, a file manager, drives to come and go
#
# Looks for the libraries and programs themselves, so it is right on any Linux. As root on Debian or Ubuntu it
# installs what is missing; otherwise it changes nothing and prints the command to type. Nothing goes to stdout.
set -euo pipefail
exec >&2

purpose="${1:-run}"
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
export PATH="$PATH:/usr/sbin:/sbin"

if [[ "$(uname -s)" != Linux ]]; then
    "$here/python.sh" >/dev/null || { echo "Python 3.11 to 3.13 is missing."; exit 1; }
    exit 0
fi

# what to look for, and the Debian package it comes in
libraries="
libEGL.so.1             libegl1
libGL.so.1              libgl1
libX11-xcb.so.1         libx11-xcb1
libdbus-1.so.3          libdbus-1-3
libfontconfig.so.1      libfontconfig1
libglib-2.0.so.0        libglib2.0-0
libgomp.so.1            libgomp1
libwayland-cursor.so.0  libwayland-cursor0
libwayland-egl.so.1     libwayland-egl1
libxcb-cursor.so.0      libxcb-cursor0
libxcb-icccm.so.4       libxcb-icccm4
libxcb-image.so.0       libxcb-image0
libxcb-keysyms.so.1     libxcb-keysyms1
libxcb-randr.so.0       libxcb-randr0
libxcb-render-util.so.0 libxcb-render-util0
libxcb-shape.so.0       libxcb-shape0
libxcb-xfixes.so.0      libxcb-xfixes0
libxcb-xinerama.so.0    libxcb-xinerama0
libxcb-xkb.so.1         libxcb-xkb1
libxkbcommon-x11.so.0   libxkbcommon-x11-0
"
programs="
g++  g++
"
fonts=""
if [[ "$purpose" == test || "$purpose" == package || "$purpose" == soak ]]; then
    programs+="
Xvfb      xvfb
objdump   binutils
xauth     xauth
xdotool   xdotool
"
    # text is tried in letters of two widths
    fonts="
DejaVuSans.ttf        fonts-dejavu-core
NotoSans-Regular.ttf  fonts-noto-core
"
fi
if [[ "$purpose" == soak ]]; then
    programs+="
debootstrap  debootstrap
lowntfs-3g   ntfs-3g
mkfs.ext4    e2fsprogs
pcmanfm      pcmanfm
qemu-x86_64  qemu-user
weston       weston
"
fi

has_font() { [[ -n "$(find -L /usr/share/fonts /usr/local/share/fonts -name "$1" -print -quit 2>/dev/null)" ]]; }

missing_packages() {
    local known what package
    known="$(ldconfig -p)"
    while read -r what package; do
        [[ -z "$what" || "$known" == *"$what "* ]] || echo "$package"
    done <<<"$libraries"
    while read -r what package; do
        [[ -z "$what" ]] || command -v "$what" >/dev/null || echo "$package"
    done <<<"$programs"
    # without any font Qt draws no text
    has_font '*.[ot]tf' || echo fonts-dejavu-core
    while read -r what package; do
        [[ -z "$what" ]] || has_font "$what" || echo "$package"
    done <<<"$fonts"
    # a library for the system's own Python
    [[ "$purpose" != soak ]] || /usr/bin/python3 -c "import fusepy" 2>/dev/null || echo python3-fusepy
    "$here/python.sh" >/dev/null || printf '%s\n' python3 python3-venv python3-dev
}

mapfile -t missing < <(missing_packages | sort -u)
((${#missing[@]})) || exit 0

if ! command -v apt-get >/dev/null; then
    echo "Missing; the names of the Debian packages, which your system may spell differently:"
    printf '    %s\n' "${missing[@]}"
    exit 1
fi
if ((EUID != 0)); then
    echo "This system lacks something that only its administrator can install. Type:"
    echo
    echo "    sudo apt-get update && sudo apt-get install --no-install-recommends ${missing[*]}"
    echo
    exit 1
fi

echo "Installing ${missing[*]}"
export DEBIAN_FRONTEND=noninteractive
apt-get update --quiet --quiet >/dev/null || echo "The package lists could not be refreshed; going on with what is there."
apt-get install --quiet --quiet --yes --no-install-recommends "${missing[@]}" </dev/null >/dev/null

mapfile -t missing < <(missing_packages | sort -u)
if ((${#missing[@]})); then
    echo "Installed, but still not usable: ${missing[*]}"
    exit 1
fi
