"""What the calendars of a tree ask of a change at a moment, worked out a second time (docs/protocol.md, "Calendars").

Shares no code with the server. Needs Python 3.11 and the time zones of the machine.

    python3 calendars.py <file>

reads a list of {"zone", "entry", "moments"} as JSON from the file and prints for each of them, in a line, whether the entry
goes on at each moment: 1 or 0.
"""

import json
import re
import sys
from datetime import date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

from manifest_check import merged

WEEK = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]
YEARS_COUNTED = 100


# --- When an entry goes on --------------------------------------------------------------------------------------------


def instant(wall, zone):
    """Of a time that the clock shows twice the first; for one that it skips, the moment at which it skips it."""
    early, late = (wall.replace(tzinfo=zone, fold=fold).astimezone(timezone.utc) for fold in (1, 0))
    if late.astimezone(zone).replace(tzinfo=None) == wall:
        return late
    offset = early.astimezone(zone).utcoffset()
    while late - early > timedelta(seconds=1):
        middle = early + timedelta(seconds=int((late - early).total_seconds()) // 2)
        if middle.astimezone(zone).utcoffset() == offset:
            early = middle
        else:
            late = middle
    return late


def wall_clock(value, days_later):
    text = str(value)
    if "T" in text:
        return datetime.fromisoformat(text)
    return datetime.combine(date.fromisoformat(text) + timedelta(days=days_later), datetime.min.time())


class Rule:
    """The days on which something begins: the parts of an RRULE that are read."""

    def __init__(self, first, text):
        parts = dict(part.split("=") for part in text.split(";"))
        self.first = first
        self.frequency = parts["FREQ"]
        self.interval = int(parts.get("INTERVAL", 1))
        self.count = int(parts["COUNT"]) if "COUNT" in parts else None
        self.until = datetime.strptime(parts["UNTIL"], "%Y%m%d").date() if "UNTIL" in parts else date.max
        self.months = [int(month) for month in parts.get("BYMONTH", "").split(",") if month]
        self.month_days = [int(day) for day in parts.get("BYMONTHDAY", "").split(",") if day]
        self.days = [(int(day[:-2] or 0), WEEK.index(day[-2:])) for day in parts.get("BYDAY", "").split(",") if day]
        if self.count is not None:
            self.until = self.last_counted()

    def last_counted(self):
        day, last, left = self.first, self.first, self.count - 1
        horizon = add_months(self.first, 12 * YEARS_COUNTED)
        while left and day + timedelta(days=1) < horizon:
            day += timedelta(days=1)
            if self.fits(day):
                last, left = day, left - 1
        return last

    def begins(self, day):
        return day == self.first or (self.first < day <= self.until and self.fits(day))

    def fits(self, day):
        if self.months and day.month not in self.months:
            return False
        return self.periods(day) % self.interval == 0 and self.fits_day(day)

    def periods(self, day):
        if self.frequency == "DAILY":
            return (day - self.first).days
        if self.frequency == "WEEKLY":
            return (monday(day) - monday(self.first)).days // 7
        years = day.year - self.first.year
        return years if self.frequency == "YEARLY" else 12 * years + day.month - self.first.month

    def fits_day(self, day):
        if self.days or self.month_days:
            in_month = not self.month_days or {day.day, day.day - days_in(day) - 1} & set(self.month_days)
            return bool(in_month) and (not self.days or any(self.fits_weekday(day, *wanted) for wanted in self.days))
        if self.frequency == "WEEKLY":
            return day.weekday() == self.first.weekday()
        if self.frequency == "MONTHLY":
            return day.day == self.first.day
        if self.frequency == "YEARLY":
            return day.day == self.first.day and (bool(self.months) or day.month == self.first.month)
        return True

    def fits_weekday(self, day, nth, weekday):
        if day.weekday() != weekday:
            return False
        if self.frequency == "YEARLY" and not self.months:
            first, last = date(day.year, 1, 1), date(day.year, 12, 31)
        else:
            first, last = day.replace(day=1), day.replace(day=days_in(day))
        before, behind = (day - first).days // 7 + 1, (last - day).days // 7 + 1
        return nth == 0 or nth == before or nth == -behind


def monday(day):
    return day - timedelta(days=day.weekday())


def days_in(day):
    return (add_months(day.replace(day=1), 1) - day.replace(day=1)).days


def add_months(day, months):
    """The same day of a later month, or its last one if it has no such day."""
    year, month = divmod(12 * day.year + day.month - 1 + months, 12)
    for number in range(day.day, 27, -1):
        try:
            return date(year, month + 1, number)
        except ValueError:
            pass
    return date(year, month + 1, day.day)


class Entry:
    """A window or a freeze."""

    def __init__(self, spec, zone):
        self.name = spec["name"]
        self.match = spec.get("match") or {}
        self.zone = zone
        self.start = wall_clock(spec["from"], 0)
        self.rule = Rule(self.start.date(), spec["recurrence"]) if spec.get("recurrence") else None
        self.skipped = {date.fromisoformat(str(day)) for day in spec.get("except") or []}
        if spec.get("until") is not None:
            self.end, self.span = wall_clock(spec["until"], 1), None
            self.longest = (self.end.date() - self.start.date()).days
        else:
            found = re.fullmatch(
                r"P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?", spec["duration"])
            years, months, weeks, days, hours, minutes, seconds = (int(part or 0) for part in found.groups())
            exact = timedelta(hours=hours, minutes=minutes, seconds=seconds)
            self.end, self.span = None, (12 * years + months, 7 * weeks + days, exact)
            self.longest = 31 * self.span[0] + self.span[1] + exact.days

    def begins(self, day):
        starts = self.rule.begins(day) if self.rule else day == self.start.date()
        return starts and day not in self.skipped

    def occurrence(self, day):
        start = instant(datetime.combine(day, self.start.time()), self.zone)
        if self.span is None:
            wall = datetime.combine(day + (self.end.date() - self.start.date()), self.end.time())
            return start, instant(wall, self.zone)
        months, days, exact = self.span
        if not months and not days:
            return start, start + exact
        wall = datetime.combine(add_months(day, months) + timedelta(days=days), self.start.time())
        return start, instant(wall, self.zone) + exact

    def holds(self, time):
        """Whether it goes on: its first moment belongs to it, its end does not."""
        day = time.astimezone(self.zone).date() + timedelta(days=1)
        for _ in range(self.longest + 12):
            if day < self.start.date():
                return False
            if self.begins(day):
                start, end = self.occurrence(day)
                if start <= time < end:
                    return True
            day -= timedelta(days=1)
        return False


# --- What a change touches --------------------------------------------------------------------------------------------


def fits(patterns, names):
    """Whether any of the names fits any of the patterns; no patterns fit all."""
    return not patterns or any(glob(pattern).fullmatch(name) for pattern in patterns for name in names)


def glob(pattern):
    parts = re.findall(r"\*\*|.", pattern, re.DOTALL)
    return re.compile("".join({"**": ".*", "*": "[^/]*", "?": "[^/]"}.get(p, re.escape(p)) for p in parts), re.DOTALL)


class Touch:
    """A path as one document speaks for it."""

    def __init__(self, path, document=None, targets=()):
        spec = document["spec"] if document else {}
        system = bool(document) and document["kind"] == "SystemConfig"
        places = [spec, *(target["spec"] for target in targets)]
        self.path = path
        self.environments = {place["environment"] for place in places if place.get("environment")}
        self.systems = [document["metadata"]["name"]] if system else []
        self.targets = [target["metadata"]["name"] for target in targets]
        self.calendar = spec.get("calendar") if system else None

    def is_within(self, match):
        environments = match.get("environments")
        return (
            (not environments or bool(self.environments & set(environments)))
            and fits(match.get("systems"), self.systems)
            and fits(match.get("targets"), self.targets)
            and fits(match.get("paths"), [self.path]))


class Side:
    """One of the two trees of a change."""

    def __init__(self, clone, tree):
        self.clone = clone
        self.tree = tree

    def find(self, path):
        return self.clone.document(self.tree, path) if self.clone.find(self.tree, path) else None

    def touches(self, path):
        found = []
        for document in self.speaking_for(path):
            if document["kind"] == "Target":
                found.append(Touch(path, document, [document]))
                name = document["metadata"]["name"]
                found += [Touch(path, s, [document]) for s in self.systems() if name in (s["spec"].get("targets") or [])]
            else:
                names = document["spec"].get("targets") or [] if document["kind"] == "SystemConfig" else []
                targets = [self.find(f"targets/{name}.yaml") for name in names]
                found.append(Touch(path, document, [target for target in targets if target]))
        return found

    def speaking_for(self, path):
        parts = path.split("/")
        if parts[0] == "systems" and len(parts) > 3 and parts[2] == "files":
            return [system for _, system in self.family(parts[1])]
        if not path.endswith(".yaml"):
            return []
        if parts[0] == "systems" and len(parts) == 3:
            return [system for at, system in self.family(parts[1]) if at == path or path in self.bases(at)]
        document = self.find(path)
        speaking = [document] if document else []
        if parts[0] == "packages" and len(parts) == 2:
            name = parts[1].removesuffix(".yaml")
            speaking += [s for s in self.systems() if name in (s["spec"].get("packages") or [])]
        return speaking

    def systems(self):
        for folder in self.clone.folder(self.tree, "systems"):
            if self.clone.find(self.tree, folder)[0] == "040000":
                yield from (system for _, system in self.family(folder.split("/")[1]))

    def family(self, name):
        """Path and document, put over its bases, of each system of a family."""
        for path in self.clone.folder(self.tree, f"systems/{name}"):
            if path.endswith(".yaml"):
                document = self.find(path)
                if document["kind"] == "SystemConfig":
                    yield path, document | {"spec": self.whole(path, document["spec"])}

    def bases(self, path):
        """Paths of the systems that one is put over."""
        spec = (self.find(path) or {}).get("spec") or {}
        while spec.get("base"):
            path = path.rsplit("/", 1)[0] + f"/{spec['base']}.yaml"
            yield path
            spec = self.find(path)["spec"]

    def whole(self, path, spec):
        if not spec.get("base"):
            return spec
        base = path.rsplit("/", 1)[0] + f"/{spec['base']}.yaml"
        under = self.whole(base, self.find(base)["spec"])
        own = {name: value for name, value in spec.items() if name != "base"}
        return merged("/spec", own, {name: value for name, value in under.items() if name != "abstract"})


# --- What is asked ----------------------------------------------------------------------------------------------------


def asked(clone, before, after, request, paths, time):
    """The requirements of the calendars of before, by name: the spec of the calendar that holds the change up, or None."""
    calendars = [clone.document(before, path) for path in clone.folder(before, "calendar") if path.endswith(".yaml")]
    touched = list(touches(clone, before, after, request, paths)) if calendars else []
    found = {}
    for calendar in calendars:
        spec, name = calendar["spec"], calendar["metadata"]["name"]
        bound = [touch for touch in touched if touch.calendar == name or touch.is_within(spec.get("match") or {})]
        zone = ZoneInfo(spec["timeZone"])
        freezes, windows = ([Entry(one, zone) for one in spec.get(part) or []] for part in ("freezes", "windows"))
        about = [freeze for freeze in freezes if any(touch.is_within(freeze.match) for touch in bound)]
        holding = [freeze for freeze in about if freeze.holds(time)]
        found.update({f"change-freeze/{name}/{freeze.name}": spec for freeze in holding})
        if about and not holding:
            found[f"change-freeze/{name}"] = None
        sets = [[w for w in windows if touch.is_within(w.match)] for touch in bound]
        if any(sets):
            is_open = all(any(window.holds(time) for window in some) for some in sets if some)
            found[f"maintenance-window/{name}"] = None if is_open else spec
    return found


def touches(clone, before, after, request, paths):
    sides = [Side(clone, before), Side(clone, after)]
    for path in paths:
        if path != request and not path.startswith("calendar/"):
            yield from [touch for side in sides for touch in side.touches(path)] or [Touch(path)]


def main(file):
    with open(file, encoding="utf-8") as opened:
        cases = json.load(opened)
    for case in cases:
        entry = Entry(case["entry"], ZoneInfo(case["zone"]))
        print("".join("1" if entry.holds(datetime.fromisoformat(moment)) else "0" for moment in case["moments"]))


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])
