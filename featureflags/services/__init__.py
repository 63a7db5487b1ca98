"""Every write of a flag. Whatever is changed here is audited, versioned and seen by every process within a second."""

from featureflags.services.changes import change_flag, create_flag, kill_flag, recorded_change
from featureflags.services.environment import apply_environment
from featureflags.services.overrides import remove_overrides, set_override
from featureflags.services.ramps import Rule, Step, create_ramp, pause_ramp, resume_ramp, start_ramp
from featureflags.services.revert import revert_change
from featureflags.services.schedule import apply_scheduled, cancel_scheduled, schedule_change
from featureflags.services.seeds import ensure_flags
from featureflags.services.sync import export_flags, sync_flags

__all__ = [
    "Rule",
    "Step",
    "apply_environment",
    "apply_scheduled",
    "cancel_scheduled",
    "change_flag",
    "create_flag",
    "create_ramp",
    "ensure_flags",
    "export_flags",
    "kill_flag",
    "pause_ramp",
    "recorded_change",
    "remove_overrides",
    "resume_ramp",
    "revert_change",
    "schedule_change",
    "set_override",
    "start_ramp",
    "sync_flags",
]
