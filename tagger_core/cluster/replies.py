"""What the answers of workers mean for the run: an exception of ours for each that is not a result.

Contents: ``readiness_of``, ``refused``, ``error_of``.
"""

from tagger_core.cluster.messages import Failed, Readiness, decode_readiness
from tagger_core.domain import FileStamp, Track
from tagger_core.errors import AudioError, ClusterError, DeviceError, FileError


def readiness_of(address: str, answer: bytes | Exception | None) -> Readiness | None:
    """What a worker said; ``None`` if it said nothing. Raises ``ClusterError``."""
    if isinstance(answer, bytes):
        return decode_readiness(answer)
    if answer is None or isinstance(answer, OSError):
        return None
    raise refused(f"worker {address}", answer)


def refused(who: str, why: str | Exception) -> ClusterError:
    """Exceptions are those of Dask when it tries to find our functions there; they come in many kinds."""
    if isinstance(why, Exception):
        first_line = (str(why).strip().splitlines() or [type(why).__name__])[0]
        why = f"it cannot run this Earmark ({first_line}); install the same everywhere"
    return ClusterError(f"the {who} cannot take part: {why}")


def error_of(track: Track, answer: Failed) -> Exception:
    """What ``track_inference.listen`` would have raised here."""
    match answer.kind:
        case "audio":
            return AudioError(track.path, answer.reason)
        case "file":
            return FileError(track.path, answer.reason)
        case "unseen":
            return FileError(track.path, _why_unseen(track, answer))
        case "device":
            return DeviceError(f"{answer.worker}: {answer.reason}")
        case "bug":
            error = RuntimeError(answer.reason)
            error.add_note(answer.details)
            return error


def _why_unseen(track: Track, answer: Failed) -> str:
    """Either the file is not what it was, or the worker looks at another place."""
    try:
        unchanged = FileStamp.of(track.path.stat()) == track.stamp
    except OSError:
        unchanged = False
    if not unchanged:
        return "it was changed or taken away since it was found; run again"
    return f"the worker {answer.worker} {answer.reason}; workers must see the same files at the same paths"
