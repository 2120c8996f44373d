"""Deeds that begin in the same moment, each in a thread with its own connection."""

import threading

from django.db import connections


def at_once(*deeds, refusals):
    """What each deed returned, or the name of its refusal, in the order given.

    Any other exception ends its thread and leaves None, which no test expects.
    """
    start = threading.Barrier(len(deeds))
    met = [None] * len(deeds)

    def run(place, deed):
        try:
            start.wait(timeout=60)
            met[place] = deed()
        except refusals as refusal:
            met[place] = type(refusal).__name__
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(deeds)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    return met
