"""Make the demonstration book: its scans, their known text and book.json.

Run by hand from the top folder, as python -m scans.make_demo, when the script changes; the result
is committed. Needs Pillow and numpy only.
"""

import argparse
from pathlib import Path

from scans.demobook.build import write


def main() -> None:
    """Write the book to the folder asked for, by default scans/demo."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "demo")
    parser.add_argument("--pages", type=int, nargs="*", default=[], help="only these, from 1")
    asked = parser.parse_args()
    for path in write(asked.out, asked.pages):
        print(path)


if __name__ == "__main__":
    main()
