"""Line ornaments for covers, as strokes in a square from -1 to 1, y downwards."""

from collections.abc import Callable
from math import cos, pi, sin

Point = tuple[float, float]
Stroke = list[Point]

_FINE = 180


def _polar(radius: Callable[[float], float], turns: float = 1, steps: int = _FINE) -> Stroke:
    count = int(steps * turns)
    angles = [2 * pi * turns * k / count for k in range(count + 1)]
    return [(radius(a) * sin(a), -radius(a) * cos(a)) for a in angles]


def _circle(radius: float, x: float = 0, y: float = 0) -> Stroke:
    return [(x + px, y + py) for px, py in _polar(lambda _: radius)]


def _ray(angle: float, inner: float, outer: float) -> Stroke:
    return [(r * sin(angle), -r * cos(angle)) for r in (inner, outer)]


def _turned(stroke: Stroke, angle: float) -> Stroke:
    return [(x * cos(angle) - y * sin(angle), x * sin(angle) + y * cos(angle)) for x, y in stroke]


def sun() -> list[Stroke]:
    """Draw a disc with long and short rays."""
    rays = [_ray(2 * pi * k / 24, 0.5, 0.94 if k % 2 == 0 else 0.7) for k in range(24)]
    return [_circle(0.38), *rays]


def rose() -> list[Stroke]:
    """Draw a rose window of eight petals in a ring."""
    petals = _polar(lambda a: 0.16 + 0.6 * abs(cos(4 * a)))
    return [petals, _circle(0.9), _circle(0.16)]


def compass() -> list[Stroke]:
    """Draw a star of four long points and four short ones."""
    points = [(0.95 if k % 4 == 0 else 0.16 if k % 2 else 0.5) for k in range(16)]
    star = [
        (r * sin(2 * pi * k / 16), -r * cos(2 * pi * k / 16))
        for k, r in [*enumerate(points), (16, points[0])]
    ]
    return [star, _circle(0.66)]


def waves() -> list[Stroke]:
    """Draw four lines of water, shorter to the foot."""
    lines: list[Stroke] = []
    for row, half in enumerate((0.95, 0.78, 0.58, 0.36)):
        steps = [half * (2 * k / _FINE - 1) for k in range(_FINE + 1)]
        lines.append([(x, row * 0.3 - 0.2 + 0.08 * sin(x * 14)) for x in steps])
    return [*lines, _circle(0.2, 0, -0.62)]


def hills() -> list[Stroke]:
    """Draw three hills under a sun."""
    ground: Stroke = [(-0.95, 0.6), (0.95, 0.6)]
    far: Stroke = [(-0.95, 0.6), (-0.35, -0.35), (0.02, 0.25)]
    near: Stroke = [(-0.3, 0.6), (0.3, -0.1), (0.95, 0.6)]
    return [ground, far, near, _circle(0.18, 0.5, -0.5)]


def sprig() -> list[Stroke]:
    """Draw a stem with leaves in pairs."""
    stem: Stroke = [(0.0, 0.95), (0.0, -0.62)]
    leaves = [_leaf(0, y, side * 0.95) for y in (0.5, 0.1, -0.3) for side in (-1, 1)]
    return [stem, *leaves, _leaf(0, -0.58, 0)]


def _leaf(x: float, y: float, angle: float) -> Stroke:
    half = [(0.13 * sin(pi * k / 30), -0.42 * k / 30) for k in range(31)]
    outline = half + [(-px, py) for px, py in reversed(half)]
    return [(x + px, y + py) for px, py in _turned(outline, angle)]


def knot() -> list[Stroke]:
    """Draw one line woven over itself."""
    steps = [2 * pi * k / (2 * _FINE) for k in range(2 * _FINE + 1)]
    return [[(0.85 * sin(3 * t), 0.85 * sin(4 * t)) for t in steps]]


def orbits() -> list[Stroke]:
    """Draw three ellipses about a point."""
    ellipse = [
        (0.92 * cos(a), 0.34 * sin(a)) for a in (2 * pi * k / _FINE for k in range(_FINE + 1))
    ]
    return [*(_turned(ellipse, pi * k / 3) for k in range(3)), _circle(0.1)]


def volume() -> list[Stroke]:
    """Draw an open book."""
    page = [(0.9 * k / 40, 0.35 - 0.22 * sin(pi * k / 40) ** 0.8) for k in range(41)]
    top = [(x, y - 0.75) for x, y in page]
    right: Stroke = [*page, (0.9, -0.4)]
    strokes = [right, top, [(0.0, 0.35), (0.0, -0.4)]]
    lines = [[(x, y - d) for x, y in page[5:36]] for d in (0.2, 0.36, 0.52)]
    mirrored = [[(-x, y) for x, y in stroke] for stroke in (right, top, *lines)]
    return [*strokes, *lines, *mirrored]


def lozenge() -> list[Stroke]:
    """Draw squares on their corners, one in the other, with the cross between."""
    squares = [
        _turned([(-r, -r), (r, -r), (r, r), (-r, r), (-r, -r)], pi / 4) for r in (0.64, 0.44, 0.2)
    ]
    return [*squares, *(_ray(pi * k / 2, 0.285, 0.62) for k in range(4))]


ORNAMENTS = (sun, rose, compass, waves, hills, sprig, knot, orbits, volume, lozenge)
