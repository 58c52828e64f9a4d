"""The frontispiece: a boat on the river, all in the golden afternoon."""

from collections.abc import Sequence

import numpy as np
from PIL import Image

from .engraving import Plate, Point, curve, ellipse, path
from .rabbit import grass, rabbit_on

HORIZON = 1060
SUN = (640.0, 900.0)


def river(chance: np.random.Generator) -> Image.Image:
    """Engrave the frontispiece: sky, towers, trees and water, a boat with its crew, a rabbit."""
    plate = Plate(1740, 2480, chance)
    _sky(plate)
    _towers(plate)
    _far_bank(plate)
    _water(plate)
    _left_bank(plate)
    _boat(plate)
    _near_bank(plate)
    _tree(plate)
    rabbit_on(plate, (1420.0, 2190.0), 0.55)
    _reeds(plate)
    _vignette(plate)
    return plate.proof()


def _sky(plate: Plate) -> None:
    """Cut the sky in level lines that open round the sun, with rays and a few clouds."""
    dx, dy = plate.x - SUN[0], plate.y - SUN[1]
    away = np.hypot(dx, dy)
    rays = 0.5 + 0.5 * np.sin(np.arctan2(dy, dx) * 26 + 1.5 * plate.cloud(300))
    height = np.clip((HORIZON - plate.y) / HORIZON, 0, 1)
    dark = 0.13 + 0.3 * height + 0.1 * np.clip(away / 900, 0, 1)
    dark -= 0.16 * rays * np.exp(-away / 420)
    dark *= np.clip((away - 74) / 260, 0, 1) ** 0.5
    clouds = plate.cloud(330, 95) + 0.5 * plate.cloud(120, 45)
    clear = np.exp(-((away / 480) ** 2))  # no cloud near the sun
    dark *= 1 - 0.85 * np.clip((clouds - 0.6 - 2 * clear) * 2.5, 0, 1)
    bow = 46 * np.exp(-((dx / 420) ** 2)) * np.sign(dy) * np.exp(-((dy / 160) ** 2))
    plate.paint(
        np.ones_like(dark), dark, (plate.y - bow) / 11 + 0.2 * plate.cloud(500) - 0.5 * plate.hand
    )


def _towers(plate: Plate) -> None:
    """Set the town's towers on the horizon."""
    base = HORIZON + 10.0
    outlines: list[list[Point]] = []
    for x, width, top, peak in (
        (1000, 46, 190, 90),
        (1120, 34, 130, 150),
        (1215, 78, 110, 0),
        (1340, 38, 150, 100),
    ):
        outlines.append([(x, base), (x, base - top), (x + width, base - top), (x + width, base)])
        if peak:
            outlines.append(
                [
                    (x - 2, base - top),
                    (x + width / 2, base - top - peak),
                    (x + width + 2, base - top),
                ]
            )
    outlines.append(ellipse((1254, base - 110), (44, 58)))
    outlines.append([(1246, base - 160), (1254, base - 226), (1262, base - 160)])
    outlines.append([(960, base), (960, base - 86), (1400, base - 76), (1400, base)])
    plate.paint(
        plate.shape(*outlines),
        np.clip(0.5 + 0.0035 * (1120 - plate.x) % 0.3, 0.4, 0.8),
        plate.x / 8,
        rim=2,
    )


def _far_bank(plate: Plate) -> None:
    """Grow the distant trees along the horizon, smaller and paler towards the middle."""
    chance = plate.chance
    for x in range(-20, 1780, 17):
        middle = abs(x - 760) / 900
        for rank in range(3):
            radius = 16 + 26 * middle + 8 * chance.random()
            lift = (2 - rank) * radius * 0.85 * (0.4 + middle)
            at = (x + 12 * chance.random(), HORIZON + 8 - lift - 6 * chance.random())
            plate.tuft(at, radius, 0.4 + 0.2 * middle, gap=6.5)


def _water(plate: Plate) -> None:
    """Cut the water in level lines, wider apart towards us, with the sun's path and reflections."""
    depth = np.clip(plate.y - HORIZON - 8, 0, None)
    mask = (depth > 0).astype(np.float32)
    ripple = plate.cloud(170, 13) * np.clip(depth / 200, 0.15, 1)
    glitter = np.exp(-(((plate.x - SUN[0] - 0.12 * depth) / (70 + 0.22 * depth)) ** 2))
    banks = np.exp(-depth / 150) * 0.5
    dark = 0.3 + banks + 0.13 * ripple - 0.42 * glitter * (0.75 + 0.35 * ripple)
    plate.paint(mask, np.clip(dark, 0.04, 0.9), 78 * np.log(depth + 560) + 0.12 * ripple)


def _left_bank(plate: Plate) -> None:
    """Lay the wooded bank on the left, and its dark reflection."""
    chance = plate.chance
    glass = plate.shape(
        curve(path("-80,1300 330,1190 620,1110 560,1190 420,1330 200,1520 -80,1660")),
        soft=16,
    )
    depth = np.clip(plate.y - HORIZON - 8, 0, None)
    ripple = plate.cloud(150, 12)
    plate.dark += glass * np.clip(0.36 + 0.2 * ripple, 0, 0.6)
    np.clip(plate.dark, 0, 0.92, out=plate.dark)
    land = plate.shape(curve(path("-80,1040 300,1060 640,1085 560,1112 330,1180 80,1300 -80,1390")))
    plate.paint(land, 0.45, (plate.y + 0.35 * plate.x) / 9 + 0.01 * depth, rim=2)
    for step in range(150):
        along = step / 150
        x = -40 + 640 * along + 40 * (chance.random() - 0.5)
        radius = 62 * (1 - along) + 14 + 10 * chance.random()
        lift = (1 - (step % 5) / 4) * radius * 2.6 * (1 - 0.4 * along)
        plate.tuft((x, 1250 - 165 * along - lift), radius, 0.56)


def _boat(plate: Plate) -> None:
    """Put the boat on the river: hull, crew, oars and what the water gives back of them."""
    x, y = 880.0, 1560.0
    shadow = plate.shape(ellipse((x + 10, y + 92), (330, 44)), soft=14)
    plate.dark = np.clip(plate.dark + shadow * (0.5 + 0.22 * plate.cloud(130, 11)), -1, 0.93)
    _crew(plate, x, y)
    hull = curve(
        [
            (x - 345, y - 34),
            (x - 180, y + 2),
            (x + 20, y + 10),
            (x + 200, y - 2),
            (x + 350, y - 44),
            (x + 318, y + 36),
            (x + 210, y + 74),
            (x, y + 82),
            (x - 210, y + 72),
            (x - 305, y + 40),
        ]
    )
    sheer = y + 6 - 42 * ((plate.x - x) / 340) ** 2
    depth = np.clip((plate.y - sheer) / 80, 0, 1)
    plate.paint(plate.shape(hull), 0.38 + 0.5 * depth, (plate.y - sheer) / 9.5, rim=3)
    band = [(x + t, y + 4 - 42 * (t / 340) ** 2) for t in range(-340, 345, 20)]
    plate.stamp([*band, *[(a, b + 9) for a, b in band[::-1]]], 0)
    plate.stamp([*[(a, b - 5) for a, b in band], *band[::-1]], 1)
    for root, tip in (
        ((x - 60, y - 30), (x - 330, y + 150)),
        ((x + 80, y - 34), (x + 330, y + 168)),
    ):
        _oar(plate, root, tip)


def _oar(plate: Plate, root: Point, tip: Point) -> None:
    """Draw an oar, its blade in the water."""
    (x0, y0), (x1, y1) = root, tip
    plate.stamp([(x0 - 5, y0), (x0 + 5, y0), (x1 + 8, y1), (x1 - 8, y1)], 0)
    plate.stamp([(x0 - 3, y0), (x0 + 3, y0), (x1 + 3, y1), (x1 - 3, y1)], 1)
    side = 1 if x1 > x0 else -1
    plate.stamp(
        [
            (x1 - 10, y1 - 14),
            (x1 + 10, y1 - 14),
            (x1 + side * 46 + 10, y1 + 26),
            (x1 + side * 46 - 12, y1 + 30),
        ],
        0,
    )
    for ring in (1, 2):
        for part in (-1, 1):
            edge = [
                (x1 + 20 * side + part * ring * 52 * np.cos(t), y1 + 30 + ring * 11 * np.sin(t))
                for t in np.linspace(-0.9, 0.9, 12)
            ]
            plate.stamp([*edge, *[(a, b + 4) for a, b in edge[::-1]]], 0)


def _crew(plate: Plate, x: float, y: float) -> None:
    """Seat the story-teller in the stern and three listeners before him."""
    _sitter(plate, x + 215, y - 10, 1.0, man=True, facing=-1)
    _sitter(plate, x + 85, y, 0.8, man=False, facing=1)
    _sitter(plate, x - 55, y, 0.86, man=False, facing=1)
    _sitter(plate, x - 190, y - 4, 0.76, man=False, facing=1)


def _sitter(plate: Plate, x: float, y: float, size: float, *, man: bool, facing: int) -> None:
    """Draw one person from the lap up, facing right (1) or left (-1)."""

    def at(points: Sequence[tuple[float, float]]) -> list[Point]:
        return [(x + facing * a * size, y + b * size) for a, b in points]

    coat, skirt = 0.78, 0.22
    body = path("-44,20 -40,-60 -30,-112 0,-124 26,-108 34,-60 70,-20 78,20")
    tone = coat if man else skirt
    fold = plate.x + (plate.y - y) * 0.35 * facing
    side = np.clip((x - facing * 4 - plate.x) / (70 * size), -0.35, 0.5)
    plate.paint(
        plate.shape(curve(at(body))), np.clip(tone + 0.35 * side, 0.08, 0.92), fold / 7.5, rim=3
    )
    plate.contour(curve(at(body)), 3.5)
    arm = curve(at(path("-8,-104 14,-92 40,-58 74,-46 72,-30 30,-38 -4,-70")))
    plate.paint(plate.shape(arm), tone * 0.8, (plate.y + 0.4 * plate.x) / 7, rim=2.5)
    plate.contour(arm, 3)
    head = curve(at(path("-18,-150 0,-170 20,-160 26,-146 22,-130 2,-120 -14,-130")))
    plate.paint(plate.shape(head), 0.14, plate.y / 6, rim=2)
    plate.contour(head, 3)
    hair = [
        (-24, -150),
        (-6, -176),
        (14, -166),
        (0, -152),
        (-6, -130),
        (-20, -100 if not man else -134),
        (-30, -112 if not man else -140),
    ]
    plate.stamp(curve(at(hair)), 1)
    brim = ellipse(
        (x + facing * 2 * size, y - 164 * size), (40 * size, 9 * size), lean=0.1 * facing
    )
    tall = -204.0 if man else -192.0
    crown = at([(-20, -166), (-16, tall), (18, tall), (22, -164)])
    plate.paint(plate.shape(brim, crown), 0.12 if not man else 0.18, plate.x / 6, rim=2.5)
    plate.stamp(at(path("-20,-172 20,-170 20,-164 -20,-166")), 1)
    plate.stamp(at(path("-38,-162 40,-158 38,-154 -36,-158")), 1)


def _near_bank(plate: Plate) -> None:
    """Lay the grassy bank before us, lower right."""
    land = plate.shape(
        curve(path("620,2560 760,2330 980,2130 1240,2010 1500,1960 1830,1930 1830,2560"))
    )
    slope = plate.y + 0.0006 * (plate.x - 1500) ** 2
    plate.paint(land, np.clip(0.6 + 0.12 * plate.cloud(120, 60), 0.3, 0.9), slope / 11, rim=5)
    for row in range(12):
        top = 2000 + row * 40
        grass(plate, (1010 - row * 32, 1760), (top, top + 40), 60, 62)


def _tree(plate: Plate) -> None:
    """Grow the great tree on the left: trunk, boughs and a crown of leaves across the sky."""
    chance = plate.chance
    boughs = (
        path("170,1090 300,900 520,720 700,640 704,652 540,760 360,950 250,1180"),
        path("210,980 150,760 60,600 76,596 200,740 270,960"),
        path("220,900 300,700 420,520 430,528 340,720 280,940"),
    )
    bark = 0.16 * plate.cloud(26, 130)
    trunk = path(
        "10,2090 110,2010 152,1800 130,1500 138,1200 126,960 205,900 282,960 "
        "286,1200 262,1480 300,1760 372,1950 520,2060 330,2040 180,2080"
    )
    wood = plate.shape(*[curve(part) for part in (trunk, *boughs)])
    up = np.clip(1060 - plate.y, 0, None)
    across = (plate.x - 38 * np.sin(plate.y / 260)) / 10 + 0.45 * plate.cloud(34, 150)
    across += 0.05 * up * np.clip((plate.x - 215) / 70, -1, 1)
    lit = np.clip(0.9 - (plate.x - 120) / 300, 0.26, 0.92)
    lit += (0.72 - lit) * np.clip(up / 220, 0, 1)
    plate.paint(wood, lit + bark, across, rim=5)
    for step in range(820):
        along = chance.random()
        x = -60 + 1060 * along**0.9
        top = 60 + 240 * along**2 + 40 * np.sin(x / 70)
        bottom = 930 - 420 * along**0.8 + 60 * np.sin(x / 85 + 1)
        share = (step / 820 + 0.5 * chance.random()) / 1.5
        y = bottom + (top - bottom) * share
        dark = 0.74 - 0.4 * share - 0.1 * along + 0.12 * chance.random()
        plate.tuft((x, y), 15 + 22 * chance.random() + 8 * (1 - along), dark, gap=7.5)
    grass(plate, (0, 520), (2030, 2110), 190, 80)


def _reeds(plate: Plate) -> None:
    """Grow reeds and bulrushes in the near water on the left."""
    chance = plate.chance
    for dark in (0.0, 1.0):
        for _ in range(150):
            x, y = 60 + 700 * chance.random() ** 1.2, 2300 + 120 * chance.random()
            tall, lean = 130 + 240 * chance.random() * (1 - x / 1000), 130 * (chance.random() - 0.4)
            plate.blade((x + (5 if not dark else 0), y), (x + lean, y - tall), 10, dark)
    for _ in range(9):
        x, y, tall = 110 + 430 * chance.random(), 2320.0, 330 + 120 * chance.random()
        lean = 50 * (chance.random() - 0.4)
        plate.blade((x, y), (x + lean, y - tall - 40), 7, 1)
        head = ellipse((x + lean * 0.8, y - tall + 40), (9, 40), lean=0.08)
        plate.stamp(ellipse((x + lean * 0.8, y - tall + 40), (14, 46), lean=0.08), 0)
        plate.stamp(head, 1)


def _vignette(plate: Plate) -> None:
    """Let the lines thin out towards an uneven edge, with no frame, as vignettes were cut."""
    dx, dy = (plate.x / plate.width - 0.5) * 2, (plate.y / plate.height - 0.5) * 2
    away = (np.abs(dx) ** 3.2 + np.abs(dy) ** 3.2) ** (1 / 3.2)
    edge = 0.93 + 0.03 * plate.cloud(150) + 0.02 * plate.cloud(40)
    plate.dark *= np.clip((edge - away) / 0.13, 0, 1)
