"""The everyday place of the flags. Every change goes through the services, so none is without its audit."""

from featureflags.admin.flags import FlagAdmin
from featureflags.admin.history import FlagChangeAdmin
from featureflags.admin.overrides import FlagOverrideAdmin
from featureflags.admin.people import GroupsAdmin, PeopleAdmin
from featureflags.admin.ramps import RampPlanAdmin
from featureflags.admin.schedule import ScheduledChangeAdmin

__all__ = [
    "FlagAdmin",
    "FlagChangeAdmin",
    "FlagOverrideAdmin",
    "GroupsAdmin",
    "PeopleAdmin",
    "RampPlanAdmin",
    "ScheduledChangeAdmin",
]
