"""How submissions that asked differently are grouped, and how groups are put together: part of what is frozen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hypnic.analysis.studies.estimands import Estimand


@dataclass(frozen=True)
class Grouping:
    """The rule: parts that asked for the same columns of an estimand are one group, and groups are combined.

    `part` names the column of what a row came with. `alike` are the facts of an estimand whose columns must all have
    been asked for, or not, for two parts to be of one group; a part that did not ask for those of `needed` is in none.
    Groups have one random-effects mean, with the variance between them after `variance`; from `spread_from` groups on
    its limits are those of `limits`, with fewer they come from the groups' own errors.
    """

    part: str = "submission"
    needed: tuple[str, ...] = ("column",)
    alike: tuple[str, ...] = ("column", "adjustment")
    variance: str = "Paule-Mandel"
    spread_from: int = 3
    limits: str = "Hartung-Knapp-Sidik-Jonkman"

    def columns(self, estimand: Estimand, facts: tuple[str, ...]) -> list[str]:
        """List the columns that some facts of an estimand name.

        >>> from hypnic.analysis.studies.specification import estimands
        >>> GROUPING.columns(estimands("survey")[0], GROUPING.needed)
        ['caffeine_usual_mg']
        """
        named = (getattr(estimand, fact) for fact in facts)
        return [column for some in named for column in ([some] if isinstance(some, str) else some)]


GROUPING = Grouping()
