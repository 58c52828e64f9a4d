"""The private Redis: found from the home alone, also where the home's path is too long."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from library.config import settings_from
from library.errors import SettingError
from web import private_redis


def test_socket_lies_under_var_where_its_path_fits(tmp_path: Path) -> None:
    environ = {"GALLEY_HOME": "/srv/galley"}
    private_redis.choose_address(environ)
    assert environ == {"GALLEY_HOME": "/srv/galley"}
    settings = settings_from(environ)
    assert private_redis.is_private(settings)
    assert private_redis.socket_of(settings) == Path("/srv/galley/var/redis.sock")
    given = settings_from({"GALLEY_HOME": str(tmp_path), "REDIS_URL": "redis://elsewhere"})
    assert not private_redis.is_private(given)


def test_redis_runs_for_a_home_with_a_long_path(tmp_path: Path) -> None:
    environ = {"GALLEY_HOME": str(tmp_path / ("long" * 30))}
    private_redis.choose_address(environ)
    settings = settings_from(environ)
    socket = private_redis.socket_of(settings)
    assert private_redis.is_private(settings)
    assert settings.redis_address == f"unix://{socket}"
    assert len(os.fsencode(socket)) < 100
    again = {"GALLEY_HOME": environ["GALLEY_HOME"]}
    private_redis.choose_address(again)
    assert again == environ

    with subprocess.Popen(private_redis.command(settings), stdout=subprocess.DEVNULL) as server:
        try:
            while not private_redis.answers(settings):
                assert server.poll() is None
            assert socket.parent.stat().st_mode & 0o777 == 0o700
        finally:
            server.kill()
            server.wait()
            shutil.rmtree(socket.parent)


def test_folder_of_somebody_else_is_refused(tmp_path: Path) -> None:
    settings = settings_from({"GALLEY_HOME": str(tmp_path / ("else" * 30))})
    folder = private_redis.socket_of(settings).parent
    folder.symlink_to(tmp_path)
    try:
        with pytest.raises(SettingError, match="belongs to somebody else"):
            private_redis.command(settings)
        with pytest.raises(SettingError, match="belongs to somebody else"):
            private_redis.choose_address({"GALLEY_HOME": str(settings.home)})
    finally:
        folder.unlink()
