#!/usr/bin/env python3
"""Verifies a clone a second time, by a program of its own.

Shares no code with the server. Needs Python 3.11, and git, ssh-keygen and openssl as programs.

    python3 verify_clone.py <genesis commit> <clone> [<file that verify --save wrote>]

With the file it also holds the log to what was remembered: it must extend that, as must the chain of merges.

Prints a line for the log, for each entry of it, and for main: "ok", or "FAIL" and the first thing that is wrong there. The
exit code is 0 only if nothing is.

What it believes gate.json (PROTOCOL section 6): what policies found. What it does not work out again: the digests of units (manifest_check.py does), the rules
for trees, and the origins and user verification of passkeys. All else it checks itself.
"""

import base64
import hashlib
import json
import os
import re
import struct
import subprocess
import sys
import tempfile
from datetime import datetime, timedelta
from pathlib import Path

import calendars
import shapes
from manifest_check import Yaml, canonical
from rules import Asked, Facets
from standard_change import Side, is_trust, scope_problems, text_problems

EMPTY_TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"
ED25519_SPKI = bytes.fromhex("302a300506032b6570032100")

# Nothing outside of the objects decides what they say: no replaced ones, none fetched, no settings of the user.
GIT = ["git", "--no-replace-objects", "-c", "core.commitGraph=false"]
GIT_ENVIRONMENT = {name: text for name, text in os.environ.items() if not name.startswith("GIT_")} | {
    "GIT_NO_LAZY_FETCH": "1", "GIT_ALLOW_PROTOCOL": "none", "GIT_TERMINAL_PROMPT": "0"}

COMMIT_HEAD = re.compile(
    rb"tree (?P<tree>[0-9a-f]{40})\n(?P<parents>(?:parent [0-9a-f]{40}\n)*)"
    rb"author (?P<author>[^<>\0-\x1f]*<[^<>\0-\x1f]*> \d{1,12} [+-]\d{4})\n"
    rb"committer (?P<committer>[^<>\0-\x1f]*<[^<>\0-\x1f]*> \d{1,12} [+-]\d{4})\n"
    rb"(?P<rest>(?:[^ \n\0][^\n\0]*\n(?: [^\n\0]*\n)*)*)")
MALFORMED = (ValueError, KeyError, TypeError, IndexError, AttributeError, OverflowError, struct.error, RecursionError)


class Wrong(Exception):
    """Something is not as it must be."""


def require(condition, message):
    if not condition:
        raise Wrong(message)


def same(what, expected, actual):
    require(expected == actual, f"{what} must be {expected}, is {actual}")


def sha256(data):
    return hashlib.sha256(data).digest()


def moment(text):
    return datetime.fromisoformat(text)


def read_json(what, data, shape=None):
    try:
        value = json.loads(data)
        written = canonical(value)
    except (ValueError, RecursionError) as broken:
        raise Wrong(f"{what} is not JSON: {broken}") from None
    require(written == data, f"{what} is not canonical")
    problem = shape and shapes.problem(value, shape, what)
    require(not problem, problem)
    return value


# --- Git objects, each held against its id ----------------------------------------------------------------------------


class Clone:
    def __init__(self, folder):
        self.place = folder
        self.batch = None
        self.known = {}
        self.parsed = {}
        self.roots = {EMPTY_TREE: sha256(b"")}

    def branch(self, name):
        for ref in (f"refs/heads/{name}", f"refs/remotes/origin/{name}"):
            done = subprocess.run(
                [*GIT, "-C", self.place, "show-ref", "--verify", "--hash", ref], capture_output=True, env=GIT_ENVIRONMENT)
            if done.returncode == 0:
                return done.stdout.decode().strip()
        raise Wrong(f"the clone has no branch {name}")

    def get(self, kind, id):
        data = self.known.get(id)
        if data is None:
            data = self.read(kind, id)
            if kind != "blob":
                self.known[id] = data
        return data

    def read(self, kind, id):
        if self.batch is None:
            self.batch = subprocess.Popen(
                [*GIT, "-C", self.place, "cat-file", "--batch"],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=GIT_ENVIRONMENT)
        require(shapes.HEX40.fullmatch(id), f"{id} is no id of a {kind}")
        self.batch.stdin.write(id.encode() + b"\n")
        self.batch.stdin.flush()
        head = self.batch.stdout.readline().split()
        if len(head) != 3:
            if not head:
                self.batch.wait()
                self.batch = None
            raise Wrong(f"the {kind} {id} is missing or can't be read")
        data = self.batch.stdout.read(int(head[2]))
        if len(data) != int(head[2]) or self.batch.stdout.read(1) != b"\n":
            self.batch = None
            raise Wrong(f"the {kind} {id} can't be read to its end")
        same("object", kind, head[1].decode())
        found = hashlib.sha1(f"{kind} {len(data)}\0".encode() + data).hexdigest()
        require(found == id, f"the bytes stored as {kind} {id} have the id {found}")
        return data

    def tree(self, id, path=""):
        """The entries of a tree: mode, name, id."""
        try:
            data = b"" if id == EMPTY_TREE else self.get("tree", id)
        except Wrong as wrong:
            raise Wrong(f"{path or 'the root folder'}: {wrong}") from None
        entries, last = [], b""
        at = 0
        while at < len(data):
            end = data.index(b"\0", at)
            mode, name = data[at:end].decode().split(" ", 1)
            require(re.fullmatch("40000|1[0-9]{5}", mode, re.ASCII), f"tree {id} has the mode {mode}")
            require(name and "/" not in name and end + 21 <= len(data), f"tree {id} is malformed")
            sorts_as = name.encode() + (b"/" if mode == "40000" else b"")
            require(last < sorts_as, f"tree {id}: its names are out of order")
            last = sorts_as
            entries.append((mode.zfill(6), name, data[end + 1 : end + 21].hex()))
            at = end + 21
        require(len({name for _, name, _ in entries}) == len(entries), f"tree {id} repeats a name")
        return entries

    def blob(self, id, path):
        try:
            return self.get("blob", id)
        except Wrong as wrong:
            raise Wrong(f"{path}: {wrong}") from None

    def content_root(self, id, path=""):
        root = self.roots.get(id)
        if root is None:
            digest = hashlib.sha256()
            for mode, name, entry in self.tree(id, path):
                inner = f"{path}/{name}" if path else name
                require(mode in ("040000", "100644", "100755"), f"{inner} has the mode {mode}")
                digest.update(f"{mode} {name}\0".encode())
                digest.update(
                    self.content_root(entry, inner) if mode == "040000" else self.blob_digest(entry, inner))
            root = self.roots[id] = digest.digest()
        return root

    def blob_digest(self, id, path):
        digest = self.roots.get(id)
        if digest is None:
            digest = self.roots[id] = sha256(self.blob(id, path))
        return digest

    def files(self, id, path=""):
        """Path, mode and id of every file below a tree."""
        for mode, name, entry in self.tree(id, path):
            inner = f"{path}/{name}" if path else name
            if mode == "040000":
                yield from self.files(entry, inner)
            else:
                yield inner, mode, entry

    def find(self, tree, path):
        """Mode and id at a path, or None."""
        mode, id = "040000", tree
        for part in path.split("/"):
            if mode != "040000":
                return None
            found = [e for e in self.tree(id, path) if e[1] == part]
            if not found:
                return None
            mode, _, id = found[0]
        return mode, id

    def file(self, tree, path):
        found = self.find(tree, path)
        require(found and found[0] in ("100644", "100755"), f"there is no file {path}")
        return self.blob(found[1], path)

    def document(self, tree, path):
        found = self.find(tree, path)
        require(found and found[0] in ("100644", "100755"), f"there is no file {path}")
        if found[1] not in self.parsed:
            self.parsed[found[1]] = Yaml.parse(self.blob(found[1], path))
        return self.parsed[found[1]]

    def folder(self, tree, path):
        found = self.find(tree, path)
        return [] if found is None else [f"{path}/{name}" for _, name, _ in self.tree(found[1], path)]

    def difference(self, before, after, path=""):
        """Path, and mode and digest on both sides, of every file that differs."""
        if before == after:
            return
        left = {name: (mode, id) for mode, name, id in self.tree(before, path)}
        right = {name: (mode, id) for mode, name, id in self.tree(after, path)}
        for name in left.keys() | right.keys():
            inner = f"{path}/{name}" if path else name
            old, new = left.get(name), right.get(name)
            if old == new:
                continue
            folders = [side[1] if side and side[0] == "040000" else EMPTY_TREE for side in (old, new)]
            yield from self.difference(*folders, inner)
            old, new = (self.state(side, inner) for side in (old, new))
            if old != new:
                yield inner, old, new

    def state(self, side, path):
        if side is None or side[0] == "040000":
            return None
        return {"mode": side[0], "sha256": self.blob_digest(side[1], path).hex()}

    def commit(self, id):
        return Commit(id, self.get("commit", id))


class Commit:
    """What was parsed is what was signed: each header once, in Git's order."""

    def __init__(self, id, data):
        head, divided, self.body = data.partition(b"\n\n")
        found = COMMIT_HEAD.fullmatch(head + b"\n" if divided else head)
        require(found, f"commit {id} is not as Git writes one")
        self.id = id
        self.tree = found["tree"].decode()
        self.parents = [line.removeprefix("parent ") for line in found["parents"].decode().splitlines()]
        self.emails = [re.search(rb"<([^>]*)>", found[who])[1].decode().lower() for who in ("author", "committer")]
        others = re.findall(rb"[^\n]*\n(?: [^\n]*\n)*", found["rest"])
        signed = [header for header in others if header.startswith(b"gpgsig ")]
        names = {header.split(b" ")[0] for header in others if header not in signed}
        wrong = names & {b"tree", b"parent", b"author", b"committer", b"gpgsig-sha256"}
        require(len(signed) <= 1 and not wrong, f"commit {id} repeats a header: {wrong or 'gpgsig'}")
        self.signature = signed[0].removeprefix(b"gpgsig ").replace(b"\n ", b"\n") if signed else None
        kept = head + b"\n" if divided else head
        for header in signed:
            kept = kept.replace(header, b"", 1)
        self.payload = kept + b"\n" + self.body if divided else kept


# --- Signatures -------------------------------------------------------------------------------------------------------


class Signatures:
    def __init__(self, folder):
        self.folder = Path(folder)
        self.good = set()

    def ssh(self, namespace, keys, data, armored, what):
        """One of the keys signed the data in the namespace."""
        fact = (namespace, tuple(sorted(keys)), sha256(data), sha256(armored))
        if fact in self.good:
            return
        allowed, signature = self.folder / "allowed", self.folder / "signature"
        allowed.write_text("".join(f'signer namespaces="{namespace}" {key}\n' for key in keys))
        signature.write_bytes(armored)
        done = subprocess.run(
            ["ssh-keygen", "-Y", "verify", "-f", allowed, "-I", "signer", "-n", namespace, "-s", signature],
            input=data, capture_output=True)
        said = (done.stdout + done.stderr).decode(errors="replace").strip()
        require(done.returncode == 0, f"{what} is not signed by one of the {len(keys)} keys that may: {said}")
        self.good.add(fact)

    def ed25519(self, key, data, signed, what):
        names = [self.folder / name for name in ("key", "data", "signed")]
        for name, content in zip(names, (ED25519_SPKI + key, data, signed)):
            name.write_bytes(content)
        done = subprocess.run(
            ["openssl", "pkeyutl", "-verify", "-pubin", "-keyform", "DER", "-inkey", names[0],
             "-rawin", "-in", names[1], "-sigfile", names[2]],
            capture_output=True)
        require(done.returncode == 0, f"{what} does not fit the checkpoint")


def fingerprint(armored):
    data = base64.b64decode("".join(armored.strip().split("\n")[1:-1]))
    length = struct.unpack(">I", data[10:14])[0]
    return "SHA256:" + base64.b64encode(sha256(data[14 : 14 + length])).decode().rstrip("=")


def key_fingerprint(line):
    return "SHA256:" + base64.b64encode(sha256(base64.b64decode(line.split(" ")[1]))).decode().rstrip("=")


# --- The record log ---------------------------------------------------------------------------------------------------


def leaf(entry):
    return sha256(b"\0" + entry)


def node(left, right):
    return sha256(b"\1" + left + right)


def merkle(hashes):
    if not hashes:
        return sha256(b"")
    if len(hashes) == 1:
        return hashes[0]
    split = 1 << ((len(hashes) - 1).bit_length() - 1)
    return node(merkle(hashes[:split]), merkle(hashes[split:]))


def subtrees(hashes):
    """The roots of the perfect subtrees that make up a tree, smallest first."""
    found, start = [], 0
    for bit in reversed(range(len(hashes).bit_length())):
        if len(hashes) >> bit & 1:
            found.insert(0, merkle(hashes[start : start + (1 << bit)]).hex())
            start += 1 << bit
    return found


def read_saved(path):
    saved = read_json("the remembered verification", Path(path).read_bytes())
    same("version of the remembered verification", 1, saved["version"])
    origin, size, root = saved["checkpoint"].split("\n")[:3]
    return saved | {"origin": origin, "size": int(size), "root": base64.b64decode(root)}


def tile_path(row, number, width):
    text = f"{number % 1000:03d}"
    while number >= 1000:
        number //= 1000
        text = f"x{number % 1000:03d}/{text}"
    return f"tile/{row}/{text}" + ("" if width == 256 else f".p/{width}")


def tiles(row, count):
    return ((number, min(256, count - number * 256)) for number in range((count + 255) // 256))


class Log:
    def __init__(self, clone, signatures, settings):
        self.clone = clone
        self.signatures = signatures
        self.tree = clone.commit(clone.branch("countersign/log")).tree
        self.origin = settings["log"]["origin"]
        self.size, self.root = self.checkpoint(settings)
        self.entries = [entry for tile in tiles("entries", self.size) for entry in self.bundle(*tile)]
        self.roots = [sha256(b"")]
        self.check_tree()

    def file(self, path):
        return self.clone.file(self.tree, path)

    def tile(self, row, number, width):
        """A tile, or the part of the full one if a log deleted the partial one."""
        path = tile_path(row, number, width)
        full = tile_path(row, number, 256)
        if path != full and self.clone.find(self.tree, path) is None and self.clone.find(self.tree, full):
            return path, self.file(full), True
        return path, self.file(path), False

    @staticmethod
    def parse(note):
        """The signed text of a note, and the signatures: of several with one name, as keys rotate, all."""
        text, lines = note[: note.rindex(b"\n\n") + 1], note[note.rindex(b"\n\n") + 2 :].decode()
        require(re.fullmatch(rb"[!-~]{1,200}\n(0|[1-9][0-9]{0,17})\n[A-Za-z0-9+/]{43}=\n", text), "checkpoint: malformed")
        require(lines.endswith("\n"), "checkpoint: its last line has no end")
        signatures = [line.split(" ") for line in lines[:-1].split("\n")]
        require(all(len(words) == 3 and words[0] == "\u2014" and words[1] for words in signatures), "checkpoint: malformed")
        return text, [(name, base64.b64decode(signed, validate=True)) for _, name, signed in signatures]

    def checkpoint(self, settings):
        text, signers = self.parse(self.file("checkpoint"))
        log, clock = settings["log"]["keys"], settings["log"]["cosigners"]
        require(any([self.signed(key, text, signers) for key in log]), "checkpoint: the log did not sign it")
        require(not clock or any([self.signed(key, text, signers) for key in clock]),
                "checkpoint: the log's clock did not cosign it")
        origin, size, root = text.decode().split("\n")[:3]
        same("checkpoint: origin", self.origin, origin)
        witnesses = settings.get("witnesses") or {"quorum": 0, "keys": []}
        self.unwitnessed = witnesses["quorum"] - len([key for key in witnesses["keys"] if self.signed(key, text, signers)])
        return int(size), base64.b64decode(root)

    def signed(self, vkey, text, signers):
        name, _, typed = vkey.split("+", 2)
        typed = base64.b64decode(typed)
        key_id = sha256(name.encode() + b"\n" + typed)[:4]
        line = next((signed for signer, signed in signers if signer == name and signed[:4] == key_id), None)
        if line is None:
            return False
        if typed[0] == 1:
            self.signatures.ed25519(typed[1:], text, line[4:], f"checkpoint: the signature by {name}")
        else:
            time = struct.unpack(">Q", line[4:12])[0]
            message = b"cosignature/v1\ntime %d\n" % time + text
            self.signatures.ed25519(typed[1:], message, line[12:], f"checkpoint: the cosignature by {name}")
        return True

    def signed_by_both(self, index, old, added):
        """Whether a published checkpoint behind an entry, which this log extends, is signed by an old key and the new one."""
        commit = self.clone.branch("countersign/log")
        while commit:
            published = self.clone.commit(commit)
            text, signers = self.parse(self.clone.file(published.tree, "checkpoint"))
            _, size, root = text.decode().split("\n")[:3]
            size = int(size)
            if size <= index:
                return False
            both = any([self.signed(key, text, signers) for key in old]) and self.signed(added, text, signers)
            if both and size <= self.size and self.roots[size] == base64.b64decode(root):
                return True
            commit = next(iter(published.parents), None)
        return False

    def bundle(self, number, width):
        path, data, cut = self.tile("entries", number, width)
        entries = []
        while data and not (cut and len(entries) == width):
            require(len(data) >= 2, f"{path} ends within an entry")
            length = struct.unpack(">H", data[:2])[0]
            require(len(data) >= 2 + length, f"{path} ends within an entry")
            entries.append(data[2 : 2 + length])
            data = data[2 + length :]
        same(f"{path}: number of entries", width, len(entries))
        return entries

    def check_tree(self):
        hashes, level = [leaf(entry) for entry in self.entries], 0
        if merkle(hashes) != self.root:
            stored = b"".join(self.tile("0", *tile)[1] for tile in tiles("0", self.size))
            wrong = [i for i, h in enumerate(hashes) if stored[32 * i : 32 * i + 32] != h]
            which = ", ".join(f"entry {i}" for i in wrong) or "the tiles too"
            raise Wrong(f"the root over all entries is not the signed one; altered: {which}")
        stack = []
        for h in hashes:
            size = 1
            while stack and stack[-1][0] == size:
                size, h = 2 * size, node(stack.pop()[1], h)
            stack.append((size, h))
            root = stack[-1][1]
            for _, left in reversed(stack[:-1]):
                root = node(left, root)
            self.roots.append(root)
        while hashes:
            for number, width in tiles(str(level), len(hashes)):
                path, stored, cut = self.tile(str(level), number, width)
                expected = b"".join(hashes[number * 256 : number * 256 + width])
                require(stored == expected or (cut and stored.startswith(expected)), f"{path} is not what the entries make it")
            full = len(hashes) // 256
            hashes, level = [merkle(hashes[i * 256 : (i + 1) * 256]) for i in range(full)], level + 1


# --- Trust in one tree ------------------------------------------------------------------------------------------------


class Trust:
    def __init__(self, clone, tree):
        self.clone = clone
        self.tree = tree
        self.settings = clone.document(tree, "countersign.yaml")["spec"]
        self.keys, self.emails = {}, {}
        for path in clone.folder(tree, "access/people"):
            person = clone.document(tree, path)
            name = person["metadata"]["name"]
            same(f"{path}: name", path, f"access/people/{name}.yaml")
            self.keys[name] = [key["key"] for key in person["spec"].get("keys") or []]
            self.emails.update({email.lower(): name for email in person["spec"].get("emails") or []})

    def recovery_key(self, signer):
        keys = {f"recovery-{i}": key for i, key in enumerate(self.settings["recovery"]["keys"], start=1)}
        require(signer in keys, f"{signer} is no recovery key")
        return keys[signer]

    def keys_of(self, person):
        keys = self.keys.get(person)
        require(keys, f"{person} has no key in access/people")
        return keys

    def holds(self, person, role, time):
        specs = [self.clone.document(self.tree, path)["spec"] for path in self.clone.folder(self.tree, "access/grants")]
        return any(
            (spec["person"], spec["role"]) == (person, role)
            and moment(spec["notBefore"]) <= time < moment(spec["notAfter"]) for spec in specs)

    def grant(self, person, role, facets, time):
        """Path of the first grant that gives a person a role at a time for a path, or None."""
        for path in self.clone.folder(self.tree, "access/grants"):
            spec = self.clone.document(self.tree, path)["spec"]
            holds = moment(spec["notBefore"]) <= time < moment(spec["notAfter"])
            if (spec["person"], spec["role"]) == (person, role) and holds and facets.are_in(spec.get("scope") or {}):
                return path
        return None

    def check_grant(self, path, person, role, time):
        grant = self.clone.document(self.tree, path)
        spec = grant["spec"]
        same(f"{path}: kind", "RoleGrant", grant["kind"])
        same(f"{path}: place", path, f"access/grants/{grant['metadata']['name']}.yaml")
        same(f"{path}: person", person, spec["person"])
        same(f"{path}: role", role, spec["role"])
        inside = moment(spec["notBefore"]) <= time < moment(spec["notAfter"])
        require(inside, f"{path} holds from {spec['notBefore']} to {spec['notAfter']}, the merge was at {time}")


class Vote:
    def __init__(self, index, entry, shape=None):
        self.index = index
        self.repeated = False
        self.data = entry["statement"].encode()
        self.signature = entry["signature"].encode()
        self.says = read_json("the statement", self.data, shape or self.shape())
        self.logged = moment(entry["time"])
        self.person = self.says["person"]
        self.decision = self.says["decision"]

    def shape(self):
        says = json.loads(self.data)
        more = {"rule": str} if says.get("decision") == "override" else {}
        return shapes.STATEMENT | more | ({"recovery": shapes.BAD_RANGE} if "recovery" in says else {})

    def key(self):
        return fingerprint(self.signature.decode())

    def is_recovery(self):
        says = self.says
        return says.get("operation") == "recover" and says["decision"] == "approve" and says["role"] == "recovery"


class Ballot:
    """The votes about one change that stand: a statement counts once, and nobody both rejects and approves."""

    def __init__(self, merge):
        self.merge = merge
        self.approved, self.rejected, self.rest = {}, {}, []
        signed = [vote for vote in merge.votes if merge.is_signed(vote)]
        submitted = {v.person for v in signed if v.decision == "submit" and v.says["manifest"] == merge.entry["manifest"]}
        self.contributors = submitted | set(merge.manifest["contributors"])
        for vote in signed:
            if vote.decision == "withdraw":
                self.withdraw(vote)
            elif not vote.repeated and self.counts(vote):
                self.count(vote)

    def count(self, vote):
        if vote.decision == "approve":
            self.approved.setdefault(vote.person, vote)
        elif vote.decision == "reject":
            self.rejected.setdefault(vote.person, vote)
        else:
            self.rest.append(vote)

    def withdraw(self, vote):
        self.approved.pop(vote.person, None)
        self.rest = [v for v in self.rest if v.person != vote.person or v.decision != "override"]
        if not vote.repeated and self.merge.is_about_this(vote):
            self.rejected.pop(vote.person, None)

    def counts(self, vote):
        merge, says = self.merge, vote.says
        independent = vote.decision in ("approve", "override", "confirm")
        return (
            merge.is_about_this(vote)
            and merge.time < moment(says["expires"])
            and not (independent and vote.person in self.contributors)
            and (vote.decision == "submit" or merge.trust.holds(vote.person, says["role"], merge.time))
            and (vote.decision != "override" or bool(says["reason"].strip())))

    def approvals(self):
        return [vote for vote in self.approved.values() if vote.person not in self.rejected]

    def rejections(self):
        return list(self.rejected.values())

    def others(self, decision):
        return [vote for vote in self.rest if vote.decision == decision]


# --- The chain --------------------------------------------------------------------------------------------------------


def subject(index, data):
    found = re.search(rb'"seq":(\d+)', data)
    return f"#{found.group(1).decode()} (log entry {index})" if found else f"log entry {index}"


class Verification:
    def __init__(self, clone, signatures, genesis, saved):
        self.clone = clone
        self.signatures = signatures
        self.genesis = genesis
        self.good = True
        self.votes = {}
        self.merged = {}
        self.trusts = {}
        self.revoked = {}
        self.stopped = None
        self.stopped_at = -1
        self.failures = {}
        self.owing = []
        self.taintable = []
        self.reached = set()
        self.chain = [genesis]
        self.named = []
        self.rotations = []
        self.saved = saved

    def run(self):
        log = self.attempt("record log", self.read_log)
        if log and self.attempt("genesis", lambda: self.check_genesis(log)):
            self.foresee(log)
            for index, data in enumerate(log.entries[1:], start=1):
                self.attempt(subject(index, data), lambda i=index, d=data: self.entry(log, i, d))
                if self.saved and index + 1 == self.saved["size"]:
                    self.attempt("remembered", lambda: self.check_saved(log))
            if self.saved and self.saved["size"] > log.size:
                self.attempt("remembered", lambda: self.check_saved(log))
            for rotation in self.rotations:
                self.attempt(f"log keys since #{rotation[1]}", lambda r=rotation: self.check_rotation(log, *r))
            self.attempt("tainted", self.check_taint)
            self.attempt("emergency reviews", self.check_reviews)
            self.attempt("main", self.check_main)
        print("verified" if self.good else "NOT VERIFIED")
        return self.good

    def foresee(self, log):
        """Looks ahead for recoveries that name merges bad; what is malformed fails where it stands."""
        recoveries, found = {}, []
        for data in log.entries[1:]:
            try:
                entry = json.loads(data)
                if entry["type"] == "statement":
                    says = json.loads(entry["statement"])
                    if "recovery" in says:
                        recoveries[says["manifest"]] = says["change"]
                elif entry["type"] == "merge" and entry["manifest"] in recoveries:
                    path = f"changes/{recoveries[entry['manifest']]}/manifest.json"
                    manifest = self.clone.file(self.clone.commit(entry["after"]).tree, path)
                    same("manifest", entry["manifest"], sha256(manifest).hex())
                    found.append((entry["seq"], json.loads(manifest)["recovery"]["bad"]))
            except (Wrong, *MALFORMED):
                pass
        for seq, bad in reversed(found):
            if self.namer(seq) is None:
                self.named.append((seq, bad["from"], bad["to"]))

    def namer(self, seq):
        """The newest recovery that names a merge bad."""
        return next((recovery for recovery, first, last in self.named if first <= seq <= last), None)

    def attempt(self, subject, step):
        try:
            result, said = step()
            print(f"ok    {subject}  {said}")
            return result
        except Wrong as wrong:
            print(f"FAIL  {subject}: {wrong}")
        except MALFORMED as broken:
            print(f"FAIL  {subject}: malformed: {type(broken).__name__} {broken}")
        self.good = False
        return None

    def trust(self, commit):
        tree = self.clone.commit(commit).tree
        if tree not in self.trusts:
            self.trusts[tree] = Trust(self.clone, tree)
        return self.trusts[tree]

    def read_log(self):
        log = Log(self.clone, self.signatures, self.believed())
        if log.unwitnessed > 0:
            self.attempt("witnesses", lambda: require(False, f"witness-quorum: {log.unwitnessed} more must cosign"))
        return log, f"{log.size} entries, root {log.root.hex()}"

    def believed(self):
        """Whose signatures the newest checkpoint needs: main says it, if it is of the same repository."""
        def settings(commit):
            return self.clone.document(self.clone.commit(commit).tree, "countersign.yaml")["spec"]

        pinned = settings(self.genesis)
        self.log_keys = set(pinned["log"]["keys"])
        try:
            now = settings(self.clone.branch("main"))
        except Wrong:
            return pinned
        same_log = (now["id"], now["log"]["origin"]) == (pinned["id"], pinned["log"]["origin"])
        return now if same_log else pinned

    def check_rotation(self, log, index, seq, keys):
        """A change alone makes no log key: the old key and the new one signed one checkpoint behind it."""
        old, self.log_keys = self.log_keys, set(keys)
        for added in self.log_keys - old:
            require(log.signed_by_both(index, old, added), f"log-key-not-handed-over: #{seq} brought in {added}")
        return True, f"{len(self.log_keys - old)} key(s) came, {len(old - self.log_keys)} went"

    def check_saved(self, log):
        """The log and the chain extend what verify --save wrote; called when as many entries are judged."""
        saved, size = self.saved, self.saved["size"]
        require(size <= log.size, f"log-truncated: remembered are {size} entries, the log has {log.size}")
        same("remembered origin", log.origin, saved["origin"])
        same("log-forked: remembered root", log.roots[size].hex(), saved["root"].hex())
        same("remembered subtrees", subtrees([leaf(entry) for entry in log.entries[:size]]), saved["subtrees"])
        same("remembered head", self.head, saved["head"])
        same("remembered content root", self.clone.content_root(self.clone.commit(self.head).tree).hex(), saved["contentRoot"])
        same("remembered merges", self.seq, saved["seq"])
        same("remembered time", self.latest, moment(saved["latest"]))
        for kept in saved["kept"]:
            same(f"remembered entry {kept['index']}", leaf(log.entries[kept["index"]]).hex(), kept["leaf"])
        return True, f"{size} entries and {self.seq} merges are as they were remembered"

    def check_genesis(self, log):
        require(log.entries, "the log is empty")
        entry = read_json("entry 0", log.entries[0])
        same("entry 0: type", "genesis", entry["type"])
        same("the pinned genesis", entry["commit"], self.genesis)
        tree = self.clone.commit(self.genesis).tree
        same("content root", entry["contentRoot"], self.clone.content_root(tree).hex())
        same("repository", self.trust(self.genesis).settings["id"], entry["repository"])
        self.head, self.seq, self.latest = self.genesis, 0, moment(entry["time"])
        return True, self.genesis

    def entry(self, log, index, data):
        entry = read_json("the entry", data)
        shape = shapes.ENTRIES.get(entry.get("type"), {}) | {"type": str, "time": shapes.TIME}
        problem = shapes.problem(entry, shape, "the entry")
        require(not problem, problem)
        try:
            return self.judge(log, index, entry)
        finally:
            self.latest = max(self.latest, moment(entry["time"]))

    def judge(self, log, index, entry):
        kind = entry["type"]
        if kind == "revocation":
            return None, self.revocation(log, index, entry)
        if kind == "stop":
            return None, self.stop(log, index, entry)
        if kind == "statement":
            return None, self.statement(log, index, entry)
        if kind == "receipt":
            return None, self.receipt(index, entry)
        if kind == "merge":
            return None, self.merge(index, entry)
        raise Wrong(f"a {kind} may not stand here")

    def statement(self, log, index, entry):
        vote = Vote(index, entry)
        known = self.votes.setdefault(vote.says["manifest"], [])
        vote.repeated = any(other.data == vote.data for other in known)
        known.append(vote)
        self.check_seen(log, index, vote.says["checkpoint"])
        self.check_signature(vote, self.trust(self.head))
        require(vote.key() not in self.revoked, f"the key {vote.key()} that signed was revoked")
        return f"{vote.decision} by {vote.person}"

    @staticmethod
    def check_seen(log, index, seen):
        same("log that the signer saw", log.origin, seen["origin"])
        require(0 <= seen["size"] <= index, f"the signer saw {seen['size']} entries, before this one are {index}")
        same(f"root that the signer saw at {seen['size']}", log.roots[seen["size"]].hex(), seen["root"])

    def revocation(self, log, index, entry):
        """People revoke keys of their own, signed by one that is not revoked."""
        vote = Vote(index, entry, shapes.REVOCATION)
        trust = self.trust(self.head)
        self.check_seen(log, index, vote.says["checkpoint"])
        same("decision", "revoke", vote.decision)
        same("repository", trust.settings["id"], vote.says["repository"])
        same("log", trust.settings["log"]["origin"], vote.says["log"])
        self.check_signature(vote, trust)
        key, since = vote.says["key"], vote.says["since"]
        require(key in [key_fingerprint(line) for line in trust.keys_of(vote.person)], f"{key} is not {vote.person}'s key")
        require(vote.key() not in self.revoked, f"the key {vote.key()} that signed was itself revoked")
        require(since is None or 0 <= since <= index, f"compromised from entry {since} on, this is entry {index}")
        known = self.revoked.get(key, index)
        require(key not in self.revoked or (since is not None and (known is None or since < known)), f"{key} was revoked")
        self.revoked[key] = since
        return f"{vote.person} revokes {key}, compromised since {since}"

    def stop(self, log, index, entry):
        """One person stops all merges, or lets them go on, in a role that countersign.yaml names."""
        order = Vote(index, entry, shapes.STOP)
        trust = self.trust(self.head)
        self.check_seen(log, index, order.says["checkpoint"])
        require(order.decision in ("stop", "resume"), f"{order.decision} is no order")
        same("repository", trust.settings["id"], order.says["repository"])
        same("log", trust.settings["log"]["origin"], order.says["log"])
        self.check_signature(order, trust)
        require(order.key() not in self.revoked, f"the key {order.key()} that signed was revoked")
        role = order.says["role"]
        require(role in (trust.settings.get("stop") or {"roles": ["change-control"]})["roles"], f"{role} may stop nothing")
        require(trust.holds(order.person, role, order.logged), f"{order.person} holds no role {role}")
        require(order.says["reason"].strip(), "an order to stop says why")
        require((order.decision == "stop") == (self.stopped is None), f"{order.decision} while {self.stopped}")
        if order.decision == "resume":
            require(order.says["checkpoint"]["size"] > self.stopped_at, "order-older-than-stop: its signer saw no stop")
        self.stopped = f"stopped by {order.person}" if order.decision == "stop" else None
        self.stopped_at = index
        return f"{order.decision} by {order.person}"

    def owed(self, debt):
        """Whether any need of the rules that let an emergency pass lacks people."""
        votes = debt["votes"] + self.votes.get(debt["manifest"], [])
        for role, count in debt["needs"]:
            people = set()
            for vote in votes:
                if vote.decision == "approve" and vote.says["role"] == role and vote.person not in debt["contributors"]:
                    self.check_signature(vote, debt["trust"])
                    people.add(vote.person)
            if len(people) < count:
                return True
        return False

    def check_reviews(self):
        late = [debt["change"] for debt in self.owing if debt["deadline"] < self.latest and self.owed(debt)]
        require(not late, f"review-overdue: {late} owes signatures")
        return True, "no emergency owes signatures that are overdue"

    def check_taint(self):
        """What stands as a tainted merge left it: see is_tainted."""
        doubtful, self.tainted_manifests = {}, set()
        for seq, change, paths, gate, recovery in self.taintable:
            tainted = self.namer(seq) is not None or any(self.is_tainted(r, doubtful) for r in gate)
            if tainted:
                self.tainted_manifests |= {p for p in paths if p.startswith("changes/") and p.endswith("/manifest.json")}
            for path in paths:
                doubtful.pop(path, None)
                if tainted and not path.startswith("changes/"):
                    doubtful[path] = (seq, change)
            if recovery and not tainted:
                bad = recovery["bad"]
                doubtful = {p: giver for p, giver in doubtful.items() if not bad["from"] <= giver[0] <= bad["to"]}
        require(not doubtful, f"tainted-state: {doubtful}")
        return True, "no path stands as a tainted merge left it"

    def is_tainted(self, requirement, doubtful):
        """It lacks people without compromised keys, and grants, people and rules that tainted merges left as they are."""
        if requirement["rule"] == "recovery-quorum" and requirement["document"] is None:
            return False
        standard = requirement["rule"].startswith("standard-change/")
        if requirement["document"] in (self.tainted_manifests if standard else doubtful):
            return True

        def clean(evidence):
            person = f"access/people/{evidence['person']}.yaml"
            return not (
                self.is_compromised(evidence["key"], evidence["vote"])
                or evidence["grant"] in doubtful
                or (person in doubtful and evidence["role"] != "target"))

        kept = [e for e in requirement["evidence"] if clean(e)]
        needed = 1 if requirement["state"] == "overridden" else requirement["needed"]
        return len({e["person"] for e in kept}) < needed and len(kept) < len(requirement["evidence"])

    def is_compromised(self, key, index):
        return self.revoked.get(key) is not None and index >= self.revoked[key]

    def check_signature(self, vote, trust):
        what = f"the statement of {vote.person} in log entry {vote.index}"
        keys = [trust.recovery_key(vote.person)] if vote.is_recovery() else trust.keys_of(vote.person)
        self.signatures.ssh("vote@countersign.dev", keys, vote.data, vote.signature, what)

    def receipt(self, index, entry):
        settings = self.trust(self.head).settings
        data = entry["receipt"].encode()
        receipt = read_json("the receipt", data, shapes.RECEIPT)
        keys = settings["serverKeys"] + self.agents(receipt)
        self.signatures.ssh("receipt@countersign.dev", keys, data, entry["signature"].encode(), "the receipt")
        same("repository", settings["id"], receipt["repository"])
        same("log", settings["log"]["origin"], receipt["log"])
        merge = receipt["merge"]
        require(self.merged.get(merge) == receipt["manifest"], f"the receipt is for {merge}, which is no merge before it")
        if receipt["outcome"] in ("failed", "rolled-back"):
            self.failures[index] = (receipt, data, entry["signature"].encode())
        return f"receipt: {receipt['outcome']}"

    def agents(self, receipt):
        """Keys of the target's agents, as main has them, or the tree before the merge that took the target away."""
        path = f"targets/{receipt['unit']['target']}.yaml"
        for commit in (self.head, (self.clone.commit(receipt["merge"]).parents or [self.head])[0]):
            tree = self.clone.commit(commit).tree
            if self.clone.find(tree, path):
                return [agent["key"] for agent in self.clone.document(tree, path)["spec"].get("agents") or []]
        return []

    def merge(self, index, entry):
        before, seq, latest = self.head, self.seq, self.latest
        self.head, self.seq = entry["after"], entry["seq"]
        self.merged[entry["after"]] = entry["manifest"]
        same("seq", seq + 1, entry["seq"])
        same("before", before, entry["before"])
        require(moment(entry["time"]) >= latest, f"T is {entry['time']}, an entry before it had {latest}")
        merge = Merge(self, index, entry)
        self.chain.append(entry["after"])
        recovery = self.namer(entry["seq"])
        if recovery is not None:
            return self.bad_merge(merge, recovery)
        said = merge.check()
        require(self.stopped is None or merge.manifest["operation"] == "recover", f"merged while {self.stopped}")
        if "countersign.yaml" in merge.difference:
            old, new = (self.clone.document(t, "countersign.yaml")["spec"]["log"]["keys"] for t in (merge.before, merge.after))
            if set(old) != set(new):
                self.rotations.append((index, entry["seq"], new))
        if merge.type != "emergency":
            held = [d["change"] for d in self.owing if d["deadline"] < merge.time and self.owed(d) and d["holds"](merge)]
            require(not held, f"review-overdue: {held} owes signatures")
        self.owing += merge.owes()
        self.taintable.append((
            entry["seq"], merge.change, list(merge.difference), merge.gate["requirements"], merge.manifest.get("recovery")))
        return said

    def bad_merge(self, merge, recovery):
        """The chain goes over it; nothing else of it has to be good."""
        merge.check_walkable()
        try:
            said = merge.check()
        except (Wrong, *MALFORMED) as wrong:
            said = f"by itself refused: {wrong}"
        self.taintable.append((merge.entry["seq"], "", list(merge.difference), [], None))
        return f"BAD: named by recovery #{recovery}; {said}"

    def reach(self, head):
        """All commits that main reaches, as it stood before a merge; each is read once."""
        ahead = [head]
        while ahead:
            id = ahead.pop()
            if id not in self.reached:
                self.reached.add(id)
                ahead += self.clone.commit(id).parents
        return self.reached

    def check_main(self):
        main = self.clone.branch("main")
        same("main", self.head, main)
        return True, main


class Merge:
    def __init__(self, verification, index, entry):
        self.clone = verification.clone
        self.check_signature = verification.check_signature
        self.signatures = verification.signatures
        self.chain = verification.chain
        self.reached = verification.reach(entry["before"])
        self.revoked = frozenset(verification.revoked)
        self.failures = dict(verification.failures)
        self.index = index
        self.entry = entry
        self.time = moment(entry["time"])
        self.trust = verification.trust(entry["before"])
        self.votes = verification.votes.pop(entry["manifest"], [])
        self.before = self.clone.commit(entry["before"]).tree
        self.commit = self.clone.commit(entry["after"])
        self.after = self.commit.tree

    def check_walkable(self):
        same("content root", self.entry["contentRoot"], self.clone.content_root(self.after).hex())
        self.difference = {path: (old, new) for path, old, new in self.clone.difference(self.before, self.after)}
        require(len(self.commit.parents) == 2, "a merge has two parents")
        same("first parent", self.entry["before"], self.commit.parents[0])

    def check(self):
        self.check_walkable()
        self.check_commit()
        self.check_manifest()
        self.request_spec = self.clone.document(self.after, self.request)["spec"]
        self.type = self.request_spec["type"]
        self.at_once = []
        self.check_files()
        self.check_contributors()
        self.check_rollback()
        self.check_gate()
        self.check_rejections()
        self.check_folder()
        people = sorted({vote.person for vote in self.counted.values()})
        return f"#{self.entry['seq']} {self.change}: {len(self.manifest['files'])} path(s), signed by {', '.join(people)}"

    def check_commit(self):
        require(self.commit.signature, "the merge commit is not signed")
        keys = list(self.trust.settings["serverKeys"])
        if self.is_recovery():
            keys += self.clone.document(self.after, "countersign.yaml")["spec"]["serverKeys"]
        self.signatures.ssh("git", keys, self.commit.payload, self.commit.signature, "the merge commit")

    def is_recovery(self):
        """By the stored manifest, whose digest and effect are held against the log and the trees elsewhere."""
        stored = [p for p in self.difference if re.fullmatch(r"changes/[^/]+/[^/]+/manifest\.json", p)]
        require(len(stored) == 1, f"a merge adds one manifest, this one {stored}")
        return read_json("manifest.json", self.clone.file(self.after, stored[0]))["operation"] == "recover"

    def check_recovery(self):
        """Only access/** and the server's keys, and what bad merges left, signed by the recovery keys of before."""
        before, after = (self.clone.document(t, "countersign.yaml")["spec"] for t in (self.before, self.after))
        named = self.manifest.get("recovery")
        head = self.check_bad_range(named, after) if named else before
        left = self.left if named else {}
        others = [
            p for p in self.difference
            if not p.startswith(("access/", "changes/")) and p != "countersign.yaml" and p not in left]
        require(not others, f"recovery-scope: a recovery touches {others}")
        if not named:
            same("recovery-scope: countersign.yaml", before | {"serverKeys": None}, after | {"serverKeys": None})
        same("requirements", ["recovery-quorum"], [r["rule"] for r in self.gate["requirements"]])
        keys = {key_fingerprint(line) for line in head["recovery"]["keys"]}
        people = {vote.person for vote in self.counted.values() if vote.is_recovery() and vote.key() in keys}
        needed = max(before["recovery"]["threshold"], head["recovery"]["threshold"])
        require(len(people) >= needed, f"signed by the recovery keys {sorted(people)}, needed are {needed}")

    def check_bad_range(self, named, after):
        """Every path that bad merges left changed is as the new head has it. Returns the settings of that head."""
        first, last = named["bad"]["from"], named["bad"]["to"]
        require(1 <= first <= last < self.entry["seq"], f"recovery-range: {first} to {last}")
        same("request: recovery", named, self.clone.document(self.after, self.request)["spec"]["recovery"])
        same("recovery-head: commit", self.chain[first - 1], named["head"]["commit"])
        head, bad = (self.clone.commit(self.chain[n]).tree for n in (first - 1, last))
        same("recovery-head: content root", self.clone.content_root(head).hex(), named["head"]["contentRoot"])
        self.left = {p: sides for p, *sides in self.clone.difference(head, bad) if not p.startswith("changes/")}
        settings = self.clone.document(self.before, "countersign.yaml")["spec"]
        at_head = self.clone.document(head, "countersign.yaml")["spec"]
        for path, (good, wrong) in self.left.items():
            old, new = (self.state(tree, path) for tree in (self.before, self.after))
            access = path.startswith("access/")
            require(access or old in (good, wrong), f"recovery-conflict: {path} changed again")
            require(access or path == "countersign.yaml" or new == good, f"recovery-content: {path}")
            require(new != wrong and (old in (good, wrong) or new != old), f"recovery-leaves-bad: {path}")
            if path == "countersign.yaml" and old == wrong:
                settings = at_head
        same("recovery-content: countersign.yaml", settings | {"serverKeys": None}, after | {"serverKeys": None})
        return at_head

    def state(self, tree, path):
        return self.clone.state(self.clone.find(tree, path), path)

    def check_manifest(self):
        requests = [path for path in self.difference if re.fullmatch(r"changes/\d{4}-\d\d-\d\d/[^/]+\.yaml", path)]
        require(len(requests) == 1, f"a merge adds one ChangeRequest, this one {requests}")
        self.request = requests[0]
        self.folder = self.request.removesuffix(".yaml")
        self.change = self.folder.removeprefix("changes/")
        require(self.clone.find(self.before, self.folder) is None, f"{self.folder} stood there before")
        data = self.clone.file(self.after, f"{self.folder}/manifest.json")
        same("digest of manifest.json", self.entry["manifest"], sha256(data).hex())
        recovers = shapes.MANIFEST | ({"recovery": shapes.BAD_RANGE} if b'"recovery":{' in data else {})
        self.manifest = read_json("manifest.json", data, recovers)
        settings = self.trust.settings
        same("manifest: repository", settings["id"], self.manifest["repository"])
        same("manifest: log", settings["log"]["origin"], self.manifest["log"])
        same("manifest: engine", settings["engine"], self.manifest["engine"])
        same("manifest: change", self.change, self.manifest["change"])

    def check_files(self):
        listed = {file["path"]: (file["before"], file["after"]) for file in self.manifest["files"]}
        actual = {p: sides for p, sides in self.difference.items() if not p.startswith(self.folder + "/")}
        wrong = sorted(p for p in listed.keys() | actual.keys() if listed.get(p) != actual.get(p))
        require(not wrong, f"the manifest does not say what the merge does to {', '.join(wrong)}")

    def check_contributors(self):
        proposed = self.proposed()
        require(proposed, "the change adds no commit")
        for commit in proposed:
            for email in commit.emails:
                person = self.trust.emails.get(email)
                require(person in self.manifest["contributors"],
                        f"{email} ({person}) wrote commit {commit.id} and is not among the contributors")

    def proposed(self):
        """What the branch's tip reaches and main did not, by the commits themselves and nothing that Git keeps beside them."""
        found, ahead = {}, [self.commit.parents[1]]
        while ahead:
            id = ahead.pop()
            if id not in found and id not in self.reached:
                found[id] = self.clone.commit(id)
                ahead += found[id].parents
        return found.values()

    def check_rollback(self):
        if self.manifest["operation"] != "rollback":
            return
        folder = f"changes/{self.manifest['of']}"
        self.earlier = read_json("the earlier manifest", self.clone.file(self.before, f"{folder}/manifest.json"))
        require(self.earlier["operation"] != "recover", "rollback-of-recovery")
        content = {
            file["path"]: (file["after"], file["before"]) for file in self.earlier["files"]
            if not file["path"].startswith("changes/") and not is_trust(file["path"])}
        require(self.manifest["of"] not in self.taken_back("0"), f"{self.manifest['of']} was rolled back before")
        actual = {p: sides for p, sides in self.difference.items() if not p.startswith("changes/")}
        require(content == actual, f"the rollback restores other paths than {self.manifest['of']} changed")

    def check_gate(self):
        data = self.clone.file(self.after, f"{self.folder}/gate.json")
        same("digest of gate.json", self.entry["gate"], sha256(data).hex())
        self.gate = read_json("gate.json", data, shapes.GATE)
        same("gate: time", self.entry["time"], self.gate["time"])
        same("gate: manifest", self.entry["manifest"], self.gate["manifest"])
        same("gate: change", self.change, self.gate["change"])
        same("gate: engine", self.manifest["engine"], self.gate["engine"])
        self.counted = {}
        self.delegated = None
        granted = False
        for requirement in self.gate["requirements"]:
            granted |= requirement["rule"] == "rollback-grant"
            self.check_requirement(requirement)
        if self.manifest["operation"] == "recover":
            return self.check_recovery()
        self.check_calendars(granted)
        self.check_window()
        self.check_asked(granted)
        self.check_contributors_said()
        people = {vote.person for vote in self.counted.values() if vote.decision != "submit"}
        if self.delegated:
            people.add(self.delegated["person"])
        standard = self.type == "standard" and self.manifest["operation"] == "apply"
        require(bool(self.delegated) == standard, f"the change is {self.type}, delegated: {self.delegated}")
        needed = 2 if any(is_trust(path) for path in self.difference) else 1
        require(granted or len(people) >= needed, f"signed by {sorted(people)}, needed are at least {needed} people")

    def check_requirement(self, requirement):
        rule, state = requirement["rule"], requirement["state"]
        require(state in ("satisfied", "not-applicable", "overridden"), f"{rule} is {state}")
        for evidence in requirement["evidence"]:
            if rule == "rollback-grant" and evidence["role"] == "target":
                return self.check_failure(evidence)
            if rule.startswith("standard-change/"):
                return self.check_delegation(requirement, evidence)
            if self.is_delegated(requirement, evidence):
                continue
            vote = self.check_evidence(evidence)
            if state == "overridden":
                same(f"{rule}: decision", "override", vote.decision)
                same(f"{rule}: rule overridden", rule, vote.says["rule"])
            elif requirement["role"]:
                same(f"{rule}: role", requirement["role"], evidence["role"])
                same(f"{rule}: decision", "rollback" if rule == "rollback-grant" else "approve", vote.decision)
            self.counted[vote.index] = vote
        if rule == "rollback-grant":
            self.check_rollback_grant(requirement)
        elif is_of_calendar(rule):
            pass  # see check_calendars
        elif requirement["document"] and not requirement["role"] and state == "satisfied":
            self.check_at_once(requirement)
        people = {evidence["person"] for evidence in requirement["evidence"]}
        if state == "satisfied":
            require(len(people) >= requirement["needed"], f"{rule} needs {requirement['needed']}, has {sorted(people)}")
        elif state == "overridden":
            require(people, f"{rule} is overridden by nobody")

    def check_calendars(self, granted):
        """The gate says of freezes and windows what the calendars of before say at T."""
        asked = calendars.asked(
            self.clone, self.before, self.after, self.request,
            [file["path"] for file in self.manifest["files"]], self.time)
        said = {given["rule"]: given for given in self.gate["requirements"] if is_of_calendar(given["rule"])}
        same("freezes and windows", sorted(asked), sorted(said))
        for rule, calendar in asked.items():
            if calendar is None:
                same(rule, "satisfied", said[rule]["state"])
            elif said[rule]["state"] == "not-applicable":
                require(granted or self.is_let_pass(), f"{rule} holds up what is no emergency and no granted rollback")
            else:
                same(rule, "overridden", said[rule]["state"])
                self.check_override(rule, calendar["override"], said[rule]["evidence"])

    def check_window(self):
        """The window that the request itself names; both ends belong to it, and nothing sets it aside."""
        window = self.clone.document(self.after, self.request)["spec"].get("window")
        said = [given["state"] for given in self.gate["requirements"] if given["rule"] == "inside-its-window"]
        same("inside-its-window", ["satisfied"] if window else [], said)
        if window:
            first, last = moment(window["notBefore"]), moment(window["notAfter"])
            require(first <= self.time <= last, f"inside-its-window: {first} to {last}, the merge was at {self.time}")

    def is_let_pass(self):
        """An emergency, of which a rule that matches knows a road for it."""
        rules = {given["document"] for given in self.gate["requirements"] if given["document"]}
        specs = [self.clone.document(self.before, path)["spec"] for path in rules if path.startswith("policies/")]
        return self.type == "emergency" and any(spec.get("emergency") for spec in specs)

    def check_override(self, rule, override, evidence):
        for given in evidence:
            vote = self.counted[given["vote"]]
            require(vote.says["role"] in override["roles"], f"{rule}: {vote.says['role']} may not override it")
            until = min(moment(vote.says["expires"]), vote.logged + period(override["maximum"]))
            require(self.time < until, f"{rule}: the override by {vote.person} was good until {until}")

    def check_delegation(self, requirement, evidence):
        """The approval of the template, by the person whose authority it names, stands for one of the change."""
        name = requirement["rule"].removeprefix("standard-change/")
        path = f"templates/{name}.yaml"
        spec = self.clone.document(self.after, self.request)["spec"]
        same("standard change: template", name, spec.get("template"))
        template = self.clone.document(self.before, path)["spec"]
        authority = template["authority"]
        same("delegation: person", authority["person"], evidence["person"])
        require(moment(authority["notBefore"]) <= self.time < moment(authority["notAfter"]), "the delegation is over")
        require(evidence["person"] not in self.manifest["contributors"], "who delegates contributed")
        require(evidence["key"] not in self.revoked, "the key of the delegation was revoked")
        same("delegation: document", f"changes/{authority['change']}/manifest.json", requirement["document"])
        digest = sha256(self.clone.file(self.before, path)).hex()
        same("the template that was approved", digest, self.approved_bytes(authority["change"], path))
        approved = read_json("the approving gate", self.clone.file(self.before, f"changes/{authority['change']}/gate.json"))
        same_vote = [
            other for given in approved["requirements"] if given["state"] == "satisfied" and given["role"] == evidence["role"]
            for other in given["evidence"]
            if (other["person"], other["role"], other["key"], other["vote"])
            == (evidence["person"], evidence["role"], evidence["key"], evidence["vote"])]
        require(same_vote, f"{evidence['person']} did not approve {path} in {authority['change']}")
        self.trust.check_grant(evidence["grant"], evidence["person"], evidence["role"], self.time)
        require(
            not authority.get("roles") or any(self.trust.holds(spec["requester"], r, self.time) for r in authority["roles"]),
            f"{spec['requester']} is none of {authority.get('roles')}")
        since = authority["change"].split("/")[0]
        failed = {receipt["change"] for receipt, _, _ in self.failures.values()} | set(self.taken_back(since))
        used = sorted(c for c in failed if self.template_bytes(c, requirement["rule"], path) == digest)
        require(len(used) < authority.get("maximumFailures", 1), f"{path} is suspended by {used}")
        if "maximumUses" in authority:
            uses = [c for c in self.merged_since(since) if self.template_bytes(c, requirement["rule"], path) == digest]
            require(len(uses) < authority["maximumUses"], f"{path} was used by {uses}")
        self.check_template(template, spec)
        self.delegated = evidence

    def check_template(self, template, request):
        """The change touches only what the template allows, and says what the template says."""
        touched = [file["path"] for file in self.manifest["files"] if file["path"] != self.request]
        problems = [
            *scope_problems(template["allows"], touched, self.side(self.before), self.side(self.after)),
            *text_problems(template, request)]
        require(not problems, f"the change is not what its template allows: {'; '.join(problems)}")

    def merged_since(self, day):
        """The changes of before that were opened on a day or later."""
        for mode, name, entry in self.clone.tree(self.clone.find(self.before, "changes")[1], "changes"):
            if mode == "040000" and name >= day:
                for inner_mode, change, _ in self.clone.tree(entry, f"changes/{name}"):
                    if inner_mode == "040000":
                        yield f"{name}/{change}"

    def taken_back(self, day):
        """The changes that rollbacks since a day took back."""
        for change in self.merged_since(day):
            if change.split("/")[1].startswith("rollback-"):
                path = f"changes/{change}/manifest.json"
                manifest = read_json("the manifest of a rollback", self.clone.file(self.before, path))
                if manifest["operation"] == "rollback":
                    yield manifest["of"]

    def is_delegated(self, requirement, evidence):
        given = self.delegated
        if not given or evidence["vote"] != given["vote"]:
            return False
        for member in ("person", "role", "key"):
            same(f"{requirement['rule']}: {member}", given[member], evidence[member])
        if requirement["role"]:
            same(f"{requirement['rule']}: role", requirement["role"], evidence["role"])
        self.trust.check_grant(evidence["grant"], evidence["person"], evidence["role"], self.time)
        return True

    def approved_bytes(self, change, path):
        manifest = read_json("the approving manifest", self.clone.file(self.before, f"changes/{change}/manifest.json"))
        after = [file["after"] for file in manifest["files"] if file["path"] == path]
        return after[0]["sha256"] if after and after[0] else None

    def template_bytes(self, change, rule, path):
        gate = read_json("the gate of a failed change", self.clone.file(self.before, f"changes/{change}/gate.json"))
        used = [given["document"] for given in gate["requirements"] if given["rule"] == rule]
        return self.approved_bytes(used[0].split("/", 1)[1].rsplit("/", 1)[0], path) if used else None

    def check_at_once(self, requirement):
        """A rule's emergency road, or its signed submission."""
        spec = self.clone.document(self.before, requirement["document"])["spec"]
        decisions = {self.counted[evidence["vote"]].decision for evidence in requirement["evidence"]}
        if decisions == {"submit"}:
            return
        rule = requirement["rule"]
        same(f"{rule}: decisions", {"approve"}, decisions)
        same(f"{rule}: type of the change", "emergency", self.type)
        require(spec.get("emergency"), f"{rule} knows no emergency")
        same(f"{rule}: people at once", spec["emergency"]["min"], requirement["needed"])
        roles = {evidence["role"] for evidence in requirement["evidence"]}
        require(roles <= set(spec["emergency"]["roles"]), f"{rule}: {roles} may not sign an emergency")
        self.at_once.append(spec)

    def owes(self):
        """What the rules that let an emergency pass still demand, and until when."""
        if not self.at_once:
            return []
        systems = {unit["system"] for unit in self.manifest["units"]}
        trusts = any(is_trust(path) for path in self.difference)

        def holds(other):
            shared = systems & {unit["system"] for unit in other.manifest["units"]}
            both = trusts and any(is_trust(path) for path in other.difference)
            takes_back = other.manifest["operation"] == "rollback" and other.manifest["of"] == self.change
            return bool(shared or both) and not takes_back

        return [{
            "change": self.change,
            "manifest": self.entry["manifest"],
            "deadline": self.time + min(period(spec["emergency"]["retrospectiveWithin"]) for spec in self.at_once),
            "needs": [(need["role"], need["count"]) for spec in self.at_once for need in spec["require"]],
            "contributors": self.manifest["contributors"],
            "votes": self.votes,
            "trust": self.trust,
            "holds": holds,
        }]

    def check_failure(self, evidence):
        """The target's own receipt says that what is rolled back failed there."""
        self.check_period()
        found = self.failures.get(evidence["vote"])
        require(found, f"log entry {evidence['vote']} is no receipt of a failure before the merge")
        receipt, data, signature = found
        path = f"targets/{receipt['unit']['target']}.yaml"
        same("receipt: change", self.manifest["of"], receipt["change"])
        same("receipt: manifest", sha256(canonical(self.earlier)).hex(), receipt["manifest"])
        same("receipt: target", evidence["person"], receipt["unit"]["target"])
        same("receipt: document", evidence["grant"], path)
        same("receipt: key", evidence["key"], fingerprint(signature.decode()))
        agents = self.clone.document(self.before, path)["spec"].get("agents") or []
        keys = [agent["key"] for agent in agents] or self.trust.settings["serverKeys"]
        self.signatures.ssh("receipt@countersign.dev", keys, data, signature, "the receipt of the failure")

    def check_period(self):
        """The grant of the change that is rolled back, if it still holds, and the rollback grants none itself."""
        grant = self.earlier["rollback"]
        require(grant, f"{self.manifest['of']} granted no rollback")
        require(not self.manifest["rollback"], "a rollback that grants a rollback needs what any change needs")
        gate = read_json("the earlier gate", self.clone.file(self.before, f"changes/{self.manifest['of']}/gate.json"))
        until = moment(gate["time"]) + period(grant["for"])
        require(self.time < until, f"the grant to roll {self.manifest['of']} back ended at {until}, the merge was at {self.time}")
        return grant

    def check_rollback_grant(self, requirement):
        grant = self.check_period()
        require(requirement["role"] in grant["roles"], f"{requirement['role']} may not roll back, {grant['roles']} may")

    def check_evidence(self, evidence):
        found = [vote for vote in self.votes if vote.index == evidence["vote"]]
        require(found, f"log entry {evidence['vote']} is no statement about this manifest before the merge")
        vote = found[0]
        what = f"the statement of {vote.person} in log entry {vote.index}"
        require(not vote.repeated, f"{what} only repeats an earlier one")
        same(f"{what}: person", evidence["person"], vote.person)
        same(f"{what}: role", evidence["role"], vote.says["role"])
        same(f"{what}: key", evidence["key"], vote.key())
        require(vote.key() not in self.revoked, f"{what}: the key {vote.key()} was revoked before the merge")
        self.check_signature(vote, self.trust)
        self.check_words(vote, what)
        require(vote.logged <= self.time < moment(vote.says["expires"]), f"{what} did not count at {self.time}")
        if vote.decision in ("approve", "override"):
            require(vote.person not in self.manifest["contributors"], f"{what}: {vote.person} contributed")
            later = [v for v in self.votes if v.index > vote.index and v.person == vote.person]
            require(all(v.decision != "withdraw" for v in later), f"{what} was withdrawn")
        if vote.is_recovery():
            same(f"{what}: grant", "countersign.yaml", evidence["grant"])
        elif vote.decision != "submit":
            require(evidence["grant"], f"{what} names no grant")
            self.trust.check_grant(evidence["grant"], vote.person, evidence["role"], self.time)
        return vote

    def check_words(self, vote, what):
        title = self.clone.document(self.after, self.request)["spec"]["title"]
        expected = {
            "manifest": self.entry["manifest"],
            "repository": self.manifest["repository"],
            "log": self.manifest["log"],
            "change": self.change,
            "title": title,
            "operation": self.manifest["operation"],
            "targets": sorted({unit["target"] for unit in self.manifest["units"]}),
            "paths": len(self.manifest["files"]),
        }
        for name, value in expected.items():
            same(f"{what}: {name}", value, vote.says[name])

    def check_asked(self, granted):
        """The gate says what the rules of before ask, and which votes count for that: no more, and none less."""
        said = [
            given for given in self.gate["requirements"]
            if not is_of_calendar(given["rule"]) and given["rule"] != "inside-its-window"]
        if granted:
            same("requirements of a granted rollback", ["rollback-grant"], [given["rule"] for given in said])
            return
        facets = [Facets(file["path"], (self.side(self.before), self.side(self.after))) for file in self.manifest["files"]]
        asked = Asked(self, Ballot(self), facets).all()
        if self.delegated:
            def outline(given):
                return {name: given[name] for name in ("rule", "document", "role", "needed")}

            said = [outline(given) for given in said if not given["rule"].startswith("standard-change/")]
            asked = [outline(given) for given in asked]
        for index, given in enumerate(asked):
            same(f"requirement {index}", given, said[index] if index < len(said) else None)
        same("number of requirements", len(asked), len(said))

    def check_contributors_said(self):
        signed = {vote.person for vote in Ballot(self).others("submit")}
        expected = [
            {"person": person, "known": "signed" if person in signed else "attested"}
            for person in self.manifest["contributors"]]
        same("gate: contributors", expected, self.gate["contributors"])

    def rules(self):
        for path in self.clone.folder(self.before, "policies"):
            if path.endswith(".yaml") and b"ApprovalRule" in self.clone.file(self.before, path):
                document = self.clone.document(self.before, path)
                if document["kind"] == "ApprovalRule":
                    yield path, document

    def side(self, tree):
        def read(path):
            found = self.clone.find(tree, path)
            return self.clone.blob(found[1], path) if found and found[0] != "040000" else None

        return Side(read, lambda folder: self.clone.folder(tree, folder))

    def is_signed(self, vote):
        try:
            self.check_signature(vote, self.trust)
        except Wrong:
            return False
        return True

    def is_about_this(self, vote):
        try:
            self.check_words(vote, "the statement")
        except Wrong:
            return False
        return vote.key() not in self.revoked

    def check_rejections(self):
        if self.manifest["operation"] == "recover":
            return
        standing = Ballot(self).rejections()
        overridden = [r["state"] for r in self.gate["requirements"] if r["rule"] == "no-standing-rejection"]
        people = ", ".join(vote.person for vote in standing)
        require(not standing or overridden == ["overridden"], f"rejected by {people}")

    def check_folder(self):
        expected = {f"{self.folder}/{name}.json" for name in ("manifest", "gate")}
        people = set()
        for vote in sorted(self.counted.values(), key=lambda v: v.index):
            name = vote.person if vote.person not in people else f"{vote.person}.{vote.index}"
            people.add(vote.person)
            path = f"{self.folder}/votes/{name}.json"
            expected |= {path, path + ".sig"}
            require(self.clone.file(self.after, path) == vote.data, f"{path} is not the vote in log entry {vote.index}")
            require(self.clone.file(self.after, path + ".sig") == vote.signature, f"{path}.sig is not the one logged")
        actual = {path for path in self.difference if path.startswith(self.folder + "/")}
        same("files beside the request", sorted(expected), sorted(actual))


def period(text):
    found = re.fullmatch(r"P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?", text)
    days, hours, minutes, seconds = (int(part or 0) for part in found.groups())
    return timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)


def is_of_calendar(rule):
    return rule.startswith(("change-freeze/", "maintenance-window/"))


def main(genesis, folder, saved=None):
    with tempfile.TemporaryDirectory() as scratch:
        good = Verification(Clone(folder), Signatures(scratch), genesis, saved and read_saved(saved)).run()
    return 0 if good else 1


if __name__ == "__main__":
    if len(sys.argv) not in (3, 4):
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
