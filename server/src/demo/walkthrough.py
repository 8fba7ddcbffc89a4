"""The whole story, played against a real server: every step has its effect, or the play ends with what was seen."""

import subprocess
import time

from proof import Proof
from road import Road
from shop import Unexpected


class Play(Road, Proof):
    """All acts."""


def steps():
    """Every step with its number, in the order of the play."""
    named = [(tuple(map(int, name.split("_")[1:])), name) for name in dir(Play) if name.startswith("step_")]
    return [(".".join(map(str, number)), name) for number, name in sorted(named)]


def play(folder):
    """Plays it all. The exit code: 0 only if every step had its effect."""
    part = Play(folder)
    begin = time.monotonic()
    number, what = "0", "the shop is founded and served"
    try:
        part.shop.found()
        part.shop.start()
        for number, name in steps():
            step = getattr(part, name)
            what = step.__doc__
            detail = step()
            print(f"ok  {number:<4} {what}" + (f": {detail}" if detail else ""), flush=True)
    except (Unexpected, OSError, LookupError, ValueError, subprocess.TimeoutExpired) as failure:
        expected = failure.expected if isinstance(failure, Unexpected) else "the step to run to its end"
        seen = failure.seen if isinstance(failure, Unexpected) else repr(failure)
        print(f"NOT {number:<4} {what}\n  expected: {expected}\n  seen:     {seen}", flush=True)
        print(f"  the server's output is in {folder / 'server.log'}", flush=True)
        return 1
    finally:
        if part.shop.process is not None:
            part.shop.stop()
    print(f"all {len(steps())} steps had their effect, in {time.monotonic() - begin:.0f} s")
    return 0
