"""Files that hold health data: what a killed write leaves is swept by when it began."""

import os
import time
from pathlib import Path

from nearmiss import files


def test_what_a_killed_write_left_is_old_by_its_name_and_not_by_the_time_of_the_file(
    tmp_path: Path,
) -> None:
    now = int(time.time())

    def leave(begun: int) -> Path:
        path = tmp_path / f".a draft.json.{begun:08x}01234567.nearmiss-tmp"
        path.write_text("half a draft")
        return path

    old, ahead, new = leave(now - 3600), leave(now + 3600), leave(now - 60)
    os.utime(new, (0, 0))
    files.write_private(tmp_path / "other.json", b"{}")
    assert not old.exists()
    assert not ahead.exists()
    assert new.exists()
    with files.replace_whole(tmp_path / "a draft.json"):
        (own,) = set(files.list_abandoned(tmp_path, "a draft.json")) - {new}
        os.utime(own, (0, 0))
        files.sweep(tmp_path, "", 600)
        assert own.exists()
