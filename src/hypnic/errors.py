"""The one exception that is the user's to fix: a sentence, never a traceback."""


class HypnicError(Exception):
    """Something the user can put right; the message is one line naming the thing and the remedy."""
