#!/usr/bin/env python3
"""Whether a standard change is what its template allows and says (PROTOCOL section 6), by a program of its own.

    python3 standard_change.py < case.json

A case is {template, request, touched, before, after}: two documents, paths, and two objects of texts by path. Prints a line
for each problem; the exit code is 0 if there is none.
"""

import json
import re
import sys

from manifest_check import Yaml, merged

TRUST_FOLDERS = ("access/", "policies/", "targets/", "calendar/")


def is_trust(path):
    return path == "countersign.yaml" or path.startswith(TRUST_FOLDERS)


class Side:
    """One tree: read(path) gives bytes or None, names(folder) the paths of what lies directly in it."""

    def __init__(self, read, names):
        self.read = read
        self.names = names

    def document(self, path):
        """The document at a path, put over its bases; None if there is none."""
        data = self.read(path) if path.endswith(".yaml") else None
        document = Yaml.parse(data) if data is not None else None
        if not isinstance(document, dict) or document.get("apiVersion") != "countersign.dev/v1":
            return None
        if document["kind"] == "SystemConfig" and document["spec"].get("base"):
            under = self.document(base_of(path, document))["spec"]
            own = {name: value for name, value in document["spec"].items() if name != "base"}
            under = {name: value for name, value in under.items() if name != "abstract"}
            document = document | {"spec": merged("/spec", own, under)}
        return document

    def bases(self, path):
        """The paths of all systems that one is put over."""
        document = Yaml.parse(self.read(path))
        if not document["spec"].get("base"):
            return []
        base = base_of(path, document)
        return [base, *self.bases(base)]

    def systems(self, family):
        found = [(path, self.document(path)) for path in self.names(family) if path.endswith(".yaml")]
        return [(path, document) for path, document in found if document and document["kind"] == "SystemConfig"]

    def speaking(self, path):
        """Paths and documents that say where a path belongs to."""
        parts = path.split("/")
        if parts[0] == "systems" and len(parts) > 3 and parts[2] == "files":
            return self.systems("/".join(parts[:2]))
        document = self.document(path)
        speaking = [(path, document)] if document else []
        if document and document["kind"] == "SystemConfig" and document["spec"].get("abstract"):
            family = path.rsplit("/", 1)[0]
            speaking += [(other, found) for other, found in self.systems(family) if path in self.bases(other)]
        if path.startswith("packages/"):
            name = path.removeprefix("packages/").removesuffix(".yaml")
            every = [system for family in self.names("systems") for system in self.systems(family)]
            speaking += [(other, found) for other, found in every if name in (found["spec"].get("packages") or [])]
        return speaking

    def facets(self, path):
        """Kinds and environments of a path."""
        kinds, environments = set(), set()
        for other, document in self.speaking(path):
            if other == path:
                kinds.add(document["kind"])
            targets = document["spec"].get("targets") or [] if document["kind"] == "SystemConfig" else []
            found = [document, *(self.document(f"targets/{target}.yaml") for target in targets)]
            environments |= {one["spec"].get("environment") for one in found if one} - {None}
        return kinds, environments


def base_of(path, document):
    return path.rsplit("/", 1)[0] + "/" + document["spec"]["base"] + ".yaml"


def glob(pattern):
    parts = re.split(r"(\*\*|\*|\?)", pattern)
    words = {"**": ".*", "*": "[^/]*", "?": "[^/]"}
    return re.compile("".join(words.get(part, re.escape(part)) for part in parts), re.DOTALL)


def equal(one, other):
    """As values of a document: 1 is neither true nor 1.0."""
    if type(one) is not type(other):
        return False
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(equal(value, other[name]) for name, value in one.items())
    if isinstance(one, list):
        return len(one) == len(other) and all(map(equal, one, other))
    return one == other


def members(value):
    if isinstance(value, dict):
        return value
    return {str(i): element for i, element in enumerate(value)} if isinstance(value, list) else {}


def leaves(pointer, value):
    """A value and everything below it."""
    yield pointer
    for name, member in members(value).items():
        yield from leaves(pointer + (name,), member)


def differing(old, new, pointer=()):
    """The pointers at which two values differ; lists that stay lists are told by their elements."""
    if equal(old, new):
        return
    if pointer and not any(isinstance(old, kind) and isinstance(new, kind) for kind in (dict, list)):
        yield pointer
    left, right = members(old), members(new)
    for name in sorted(left.keys() | right.keys()):
        inner = pointer + (name,)
        if name in left and name in right:
            yield from differing(left[name], right[name], inner)
        else:
            yield from leaves(inner, left.get(name, right.get(name)))


def parts_of(pointer):
    return tuple(part.replace("~1", "/").replace("~0", "~") for part in pointer.split("/")[1:])


def covers(wanted, pointer):
    return len(pointer) >= len(wanted) and all(want in ("*", part) for want, part in zip(wanted, pointer))


def value_at(document, pointer):
    for part in pointer:
        document = members(document).get(part)
    return document


def is_number(value):
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def breaks(bound, value):
    """Whether a value is outside of its bounds."""
    if value is None:
        return True
    allowed = bound.get("oneOf") or []
    if allowed and not any(
            one == value if is_number(one) and is_number(value) else equal(one, value) for one in allowed):
        return True
    ends = [bound[end] for end in ("minimum", "maximum") if end in bound]
    if ends and not is_number(value):
        return True
    return bool(ends) and not bound.get("minimum", value) <= value <= bound.get("maximum", value)


def scope_problems(allows, touched, before, after):
    """What of a change, its request left out, is outside of what a template allows."""
    if len(touched) > allows.get("maximumFiles", 1000):
        yield f"touches {len(touched)} files"
    for path in touched:
        if is_trust(path):
            yield f"touches {path}, which decides who may do what"
        if allows.get("paths") and not any(glob(pattern).fullmatch(path) for pattern in allows["paths"]):
            yield f"touches {path}, which is none of the paths"
        sides = [side.facets(path) for side in (before, after)]
        for name, index in (("kinds", 0), ("environments", 1)):
            found = sides[0][index] | sides[1][index]
            if allows.get(name) and not (found and found <= set(allows[name])):
                yield f"touches {path} of {sorted(found)}, allowed {name} are {allows[name]}"
        if allows.get("pointers") or allows.get("bounds"):
            yield from value_problems(allows, path, before.document(path), after.document(path))


def value_problems(allows, path, old, new):
    if old is None or new is None:
        yield f"adds, removes or replaces {path} as a whole"
        return
    pointers = [parts_of(pointer) for pointer in allows.get("pointers") or []]
    for pointer in differing(old, new):
        if pointers and not any(covers(wanted, pointer) for wanted in pointers):
            yield f"changes /{'/'.join(pointer)} of {path}"
        for bound in allows.get("bounds") or []:
            wanted = parts_of(bound["pointer"])
            if len(wanted) == len(pointer) and covers(wanted, pointer) and breaks(bound, value_at(new, pointer)):
                yield f"breaks the bounds of /{'/'.join(pointer)} in {path}"


def filled(value, parameters):
    if isinstance(value, dict):
        return {name: filled(member, parameters) for name, member in value.items()}
    if isinstance(value, list):
        return [filled(element, parameters) for element in value]
    if not isinstance(value, str):
        return value
    return re.sub(r"\$\{([^}\r\n]{1,64})}", lambda found: parameters.get(found[1], found[0]), value)


def says(actual, said):
    if isinstance(said, dict):
        return isinstance(actual, dict) and all(says(actual.get(name), member) for name, member in said.items())
    return equal(actual, said)


def text_problems(template, request):
    """What of a request is not as the template and its parameters say."""
    parameters = request.get("parameters") or {}
    wanted = {parameter["name"] for parameter in template.get("parameters") or []}
    if wanted != parameters.keys():
        yield f"fills in the parameters {sorted(parameters)}, the template has {sorted(wanted)}"
    for name, said in filled(template["request"], parameters).items():
        if not says(request.get(name), said):
            yield f"has another {name} than the template"
    if "rollback" in request and "rollback" not in template["request"]:
        yield "permits a rollback, which the template does not"


def main(case):
    def side(files):
        def names(folder):
            inside = [path.removeprefix(folder + "/") for path in files if path.startswith(folder + "/")]
            return sorted({f"{folder}/{rest.split('/')[0]}" for rest in inside})

        return Side(lambda path: files[path].encode() if path in files else None, names)

    template, request = (Yaml.parse(case[name].encode())["spec"] for name in ("template", "request"))
    problems = [
        *scope_problems(template["allows"], case["touched"], side(case["before"]), side(case["after"])),
        *text_problems(template, request)]
    print("\n".join(problems))
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(json.load(sys.stdin)))
