#!/usr/bin/env python3
"""Computes the manifests of the golden cases a second time, and compares.

Shares no code with the server and needs nothing but the standard library (Python 3.11). For every case folder given it
reads the two trees, works out the effect as the protocol describes it, and prints one line: name, SHA-256 of the manifest,
"agrees" or what differs. The exit code is 0 only if all agree.

    python3 manifest_check.py golden/*/
"""

import hashlib
import json
import re
import sys
from decimal import Decimal
from pathlib import Path
from urllib.parse import unquote

PLANNED = ["health", "startAfter", "dependsOn", "backup", "steps", "rollout"]


def sha256(data):
    return hashlib.sha256(data).hexdigest()


# --- Canonical JSON: RFC 8785 with integers only, one final line feed -------------------------------------------------


def canonical(value):
    return (_canonical(value) + "\n").encode("utf-8")


def _canonical(value):
    if value is None:
        return "null"
    if value is True or value is False:
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, list):
        return "[" + ",".join(_canonical(v) for v in value) + "]"
    if isinstance(value, dict):
        keys = sorted(value, key=lambda k: k.encode("utf-16-be"))
        return "{" + ",".join(_canonical(k) + ":" + _canonical(value[k]) for k in keys) + "}"
    raise ValueError(f"no canonical form: {value!r}")


# --- A reader of the YAML that documents are written in ---------------------------------------------------------------


class Yaml:
    """Block and flow mappings and lists, plain, quoted and block scalars; the types of the YAML 1.2 core schema."""

    def __init__(self, text):
        self.lines = text.split("\n")
        self.at = 0

    @staticmethod
    def parse(data):
        reader = Yaml(data.decode("utf-8"))
        value = reader.node(0)
        reader.skip()
        if reader.at < len(reader.lines):
            raise ValueError(f"line {reader.at + 1} is not understood: {reader.lines[reader.at]}")
        return value

    def skip(self):
        while self.at < len(self.lines):
            text = self.lines[self.at].strip()
            if text and not text.startswith("#"):
                return
            self.at += 1

    def indent(self):
        self.skip()
        if self.at >= len(self.lines):
            return -1
        line = self.lines[self.at]
        return len(line) - len(line.lstrip(" "))

    def node(self, least):
        indent = self.indent()
        if indent < least:
            return None
        text = self.lines[self.at].strip()
        return self.items(indent) if text == "-" or text.startswith("- ") else self.members(indent)

    def items(self, indent):
        found = []
        while self.indent() == indent and re.match(r"-( |$)", self.lines[self.at].strip()):
            rest = self.lines[self.at][indent + 1 :]
            if not rest.strip():
                self.at += 1
                found.append(self.node(indent + 1))
            elif self.key(rest.strip()) or rest.strip().startswith("- "):
                self.lines[self.at] = " " * (indent + 1) + rest
                found.append(self.node(indent + 1))
            else:
                found.append(self.value(rest.strip(), indent))
        return found

    def members(self, indent):
        found = {}
        while self.indent() == indent:
            text = self.lines[self.at].strip()
            match = self.key(text)
            if not match:
                raise ValueError(f"line {self.at + 1} has no key: {text}")
            key, rest = match
            if key in found:
                raise ValueError(f"line {self.at + 1} repeats {key}")
            found[key] = self.value(rest, indent)
        return found

    @staticmethod
    def key(text):
        if text[0] in "\"'":
            flow = Flow(text)
            key = flow.quoted()
            rest = text[flow.at :]
            return (key, rest[1:].strip()) if rest.startswith(":") else None
        if text[0] in "[{":
            return None
        match = re.match(r"([^#]*?):( .*|$)", text)
        return (match.group(1), match.group(2).strip()) if match else None

    def value(self, rest, indent):
        if not rest or rest.startswith("#"):
            self.at += 1
            deeper = self.indent()
            same = deeper == indent and re.match(r"-( |$)", self.lines[self.at].strip()) if deeper >= 0 else False
            return self.node(indent if same else indent + 1) if deeper > indent or same else None
        if rest[0] in "|>":
            return self.block(rest, indent)
        self.at += 1
        if rest[0] in "[{\"'":
            flow, value = self.flow(rest)
            tail = flow.text[flow.at :].strip()
            if tail and not tail.startswith("#"):
                raise ValueError(f"line {self.at} goes on after its value: {rest}")
            return value
        return scalar(self.plain(re.split(r" #", rest)[0].strip(), indent))

    def flow(self, text):
        """A flow collection or a quoted scalar, which may go on in the next lines."""
        while True:
            flow = Flow(text)
            try:
                return flow, flow.value("")
            except IndexError:
                if self.at >= len(self.lines):
                    raise ValueError(f"{text} has no end") from None
                text += " " + self.lines[self.at].strip()
                self.at += 1

    def plain(self, text, indent):
        """A plain scalar with the lines in which it goes on: those that are indented deeper than what it belongs to."""
        lines = [text]
        while self.at < len(self.lines):
            line = self.lines[self.at]
            if line.strip().startswith("#") or (line.strip() and len(line) - len(line.lstrip(" ")) <= indent):
                break
            lines.append(re.split(r" #", line)[0].strip())
            self.at += 1
        while not lines[-1] and len(lines) > 1:
            lines.pop()
        return self.fold(lines) if len(lines) > 1 else text

    def block(self, head, indent):
        match = re.fullmatch(r"([|>])([+-]?)", head.split(" #")[0].strip())
        if not match:
            raise ValueError(f"line {self.at + 1} has a block scalar of another form: {head}")
        self.at += 1
        lines = []
        while self.at < len(self.lines):
            line = self.lines[self.at]
            if line.strip() and len(line) - len(line.lstrip(" ")) <= indent:
                break
            lines.append(line)
            self.at += 1
        width = min((len(l) - len(l.lstrip(" ")) for l in lines if l.strip()), default=0)
        lines = [l[width:] if l.strip() else "" for l in lines]
        end = len(lines)
        while end and not lines[end - 1]:
            end -= 1
        body, blank = lines[:end], len(lines) - end
        style, chomp = match.groups()
        text = "\n".join(body) if style == "|" else self.fold(body)
        if chomp == "-" or not body:
            return text
        return text + "\n" * (1 + (blank if chomp == "+" else 0))

    @staticmethod
    def fold(lines):
        """Lines are joined by a space; blank ones are line breaks, and around indented ones the breaks stay."""
        text, last, blank = "", None, 0
        for line in lines:
            if not line:
                blank += 1
                continue
            kept = last is None or line[0] in " \t" or last[0] in " \t"
            breaks = blank + (1 if kept and last is not None else 0)
            text += ("\n" * breaks or ("" if last is None else " ")) + line
            last, blank = line, 0
        return text


class Flow:
    """One line of flow style."""

    ESCAPES = {"n": "\n", "t": "\t", "r": "\r", '"': '"', "\\": "\\", "/": "/", " ": " "}

    def __init__(self, text):
        self.text = text
        self.at = 0

    def blanks(self):
        while self.at < len(self.text) and self.text[self.at] == " ":
            self.at += 1

    def value(self, ends):
        self.blanks()
        sign = self.text[self.at]
        if sign == "[":
            return self.list()
        if sign == "{":
            return self.mapping()
        if sign in "\"'":
            return self.quoted()
        return scalar(self.plain(ends))

    def plain(self, ends):
        start = self.at
        while self.at < len(self.text) and self.text[self.at] not in ends:
            if self.text.startswith(": ", self.at) or self.text[self.at :] == ":":
                break
            self.at += 1
        return self.text[start : self.at].strip()

    def list(self):
        self.at += 1
        found = []
        while not self.closes("]"):
            found.append(self.value(",]"))
        return found

    def mapping(self):
        self.at += 1
        found = {}
        while not self.closes("}"):
            self.blanks()
            key = self.quoted() if self.text[self.at] in "\"'" else self.plain(",}")
            self.blanks()
            if self.text[self.at] != ":":
                raise ValueError(f"no value for {key} in {self.text}")
            self.at += 1
            self.blanks()
            found[key] = None if self.text[self.at] in ",}" else self.value(",}")
        return found

    def closes(self, end):
        self.blanks()
        if self.text[self.at] == ",":
            self.at += 1
            self.blanks()
        if self.text[self.at] == end:
            self.at += 1
            return True
        return False

    def quoted(self):
        sign = self.text[self.at]
        self.at += 1
        out = []
        while True:
            c = self.text[self.at]
            self.at += 1
            if c == sign:
                if sign == "'" and self.text[self.at : self.at + 1] == "'":
                    self.at += 1
                    out.append("'")
                    continue
                return "".join(out)
            if c == "\\" and sign == '"':
                c = self.escape()
            out.append(c)

    def escape(self):
        c = self.text[self.at]
        self.at += 1
        length = {"x": 2, "u": 4, "U": 8}.get(c)
        if length is None:
            return self.ESCAPES[c]
        code = self.text[self.at : self.at + length]
        self.at += length
        return chr(int(code, 16))


def scalar(text):
    if text in ("", "~", "null", "Null", "NULL"):
        return None
    if text in ("true", "True", "TRUE"):
        return True
    if text in ("false", "False", "FALSE"):
        return False
    if re.fullmatch(r"[-+]?[0-9]+", text):
        return int(text)
    if re.fullmatch(r"0x[0-9a-fA-F]+", text):
        return int(text[2:], 16)
    if re.fullmatch(r"0o[0-7]+", text):
        return int(text[2:], 8)
    if re.fullmatch(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", text):
        return float(text)
    return text


# --- Rendering data as the text of a configuration file ---------------------------------------------------------------


def fraction(number):
    if number == 0:
        return "0.0"
    text = format(Decimal(repr(number)), "f")
    return text if "." in text else text + ".0"


def plain(value):
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return fraction(value)
    if isinstance(value, list):
        return ",".join(plain(v) for v in value)
    return str(value)


def quote(text):
    out = []
    for c in text:
        if c in '"\\':
            out.append("\\" + c)
        elif c == "\n":
            out.append("\\n")
        elif c == "\t":
            out.append("\\t")
        else:
            out.append(f"\\u{ord(c):04x}" if ord(c) < 0x20 else c)
    return '"' + "".join(out) + '"'


def inline(value, assign):
    if isinstance(value, dict):
        return "{" + ", ".join(quote(k) + assign + inline(v, assign) for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(inline(v, assign) for v in value) + "]"
    return quote(value) if isinstance(value, str) else plain(value)


def flat(data, prefix=""):
    for key, value in data.items():
        name = prefix + "." + key if prefix else key
        if isinstance(value, dict):
            yield from flat(value, name)
        else:
            yield name, value


def property_text(text, is_key):
    out = []
    units = text.encode("utf-16-be")
    for i in range(0, len(units), 2):
        c = chr(units[i] << 8 | units[i + 1])
        if not " " <= c <= "~":
            out.append(f"\\u{ord(c):04x}")
        elif c == "\\" or (is_key and c in ":=#! ") or (not is_key and i == 0 and c == " "):
            out.append("\\" + c)
        else:
            out.append(c)
    return "".join(out)


def render_properties(data):
    return "".join(f"{property_text(k, True)}={property_text(plain(v), False)}\n" for k, v in flat(data))


def render_env(data):
    lines = []
    for key, value in flat(data):
        name = "".join(c.upper() if c.isascii() and c.isalnum() else "_" for c in key)
        lines.append(name + "='" + plain(value).replace("'", "'\\''") + "'\n")
    return "".join(lines)


def render_ini(data):
    out = [f"{k} = {plain(v)}\n" for k, v in data.items() if not isinstance(v, dict)]
    for name, section in data.items():
        if isinstance(section, dict):
            out.append(f"[{name}]\n")
            out.extend(f"{k} = {plain(v)}\n" for k, v in flat(section))
    return "".join(out)


def json_text(value, indent=""):
    deeper = indent + "  "
    if isinstance(value, dict) and value:
        members = [f"{deeper}{quote(k)}: {json_text(v, deeper)}" for k, v in value.items()]
        return "{\n" + ",\n".join(members) + "\n" + indent + "}"
    if isinstance(value, list) and value:
        return "[\n" + ",\n".join(deeper + json_text(v, deeper) for v in value) + "\n" + indent + "]"
    return inline(value, ": ")


def render_json(data):
    return json_text(data) + "\n"


AMBIGUOUS = {"y", "n", "yes", "no", "on", "off", "true", "false", "null"}


def render_yaml(data, indent=""):
    out = []
    for key, value in data.items():
        simple = re.fullmatch(r"[A-Za-z_][A-Za-z0-9_-]*", key) and key.lower() not in AMBIGUOUS
        out.append(indent + (key if simple else quote(key)) + ":")
        if isinstance(value, dict) and value:
            out.append("\n" + render_yaml(value, indent + "  "))
        elif isinstance(value, list) and value:
            out.append("\n" + "".join(f"{indent}  - {inline(v, ': ')}\n" for v in value))
        else:
            out.append(" " + inline(value, ": ") + "\n")
    return "".join(out)


def render_toml(data):
    lines = []
    for key, value in flat(data):
        parts = [p if re.fullmatch(r"[A-Za-z0-9_-]+", p) else quote(p) for p in key.split(".")]
        lines.append(".".join(parts) + " = " + inline(value, " = ") + "\n")
    return "".join(lines)


RENDER = {
    "properties": render_properties,
    "env": render_env,
    "ini": render_ini,
    "json": render_json,
    "yaml": render_yaml,
    "toml": render_toml,
}


# --- Trees, units, manifest -------------------------------------------------------------------------------------------


NAMED = {"/spec/files": "path", "/spec/health/checks": "name", "/spec/components": "name", "/spec/interfaces": "name"}


def merged(where, over, under):
    """JSON Merge Patch, but that elements with names are merged by these, in the order of the base."""
    if isinstance(over, dict):
        result = dict(under) if isinstance(under, dict) else {}
        for name, value in over.items():
            if value is None:
                result.pop(name, None)
            else:
                result[name] = merged(f"{where}/{name}", value, result.get(name))
        return result
    key = NAMED.get(where)
    if key and isinstance(over, list) and isinstance(under, list):
        changes = {element[key]: element for element in over}
        result = []
        for element in under:
            change = changes.pop(element[key], None)
            if change is not None:
                given = [source for source in ("content", "from", "data") if source in change]
                dropped = {"content", "from", "data"} - set(given) if given else set()
                dropped |= {"format"} if given and "data" not in given else set()
                kept = {name: value for name, value in element.items() if name not in dropped}
                element = merged(where + "/*", change, kept)
            result.append(element)
        return result + [merged(where + "/*", element, None) for element in changes.values()]
    return over


class Tree:
    def __init__(self, folder, executable):
        self.files = {}
        for file in sorted(folder.rglob("*")):
            if file.is_file():
                path = unquote(file.relative_to(folder).as_posix())
                self.files[path] = ("100755" if path in executable else "100644", file.read_bytes())

    def document(self, path):
        return Yaml.parse(self.files[path][1])

    def state(self, path):
        if path not in self.files:
            return None
        mode, data = self.files[path]
        return {"mode": mode, "sha256": sha256(data)}

    def systems(self, families):
        """Path and document of each SystemConfig of the families; of all families if None."""
        for path in self.files:
            parts = path.split("/")
            if len(parts) == 3 and parts[0] == "systems" and parts[2].endswith(".yaml"):
                if families is None or parts[1] in families:
                    document = self.document(path)
                    document["spec"] = self.whole(path, document["spec"])
                    if not document["spec"].get("abstract"):
                        yield path, document

    def whole(self, path, spec):
        """A system put over the bases that it names, which stand in its own folder."""
        if "base" not in spec:
            return spec
        base = path.rsplit("/", 1)[0] + "/" + spec["base"] + ".yaml"
        under = self.whole(base, self.document(base)["spec"])
        own = {name: value for name, value in spec.items() if name != "base"}
        return merged("/spec", own, {name: value for name, value in under.items() if name != "abstract"})

    def unit_files(self, path, spec):
        rows = []
        for file in spec["files"]:
            if "from" in file:
                data = self.files[path.rsplit("/", 1)[0] + "/files/" + file["from"]][1]
            elif "content" in file:
                data = file["content"].encode("utf-8")
            else:
                data = RENDER[file["format"]](file["data"]).encode("utf-8")
            mode = "100755" if file.get("mode") == "0755" else "100644"
            rows.append({"mode": mode, "path": file["path"], "sha256": sha256(data)})
        return sorted(rows, key=lambda row: row["path"].encode("utf-8"))

    def units(self, families):
        found = {}
        for path, document in self.systems(families):
            spec = document["spec"]
            state = sha256(canonical(self.unit_files(path, spec)))
            for target in spec["targets"]:
                plan = {part: spec.get(part) for part in PLANNED}
                plan["target"] = self.document(f"targets/{target}.yaml")["spec"]
                plan["packages"] = {
                    name: sha256(self.files[f"packages/{name}.yaml"][1]) for name in spec.get("packages") or []
                }
                found[(target, document["metadata"]["name"])] = (state, sha256(canonical(plan)))
        return found


def families_touched(paths):
    if any(path.startswith(("targets/", "packages/")) for path in paths):
        return None
    return {path.split("/")[1] for path in paths if path.startswith("systems/") and path.count("/") > 1}


def duration(text):
    match = re.fullmatch(r"P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?", text)
    days, hours, minutes, seconds = (int(part or 0) for part in match.groups())
    total = ((days * 24 + hours) * 60 + minutes) * 60 + seconds
    hours, minutes, seconds = total // 3600, total // 60 % 60, total % 60
    parts = [(hours, "H"), (minutes, "M"), (seconds, "S")]
    return "PT" + ("".join(f"{n}{unit}" for n, unit in parts if n) or "0S")


def by_utf8(texts):
    return sorted(set(texts), key=lambda text: text.encode("utf-8"))


def manifest(folder):
    case = json.loads((folder / "case.json").read_text("utf-8"))
    before = Tree(folder / "before", case["executable"]["before"])
    after = Tree(folder / "after", case["executable"]["after"])
    own = f"changes/{case['change']}"
    paths = by_utf8(
        path
        for path in [*before.files, *after.files]
        if before.files.get(path) != after.files.get(path) and not path.startswith(own + "/")
    )
    settings = before.document("countersign.yaml")["spec"]
    request = after.document(own + ".yaml")["spec"]
    grant = request.get("rollback")
    families = families_touched(paths)
    old, new = before.units(families), after.units(families)
    units = []
    for unit in sorted({*old, *new}, key=lambda u: (u[0].encode("utf-8"), u[1].encode("utf-8"))):
        (state0, plan0), (state1, plan1) = old.get(unit, (None, None)), new.get(unit, (None, None))
        if (state0, plan0) != (state1, plan1):
            units.append({
                "target": unit[0],
                "system": unit[1],
                "state": {"before": state0, "after": state1},
                "plan": {"before": plan0, "after": plan1},
            })
    named = {"recovery": request["recovery"]} if "recovery" in request else {}
    return canonical(named | {
        "version": 1,
        "engine": settings["engine"],
        "repository": settings["id"],
        "log": settings["log"]["origin"],
        "change": case["change"],
        "operation": request.get("operation", "apply"),
        "of": request.get("of"),
        "contributors": by_utf8(
            [*case["contributors"], request["requester"], *(request.get("collaborators") or [])]
        ),
        "files": [{"path": p, "before": before.state(p), "after": after.state(p)} for p in paths],
        "units": units,
        "rollback": grant and {"roles": by_utf8(grant["roles"]), "for": duration(grant["for"])},
        "applyBy": request.get("applyBy"),
    })


def main(folders):
    wrong = 0
    for folder in map(Path, folders):
        computed = manifest(folder)
        stored = (folder / "manifest.json").read_bytes()
        agrees = computed == stored
        wrong += not agrees
        print(folder.name, sha256(computed), "agrees" if agrees else f"differs:\n{computed.decode()}{stored.decode()}")
    return 1 if wrong or not folders else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
