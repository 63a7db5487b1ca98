"""What can be wrong with something given to analytics; the docstring is the sentence people read."""


class AnalyticsError(Exception):
    """Analytics could not do that."""

    code = "analytics_error"

    def __init__(self, message: str = "") -> None:
        super().__init__(message or (type(self).__doc__ or "").strip())


class UnknownEventType(AnalyticsError):
    """There is no event type of that name."""

    code = "unknown_event_type"


class InvalidEvent(AnalyticsError):
    """The event's metadata does not fit its type."""

    code = "invalid_event"


class UnknownDataset(AnalyticsError):
    """There is no dataset of that name."""

    code = "unknown_dataset"


class InvalidCursor(AnalyticsError):
    """This cursor is not one of ours; start again without it."""

    code = "invalid_cursor"
