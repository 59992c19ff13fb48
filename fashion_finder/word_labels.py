"""Identifiers as people say them: "T-shirts" for ``Tshirts``, "214 RAW files" for ``RAW``.

A model brings the words of the catalogue that it learnt from. They are its identifiers: filters,
answers and JSON keep them. The window draws their labels, and understands both when typed.
"""

from __future__ import annotations

from typing import Final

_SINGULAR: Final = (
    "Accessory Gift Set, Bangle, Bra, Bracelet, Churidar, Deodorant, Duffel Bag, Dupatta, "
    "Fragrance Gift Set, Jewellery Set, Jumpsuit, Laptop Bag, "
    "Lipstick, Messenger Bag, Pendant, Rain Jacket, Ring, Salwar, Shrug, Trunk, Waistcoat, "
    "Water Bottle"
).split(", ")
"""Types that a model names in the singular, and people in the plural."""

_LABELS: Final = {
    # types
    "Baby Dolls": "Babydolls",
    "Bath Robe": "Bathrobes",
    "Booties": "Ankle boots",
    "Boxers": "Boxer shorts",
    "Capris": "Capri pants",
    "Clothing Set": "Outfits",
    "Compact": "Compact powder",
    "Face Moisturisers": "Moisturisers",
    "Face Wash and Cleanser": "Cleansers",
    "Flats": "Flat shoes",
    "Flip Flops": "Flip-flops",
    "Foundation and Primer": "Foundation and primers",
    "Hair Colour": "Hair dye",
    "Highlighter and Blush": "Blush and highlighters",
    "Innerwear Vests": "Undershirts",
    "Kajal and Eyeliner": "Eyeliners",
    "Kurta Sets": "Kurta sets",
    "Long Sleeve Tops": "Long-sleeved tops",
    "Lounge Shorts": "Pyjama shorts",
    "Mask and Peel": "Face masks",
    "Mobile Pouch": "Phone pouches",
    "Mufflers": "Winter scarves",
    "Nail Essentials": "Nail care",
    "Necklace and Chains": "Necklaces",
    "Night suits": "Pyjamas",
    "Nightdress": "Nightdresses",
    "Patiala": "Patiala trousers",
    "Perfume and Body Mist": "Perfumes",
    "Salwar and Dupatta": "Salwar sets",
    "Sarees": "Saris",
    "Sports Sandals": "Sports sandals",
    "Sports Shoes": "Trainers",
    "Track Pants": "Joggers",
    "Travel Accessory": "Travel accessories",
    "Tshirts": "T-shirts",
    "Waist Pouch": "Belt bags",
    # colours
    "Grey Melange": "Grey marl",
    "Multi": "Multicoloured",
    "Off White": "Off-white",
    "Skin": "Skin tone",
    "Steel": "Steel grey",
}


def word_label(word: str) -> str:
    """A word of the model's vocabularies in plain English; words not listed keep their own.

    "Lime Green" becomes "Lime green": labels are in sentence case.
    """
    label = _LABELS.get(word, word[:1] + word[1:].lower() if word.istitle() else word)
    return label + "s" if word in _SINGULAR else label


_COPIES: Final = ("save a copy as JPEG or PNG", "save copies as JPEG or PNG")

_KINDS: Final = {
    "RAW": ("RAW file", "RAW files", "index its JPEG", "index their JPEGs"),
    "PSD": ("Photoshop file", "Photoshop files", *_COPIES),
    "JPEG XL": ("JPEG XL file", "JPEG XL files", *_COPIES),
    "JPEG 2000": ("JPEG 2000 file", "JPEG 2000 files", *_COPIES),
    "JPEG XR": ("JPEG XR file", "JPEG XR files", *_COPIES),
    "PDF": ("PDF", "PDFs", "save its pages as JPEG or PNG", "save their pages as JPEG or PNG"),
    "video": ("video", "videos", "", ""),
    "vector drawing": ("vector drawing", "vector drawings", *_COPIES),
    "editor document": (
        *("document of a picture editor", "documents of picture editors"),
        *("export a copy as JPEG or PNG", "export copies as JPEG or PNG"),
    ),
    "HDR": ("HDR file", "HDR files", *_COPIES),
    "icon": ("icon", "icons", "", ""),
    "other picture": ("picture in another format", "pictures in other formats", *_COPIES),
}
"""Kinds of files that are not read -> one, several, and what to do about one, about several."""


def kind_label(kind: str, count: int, number: str = "") -> str:
    """So many files of a kind: ``214 RAW files``; `number` is the count as it is to be written."""
    one, several, *_ = _words(kind)
    return f"{number or count} {one if count == 1 else several}"


def kind_advice(kind: str, count: int) -> str:
    """What to do about files that are not read; empty where nothing helps."""
    return _words(kind)[2 if count == 1 else 3]


def not_read_line(kind: str, count: int, number: str = "") -> str:
    """That files of a kind are not read, and what to do."""
    line = f"{kind_label(kind, count, number)} {'is' if count == 1 else 'are'} not read"
    advice = kind_advice(kind, count)
    return f"{line}: {advice}" if advice else line


def _words(kind: str) -> tuple[str, ...]:
    """A catalogue may hold kinds that another version of the program has named."""
    return _KINDS.get(kind, _KINDS["other picture"])
