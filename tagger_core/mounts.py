"""What kind of file system a folder lies on: of changes that another machine makes, no system tells.

Contents
--------
``network_file_system``, ``keeps_time_of_change``
"""

from pathlib import Path

_NETWORK = frozenset({
    "9p", "acfs", "afs", "afpfs", "beegfs", "ceph", "cifs", "coda", "glusterfs", "gpfs", "lustre", "ncpfs", "nfs",
    "nfs3", "nfs4", "orangefs", "pvfs2", "smb2", "smb3", "smbfs", "vboxsf", "virtiofs", "vmhgfs", "webdav",
})  # fmt: skip
"""File systems that others may change: of other machines, or of the host of a virtual one."""

_WITHOUT_TIME_OF_CHANGE = frozenset({"exfat", "fat", "fat32", "fuseblk", "msdos", "umsdos", "vfat"})
"""Names of file systems; "fuseblk" may be exFAT."""


def network_file_system(path: Path) -> str:
    """The name of the file system that a folder lies on, if others may change it unseen; "" if it is a local one.

    Everything that FUSE offers by name counts (sshfs, rclone, mergerfs): what is behind it may change without it.
    """
    kind = _file_system(path)
    return kind if kind.lower() in _NETWORK or kind.startswith("fuse.") else ""


def keeps_time_of_change(path: Path) -> bool:
    """Whether the file system has a time of change (ctime) of its own, which tells of every change.

    FAT and exFAT give the time of modification instead, which programs set as they like; what is behind a FUSE file
    system (sshfs, rclone) mostly does too. Where nothing is known about a file system, the answer is no.
    """
    kind = _file_system(path).lower()
    return bool(kind) and kind not in _WITHOUT_TIME_OF_CHANGE and not kind.startswith("fuse.")


def _file_system(path: Path) -> str:
    """The name of the file system that a path lies on, "" if the system does not say."""
    import psutil

    try:
        mounts = psutil.disk_partitions(all=True)
    except OSError:  # a cage without /proc, for example
        return ""
    within = [mount for mount in mounts if path.is_relative_to(mount.mountpoint)]
    if not within:
        return ""
    kind: str = max(within, key=lambda mount: len(Path(mount.mountpoint).parts)).fstype
    return kind
