"""What an OCR engine might read, for tests with any input."""

from hypothesis import strategies as st

from pipeline.ocr import Word

_boxes = st.tuples(*[st.integers(0, 3000)] * 2, *[st.integers(0, 500)] * 2)
_numbers = st.integers(0, 4)

#: Words with any text, anywhere on a page.
words = st.builds(
    Word, st.text(min_size=1), _boxes, st.floats(0, 100), _numbers, _numbers, _numbers
)
