"""The sheet on which a rule writes what it weighed: reasons, missing facts, priority; then the finding. Pure."""

from __future__ import annotations

from datetime import date

from geo.facts import Coverage, Register, RegisterState
from rules.finding import Figure, Finding, Reason, Verdict, weigh
from rules.ordinances import RuleLaw
from rules.site_facts import SiteFacts


class Sheet:
    """One check of one rule. ``note`` and ``lack`` return nothing; the three verdict methods return the verdict."""

    def __init__(self, facts: SiteFacts, law: RuleLaw) -> None:
        self.facts, self.law = facts, law
        self._reasons: list[Reason] = []
        self._missing: list[str] = []

    def note(self, code: str, met: bool | None, **values: Figure) -> None:
        """One condition that was weighed, with its figures."""
        self._reasons.append(weigh(code, met, **values))

    def lack(self, *codes: str) -> None:
        """Facts that are not to be had; each is named once."""
        self._missing.extend(code for code in codes if code not in self._missing)

    def compliant(self, code: str, **values: Figure) -> Verdict:
        """Decided by ``code``: nothing against the ordinance."""
        self.note(code, True, **values)
        return Verdict.COMPLIANT

    def flagged(self, code: str, **values: Figure) -> Verdict:
        """Decided by ``code``: a suspicion that needs a person's eye."""
        self.note(code, False, **values)
        return Verdict.FLAGGED

    def undetermined(self, code: str, *missing: str, **values: Figure) -> Verdict:
        """``code`` could not be judged; ``missing`` says what would settle it."""
        self.note(code, None, **values)
        self.lack(*missing)
        return Verdict.UNDETERMINED

    def has(self, code: str) -> bool:
        """Whether a condition was weighed."""
        return any(reason.code == code for reason in self._reasons)

    def met(self, code: str) -> bool | None:
        """How a weighed condition came out; None also when it was not weighed."""
        return next((reason.met for reason in self._reasons if reason.code == code), None)

    def no_data(self, register: Register) -> Verdict:
        """A register without data here: never read as "no"."""
        return self.undetermined("register_no_data", f"register_{register.value}", register=register.value)

    def close(self, rule_code: str, use: str, verdict: Verdict, priority: tuple[int, tuple[str, ...]]) -> Finding:
        """The finding, with what holds of every one: an assumed time and generated registers are said."""
        if not self.facts.at_is_known:
            self.note("time_from_receipt", None, on=self.facts.local_on.isoformat())
            self.lack("captured_at")
        return Finding(
            rule_code=rule_code,
            use=use,
            verdict=verdict,
            reasons=tuple(self._reasons),
            missing=tuple(self._missing),
            citation=self.law.citation,
            priority=priority[0],
            priority_reasons=priority[1],
        )


def no_law(rule_code: str, use: str, facts: SiteFacts, version: str) -> Finding:
    """The answer where the city has no law on record for this rule on this day."""
    reason = weigh("law_at_date", None, on=facts.local_on.isoformat(), law=version[:12])
    return Finding(rule_code, use, Verdict.UNDETERMINED, (reason,), ("law_at_date",), None)


def register_state(facts: SiteFacts, register: Register) -> Coverage:
    """What one register could say; ``no_data`` where the place itself is not known."""
    return facts.place.coverage(register) if facts.place is not None else Coverage.NO_DATA


def newest_source(facts: SiteFacts, register: Register) -> date | None:
    """Date of the newest data of a register at this place; None where no source says."""
    states: tuple[RegisterState, ...] = facts.place.registers if facts.place is not None else ()
    dates = [s.source_on for state in states if state.register is register for s in state.sources if s.source_on]
    return max(dates, default=None)
