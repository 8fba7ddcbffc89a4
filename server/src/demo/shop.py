"""A small shop under Countersign: its data folder, its people with their keys and tokens, a server, clones.

Everything goes through what a user has: the command line, git, ssh-keygen and HTTP. Standard library only.
"""

import datetime
import json
import os
import pathlib
import shlex
import shutil
import subprocess
import time
import urllib.error
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[3]
SAMPLE = ROOT / "sample-repo"
NAME = "lantern-tea"
VOTES = "vote@countersign.dev"

EMAIL = "{}@lantern-tea.example"
PEOPLE = ["ann", "bob", "carol", "dave", "erin", "frank", "grace", "heidi", "chen-wei", "li-na"]
ADMINISTRATOR = "dave"
TWO_KEYS = "carol"


class Unexpected(Exception):
    """Something did not have the stated effect: what was expected, and what was seen instead."""

    def __init__(self, expected, seen):
        super().__init__(f"expected {expected}, saw {seen}")
        self.expected = expected
        self.seen = seen


def expect(condition, expected, seen):
    """Goes on only if the condition holds."""
    if not condition:
        raise Unexpected(expected, seen)


def expect_in(words, text):
    """Each of the words stands in the text."""
    for word in [words] if isinstance(words, str) else words:
        expect(word in text, f"the text {word!r}", text.strip())


def command():
    """The command line of the program: COUNTERSIGN_COMMAND, or the jar."""
    given = os.environ.get("COUNTERSIGN_COMMAND")
    if given:
        return shlex.split(given)
    home = os.environ.get("JAVA_HOME")
    return [f"{home}/bin/java" if home else "java", "-jar", str(ROOT / "target" / "countersign.jar")]


def anew(folder):
    """The folder, empty, with the mark of a demo in it; a folder with anything else than a former demo is left alone."""
    mark = folder / ".demo"
    if folder.exists() and any(folder.iterdir()) and not mark.exists():
        raise Unexpected("an empty folder, or one of a former demo", f"{folder} holds other files; name another with --data")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    mark.touch()
    return folder


class Ran:
    """A process that ended: its exit code, its output, and all that it printed, errors first."""

    def __init__(self, line, ended):
        self.line = line
        self.code = ended.returncode
        self.out = ended.stdout.decode("utf-8", "replace")
        self.text = ended.stderr.decode("utf-8", "replace") + self.out

    def good(self):
        """Itself, if it ended well."""
        expect(self.code == 0, f"exit code 0 of: {self.line}", f"{self.code}:\n{self.text}")
        return self

    def bad(self, *words):
        """Itself, if it failed and said these words."""
        expect(self.code != 0, f"a failure of: {self.line}", f"success:\n{self.text}")
        expect_in(list(words), self.text)
        return self


def environment(home):
    """The environment of child processes: no configuration of this machine's user, no proxy for this machine."""
    return {
        **os.environ,
        "HOME": str(home),
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_TERMINAL_PROMPT": "0",
        "NO_PROXY": "127.0.0.1,localhost",
        "no_proxy": "127.0.0.1,localhost",
        "LC_ALL": "C.UTF-8",
    }


class Answer:
    """What the server answered to one request."""

    def __init__(self, request, status, headers, body):
        self.request = request
        self.status = status
        self.headers = headers
        self.body = body

    @property
    def text(self):
        return self.body.decode("utf-8", "replace")

    @property
    def json(self):
        return json.loads(self.body)

    def good(self):
        """Itself, if the request was done."""
        expect(200 <= self.status < 300, f"success of {self.request}", f"{self.status} {self.text}")
        return self

    def refused(self, rule, *words):
        """Itself, if the request was refused by this rule with these words."""
        expect(self.status >= 400, f"{self.request} refused by {rule}", f"{self.status} {self.text[:2000]}")
        rules = [finding["rule"] for finding in self.json["findings"]]
        expect(rule in rules, f"{self.request} refused by {rule}", f"{self.status} by {rules}: {self.text[:2000]}")
        expect_in(list(words), self.text)
        return self


class Shop:
    """One data folder and, while it runs, its server."""

    def __init__(self, folder, keys, say=lambda line: None):
        self.folder = pathlib.Path(folder)
        self.keys = pathlib.Path(keys)
        self.data = self.folder / "data"
        self.repository = self.data / "repository.git"
        self.targets = self.data / "targets"
        self.say = say
        self.tokens = {}
        self.process = None
        self.url = None
        self.genesis = None
        self.content_root = None
        self._opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))

    def run(self, *arguments, cwd=None, text=None, good=False, extra=None):
        """Runs a command to its end."""
        process = subprocess.run(
            [str(argument) for argument in arguments],
            cwd=cwd,
            env={**environment(self.folder), **(extra or {})},
            input=text if isinstance(text, bytes) else text.encode() if text is not None else b"",
            capture_output=True,
            timeout=120,
            check=False,
        )
        line = " ".join(shlex.quote(str(argument)) for argument in arguments)
        ran = Ran(line, process)
        return ran.good() if good else ran

    def countersign(self, *arguments):
        """Runs the program."""
        ran = self.run(*command(), *arguments, cwd=ROOT)
        ran.line = "countersign " + " ".join(map(str, arguments))
        return ran

    def key(self, name):
        """The file of a private key, made when first asked for."""
        path = self.keys / name
        if not path.exists():
            self.keys.mkdir(parents=True, exist_ok=True)
            self.run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", name, "-f", path, good=True)
        return path

    def found(self):
        """Founds the repository from sample-repo, with everybody's keys."""
        self.folder.mkdir(parents=True, exist_ok=True)
        people = [(person, person) for person in PEOPLE] + [(TWO_KEYS, f"{TWO_KEYS}-second")]
        keys = [f"--key={person}={self.key(name)}.pub" for person, name in people]
        recovery = f"--recovery-key={self.key('recovery')}.pub"
        founded = json.loads(
            self.countersign(
                "init", "--data", self.data, "--content", self.content(), "--name", NAME, *keys, recovery, "--json"
            )
            .good()
            .out
        )
        self.genesis = founded["genesis"]
        self.content_root = founded["contentRoot"]

    def found_as_copy(self, original):
        """Founds the repository as a copy of another shop's, from a clone of that, with its people and recovery keys."""
        self.folder.mkdir(parents=True, exist_ok=True)
        mirror = self.folder / "original.git"
        self.run("git", "clone", "-q", "--mirror", original.clone_url(ADMINISTRATOR), mirror, good=True)
        kept = ["--keep-people", "--keep-recovery-keys", "--name", f"{NAME}-rehearsal", "--json"]
        founded = json.loads(
            self.countersign("restore", "--as-copy", "--from", mirror, "--data", self.data, *kept).good().out
        )
        self.genesis = founded["founded"]["genesis"]
        return founded

    def content(self):
        """sample-repo; a copy with other years where its grants do not hold today as they were written to."""
        today = datetime.datetime.now(datetime.timezone.utc).date()
        if datetime.date(2026, 7, 2) <= today < datetime.date(2027, 12, 1):
            return SAMPLE
        copy = self.folder / "content"
        shutil.copytree(SAMPLE, copy)
        for grant in (copy / "access" / "grants").glob("*.yaml"):
            text = grant.read_text(encoding="utf-8")
            for written, year in (("2026-06-30", -1), ("2026-01-01", -1), ("2027-12-31", 1)):
                text = text.replace(written, f"{today.year + year}{written[4:]}")
            grant.write_text(text, encoding="utf-8")
        return copy

    def start(self):
        """Starts the server, and gives everybody a token."""
        administrator = self.countersign(
            "token", "create", "--data", self.data, "--person", ADMINISTRATOR, "--scope", "read,push,vote,merge,admin"
        ).good()
        self.tokens = {person: "" for person in PEOPLE}
        self.tokens[ADMINISTRATOR] = administrator.out.strip()
        self.serve()
        wish = {"name": "demo", "scopes": ["read", "push", "vote", "merge"], "lifetime": "P30D"}
        for person in PEOPLE:
            if person != ADMINISTRATOR:
                issued = self.post("/api/v1/tokens", {**wish, "person": person}, ADMINISTRATOR).good()
                self.tokens[person] = issued.json["secret"]

    def serve(self):
        """Starts the server on a free port; tries again if somebody else was quicker to take that."""
        for _ in range(2):
            try:
                return self._serve()
            except Unexpected as failure:
                if "ddress already in use" not in str(failure.seen):
                    raise
        return self._serve()

    def _serve(self):
        output = self.folder / "server.log"
        with open(output, "ab") as log:
            begin = log.tell()
            self.process = subprocess.Popen(
                [*command(), "serve", "--data", str(self.data), "--port", "0"],
                cwd=ROOT,
                env=environment(self.folder),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            text = output.read_bytes()[begin:].decode("utf-8", "replace")
            for line in text.splitlines():
                if line.startswith("listening at "):
                    self.url = line.removeprefix("listening at ").strip()
                    return
            expect(self.process.poll() is None, "a server that starts", text)
            time.sleep(0.05)
        raise Unexpected("a server that listens within 60 seconds", output.read_text())

    def stop(self):
        """Stops the server and waits for its end."""
        if self.process is not None:
            self.process.terminate()
            try:
                self.process.wait(30)
            except subprocess.TimeoutExpired:
                self.process.kill()
                raise Unexpected("a server that ends within 30 seconds of SIGTERM", "it did not") from None
            finally:
                self.process = None

    def request(self, method, path, body=None, person="ann"):
        """One request, as a person; nobody if None."""
        request = urllib.request.Request(self.url + path, method=method)
        if person is not None:
            request.add_header("Authorization", "Bearer " + self.tokens[person])
        if body is not None:
            request.data = json.dumps(body).encode()
            request.add_header("Content-Type", "application/json")
        name = f"{method} {path}" + (f" by {person}" if person else "")
        try:
            with self._opener.open(request, timeout=60) as answer:
                return Answer(name, answer.status, answer.headers, answer.read())
        except urllib.error.HTTPError as problem:
            return Answer(name, problem.code, problem.headers, problem.read())

    def get(self, path, person="ann"):
        return self.request("GET", path, person=person)

    def post(self, path, body, person):
        return self.request("POST", path, body, person)

    def clone_url(self, person):
        """The clone URL with the person's token in it."""
        return f"{self.url.replace('//', f'//{person}:{self.tokens[person]}@')}/git/{NAME}.git"

    def change(self, name):
        return self.get(f"/api/v1/changes/{name}").good().json

    def gate(self, name):
        return self.get(f"/api/v1/changes/{name}/gate").good().json

    def statement(self, name, person, decision, role):
        """Downloads the statement that a person is to sign."""
        wish = {"decision": decision, "role": role, "reason": "Looks right."}
        return self.post(f"/api/v1/changes/{name}/statements", wish, person).good().body

    def sign(self, key, statement, namespace=VOTES):
        """Signs bytes with ssh-keygen, as a file."""
        file = self.folder / "statement.json"
        signature = self.folder / "statement.json.sig"
        signature.unlink(missing_ok=True)
        file.write_bytes(statement)
        self.run("ssh-keygen", "-q", "-Y", "sign", "-n", namespace, "-f", self.key(key), file, good=True)
        return signature.read_text()

    def hand_in(self, name, person, statement, signature):
        """Uploads a signed statement."""
        body = {"statement": statement.decode(), "signature": signature}
        return self.post(f"/api/v1/changes/{name}/votes", body, person)

    def vote(self, name, person, role, decision="approve", key=None):
        """Downloads, signs and uploads."""
        statement = self.statement(name, person, decision, role)
        return self.hand_in(name, person, statement, self.sign(key or person, statement))

    def approve(self, name, **roles):
        """Approvals that must be taken: role by person, with _ for -."""
        for person, role in roles.items():
            self.vote(name, person.replace("_", "-"), role).good()

    def merge(self, name, person="ann"):
        return self.post(f"/api/v1/changes/{name}/merge", None, person)

    def settled(self, name):
        """The change once nothing more happens to it at its targets; what failed there is taken back next."""
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            change = self.change(name)
            failed = any(unit["outcome"] == "failed" for unit in change["units"])
            if change["state"] not in ("approved", "scheduled", "applying") and not failed:
                return change
            time.sleep(0.1)
        raise Unexpected(f"{name} to be applied within 60 seconds", change)

    def entries(self):
        """Every entry of the record log."""
        entries, begin = [], 0
        while begin is not None:
            page = self.get(f"/api/v1/log/entries?from={begin}").good().json
            entries += page["items"]
            begin = page["next"]
        return entries

    def has_object(self, identifier):
        """Whether the server's repository has an object, told by git itself."""
        return self.run("git", "-C", self.repository, "cat-file", "-e", identifier).code == 0


class Clone:
    """A person's clone."""

    def __init__(self, shop, person, folder=None):
        self.shop = shop
        self.person = person
        self.folder = pathlib.Path(folder or shop.folder / "clones" / person)
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.parent.mkdir(parents=True, exist_ok=True)
        shop.run("git", "clone", "-q", shop.clone_url(person), self.folder, good=True)
        self.configure(person)

    def configure(self, person):
        self.git("config", "user.name", person)
        self.git("config", "user.email", EMAIL.format(person))
        self.git("config", "gpg.format", "ssh")
        self.git("config", "user.signingkey", f"{self.shop.key(person)}.pub")

    def git(self, *arguments):
        """Runs git there; it must end well."""
        return self.shop.run("git", "-C", self.folder, *arguments, good=True).text.strip()

    def branch(self, name):
        """Begins a branch at the newest main."""
        self.git("remote", "set-url", "origin", self.shop.clone_url(self.person))
        self.git("fetch", "-q", "origin")
        self.git("checkout", "-q", "-f", "-B", name, "origin/main")
        self.git("clean", "-q", "-f", "-d")

    def write(self, path, content):
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content, encoding="utf-8")

    def edit(self, path, before, after):
        """Replaces text that stands exactly once in a file."""
        file = self.folder / path
        text = file.read_text(encoding="utf-8")
        expect(text.count(before) == 1, f"{before!r} once in {path}", f"{text.count(before)} times")
        file.write_text(text.replace(before, after), encoding="utf-8")

    def commit(self, message, *options):
        self.git("add", "-A")
        self.git("commit", "-q", *options, "-m", message)
        return self.git("rev-parse", "HEAD")

    def push(self, ref, *options):
        """Pushes HEAD; the result holds what the terminal showed."""
        return self.shop.run("git", "-C", self.folder, "push", *options, "origin", f"HEAD:{ref}")

    def blob(self, path):
        """The id of a file's blob at HEAD."""
        return self.git("rev-parse", f"HEAD:{path}")


def request(name, title, requester, rollback=False, more=""):
    """A ChangeRequest as its author writes it."""
    grant = "  rollback:\n    roles: [change-control]\n    for: PT48H\n" if rollback else ""
    return f"""apiVersion: countersign.dev/v1
kind: ChangeRequest
metadata:
  name: {name}
spec:
  title: {title}
  type: normal
  reason: Customers asked for it, and the measurements of last week agree.
  requester: {requester}
  contact: {requester}
  maintenanceType: adaptive
  plan:
    scope: One document of one system.
    steps:
      - Merge; the server applies it to the targets.
    risk: Low; the health check tells within seconds.
  test:
    plan: The settings were tried in the test environment.
  backout:
    plan: Roll this change back; that restores the files of the release before within a minute.
  securityImpact: None; nothing that is secret is touched.
{grant}{more}"""
