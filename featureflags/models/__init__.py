"""The stored side of the flags."""

from featureflags.models.flags import Flag, FlagOverride, Kind, new_salt
from featureflags.models.history import FlagChange, Source
from featureflags.models.ramps import Guardrail, RampPlan, RampStep
from featureflags.models.schedule import ScheduledChange
from featureflags.models.state import AppliedEnvironment, FlagVersion, ProcessVersion

__all__ = [
    "AppliedEnvironment",
    "Flag",
    "FlagChange",
    "FlagOverride",
    "FlagVersion",
    "Guardrail",
    "Kind",
    "ProcessVersion",
    "RampPlan",
    "RampStep",
    "ScheduledChange",
    "Source",
    "new_salt",
]
