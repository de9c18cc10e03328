"""The room's verbs: writing a round, deciding on it, letting it rule, taking it back."""

from ordering.rounds.services.deciding import DecideRound, decide_round, submit_round
from ordering.rounds.services.drafting import (
    ChangeRound,
    FillRound,
    Head,
    Put,
    PutLines,
    change_round,
    draft_round,
    fill_round,
    put_lines,
)
from ordering.rounds.services.publishing import publish_round, revert_round, withdraw_round
from ordering.rounds.services.returning import return_list

__all__ = [
    "ChangeRound",
    "DecideRound",
    "FillRound",
    "Head",
    "Put",
    "PutLines",
    "change_round",
    "decide_round",
    "draft_round",
    "fill_round",
    "publish_round",
    "put_lines",
    "return_list",
    "revert_round",
    "submit_round",
    "withdraw_round",
]
