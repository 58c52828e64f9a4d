"""Redis emptied, killed, absent, or written to by strangers: the rows know what is to be done."""

import pytest
from rq import Callback, Queue

from library import queue
from tests.faults.conftest import Yard, assert_all_read_once, wait_until

pytestmark = pytest.mark.faults


def test_redis_is_emptied_with_jobs_waiting(sqlite_yard: Yard) -> None:
    yard = sqlite_yard
    yard.start_redis()
    yard.upload(2)
    connection = queue.connect(yard.settings)
    assert Queue("ocr", connection=connection).count == 2
    connection.flushall()

    yard.start("worker", "--queue", "ocr")
    yard.start("sweep", "--loop")
    assert_all_read_once(yard, 2)
    assert [job.attempt for job in yard.jobs()] == [1, 1]


def test_redis_is_emptied_while_a_page_is_read(sqlite_yard: Yard) -> None:
    yard = sqlite_yard
    yard.start_redis()
    yard.upload(2)
    yard.start("worker", "--queue", "ocr")
    yard.read_mid_page()
    queue.connect(yard.settings).flushall()

    yard.start("sweep", "--loop")
    assert_all_read_once(yard, 2)
    assert [job.attempt for job in yard.jobs()] == [1, 1]


def test_redis_is_down_at_the_upload(sqlite_yard: Yard) -> None:
    yard = sqlite_yard
    yard.upload(1)
    assert not queue.ring(yard.settings, "ocr")
    assert [job.state for job in yard.jobs()] == ["pending"]

    yard.start("worker", "--queue", "ocr")
    yard.start("sweep", "--loop")
    yard.start_redis()
    assert_all_read_once(yard, 1)


def test_functions_of_strangers_are_refused(sqlite_yard: Yard) -> None:
    yard = sqlite_yard
    yard.start_redis()
    touched = yard.settings.home / "touched"
    strange = Queue("ocr", connection=queue.connect(yard.settings), serializer="json")
    strange.enqueue("os.system", f"touch {touched}")
    strange.enqueue(queue.WAKE["ocr"], f"touch {touched}")
    strange.enqueue(queue.WAKE["ocr"], on_success=Callback("os.system"))
    with_bad_bytes = strange.enqueue("os.getcwd")
    strange.connection.hset(with_bad_bytes.key, "data", b"\x80\x04not json")

    worker = yard.start("worker", "--queue", "ocr")
    wait_until(lambda: yard.said("worker").count("not on the list") == 4)
    yard.upload(1)
    assert_all_read_once(yard, 1)
    assert worker.poll() is None
    assert not touched.exists()
    assert strange.intermediate_queue.get_job_ids() == []
