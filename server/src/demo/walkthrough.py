"""The whole story, played against a real server: every step has its effect, or the play ends with what was seen."""

import datetime
import hashlib
import shutil
import subprocess
import time

import tamper
from shop import Clone, Shop, Unexpected, expect, expect_in, request

PRODUCTION = "systems/storefront/storefront-production.yaml"
CHECKOUT = "systems/checkout/checkout-test.yaml"
GOOD, UNRELATED, RELATED, SHARED, BAD = "longer-cache", "quicker-timeout", "fewer-lines", "quieter-test", "no-gateway"


def digest(content):
    return hashlib.sha256(content).hexdigest()


class Play:
    """The people of the shop at work. Each step is a method; its first line of documentation is what it shows."""

    def __init__(self, folder):
        self.folder = folder
        self.shop = Shop(folder, folder / "keys")
        self.day = datetime.datetime.now(datetime.timezone.utc).date().isoformat()
        self.clones = {}
        self.seen = {}

    def document(self, name):
        return f"changes/{self.day}/{name}.yaml"

    def clone(self, person):
        if person not in self.clones:
            self.clones[person] = Clone(self.shop, person)
        return self.clones[person]

    def propose(self, person, name, title, path, before, after, rollback=False):
        """A change of one file on a branch of its own, not yet pushed."""
        clone = self.clone(person)
        clone.branch(name)
        clone.edit(path, before, after)
        clone.write(self.document(name), request(name, title, person, rollback))
        clone.commit(title)
        return clone

    def unit(self, system, target):
        """The link that says what stands at a target, and where it leads."""
        folder = self.shop.targets / target / "web-1" / system
        return folder / "current"

    def refuse_whole(self, name, path, rule, make):
        """A push refused whole: the rule is named, and the server has none of its objects."""
        clone = self.clone("ann")
        clone.branch(name)
        clone.write(self.document(name), request(name, "Try it", "ann"))
        make(clone.folder / path)
        commit = clone.commit("Try it")
        clone.push(f"change/{name}").bad(f"[{rule}]", path)
        objects = [commit, clone.git("rev-parse", "HEAD^{tree}"), clone.blob(path), clone.blob(self.document(name))]
        kept = [identifier for identifier in objects if self.shop.has_object(identifier)]
        expect(not kept, f"none of the objects of the refused push in {self.shop.repository}", kept)
        branches = self.shop.run("git", "-C", self.shop.repository, "for-each-ref", good=True).text
        expect(name not in branches, f"no ref of {name}", branches)

    # 1: opening a change

    def step_1_1(self):
        """clone, edit a config, add the request, push: the terminal shows number, URL and findings"""
        clone = self.propose(
            "ann", GOOD, "Keep the catalogue longer", PRODUCTION, "cache-seconds: 300", "cache-seconds: 900", True
        )
        pushed = clone.push(f"change/{GOOD}").good()
        url = f"{self.shop.url}/api/v1/changes/{GOOD}"
        expect_in([f"change #1 {self.day}/{GOOD}, revision 1", url, "no findings"], pushed.text)
        expect_in("approver", pushed.text)
        expect(self.shop.change(GOOD)["state"] == "review", "the state review", self.shop.change(GOOD))
        return url

    def step_1_2(self):
        """a broken document is told with file:line:column, the place inside and what was expected"""
        clone = self.propose(
            "bob", "broken", "Break it", CHECKOUT, "classification: confidential", "classification: privat"
        )
        pushed = clone.push("change/broken").good()
        lines = (clone.folder / CHECKOUT).read_text(encoding="utf-8").split("\n")
        line = next(number for number, text in enumerate(lines, 1) if "privat" in text)
        column = lines[line - 1].index("privat") + 1
        expect_in([f"{CHECKOUT}:{line}:{column}", "spec/classification must be one of public, confidential, secret"], pushed.text)
        expect(self.shop.change("broken")["state"] == "draft", "the state draft", self.shop.change("broken"))
        self.shop.merge("broken").refused("not-one-of")
        return f"{CHECKOUT}:{line}:{column}"

    def step_1_3(self):
        """a plaintext secret is refused whole, and the server has no such object"""
        path = "systems/checkout/checkout-staging.yaml"

        def make(file):
            text = file.read_text(encoding="utf-8")
            file.write_text(text.replace("retries: 2", "retries: 2\n          password: Tr0ub4dor-and-3"))

        self.refuse_whole("with-password", path, "plain-secret", make)

    def step_1_4(self):
        """a private key is refused whole, and the server has no such object"""
        key = self.shop.key("stranger").read_text()
        path = "systems/storefront/files/id-ed25519"
        self.refuse_whole("with-key", path, "private-key", lambda file: file.write_text(key))

    def step_1_5(self):
        """a symlink is refused whole, and the server has no such object"""
        path = "systems/storefront/files/link.html"
        self.refuse_whole("with-link", path, "forbidden-mode", lambda file: file.symlink_to("../../../etc/passwd-x"))

    def step_1_6(self):
        """a path that only the server writes is refused whole, and the server has no such object"""

        def make(file):
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text('{"forged":true}\n')

        path = f"changes/{self.day}/with-gate/gate.json"
        self.refuse_whole("with-gate", path, "server-written-path", make)

    # 2: reading and signing

    def step_2_1(self):
        """plan and manifest come through the API: every path, every unit, and the digest that is signed"""
        answer = self.shop.get(f"/api/v1/changes/{GOOD}/manifest", "carol").good()
        manifest = answer.json
        expect(answer.headers["ETag"] == f'"{digest(answer.body)}"', "the manifest's SHA-256 as ETag", answer.headers)
        paths = [file["path"] for file in manifest["files"]]
        expect(paths == [self.document(GOOD), PRODUCTION], "exactly the two paths", paths)
        units = [(unit["target"], unit["system"]) for unit in manifest["units"]]
        expect(units == [("web-production", "storefront-production")], "the one unit that is affected", units)
        state = manifest["units"][0]["state"]
        expect(state["before"] != state["after"], "another state after than before", state)
        expect(manifest["contributors"] == ["ann"], "ann as contributor", manifest["contributors"])
        diff = self.shop.get(f"/api/v1/changes/{GOOD}/diff", "carol").good().text
        expect_in(["cache-seconds: 300", "cache-seconds: 900"], diff)
        return f"sha256:{digest(answer.body)}"

    def step_2_2(self):
        """the author's own vote is refused by name: contributor-vote"""
        self.shop.vote(GOOD, "ann", "approver").refused("contributor-vote", "ann contributed")

    def step_2_3(self):
        """the pusher's own vote is refused by name, and so is a push in another's name without their signature"""
        path = "systems/storefront/storefront-test.yaml"
        clone = self.propose("dave", SHARED, "Log less in test", path, "logging.level: debug", "logging.level: info")
        clone.configure("bob")
        clone.git("commit", "-q", "--amend", "--reset-author", "--no-edit")
        clone.push(f"change/{SHARED}").bad("[foreign-author]", "in the name of bob, pushed by dave")
        clone.git("commit", "-q", "--amend", "--no-edit", "-S")
        clone.push(f"change/{SHARED}").good()
        clone.configure("dave")
        contributors = self.shop.get(f"/api/v1/changes/{SHARED}/manifest").good().json["contributors"]
        expect(contributors == ["bob", "dave"], "author and pusher as contributors", contributors)
        self.shop.vote(SHARED, "dave", "approver").refused("contributor-vote", "dave contributed")

    def step_2_4(self):
        """a vote with a key that nobody enrolled is refused by name: unknown-key"""
        self.shop.vote(GOOD, "carol", "approver", key="stranger").refused("unknown-key")

    def step_2_5(self):
        """a vote with a key of somebody else is refused by name: key-of-another"""
        self.shop.vote(GOOD, "carol", "approver", key="dave").refused("key-of-another", "belongs to person dave")

    def step_2_6(self):
        """a vote without the role is refused by name: role-not-granted"""
        self.shop.vote(GOOD, "grace", "approver").refused("role-not-granted", "grace claims the role approver")

    def step_2_7(self):
        """a vote by a grant that is over is refused by name: grant-expired"""
        self.shop.vote(GOOD, "heidi", "approver").refused("grant-expired", "heidi-approver-2026h1")

    def step_2_8(self):
        """a signature made for something else is refused by name: wrong-namespace"""
        statement = self.shop.statement(GOOD, "carol", "approve", "approver")
        signature = self.shop.sign("carol", statement, namespace="git")
        self.shop.hand_in(GOOD, "carol", statement, signature).refused("wrong-namespace", "git")

    def step_2_9(self):
        """a vote on another manifest is refused by name, after a new revision: other-manifest"""
        statement = self.shop.statement(GOOD, "carol", "approve", "approver")
        signature = self.shop.sign("carol", statement)
        clone = self.clone("ann")
        clone.git("checkout", "-q", "-f", GOOD)
        clone.edit(PRODUCTION, "cache-seconds: 900", "cache-seconds: 600")
        clone.commit("Ten minutes are enough")
        expect_in("revision 2", clone.push(f"change/{GOOD}").good().text)
        self.shop.hand_in(GOOD, "carol", statement, signature).refused("other-manifest", "the statement says manifest")
        expect(not self.shop.get(f"/api/v1/changes/{GOOD}/votes").json["items"], "no vote taken so far", "votes")

    def step_2_10(self):
        """the statement, signed by ssh-keygen and uploaded, counts: three people, and the gate opens"""
        statement = self.shop.statement(GOOD, "carol", "approve", "approver")
        signature = self.shop.sign("carol", statement)
        self.seen["vote"] = (statement, signature)
        taken = self.shop.hand_in(GOOD, "carol", statement, signature).good().json
        expect(taken["statement"].encode() == statement, "the signed bytes in the log", taken)
        self.shop.merge(GOOD).refused("requirement-unmet", "approve-production")
        self.shop.approve(GOOD, dave="approver", erin="security")
        gate = self.shop.gate(GOOD)
        expect(gate["open"], "an open gate", gate)
        return ", ".join(sorted({f"{one['person']} ({one['role']})" for one in evidence(gate)}))

    def step_2_11(self):
        """a second vote of the same person with a second key is refused by name: already-voted"""
        self.shop.vote(GOOD, "carol", "approver", key="carol-second").refused("already-voted", "whatever the key")

    def step_2_12(self):
        """the same vote on a copy of the repository is refused by name: other-repository"""
        copy = Shop(self.folder / "copy", self.shop.keys)
        copy.found()
        copy.start()
        try:
            clone = Clone(copy, "ann")
            clone.branch(GOOD)
            clone.edit(PRODUCTION, "cache-seconds: 300", "cache-seconds: 600")
            clone.write(self.document(GOOD), request(GOOD, "Keep the catalogue longer", "ann", True))
            clone.commit("Keep the catalogue longer")
            clone.push(f"change/{GOOD}").good()
            here, there = (one.get("/api/v1/repository").json["id"] for one in (self.shop, copy))
            expect(here != there, "two repository ids", here)
            copy.hand_in(GOOD, "carol", *self.seen["vote"]).refused("other-repository", here, there)
            copy.vote(GOOD, "carol", "approver").good()
        finally:
            copy.stop()

    # 3: others merge meanwhile

    def step_3_1(self):
        """an unrelated change merges in between: same manifest, and the votes stand"""
        before = self.shop.get(f"/api/v1/changes/{GOOD}/manifest").good().body
        clone = self.propose("chen-wei", UNRELATED, "Wait less", CHECKOUT, "timeout: PT8S", "timeout: PT5S")
        clone.push(f"change/{UNRELATED}").good()
        self.shop.approve(UNRELATED, li_na="approver")
        merged = self.shop.merge(UNRELATED, "chen-wei").good().json["merged"]
        main = self.shop.get("/api/v1/repository").json["main"]
        expect(main == merged["commit"], "main at the merge", (main, merged))
        change = self.shop.settled(UNRELATED)
        expect(outcomes(change) == ["applied"], "the unit applied", change)
        after = self.shop.get(f"/api/v1/changes/{GOOD}/manifest").good().body
        expect(before == after, "the same manifest, byte for byte", after)
        gate = self.shop.gate(GOOD)
        people = {one["person"] for one in evidence(gate)}
        expect(gate["open"] and people == {"carol", "dave", "erin"}, "the three votes and an open gate", gate)

    def step_3_2(self):
        """a related change merges in between: the votes die, with the path named"""
        clone = self.propose("bob", RELATED, "Log warnings only", PRODUCTION, "level: info", "level: warn")
        clone.push(f"change/{RELATED}").good()
        self.shop.approve(RELATED, carol="approver", dave="approver", erin="security")
        self.shop.merge(RELATED, "bob").good()
        change = self.shop.settled(RELATED)
        expect(outcomes(change) == ["applied"], "the unit applied", change)
        self.shop.merge(GOOD).refused("path-conflict", PRODUCTION)
        findings = self.shop.get(f"/api/v1/changes/{GOOD}/findings").good().json
        places = [item["place"]["path"] for item in findings["items"] if item["rule"] == "path-conflict"]
        expect(findings["blocked"] and places == [PRODUCTION], f"a conflict at {PRODUCTION}", findings)
        expect(self.shop.change(GOOD)["state"] == "draft", "the state draft", self.shop.change(GOOD))
        return PRODUCTION

    def step_3_3(self):
        """rebased it is another effect: none of the old votes counts, and it is signed anew"""
        clone = self.clone("ann")
        clone.git("checkout", "-q", "-f", GOOD)
        clone.git("fetch", "-q", "origin")
        clone.git("rebase", "-q", "origin/main")
        pushed = clone.push(f"change/{GOOD}", "--force").good()
        expect_in("revision 3", pushed.text)
        gate = self.shop.gate(GOOD)
        expect(not gate["open"] and not evidence(gate), "a shut gate without votes", gate)
        self.shop.merge(GOOD).refused("requirement-unmet")
        self.shop.approve(GOOD, carol="approver", dave="approver", erin="security")

    def step_3_4(self):
        """a direct push to main is refused by name: main-is-protected"""
        main = self.shop.get("/api/v1/repository").json["main"]
        clone = self.clone("dave")
        clone.branch("straight")
        clone.edit("README.md", "Lantern Tea", "Lantern Teas")
        commit = clone.commit("Straight to main")
        clone.push("main").bad("main-is-protected")
        now = self.shop.run("git", "-C", self.shop.repository, "rev-parse", "main", good=True).text.strip()
        expect(now == main and not self.shop.has_object(commit), "main where it was", now)

    # 4: merging

    def step_4_1(self):
        """the merge is signed: git verify-commit is good with the allowed signers that the server names"""
        current = self.unit("storefront-production", "production")
        self.seen["link"] = current.readlink()
        self.seen["before"] = (current / "conf/application.properties").read_bytes()
        merged = self.shop.merge(GOOD).good().json["merged"]
        clone = self.clone("grace")
        clone.git("pull", "-q")
        expect(clone.git("rev-parse", "HEAD") == merged["commit"], "main at the merge", merged)
        allowed = self.folder / "allowed-signers"
        allowed.write_bytes(self.shop.get("/api/v1/allowed-signers", "grace").good().body)
        verified = clone.git("-c", f"gpg.ssh.allowedSignersFile={allowed}", "verify-commit", merged["commit"])
        expect_in('Good "git" signature', verified)
        nobody = self.folder / "no-signers"
        nobody.write_text("")
        option = f"gpg.ssh.allowedSignersFile={nobody}"
        self.shop.run("git", "-C", clone.folder, "-c", option, "verify-commit", merged["commit"]).bad()
        folder = f"changes/{self.day}/{GOOD}"
        files = clone.git("ls-tree", "-r", "--name-only", "HEAD", folder).split("\n")
        expect(f"{folder}/votes/carol.json.sig" in files, "the votes beside the request", files)
        self.seen["merge"] = merged
        return merged["commit"]

    def step_4_2(self):
        """the target directory is switched: a new release, and the link leads to it"""
        change = self.shop.settled(GOOD)
        expect(outcomes(change) == ["applied"], "the unit applied", change)
        current = self.unit("storefront-production", "production")
        now = (current / "conf/application.properties").read_bytes()
        link = current.readlink()
        expect(link != self.seen["link"], "another release than before", link)
        expect(b"cache-seconds=300" in self.seen["before"], "300 before", self.seen["before"].decode())
        expect(b"cache-seconds=600" in now, "600 now", now.decode())
        return f"{self.seen['link']} -> {link}"

    def step_4_3(self):
        """the receipt is in the log, and the log proves it"""
        unit = self.shop.change(GOOD)["units"][0]
        entry = self.shop.entries()[unit["receipt"]]
        expect(entry["type"] == "receipt", "a receipt", entry)
        expect_in([GOOD, self.seen["merge"]["commit"], "applied"], entry["text"].replace("\\", ""))
        proof = self.shop.get(f"/api/v1/log/proof/{unit['receipt']}").good().text
        expect_in(["c2sp.org/tlog-proof", f"index {unit['receipt']}"], proof)
        return f"log entry {unit['receipt']}"

    # 5: going back

    def step_5_1(self):
        """a change whose health check fails rolls itself back: the release before stands again"""
        current = self.unit("checkout-test", "test")
        before = ((current / "conf/checkout.yaml").read_bytes(), current.readlink())
        gateway = "gateway: http://payment-gateway.test"
        clone = self.propose("bob", BAD, "Go round the gateway", CHECKOUT, gateway, "gateway: http://acquirer.test")
        clone.push(f"change/{BAD}").good()
        self.shop.approve(BAD, li_na="approver")
        self.shop.merge(BAD, "bob").good()
        change = self.shop.settled(BAD)
        expect(change["state"] == "failed" and outcomes(change) == ["rolled-back"], "failed, rolled back", change)
        after = ((current / "conf/checkout.yaml").read_bytes(), current.readlink())
        expect(before == after, "the same bytes and the same link as before", after)
        tried = self.receipts(BAD)
        expect_in(["failed", "lacks the expected text"], tried[0]["text"])
        expect_in("rolled-back", tried[-1]["text"])
        self.seen["tried"] = len(tried)
        return f"sha256:{digest(after[0])}"

    def receipts(self, name):
        mark = f"{self.day}/{name}"
        return [entry for entry in self.shop.entries() if entry["type"] == "receipt" and mark in entry["text"]]

    def step_5_2(self):
        """a rollback that would trample a later change is refused, with the paths"""
        refused = self.shop.post(f"/api/v1/changes/{RELATED}/rollback", None, "bob")
        refused.refused("rollback-would-trample", PRODUCTION, "web-production/storefront-production")

    def step_5_3(self):
        """a rollback of the good change, signed by the granted role, restores the bytes"""
        opened = self.shop.post(f"/api/v1/changes/{GOOD}/rollback", None, "ann").good().json
        name = opened["name"]
        expect(opened["operation"] == "rollback", "a rollback", opened)
        self.shop.merge(name).refused("requirement-unmet")
        self.shop.vote(name, "frank", "change-control", "rollback").good()
        self.shop.merge(name, "frank").good()
        change = self.shop.settled(name)
        expect(outcomes(change) == ["applied"], "the unit applied", change)
        now = (self.unit("storefront-production", "production") / "conf/application.properties").read_bytes()
        expect(now == self.seen["before"], "the bytes of before", now.decode())
        rolled = self.shop.change(GOOD)["state"]
        expect(rolled == "rolled-back", "the state rolled-back", rolled)
        return f"sha256:{digest(now)}"

    def step_5_4(self):
        """the same rollback a second time is refused"""
        again = self.shop.post(f"/api/v1/changes/{GOOD}/rollback", None, "ann")
        expect(again.status >= 400, "a refusal", again.text)
        return again.json["rule"]

    # 6: without the server

    def step_6_1(self):
        """the server is stopped; countersign verify on a plain clone is good"""
        self.seen["answers"] = self.answers()
        mirror = self.folder / "clones" / "mirror.git"
        shutil.rmtree(mirror, ignore_errors=True)
        self.shop.run("git", "clone", "-q", "--mirror", self.shop.clone_url("grace"), mirror, good=True)
        self.shop.stop()
        self.seen["mirror"] = mirror
        verified = tamper.Copy(self.shop, mirror, "good.git").verify().good()
        for name in (GOOD, UNRELATED, RELATED, BAD):
            expect_in(f"{self.day}/{name}", verified.text)
        return verified.text.strip().split("\n")[-1]

    def found(self, name, alter, *words):
        """A copy that was tampered with is not verified, and what was altered is named."""
        copy = tamper.Copy(self.shop, self.seen["mirror"], name)
        alter(copy)
        text = copy.verify().bad(*words).text
        shutil.rmtree(copy.folder)
        return next(line.strip() for line in text.split("\n") if words[0] in line)

    def step_6_2(self):
        """one byte of a vote: found and named"""
        path = f"changes/{self.day}/{GOOD}/votes/carol.json"
        blob = self.blob(path)
        return self.found("vote.git", lambda copy: copy.damage(blob, b"Looks right", b"Looks light"), path)

    def step_6_3(self):
        """one byte of a merged document: found and named"""
        blob = self.blob(PRODUCTION)
        return self.found("document.git", lambda copy: copy.damage(blob, b": 600", b": 900"), PRODUCTION)

    def step_6_4(self):
        """one byte of a grant: found and named"""
        path = "access/grants/heidi-approver-2026h1.yaml"
        blob = self.blob(path)
        return self.found("grant.git", lambda copy: copy.damage(blob, b"2026-06-30", b"2028-06-30"), path)

    def step_6_5(self):
        """one byte of a merge entry: found and named"""
        commit, index = self.seen["merge"]["commit"], self.seen["merge"]["index"]
        other = commit[:-1] + ("0" if commit[-1] != "0" else "1")

        def alter(copy):
            before = f'"after":"{commit}"'.encode()
            copy.alter_log(copy.find_in_log(before), before, f'"after":"{other}"'.encode())

        return self.found("entry.git", alter, f"entry {index} ", "NOT VERIFIED")

    def step_6_6(self):
        """one byte of a tile: found and named"""
        mirror = tamper.Copy(self.shop, self.seen["mirror"], "look.git")
        tile = [path for path in mirror.log_files() if path.startswith("tile/0/")][-1]
        first = mirror.read(f"{tamper.LOG}:{tile}")[:32]
        shutil.rmtree(mirror.folder)
        changed = first[:5] + bytes([first[5] ^ 1]) + first[6:]
        return self.found("tile.git", lambda copy: copy.alter_log(tile, first, changed), tile)

    def step_6_7(self):
        """history rewritten as well-formed Git, old objects forgotten: found, and the merges named"""
        path = f"changes/{self.day}/{GOOD}/votes/carol.json"
        commit = self.seen["merge"]["commit"]
        return self.found(
            "rewritten.git",
            lambda copy: copy.rewrite(path, b"Looks right", b"Looks light"),
            f"FAIL  #3 {commit[:12]}",
            "FAIL  main",
        )

    def blob(self, path):
        """The id of a file's blob as the good change merged it."""
        commit = self.seen["merge"]["commit"]
        return self.shop.run("git", "-C", self.seen["mirror"], "rev-parse", f"{commit}:{path}", good=True).text.strip()

    # 7: what is a projection, and what is not

    def answers(self):
        """Everything that the API says of the changes, but for the moment it says it."""
        answers = {"/api/v1/targets": self.shop.get("/api/v1/targets").json}
        answers["/api/v1/changes"] = self.shop.get("/api/v1/changes?limit=200").good().json
        for change in answers["/api/v1/changes"]["items"]:
            for part in ("", "/manifest", "/votes", "/gate", "/findings"):
                path = f"/api/v1/changes/{change['name']}{part}"
                answer = self.shop.get(path)
                answers[path] = {**answer.json, "http": answer.status}
                if change["merged"] is None:
                    answers[path].pop("time", None)
        return answers

    def step_7_1(self):
        """the database is deleted and the server started: the same answers as before"""
        shutil.rmtree(self.shop.data / "db")
        self.shop.start()
        now, before = self.answers(), self.seen["answers"]
        different = list(differences("", before, now))
        expect(not different, "the same answers", "\n".join(different))
        return f"{len(before)} answers, {len(before['/api/v1/changes']['items'])} changes"

    def step_7_2(self):
        """what rolled itself back is held: the start did not try it again"""
        expect(len(self.receipts(BAD)) == self.seen["tried"], "no new receipt", self.receipts(BAD))
        expect(self.shop.change(BAD)["state"] == "failed", "the state failed", self.shop.change(BAD))

    def step_7_3(self):
        """main moved by hand: the server goes read-only and says why"""
        self.seen["main"] = self.shop.get("/api/v1/repository").json["main"]
        self.shop.run("git", "-C", self.shop.repository, "update-ref", "refs/heads/main", self.shop.genesis, good=True)
        clone = self.clone("ann")
        clone.branch("after-all")
        clone.edit("README.md", "Lantern Tea", "Lantern Teas")
        clone.write(self.document("after-all"), request("after-all", "Correct the name", "ann"))
        clone.commit("Correct the name")
        for _ in range(2):
            clone.push("change/after-all").bad("read-only", self.shop.genesis, self.seen["main"])
        ready = self.shop.get("/readyz", None)
        expect(ready.status == 503, "503 at /readyz", f"{ready.status} {ready.text}")
        ready.refused("read-only", self.shop.genesis, self.seen["main"])
        self.shop.merge(SHARED, "bob").refused("read-only")
        return ready.json["detail"]

    def step_7_4(self):
        """main put back: the server takes changes again"""
        main = self.seen["main"]
        self.shop.run("git", "-C", self.shop.repository, "update-ref", "refs/heads/main", main, good=True)
        clone = self.clone("ann")
        expect_in("change #", clone.push("change/after-all").good().text)
        expect(self.shop.get("/readyz", None).status == 200, "200 at /readyz", self.shop.get("/readyz", None).text)


def differences(place, before, now):
    """Every place where two answers differ, with both sides."""
    if isinstance(before, dict) and isinstance(now, dict):
        for name in sorted(before.keys() | now.keys()):
            yield from differences(f"{place} {name}", before.get(name), now.get(name))
    elif isinstance(before, list) and isinstance(now, list) and len(before) == len(now):
        for index, (one, other) in enumerate(zip(before, now)):
            yield from differences(f"{place} {index}", one, other)
    elif before != now:
        yield f"{place.strip()}: before {before!r}, now {now!r}"


def evidence(gate):
    return [one for requirement in gate["requirements"] for one in requirement["evidence"]]


def outcomes(change):
    return [unit["outcome"] for unit in change["units"]]


def steps():
    """Every step with its number, in the order of the play."""
    named = [(tuple(map(int, name.split("_")[1:])), name) for name in vars(Play) if name.startswith("step_")]
    return [(".".join(map(str, number)), name) for number, name in sorted(named)]


def play(folder):
    """Plays it all. The exit code: 0 only if every step had its effect."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
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
