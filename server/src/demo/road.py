"""The first acts: a change is opened, read, signed, and kept or voided by what merges meanwhile."""

from scene import CHECKOUT, GOOD, PRODUCTION, RELATED, SHARED, UNRELATED, Scene, digest, evidence, outcomes
from shop import Clone, Shop, expect, expect_in, request


class Road(Scene):
    """The road of a change up to its merge.

    Each step is a method; its documentation says what it shows.
    """

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
        expect_in([f"change #1 {self.day}/{GOOD}, revision 1", url, "its documents are in order"], pushed.text)
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
        """the same vote on a copy of the repository (restore --as-copy) is refused by name: other-repository"""
        copy = Shop(self.folder / "copy", self.shop.keys)
        founded = copy.found_as_copy(self.shop)
        expect(founded["held"], "targets that are held", founded)
        copy.start()
        try:
            clone = Clone(copy, "ann")
            clone.branch(GOOD)
            clone.edit(PRODUCTION, "cache-seconds: 300", "cache-seconds: 600")
            clone.write(self.document(GOOD), request(GOOD, "Keep the catalogue longer", "ann", True))
            clone.commit("Keep the catalogue longer")
            clone.push(f"change/{GOOD}").good()
            original, repository = (one.get("/api/v1/repository").json for one in (self.shop, copy))
            here, there = original["id"], repository["id"]
            expect(here != there, "two repository ids", here)
            expect(repository["copyOf"]["repository"] == here, "a copy that says of what", repository)
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
        now = self.shop.run("git", "-C", self.shop.repository, "rev-parse", "main", good=True).out.strip()
        expect(now == main and not self.shop.has_object(commit), "main where it was", now)
