"""Every reason is true and has its words, in both languages."""

import pytest

from benchmarks.allocation.instances import network
from orders.domain.allocation import Reason, plan, why
from orders.domain.allocation.reasons import FACTS
from orders.domain.allocation.sentences import HERS, LATE, chinese, in_words, sentence

from .recheck import Afterwards, false_choice, false_reason, pairs
from .villages import village


def test_every_reason_of_small_networks_is_true():
    told = set()
    for seed in range(150):
        problem = village(seed)
        result = plan(problem)
        after = Afterwards(problem, result)
        for share in result.shares:
            told.add(share.reason.code)
            assert tuple(share.reason.facts) == FACTS[share.reason.code]
            assert not false_choice(after, share.job, share.maker, share.reason), seed
        for job in problem.jobs:
            for maker in problem.makers:
                if maker.id in after.holders[job.id]:
                    continue
                reason = why(problem, result, job=job.id, maker=maker.id)
                told.add(reason.code)
                assert tuple(reason.facts) == FACTS[reason.code]
                assert not false_reason(after, job.id, maker.id, reason), (seed, reason)
    assert told >= {"CHOSEN", "FIT", "KEPT", "NOT_CERTIFIED", "DECLINED", "HOURS"}
    assert told >= {"BASE_NOT_ALLOWED", "BASE_FULL", "LEVEL", "LEVEL_AFTER", "PARCEL"}


@pytest.mark.parametrize("seed", [3, 5])
def test_at_the_size_of_a_district_nobody_lacks_a_true_reason(seed):
    problem = network("S", seed)
    result = plan(problem)
    after = Afterwards(problem, result)
    for share in result.shares:
        assert not false_choice(after, share.job, share.maker, share.reason)
    for job, maker in pairs(after, [job.id for job in problem.jobs]):
        reason = why(problem, result, job=job, maker=maker)
        assert not false_reason(after, job, maker, reason)
        if reason.code in ("BUDGET", "LOT"):
            assert not after.fairer_move(job, maker)


def test_every_sentence_has_chinese_with_the_same_placeholders():
    for message in (*HERS.values(), *LATE.values()):
        names = {part.split(")")[0] for part in message.split("%(")[1:]}
        zh = {part.split(")")[0] for part in chinese()[message].split("%(")[1:]}
        assert names == zh, message


def test_the_codes_of_sentences_and_facts_are_the_same():
    assert HERS.keys() | LATE.keys() == FACTS.keys()


SAID = [
    (
        Reason("HOURS", {"free": 205, "lot": 230, "due": "2026-03-09"}),
        "Until 2026-03-09 you have 3.4 hours free; the smallest part of this work"
        " takes 3.9 hours.",
        "2026-03-09 前您还空 3.4 小时，这批活最少一份要 3.9 小时。",
    ),
    (
        Reason("NOT_CERTIFIED", {"craft": "满绣", "grade": 2, "holds": 0}),
        "This work needs 满绣 at grade 2, and you hold no certificate for it yet.",
        "这批活要满绣 2 级，您还没有这门手艺的证。",
    ),
    (
        Reason("LEVEL", {"level": 205_000, "highest": 180_000}),
        "You stand at 12.30 yuan for each hour you asked for; everyone who got this"
        " work stands at 10.80 yuan or less.",
        "您报的每小时已合 12.30 元，派到这批活的人都不超过 10.80 元。",
    ),
]


@pytest.mark.parametrize(("reason", "english", "zh"), SAID)
def test_a_reason_is_told_in_plain_words(reason, english, zh):
    assert in_words(reason, language="en") == english
    assert in_words(reason, language="zh-hans") == zh


def test_a_base_is_called_by_its_name():
    reason = Reason("PARCEL", {"base": 12})
    message, facts = sentence(reason, {"base": "Dongsheng"})
    assert (message % facts).startswith("It would take one more parcel, from Dongsheng")


def test_a_late_reason_speaks_of_everybody():
    reason = Reason("NO_MAKER", {"craft": "麦秸画", "grade": 1})
    assert in_words(reason, late=True) == "没有人有麦秸画 1 级。"
