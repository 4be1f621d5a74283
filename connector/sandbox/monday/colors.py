"""monday's status colours: a label's ``id`` is the number of its colour, not its position."""

# Name in the API, number, colour shown. Numbers and order as in monday's StatusColumnColors.
_TABLE = """
working_orange 0 #fdab3d
done_green 1 #00c875
stuck_red 2 #df2f4a
dark_blue 3 #007eb5
purple 4 #9d50dd
explosive 5 #c4c4c4
grass_green 6 #037f4c
bright_blue 7 #579bfc
saladish 8 #cab641
egg_yolk 9 #ffcb00
blackish 10 #333333
dark_red 11 #bb3354
sofia_pink 12 #ff007f
lipstick 13 #ff5ac4
dark_purple 14 #784bd1
bright_green 15 #9cd326
chili_blue 16 #66ccff
american_gray 17 #757575
brown 18 #7f5347
dark_orange 19 #ff6d3b
sunset 101 #ff7575
bubble 102 #faa1f1
peach 103 #ffadad
berry 104 #7e3b8a
winter 105 #9aadbd
river 106 #68a1bd
navy 107 #225091
aquamarine 108 #4eccc6
indigo 109 #5559df
dark_indigo 110 #401694
pecan 151 #563e3e
lavender 152 #bda8f9
royal 153 #2b76e5
steel 154 #a9bee8
orchid 155 #d974b0
lilac 156 #9d99b9
tan 157 #bca58a
sky 158 #a1e3f6
coffee 159 #cd9282
teal 160 #175a63
"""

NUMBER: dict[str, int] = {}
HEX: dict[str, str] = {}
for _line in _TABLE.split("\n"):
    if _line:
        _name, _number, _shade = _line.split()
        NUMBER[_name] = int(_number)
        HEX[_name] = _shade

BLANK = NUMBER["explosive"]  # the grey label a new status column has for "nothing chosen"
NAMES = {number: name for name, number in NUMBER.items()}

_DARK_INK, _LIGHT_INK = "#1b1c2b", "#ffffff"


def ink_on(shade: str) -> str:
    """The text colour with the better contrast on a ``#rrggbb`` background."""
    red, green, blue = (int(shade[at : at + 2], 16) for at in (1, 3, 5))
    # Perceived brightness, ITU-R BT.601; 125 is about where the two inks contrast alike.
    return _DARK_INK if 0.299 * red + 0.587 * green + 0.114 * blue > 125 else _LIGHT_INK
