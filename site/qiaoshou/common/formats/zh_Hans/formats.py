"""Days as Chinese says them; Django's own format would write 09月9日."""

MONTH_DAY_FORMAT = "n月j日"
