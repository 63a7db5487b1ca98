"""Every write of a flag. Whatever is changed here is audited, versioned and seen by every process within a second."""

from featureflags.services.changes import change_flag, create_flag, kill_flag, recorded_change
from featureflags.services.environment import apply_environment
from featureflags.services.overrides import remove_override, set_override
from featureflags.services.revert import revert_change
from featureflags.services.seeds import ensure_flags
from featureflags.services.sync import export_flags, sync_flags

__all__ = [
    "apply_environment",
    "change_flag",
    "create_flag",
    "ensure_flags",
    "export_flags",
    "kill_flag",
    "recorded_change",
    "remove_override",
    "revert_change",
    "set_override",
    "sync_flags",
]
