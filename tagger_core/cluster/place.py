"""Where a cluster is: what a person says after ``--cluster``."""

import re
from dataclasses import dataclass

from tagger_core.errors import SettingsError

_ADDRESS = re.compile(r"(tcp|tls|ws|wss)://\S+:\d+")
_LOCAL = re.compile(r"local:([1-9]\d{0,3})")


@dataclass(frozen=True, slots=True)
class ClusterPlace:
    """A scheduler's address such as ``tcp://scheduler:8786``; or, if there is none, processes of this machine."""

    address: str = ""
    local_workers: int = 0

    @classmethod
    def parse(cls, text: str) -> "ClusterPlace":
        """Raises ``SettingsError``."""
        if local := _LOCAL.fullmatch(text):
            return cls(local_workers=int(local[1]))
        if _ADDRESS.fullmatch(text):
            return cls(address=text)
        raise SettingsError(
            f"the cluster {text!r} is neither a scheduler's address such as tcp://scheduler:8786 nor local:N, "
            "which starts N processes here"
        )
