"""Fourteen classes of garments, and how each set's own words map onto them.

A word without a class (jewellery, stockings, underwear) is left out of whatever is counted by class.
"""

from __future__ import annotations

from collections.abc import Mapping

CLASSES = (
    "dress", "outerwear", "knit", "top", "trousers", "jeans", "skirt", "shorts", "bag", "shoes",
    "hat", "scarf", "glasses", "belt",
)  # fmt: skip


def _by_word(words: Mapping[str, str]) -> Mapping[str, str]:
    return {word: name for name, listed in words.items() for word in listed.split(", ")}


#: Labels of the parsed street photos.
STREET_CLASSES = _by_word(
    {
        "dress": "dress",
        "outerwear": "blazer, cape, coat, jacket, suit, vest",
        "knit": "cardigan, hoodie, jumper, sweater, sweatshirt",
        "top": "blouse, bodysuit, shirt, t-shirt, top",
        "trousers": "leggings, pants",
        "jeans": "jeans",
        "skirt": "skirt",
        "shorts": "shorts",
        "bag": "bag, purse, wallet",
        "shoes": "boots, clogs, flats, heels, loafers, pumps, sandals, shoes, sneakers, wedges",
        "hat": "hat",
        "scarf": "scarf",
        "glasses": "glasses, sunglasses",
        "belt": "belt",
    }
)

#: Types of the catalogue.
CATALOGUE_CLASSES = _by_word(
    {
        "dress": "Dresses, Jumpsuit",
        "outerwear": "Blazers, Jackets, Nehru Jackets, Rain Jacket, Waistcoat",
        "knit": "Sweaters, Sweatshirts",
        "top": "Camisoles, Kurtis, Shirts, Tops, Tshirts, Tunics",
        "trousers": "Capris, Jeggings, Leggings, Rain Trousers, Track Pants, Trousers",
        "jeans": "Jeans",
        "skirt": "Skirts",
        "shorts": "Shorts",
        "bag": "Backpacks, Clutches, Duffel Bag, Handbags, Laptop Bag, Messenger Bag, Rucksacks",
        "shoes": "Casual Shoes, Flats, Flip Flops, Formal Shoes, Heels, Sandals, Sports Sandals, "
        "Sports Shoes",
        "hat": "Caps, Hat",
        "scarf": "Mufflers, Scarves, Stoles",
        "glasses": "Sunglasses",
        "belt": "Belts",
    }
)

#: Labels of ordinary photos.
ORDINARY_CLASSES = _by_word(
    {
        "dress": "Dress",
        "outerwear": "Blazer, Outwear",
        "knit": "Hoodie",
        "top": "Blouse, Body, Longsleeve, Polo, Shirt, T-Shirt, Top, Undershirt",
        "trousers": "Pants",
        "skirt": "Skirt",
        "shorts": "Shorts",
        "shoes": "Shoes",
        "hat": "Hat",
    }
)
