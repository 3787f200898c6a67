"""Which folders others may change unseen, and which tell when a file changed."""

from pathlib import Path
from types import SimpleNamespace

import psutil
import pytest

from tagger_core.mounts import keeps_time_of_change, network_file_system

MOUNTS = (
    ("/", "ext4"), ("/mnt/nas", "nfs4"), ("/mnt/nas/local", "btrfs"), ("/mnt/share", "cifs"),
    ("/mnt/ssh", "fuse.sshfs"), ("/mnt/stick", "fuseblk"), ("/mnt/with space", "CIFS"), ("/mnt/card", "vfat"),
    ("/mnt/nameless", ""),
)  # fmt: skip


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/home/me/Music", ""),
        ("/mnt/nas/Music", "nfs4"),
        ("/mnt/nas", "nfs4"),
        ("/mnt/nas/local/Music", ""),
        ("/mnt/nasty", ""),
        ("/mnt/share/a", "cifs"),
        ("/mnt/ssh/a", "fuse.sshfs"),
        ("/mnt/stick/a", ""),
        ("/mnt/with space/a", "CIFS"),
    ],
)
def test_the_innermost_mount_decides(path: str, expected: str, monkeypatch: pytest.MonkeyPatch) -> None:
    found = [SimpleNamespace(mountpoint=place, fstype=kind) for place, kind in MOUNTS]
    monkeypatch.setattr(psutil, "disk_partitions", lambda **_: found)
    assert network_file_system(Path(path)) == expected


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/home/me/Music", True),
        ("/mnt/nas/Music", True),
        ("/mnt/share/a", True),
        ("/mnt/ssh/a", False),
        ("/mnt/stick/a", False),
        ("/mnt/card/a", False),
        ("/mnt/nameless/a", False),
    ],
)
def test_file_systems_without_a_time_of_change_are_known(
    path: str, expected: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = [SimpleNamespace(mountpoint=place, fstype=kind) for place, kind in MOUNTS]
    monkeypatch.setattr(psutil, "disk_partitions", lambda **_: found)
    assert keeps_time_of_change(Path(path)) is expected


def test_where_nobody_can_be_asked_a_folder_counts_as_local(monkeypatch: pytest.MonkeyPatch) -> None:
    def none(**_: object) -> None:
        raise FileNotFoundError("/proc/filesystems")

    monkeypatch.setattr(psutil, "disk_partitions", none)
    assert network_file_system(Path("/music")) == ""
    assert not keeps_time_of_change(Path("/music"))


def test_the_temporary_folder_of_this_machine(tmp_path: Path) -> None:
    """The real system is asked; whatever it says is a word."""
    assert isinstance(network_file_system(tmp_path), str)
