"""What tests let a limited child do: named functions, so that a fresh interpreter finds them."""

import ctypes
import os
import resource
import subprocess
import time
from pathlib import Path
from typing import Any

from pipeline import ocr
from pipeline.confinement import dying_together
from pipeline.failures import PipelineError


def echo(item: dict[str, Any]) -> dict[str, Any]:
    return item


def misbehave(item: dict[str, Any]) -> str:  # noqa: C901 - a list of misdeeds
    match item["how"]:
        case "sleep":
            time.sleep(60)
        case "spin":
            while True:
                pass
        case "allocate":
            bytearray(8 << 30)
        case "crash":
            ctypes.string_at(0)
        case "fill the disk":
            Path(item["path"]).write_bytes(bytes(4 << 20))
        case "exit":
            os._exit(0)
        case "refuse":
            raise PipelineError("Not this one; take another.")
        case "err":
            raise ZeroDivisionError
        case "chatter":
            print("noise on standard output")  # noqa: T201 - the misdeed
            os.write(1, b"and on its descriptor\n")
    return str(item["how"])


def limits(_item: dict[str, Any]) -> dict[str, Any]:
    return {
        "core": resource.getrlimit(resource.RLIMIT_CORE)[0],
        "memory": resource.getrlimit(resource.RLIMIT_AS)[0],
        "file": resource.getrlimit(resource.RLIMIT_FSIZE)[0],
        "session": os.getsid(0) == os.getpid(),
        "variables": dict(os.environ),
        "open": len(list(Path("/proc/self/fd").iterdir())),
    }


def sleep_in_a_program(item: dict[str, Any]) -> None:
    with dying_together():
        subprocess.run(["sleep", item["seconds"]], check=True)


def read(item: dict[str, Any]) -> int:
    return len(ocr.read(Path(item["page"]), ["eng"], 3, item["seconds"]).words)
