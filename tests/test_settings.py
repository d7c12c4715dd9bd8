"""Settings: read from the environment and .env, checked, documented."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.accounts import PREFIX
from bot.errors import SettingError
from bot.settings import KEYS, Settings, read_settings
from knowledge.pack import PACKS

DOCS = Path(__file__).parents[1] / "docs" / "settings.md"


def read(tmp_path: Path, file: str = "", **environment: str) -> Settings:
    """The settings of an environment and a .env file."""
    path = tmp_path / ".env"
    path.write_text(file, "utf-8")
    return read_settings({PREFIX + key: value for key, value in environment.items()}, path)


def test_nothing_need_be_set(tmp_path: Path) -> None:
    """Without any setting the defaults hold, and an absent .env is no fault."""
    found = read_settings({"XDG_DATA_HOME": str(tmp_path)}, tmp_path / "absent")

    assert found == Settings(data_dir=tmp_path / "yiwentong")


def test_the_environment_is_read(tmp_path: Path) -> None:
    """Each setting comes from its variable, without the blanks around it."""
    found = read(tmp_path, REGION=" suzhou ", CONFIRM_AFTER_DAYS="30", CACHE_DIR=str(tmp_path))

    assert (found.region, found.confirm_after_days) == ("suzhou", 30)
    assert found.cache_dir == tmp_path


def test_the_file_is_read(tmp_path: Path) -> None:
    """Lines of .env may be quoted or exported; comments and other lines are passed over."""
    file = (
        "\ufeff# own region\nexport YIWENTONG_REGION='beijing'\n\n"
        "nonsense\nYIWENTONG_CONFIRM_AFTER_DAYS=7\n"
    )

    found = read(tmp_path, file)

    assert (found.region, found.confirm_after_days) == ("beijing", 7)


def test_the_environment_goes_before_the_file(tmp_path: Path) -> None:
    """A variable overrules .env; an empty one means that nothing is set."""
    file = "YIWENTONG_REGION=beijing\n"

    assert read(tmp_path, file, REGION="suzhou").region == "suzhou"
    assert read(tmp_path, file, REGION="").region is None


@pytest.mark.parametrize("days", ["soon", "-1", "1.5", "３６５", "9" * 5000])
def test_days_must_be_days(tmp_path: Path, days: str) -> None:
    """The error names the setting, its value, and what to write."""
    with pytest.raises(SettingError, match="YIWENTONG_CONFIRM_AFTER_DAYS 的值"):
        read(tmp_path, CONFIRM_AFTER_DAYS=days)


def test_a_cache_must_be_a_folder(tmp_path: Path) -> None:
    """A file cannot be the cache; a folder that is not there yet can."""
    with pytest.raises(SettingError, match="YIWENTONG_CACHE_DIR"):
        read(tmp_path, CACHE_DIR=str(tmp_path / ".env"))

    assert read(tmp_path, CACHE_DIR=str(tmp_path / "new")).cache_dir == tmp_path / "new"


@pytest.mark.parametrize("key", KEYS)
def test_every_setting_is_documented(key: str) -> None:
    """docs/settings.md has a row for it."""
    assert f"| `{PREFIX}{key}` |" in DOCS.read_text("utf-8")


def test_a_server_can_be_set(tmp_path: Path) -> None:
    """Where it listens, where its data lies, who may call it and how often."""
    found = read(
        tmp_path,
        HOST="::1",
        PORT="0",
        DATA_DIR=str(tmp_path),
        ORIGINS="https://a.example.cn, http://127.0.0.1:9000",
        REQUESTS_PER_MINUTE="0",
        MAP_URL="https://map.example.cn/?q={address}",
    )

    assert (found.host, found.port, found.data_dir) == ("::1", 0, tmp_path)
    assert found.origins == ("https://a.example.cn", "http://127.0.0.1:9000")
    assert found.requests_per_minute == 0
    assert found.map_url == "https://map.example.cn/?q={address}"


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("PORT", "65536"),
        ("PORT", "http"),
        ("REQUESTS_PER_MINUTE", "many"),
        ("ORIGINS", "*"),
        ("ORIGINS", "https://a.example.cn/page"),
        ("MAP_URL", "https://map.example.cn/"),
        ("MAP_URL", "javascript:alert(1)//{address}"),
    ],
)
def test_what_a_server_cannot_use_is_refused(tmp_path: Path, key: str, value: str) -> None:
    """The error names the setting before anything is served."""
    with pytest.raises(SettingError, match=f"YIWENTONG_{key} 的值"):
        read(tmp_path, **{key: value})


def test_the_folder_of_the_packs_is_one(tmp_path: Path) -> None:
    """A folder with a pack in it is taken; without the setting they are the program's own."""
    assert read(tmp_path, PACKS_DIR=str(PACKS)).packs_folder == PACKS
    assert read(tmp_path).packs_folder == PACKS


@pytest.mark.parametrize("name", ["absent", "empty"])
def test_a_folder_without_packs_is_refused(tmp_path: Path, name: str) -> None:
    """A folder that is not there or holds no pack is said to be so, with what to do."""
    (tmp_path / "empty").mkdir()

    with pytest.raises(SettingError, match=r"YIWENTONG_PACKS_DIR.*pack\.yaml"):
        read(tmp_path, PACKS_DIR=str(tmp_path / name))
