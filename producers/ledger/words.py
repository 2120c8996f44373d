"""Refusals and reasons of payouts, in the reader's words."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from producers.domain import payout as rule
from producers.ledger import payouts
from producers.ledger.due import Due

LEFT_OUT = {
    rule.NO_ACCOUNT: gettext_lazy("No pay account on record"),
    rule.NOT_CONFIRMED: gettext_lazy("Nobody has confirmed her pay account"),
    rule.WAITING: gettext_lazy("A line of hers for this month is still to be paid"),
    rule.PREPARED: gettext_lazy("Stands in a payout that waits for approval"),
}
# What somebody must do something about.
TO_MEND = (rule.NO_ACCOUNT, rule.NOT_CONFIRMED)


def why_left_out(due: Due) -> str:
    return str(LEFT_OUT[due.reason])


def refusal_words(refusal: payouts.Refused) -> str:
    """What did not happen, and what to do."""
    if isinstance(refusal, payouts.LineSettled):
        line = refusal.line
        return _("The line of %(maker)s was settled before: %(state)s.") % {
            "maker": line.maker,
            "state": line.get_state_display(),
        }
    if isinstance(refusal, payouts.ReferenceTaken):
        line = refusal.line
        return _(
            "This bank reference stands on the line of %(maker)s, payout %(payout)s."
        ) % {"maker": line.maker, "payout": line.payout.reference}
    if isinstance(refusal, payouts.AccountsChanged):
        between = pgettext("between names", ", ")
        return _(
            "The pay account of %(makers)s was closed since the payout was prepared. "
            "Withdraw it and prepare it anew."
        ) % {"makers": between.join(str(maker) for maker in refusal.makers)}
    if isinstance(refusal, payouts.NoLongerDue):
        between = pgettext("between names", ", ")
        return _(
            "Pay of %(makers)s was corrected since the payout was prepared. "
            "Withdraw it and prepare it anew."
        ) % {"makers": between.join(str(maker) for maker in refusal.makers)}
    if isinstance(refusal, payouts.NotPrepared):
        state = payouts.Payout.State(refusal.state).label
        return _("The payout is no longer to be approved: %(state)s.") % {
            "state": state
        }
    return str(PLAIN[type(refusal)])


PLAIN = {
    payouts.PreparedByYou: gettext_lazy(
        "You prepared this payout, so somebody else must approve it."
    ),
    payouts.NotApproved: gettext_lazy("The payout must be approved first."),
    payouts.ReferenceMissing: gettext_lazy("The bank’s reference is missing."),
    payouts.NoReason: gettext_lazy("Write the reason in a few words."),
    payouts.AlreadyPrepared: gettext_lazy(
        "A payout of this base and month waits for approval already."
    ),
    payouts.NothingToPay: gettext_lazy("Nobody can be paid here for this month."),
}
