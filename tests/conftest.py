"""What every test stands on: the template database, a browser, the settings."""

pytest_plugins = ["tests.template_database", "tests.shop.payment_double"]
