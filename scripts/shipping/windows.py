"""What Windows shows of a program file: version, name, licence."""

from __future__ import annotations

import re


def version_resource(version: str) -> str:
    """The version resource in PyInstaller's own notation."""
    numbers = [int(one) for one in re.findall(r"\d+", version)[:4]]
    four = tuple(numbers + [0] * (4 - len(numbers)))
    texts = {
        "CompanyName": "Fashion Finder contributors",
        "FileDescription": "Fashion Finder",
        "FileVersion": version,
        "InternalName": "fashion-finder",
        "LegalCopyright": "Apache License 2.0; see NOTICES.txt",
        "OriginalFilename": "fashion-finder.exe",
        "ProductName": "Fashion Finder",
        "ProductVersion": version,
    }
    strings = ", ".join(f"StringStruct({name!r}, {text!r})" for name, text in texts.items())
    return (
        "VSVersionInfo(\n"
        f"    ffi=FixedFileInfo(filevers={four}, prodvers={four}, mask=0x3f, flags=0x0, OS=0x40004,"
        " fileType=0x1, subtype=0x0, date=(0, 0)),\n"
        f"    kids=[StringFileInfo([StringTable('040904B0', [{strings}])]),"
        " VarFileInfo([VarStruct('Translation', [0x0409, 1200])])],\n"
        ")\n"
    )
