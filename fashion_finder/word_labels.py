"""The model's words as people say them: "T-shirts" for ``Tshirts``, "Off-white" for ``Off White``.

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
