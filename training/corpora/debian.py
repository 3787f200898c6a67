"""Free music out of Debian packages: fetched with apt-get, checked, unpacked; only what is music is kept.

Conventions
-----------
``debian_packages.tsv`` names each package with version, size and SHA-256, as Debian bookworm had them in 2025. What
becomes of a package is one folder of its name. Files inside zip archives (the usual way of games) are found too.
Speech, effects and noises are told from their folders, jingles from their length, copies from their SHA-256.

Contents
--------
``Package``, ``packages``   the recipe
``fetch``                   one package into a folder
"""

import csv
import hashlib
import re
import shutil
import subprocess
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path, PurePosixPath

import soundfile

from tagger_core.library_scan import AUDIO_EXTENSIONS
from training.config import TrainingError
from training.dataset import disk_errors

MODULES = frozenset({".it", ".mod", ".s3m", ".xm"})
"""Tracker modules, for openmpt123."""
MIDI = frozenset({".mid", ".midi"})
ARCHIVES = frozenset({".zip", ".pk3", ".love"})
SHORTEST_SECONDS = 25.0
NO_MUSIC = re.compile(
    r"/(ambien(t|ce)|animals|courses?/BeginnerCourse|dialogs?|sfx|soundfx|speech|static|tilesets|tutorial|voices?"
    r"|wav|weather)/|_speech\.|/codec2/",
    re.IGNORECASE,
)
"""Paths of speech, effects and exercises."""


@dataclass(frozen=True, slots=True)
class Package:
    name: str
    version: str
    size: int
    sha256: str


def packages() -> list[Package]:
    """Smallest first, so that a limit of minutes gives as many kinds of music as it can."""
    text = files("training.corpora").joinpath("debian_packages.tsv").read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines(), delimiter="\t")
    found = [Package(row["package"], row["version"], int(row["size"]), row["sha256"]) for row in rows]
    return sorted(found, key=lambda package: package.size)


def fetch(package: Package, music: Path, known: set[str]) -> int:
    """Make ``music/NAME`` and return the number of its files; ``known`` (SHA-256 of files) grows.

    Raises ``TrainingError`` if the package cannot be had, or is not that one.
    """
    music.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=music.parent, prefix="fetching-") as folder, disk_errors(music):
        work = Path(folder)
        archive = _downloaded(package, work)
        _run(["dpkg-deb", "-x", str(archive), str(work / "files")])
        archive.unlink()
        chosen = work / package.name
        chosen.mkdir()
        kept = sum(_keep(path, name, chosen, known) for path, name in _files(work / "files", work / "member"))
        chosen.rename(music / package.name)
    return kept


def _downloaded(package: Package, folder: Path) -> Path:
    if not shutil.which("apt-get"):
        raise TrainingError("apt-get is missing: the music comes out of Debian packages; use Debian or Ubuntu")
    _run(["apt-get", "download", "--quiet", f"{package.name}={package.version}"], folder)
    (archive,) = folder.glob("*.deb")
    digest = hashlib.sha256()
    with archive.open("rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    if digest.hexdigest() != package.sha256:
        raise TrainingError(f"{package.name} {package.version} is not the package of the recipe (SHA-256 differs)")
    return archive


def _run(command: list[str], folder: Path | None = None) -> None:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        told = (done.stderr.strip() or "no reason given").splitlines()[-1]
        raise TrainingError(f"{' '.join(command[:3])} failed: {told}")


def _files(folder: Path, member: Path) -> Iterator[tuple[Path, str]]:
    """Every file with its name inside the package; one of a zip archive lies at ``member`` until the next is asked."""
    for path in sorted(folder.rglob("*")):
        if path.is_symlink() or not path.is_file():
            continue
        name = path.relative_to(folder).as_posix()
        if path.suffix.lower() not in ARCHIVES or not zipfile.is_zipfile(path):
            yield path, name
            continue
        with zipfile.ZipFile(path) as archive:
            for inside in sorted(archive.namelist()):
                if _is_music(inside):
                    with archive.open(inside) as source, member.open("wb") as target:
                        shutil.copyfileobj(source, target)
                    yield member, f"{name}/{inside}"


def _is_music(name: str) -> bool:
    suffix = PurePosixPath(name).suffix.lower()
    return suffix in AUDIO_EXTENSIONS | MODULES | MIDI and not NO_MUSIC.search(f"/{name}")


def _keep(path: Path, name: str, folder: Path, known: set[str]) -> bool:
    """Move a file into ``folder`` if it is music that is not there yet."""
    if not _is_music(name):
        return False
    suffix = PurePosixPath(name).suffix.lower()
    if suffix in AUDIO_EXTENSIONS and not _long_enough(path):
        return False
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    if digest in known:
        return False
    known.add(digest)
    shutil.move(path, folder / f"{PurePosixPath(name).stem}.{digest[:8]}{suffix}")
    return True


def _long_enough(path: Path) -> bool:
    try:
        return bool(soundfile.info(path).duration >= SHORTEST_SECONDS)
    except soundfile.LibsndfileError:
        return False
