"""The model's words as people say them: "T-shirts" for ``Tshirts``, "Off-white" for ``Off White``.

A model brings the words of the catalogue that it learnt from. They are its identifiers: filters,
answers and JSON keep them. The window draws their labels, and understands both when typed.
"""

from __future__ import annotations

from typing import Final

_LABELS: Final = {
    # types
    "Accessory Gift Set": "Accessory gift sets",
    "Baby Dolls": "Babydolls",
    "Bangle": "Bangles",
    "Bath Robe": "Bathrobes",
    "Booties": "Ankle boots",
    "Boxers": "Boxer shorts",
    "Bra": "Bras",
    "Bracelet": "Bracelets",
    "Capris": "Capri pants",
    "Churidar": "Churidars",
    "Clothing Set": "Outfits",
    "Compact": "Compact powder",
    "Deodorant": "Deodorants",
    "Duffel Bag": "Duffel bags",
    "Dupatta": "Dupattas",
    "Face Moisturisers": "Moisturisers",
    "Face Wash and Cleanser": "Cleansers",
    "Flats": "Flat shoes",
    "Flip Flops": "Flip-flops",
    "Foundation and Primer": "Foundation and primers",
    "Fragrance Gift Set": "Fragrance gift sets",
    "Hair Colour": "Hair dye",
    "Highlighter and Blush": "Blush and highlighters",
    "Innerwear Vests": "Undershirts",
    "Jewellery Set": "Jewellery sets",
    "Jumpsuit": "Jumpsuits",
    "Kajal and Eyeliner": "Eyeliners",
    "Kurta Sets": "Kurta sets",
    "Laptop Bag": "Laptop bags",
    "Lipstick": "Lipsticks",
    "Long Sleeve Tops": "Long-sleeved tops",
    "Lounge Shorts": "Pyjama shorts",
    "Mask and Peel": "Face masks",
    "Messenger Bag": "Messenger bags",
    "Mobile Pouch": "Phone pouches",
    "Mufflers": "Winter scarves",
    "Nail Essentials": "Nail care",
    "Necklace and Chains": "Necklaces",
    "Night suits": "Pyjamas",
    "Nightdress": "Nightdresses",
    "Patiala": "Patiala trousers",
    "Pendant": "Pendants",
    "Perfume and Body Mist": "Perfumes",
    "Rain Jacket": "Rain jackets",
    "Ring": "Rings",
    "Salwar": "Salwars",
    "Salwar and Dupatta": "Salwar sets",
    "Sarees": "Saris",
    "Shrug": "Shrugs",
    "Sports Sandals": "Sports sandals",
    "Sports Shoes": "Trainers",
    "Track Pants": "Joggers",
    "Travel Accessory": "Travel accessories",
    "Trunk": "Trunks",
    "Tshirts": "T-shirts",
    "Waist Pouch": "Belt bags",
    "Waistcoat": "Waistcoats",
    "Water Bottle": "Water bottles",
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
    return _LABELS.get(word, word[:1] + word[1:].lower() if word.istitle() else word)
