"""What the machine learns later of a page: better text and doubts, while nobody has begun on it.

The whole book tells what a running head is, a second reading what was misread. A reading that
anybody started from stays as it was: people's text stands on it.
"""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pipeline.models import OcrRun
from pipeline.runs import DOUBTFUL
from proofing.models import PageTask
from proofing.trials_models import TrialLayer


def is_untouched(session: Session, run: OcrRun) -> bool:
    """Say whether nobody has started from this reading, and keep it so to the transaction's end.

    A check-out fixes its run by a foreign key, which waits for the lock taken here; then it reads
    what this transaction wrote.
    """
    session.execute(sa.select(OcrRun.id).where(OcrRun.id == run.id).with_for_update())
    fixed = [
        sa.select(each.id).where(each.run_id == run.id).exists() for each in (PageTask, TrialLayer)
    ]
    return not session.scalar(sa.select(sa.or_(*fixed)))


def renew(session: Session, run: OcrRun, lines: Sequence[Any], text: str) -> bool:
    """Put other lines and another text into a reading; False, and nothing done, when too late.

    `lines` are in the form of `OcrRun.lines`; the text is page text.
    """
    if run.state != "done" or not is_untouched(session, run):
        return False
    words = [word for line in lines for word in line["words"]]
    run.lines, run.text = list(lines), text
    run.words, run.doubtful = len(words), sum(word["suspect"] >= DOUBTFUL for word in words)
    return True
