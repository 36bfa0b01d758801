"""The one exception that is the user's to fix: a sentence, never a traceback."""


class HypnicError(Exception):
    """Something the user can put right; the message is one line naming the thing and the remedy.

    `reason` is one word for it where a table of results says why a number is missing: see
    `hypnic.schemas.estimates.REASONS`. It holds no value, level or count of the data; the message may.
    """

    def __init__(self, message: str = "", *, reason: str = "unsuitable") -> None:
        super().__init__(message)
        self.reason = reason
