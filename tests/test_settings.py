"""The settings: whatever stands in the file, no command stops for it, and comments stay."""

from pathlib import Path

import pytest

from nearmiss.settings import Paths, Settings, find_paths, read_settings, write_settings
from tests.cases import over
from tests.conftest import Run


@pytest.fixture
def paths(home: Path) -> Paths:
    found = find_paths(None)
    found.config.mkdir(parents=True)
    return found


def write(paths: Paths, text: str) -> None:
    paths.settings.write_text(text, encoding="utf-8")


@over(
    ("text", "fault"),
    [
        ('name = "Maria"\nrole = carer of MB\nkeep_years = 8 years\n', "keep_years must be 1 to"),
        ('name = "Maria\nrole = carer of MB\n???\n', "line 3 is not understood"),
        ('name = "Maria"\nrole = "carer of MB"\ncolour = "red"\n', "colour is not a setting"),
        ('name = "Maria"\nrole = "carer of MB"\nphone = 4\n', "phone must be a text"),
        ('name = "Maria"\nname = "Maria"\nrole = carer of MB\nx\n', "line 4 is not understood"),
        ('name = Maria\r\nrole = carer of MB\r\nplain = "perhaps"\r\n', "plain must be true"),
    ],
)
def test_a_mistake_is_named_and_the_rest_is_used(paths: Paths, text: str, fault: str) -> None:
    write(paths, text)
    found = read_settings(paths)
    assert found.settings == Settings(name="Maria", role="carer of MB")
    assert [fault in each for each in found.faults] == [True]


def test_no_command_stops_for_a_mistake_and_guide_does_not_even_tell(
    run: Run, paths: Paths
) -> None:
    write(paths, "name = [\n???\n")
    for command in (("list",), ("where",), ("summary",), ("setup",), ("setup", "--role", "nurse")):
        done = run(*command)
        assert done.code == 0, done.err
    done = run("list", "--since", "1 March", "--client", "MB")
    assert done.err.count("In the settings") <= 1
    guided = run("guide", "hurt")
    assert (guided.code, "settings" in guided.err) == (0, False)


def test_bytes_that_are_no_text_or_a_folder_stop_nothing(run: Run, paths: Paths) -> None:
    paths.settings.write_bytes(b'\xff\xfe = 1\nname = "Maria"\n')
    assert read_settings(paths).settings.name == "Maria"
    paths.settings.unlink()
    paths.settings.mkdir()
    assert run("list").code == 0
    assert read_settings(paths).settings == Settings()
    refused = run("setup", "--name", "Maria")
    assert refused.code == 1
    assert "could not be kept" in refused.err


def test_setup_writes_what_differs_from_the_usual_for_the_carer_alone(
    run: Run, paths: Paths
) -> None:
    assert run("setup", "--keep-years", "11", "--name", 'Ma"ria').code == 0
    assert paths.settings.read_text(encoding="utf-8") == 'name = "Ma\\"ria"\nkeep_years = 11\n'
    assert paths.settings.stat().st_mode & 0o777 == 0o600


def test_setup_makes_a_file_whole_that_could_not_be_read(run: Run, paths: Paths) -> None:
    write(paths, "# mine\nname = Maria\nkeep_years = 0\nwhat is this\n")
    assert run("setup", "--role", "carer").code == 0
    found = read_settings(paths)
    assert found.settings == Settings(name="Maria", role="carer")
    assert found.faults == ()


def test_what_was_kept_is_read_back(paths: Paths) -> None:
    settings = Settings('Zoë O\'Neill \\ "x"', "carer", "020 7946 0000", 12)
    write_settings(paths, settings)
    assert read_settings(paths).settings == settings


def test_plain_for_good_is_kept_and_taken_back(run: Run, paths: Paths) -> None:
    assert "plain: yes" in run("setup", "--always-plain").out
    assert "plain = true" in paths.settings.read_text(encoding="utf-8")
    assert read_settings(paths).settings.plain
    assert "plain: no" in run("setup", "--not-plain").out
    write(paths, "plain = yes\n")  # as somebody writes who has never heard of TOML
    assert read_settings(paths).settings.plain
    write(paths, "plain = 3\n")
    assert "plain must be" in read_settings(paths).faults[0]


@pytest.mark.parametrize("more", ["", "what is this\n"])
def test_what_once_were_settings_are_not_spoken_of(run: Run, paths: Paths, more: str) -> None:
    write(paths, f'country = "IE"\npaper = "Letter"\n{more}')
    assert [each for each in read_settings(paths).faults if "line 3" not in each] == []
    done = run("setup", "--phone", "1")
    assert done.code == 0
    assert "country" not in done.out + done.err


@over(
    ("name", "data"),
    [
        ("utf-16", 'name = "Maria"\nrole = "carer"\n'.encode("utf-16")),
        ("utf-16 cut", 'name = "Maria"\n'.encode("utf-16")[:-1]),
        ("digits", b"keep_years = " + b"9" * 5000 + b'\nname = "Maria"\n'),
        ("nesting", b"phone = " + b"[" * 100_000 + b'\nname = "Maria"\n'),
        ("keys", b"".join(b"k%d = 1\n" % n for n in range(8_000)) + b'name = "Maria"\n'),
        ("one key", b'name = "Maria"\n' * 8_000),
        ("control", b'\0\x1b[31m\nname = "Maria"\r\n\x07'),
        ("surrogates", b'\xed\xa0\x80\nname = "Maria"\n'),
    ],
)
def test_any_bytes_leave_every_command_working_and_setup_mends_them(
    run: Run, paths: Paths, name: str, data: bytes
) -> None:
    paths.settings.write_bytes(data)
    done = run("where")
    assert done.code == 0, done.err
    assert done.err.count("In the settings") <= 6
    assert read_settings(paths).settings.name == "Maria"
    mended = run("setup", "--role", "nurse")
    assert mended.code == 0, mended.err
    found = read_settings(paths)
    assert (found.settings.name, found.settings.role) == ("Maria", "nurse")
    assert len(found.faults) <= 6
