"""A second reviewer's opinion on a flag that was decided: nothing moves, the disagreement shows."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.utils import timezone

from cases.lifecycle import DismissReason
from cases.models import FlagOpinion
from cases.permissions import may_decide_flag, read_rights, require
from cases.roles import FLAG_DECIDERS
from errors import Conflict, InputError, NotAllowed, NotFound
from rules.finding import FlagState
from rules.models import Flag, FlagEvent

DECIDED = (FlagState.ACCEPTED.value, FlagState.DISMISSED.value)


def give_opinion(flag_id: UUID, says: str, *, by: AbstractBaseUser, label: str = "") -> FlagOpinion:
    """Agree or disagree with a decision. NotAllowed for who decided; Conflict while nobody has, or after one's own word."""
    if says not in DECIDED:
        raise InputError(
            "An opinion is a yes or a no.", field="says", value=says, cure=f"One of: {', '.join(DECIDED)}."
        )
    if says == FlagState.DISMISSED and label not in set(DismissReason):
        labels = ", ".join(DismissReason)
        raise InputError("A no needs one of the labels.", field="label", value=label, cure=f"One of: {labels}.")
    with transaction.atomic():
        flag = Flag.objects.select_for_update(no_key=True, of=("self",)).filter(pk=flag_id).first()
        if flag is None:
            raise NotFound("No such flag.", field="flag", value=flag_id)
        require("This flag is not yours to judge.", allowed=may_decide_flag(read_rights(by), flag), who=FLAG_DECIDERS)
        name = by.get_username()
        last = FlagEvent.objects.filter(flag=flag, to_state__in=DECIDED).order_by("-id").first()
        if last is None or flag.state not in DECIDED:
            raise Conflict("Nobody has decided this flag yet.", field="flag", value=flag_id, cure="Decide it.")
        if last.actor == name:
            raise NotAllowed("Who decided has no second opinion.", cure="Take the decision back, or ask somebody else.")
        if FlagOpinion.objects.filter(flag=flag, by=name).exists():
            raise Conflict("You gave your opinion already.", field="flag", value=flag_id, cure="It stays as it is.")
        return FlagOpinion.objects.create(
            flag=flag, says=says, label=label if says == FlagState.DISMISSED else "", by=name, at=timezone.now()
        )
