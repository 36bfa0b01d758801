"""The one exception that is the user's to fix: a sentence, never a traceback."""


class HypnicError(Exception):
    """Something the user can put right; the message is one line naming the thing and the remedy.

    `reason` is one word for it where a table of results says why a number is missing: see
    `hypnic.schemas.estimates.REASONS`. It holds no value, level or count of the data; the message may.
    """

    def __init__(self, message: str = "", *, reason: str = "unsuitable") -> None:
        super().__init__(message)
        self.reason = reason


def reason(error: BaseException) -> str:
    """Say why a file could not be written or read, without its path.

    >>> reason(OSError(28, "No space left on device"))
    'No space left on device'
    """
    if strerror := getattr(error, "strerror", None):
        return str(strerror)
    while error.args and isinstance(error.args[0], list | tuple) and error.args[0]:  # of the files of a folder, in turn
        error = OSError(*error.args[0][-1:])
    said = str(error).partition(": '")[0]
    return "No space left on device" if "No space left" in said else said or "unknown"
