"""The last acts: what a merge did can be seen, taken back, verified by anybody, and found again without a database."""

import shutil

import tamper
from scene import BAD, CHECKOUT, GOOD, PRODUCTION, RELATED, SHARED, UNRELATED, Scene, digest, outcomes
from shop import expect, expect_in, request


class Proof(Scene):
    """What stands after the merge, and how it is known.

    Each step is a method; its documentation says what it shows.
    """

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
        return verified.out.strip().split("\n")[-1]

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
        return self.shop.run("git", "-C", self.seen["mirror"], "rev-parse", f"{commit}:{path}", good=True).out.strip()

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
