"""The last character of a person's code: told from the others, so that a slip of the pen or of two fingers is seen.

It is Luhn's check over the 32 characters of a code ("Luhn mod N"): every wrong character is found, and every two
neighbours that changed places, but for `a` and `7`.
"""

from __future__ import annotations

import random
import secrets

ALPHABET = "abcdefghijklmnopqrstuvwxyz234567"
LENGTH = 16  # characters after `p_`, the check among them
SYSTEM = secrets.SystemRandom()


def person_code(draw: random.Random = SYSTEM) -> str:
    """Draw a participant's token whose last character checks the others: nothing of the participant is in it.

    >>> checks(person_code())
    True
    """
    drawn = "".join(draw.choices(ALPHABET, k=LENGTH - 1))
    return next(code for last in ALPHABET if checks(code := f"p_{drawn}{last}"))


def checks(code: str) -> bool:
    """Tell whether the last character of a token goes with the others.

    >>> checks("p_aaaaaaaaaaaaaaba"), checks("p_aaaaaaaaaaaaaab6")
    (False, True)
    """
    places = [ALPHABET.index(letter) for letter in code.removeprefix("p_")]
    doubled = [2 * place - 31 * (place // 16) for place in places[-2::-2]]
    return (sum(doubled) + sum(places[-1::-2])) % len(ALPHABET) == 0


def in_xpath() -> str:
    """Say the same of the answer `.` as a form's constraint does, in the XPath of XForms."""
    terms = []
    for number in range(LENGTH):
        place = f"string-length(substring-before('{ALPHABET}', substr(., {number + 2}, {number + 3})))"
        terms.append(place if number % 2 else f"2 * {place} - 31 * int({place} div 16)")
    return f"({' + '.join(terms)}) mod 32 = 0"
