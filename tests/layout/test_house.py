"""Promises about the layout that a reader relies on."""

import importlib.metadata
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from oscar.core.loading import get_class, get_model

ROOT = Path(settings.ROOT)
PACKAGES = ("site/qiaoshou", "producers", "catalog", "orders")


def python_files() -> list[Path]:
    return [
        path
        for package in PACKAGES
        for path in sorted((ROOT / package).rglob("*.py"))
        if "migrations" not in path.parts
    ]


def test_site_is_a_source_root_and_no_package():
    assert not (ROOT / "site" / "__init__.py").exists()


def test_none_of_our_migrations_lies_in_oscar():
    shipped = {
        str(path)
        for path in importlib.metadata.files("django-oscar")
        if "migrations" in path.parts and path.suffix == ".py"
    }
    folder = Path(str(importlib.metadata.distribution("django-oscar").locate_file("")))
    found = {
        str(path.relative_to(folder))
        for path in (folder / "oscar").rglob("migrations/*.py")
    }
    assert found == shipped


@pytest.mark.parametrize("label", ["partner", "shipping", "order"])
def test_a_fork_keeps_oscars_own_migrations(label):
    module = settings.MIGRATION_MODULES[label]
    assert module == f"oscar.apps.{label}.migrations"


@pytest.mark.parametrize(
    ("label", "model", "package"),
    [
        ("partner", "StockRecord", "catalog.partner"),
        ("shipping", "OrderAndItemCharges", "orders.shipping"),
        ("order", "Order", "orders.order"),
    ],
)
def test_oscar_loads_our_fork(label, model, package):
    assert get_model(label, model)._meta.app_config.name == package


def test_oscar_loads_our_strategy():
    assert get_class("partner.strategy", "Selector").__module__ == (
        "catalog.partner.strategy"
    )


def test_no_package_init_file_holds_code():
    filled = [
        str(path.relative_to(ROOT))
        for path in python_files()
        if path.name == "__init__.py" and path.read_text(encoding="utf-8").strip()
    ]
    assert filled == ["orders/domain/allocation/__init__.py"]


def test_every_file_says_in_its_first_line_what_it_is_for():
    silent = [
        str(path.relative_to(ROOT))
        for path in python_files()
        if path.name != "__init__.py"
        and not path.read_text(encoding="utf-8").startswith('"""')
    ]
    assert silent == []


def test_no_file_is_longer_than_400_lines():
    long = [
        str(path.relative_to(ROOT))
        for path in python_files()
        if len(path.read_text(encoding="utf-8").splitlines()) > 400
    ]
    assert long == []


def test_only_the_gateway_imports_stripe():
    importers = [
        str(path.relative_to(ROOT))
        for path in python_files()
        if any(
            line.startswith(("import stripe", "from stripe"))
            for line in path.read_text(encoding="utf-8").splitlines()
        )
    ]
    assert importers == ["orders/payments/stripe_gateway.py"]


def test_the_models_and_the_migrations_agree(db):
    done = subprocess.run(
        [sys.executable, "manage.py", "makemigrations", "--check", "--dry-run"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


def test_arrows_point_down():
    done = subprocess.run(
        [Path(sys.executable).with_name("lint-imports")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
