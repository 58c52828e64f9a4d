"""The rabbit with its watch, and the grass it stands in."""

import numpy as np
from PIL import Image

from .engraving import Field, Plate, Point, curve, ellipse, path


def rabbit(chance: np.random.Generator) -> Image.Image:
    """Engrave the cut of the title page: the rabbit alone on a tuft of grass."""
    plate = Plate(900, 1180, chance)
    ground = plate.shape(
        curve(path("120,1010 450,960 780,1010 720,1100 450,1130 180,1100")),
        soft=12,
    )
    plate.paint(ground, 0.5 + 0.1 * plate.cloud(70), plate.y / 11)
    grass(plate, (130, 770), (1000, 1090), 240, 70)
    rabbit_on(plate, (440.0, 1010.0), 1.12)
    grass(plate, (170, 730), (1030, 1090), 90, 60)
    return plate.proof()


def rabbit_on(plate: Plate, foot: Point, size: float) -> None:
    """Engrave the rabbit standing with its watch, FOOT being the point between its feet."""
    fx, fy = foot

    def at(points: list[Point]) -> list[Point]:
        return [(fx + a * size, fy + b * size) for a, b in points]

    def put(points: list[Point], dark: Field | float, phase: Field, rim: float = 4) -> None:
        outline = curve(at(points))
        plate.paint(plate.shape(outline), dark, phase, rim=rim)
        plate.contour(outline, 4.5 * size + 1)

    def fur(x: float, y: float, reach: float) -> tuple[Field, Field]:
        dx, dy = (plate.x - fx) / size - x, (plate.y - fy) / size - y
        return np.clip(0.1 + 0.5 * (-dx * 0.75 + dy * 0.45) / reach, 0.02, 0.62), np.hypot(
            dx + reach, dy - reach
        ) * size / 8.5

    put(path("-120,-250 -150,-330 -105,-360 -70,-300"), *fur(-110, -300, 60))
    for ear in (
        path("-30,-640 -92,-760 -112,-880 -70,-860 -22,-760 6,-650"),
        path("10,-650 2,-780 30,-900 62,-850 62,-740 44,-640"),
    ):
        put(ear, *fur(-20, -760, 120))
    put(path("30,-690 26,-790 36,-850 46,-780 42,-690"), 0.7, plate.x / 6, rim=0)
    put(
        path("-150,-20 -90,-60 20,-56 70,-20 60,8 -60,14 -150,6"),
        *fur(-30, -20, 110),
    )
    put(path("20,-24 60,-52 130,-40 150,-4 90,12 20,8"), *fur(80, -20, 90))
    put(
        path("-130,-60 -158,-170 -120,-320 -60,-420 40,-430 90,-330 108,-180 84,-60 0,-30"),
        *fur(-20, -230, 190),
    )
    put(
        path(
            "-92,-540 -72,-620 0,-662 70,-636 112,-584 142,-536 126,-492 70,-446 -20,-416 -84,-462"
        ),
        *fur(10, -550, 130),
    )
    _face(plate, foot, size)
    check = np.abs(((plate.x + plate.y) / (40 * size)) % 1 - 0.5) * 0.7
    put(
        path("-118,-190 -122,-320 -62,-424 44,-434 92,-330 104,-200 40,-172 -40,-176"),
        0.42 + check,
        (plate.x - plate.y) / 9,
    )
    put(
        path("-14,-430 30,-436 58,-300 48,-180 30,-180 30,-300"),
        0.06,
        plate.y / 9,
        rim=3,
    )
    for button in (-360, -300, -240):
        plate.stamp(ellipse((fx + 68 * size, fy + button * size), (6 * size, 6 * size)), 1)
    put(
        path("-40,-400 -88,-330 -60,-270 40,-268 110,-300 104,-336 30,-320 0,-400"),
        0.5 + check * 0.6,
        (plate.x + 0.5 * plate.y) / 8,
    )
    put(path("96,-340 140,-350 158,-322 130,-296 98,-304"), *fur(120, -320, 50))
    _watch(plate, (fx + 176 * size, fy - 330 * size), 46 * size)


def _face(plate: Plate, foot: Point, size: float) -> None:
    """Give the rabbit its eye, nose, mouth and whiskers."""

    def at(points: list[Point]) -> list[Point]:
        return [(foot[0] + a * size, foot[1] + b * size) for a, b in points]

    eye = at(path("52,-572"))[0]
    plate.stamp(ellipse(eye, (14 * size, 17 * size)), 1)
    plate.stamp(ellipse((eye[0] + 5 * size, eye[1] - 6 * size), (4 * size, 5 * size)), 0)
    plate.stamp(at(path("118,-548 147,-540 134,-522")), 1)
    plate.stamp(at(path("132,-524 136,-524 128,-498 98,-486 98,-491 124,-502")), 1)
    for lift in (-556, -522, -494):
        root, tip = at([(108, -514), (214, lift)])
        plate.stamp(
            [root, (tip[0], tip[1] - 1.5), (tip[0], tip[1] + 1.5), (root[0], root[1] + 4 * size)], 1
        )


def _watch(plate: Plate, centre: Point, radius: float) -> None:
    """Draw the watch on its ring."""
    x, y = centre
    plate.stamp(ellipse((x, y - radius * 1.2), (radius * 0.26, radius * 0.3)), 1)
    plate.stamp(ellipse((x, y - radius * 1.2), (radius * 0.13, radius * 0.17)), 0)
    for share, dark in ((1.16, 0), (1.0, 1), (0.82, 0)):
        plate.stamp(ellipse(centre, (radius * share, radius * share)), dark)
    for hour in range(12):
        turn = hour * np.pi / 6
        mark = (x + 0.66 * radius * np.sin(turn), y - 0.66 * radius * np.cos(turn))
        plate.stamp(ellipse(mark, (radius * 0.06, radius * 0.06)), 1)
    for turn, reach in ((0.9, 0.45), (-0.25, 0.6)):
        tip = (x + reach * radius * np.sin(turn), y - reach * radius * np.cos(turn))
        width = radius * 0.06
        plate.stamp([(x - width, y), tip, (x + width, y), (x, y + width)], 1)


def grass(plate: Plate, span: Point, rows: Point, count: int, height: float) -> None:
    """Grow COUNT blades with their roots between the given columns and rows, white among black."""
    chance = plate.chance
    for _ in range(count):
        x = span[0] + (span[1] - span[0]) * chance.random()
        y = rows[0] + (rows[1] - rows[0]) * chance.random()
        tall, lean = height * (0.5 + chance.random()), 60 * (chance.random() - 0.5)
        plate.blade((x, y), (x + lean, y - tall), 7, float(chance.choice((0, 1))))
