"""Background jobs of accounts; each reads the state again when it runs."""

from procrastinate.contrib.django import app


@app.periodic(cron="5 16 * * *")
@app.task(name="mirror_grants", queueing_lock="mirror_grants")
def mirror_grants(timestamp: int) -> None:
    """Grants that begin today are in Wagtail's groups; those that ended are not.

    The queue's clock is UTC: five past midnight in Shanghai.
    """
    from qiaoshou.accounts.office_groups import mirror
    from qiaoshou.common.today import today

    mirror(today())
