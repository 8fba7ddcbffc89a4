"""What the ApprovalRules of before ask of a change, and which votes count for it, worked out a second time.

For verify_clone.py; shares no code with the server. See docs/protocol.md, "What is asked".
"""

from standard_change import glob, is_trust

GRADES = ("low", "medium", "high")
USUAL_RISKS = {
    "low": {"low": "low", "medium": "low", "high": "medium"},
    "medium": {"low": "low", "medium": "medium", "high": "high"},
    "high": {"low": "medium", "medium": "high", "high": "critical"},
}
LEVELS = ("low", "medium", "high", "critical")


class Facets:
    """What rules and scopes ask of a path, from both sides of a change."""

    def __init__(self, path, sides):
        self.path = path
        self.kinds, self.environments, self.classifications, self.criticalities = set(), set(), set(), set()
        for side in sides:
            for other, document in side.speaking(path):
                self.add(side, other, document)

    def add(self, side, other, document):
        spec = document["spec"]
        if other == self.path:
            self.kinds.add(document["kind"])
        targets = spec.get("targets") or [] if document["kind"] == "SystemConfig" else []
        found = [document, *(side.document(f"targets/{target}.yaml") for target in targets)]
        self.environments |= {one["spec"].get("environment") for one in found if one} - {None}
        self.classifications |= {spec.get("classification")} - {None}
        critical = [document]
        if document["kind"] == "Target":
            every = [system for family in side.names("systems") for _, system in side.systems(family)]
            critical += [s for s in every if document["metadata"]["name"] in (s["spec"].get("targets") or [])]
        self.criticalities |= {one["spec"].get("criticality") for one in critical} - {None}

    def are_in(self, scope):
        """Whether a grant's scope covers them: each must be granted, and what has none is in no scope."""
        def all_of(granted, actual):
            return not granted or (bool(actual) and actual <= set(granted))

        return (
            fits(scope.get("paths"), self.path)
            and all_of(scope.get("kinds"), self.kinds) and all_of(scope.get("environments"), self.environments))

    def match(self, match):
        """Whether a rule is about them: any of what it names suffices."""
        def any_of(wanted, actual):
            return not wanted or bool(set(wanted) & actual)

        return (
            fits(match.get("paths"), self.path) and any_of(match.get("kinds"), self.kinds)
            and any_of(match.get("environments"), self.environments)
            and any_of(match.get("classifications"), self.classifications))


def fits(patterns, path):
    return not patterns or any(glob(pattern).fullmatch(path) for pattern in patterns)


def risk(settings, request, facets):
    declared = request.get("risk") or {}
    impact = declared.get("impact") or "high"
    critical = max((LEVELS.index(level) for facet in facets for level in facet.criticalities), default=0)
    impact = GRADES[max(GRADES.index(impact), min(critical, 2))]
    table = (settings.get("assessment") or {}).get("risk") or USUAL_RISKS
    return table[declared.get("likelihood") or "high"][impact]


class Asked:
    """The requirements of one merge in their order, as gate.json must have them."""

    def __init__(self, change, votes, facets):
        self.change = change
        self.votes = votes
        self.facets = facets

    def all(self):
        found, covered, overriding = [], set(), set()
        for path, rule in self.change.rules():
            spec = rule["spec"]
            match = spec.get("match") or {}
            matched = [facet for facet in self.facets if facet.match(match)] if self.is_about(match) else []
            if matched:
                covered |= {facet.path for facet in matched}
                overriding |= set((spec.get("override") or {}).get("roles") or [])
                found += self.of_rule(path, rule, matched)
        bare = [f.path for f in self.facets if f.path not in covered and (not covered or f.path != self.change.request)]
        found.append(requirement("every-path-has-a-rule", None, None, 0, [], not bare))
        needed = 2 if any(is_trust(facet.path) for facet in self.facets) else 1
        people = {}
        for evidence in (e for one in found for e in one["evidence"] if e["grant"] is not None):
            people.setdefault(evidence["person"], evidence)
        found.append(requirement("floor", None, None, needed, [people[person] for person in sorted(people)]))
        found.append(self.no_rejection(overriding))
        return found

    def is_about(self, match):
        request = self.change.request_spec
        return (
            (not match.get("operations") or self.change.manifest["operation"] in match["operations"])
            and (not match.get("types") or request["type"] in match["types"])
            and (not match.get("risks") or risk(self.change.trust.settings, request, self.facets) in match["risks"]))

    def of_rule(self, path, rule, matched):
        name, spec = rule["metadata"]["name"], rule["spec"]
        road = spec.get("emergency")
        if road and self.change.request_spec["type"] == "emergency":
            votes = [vote for vote in self.votes.approvals() if vote.says["role"] in road["roles"]]
            found = [requirement(name, path, None, road["min"], self.evidence(votes, matched))]
        else:
            found = [self.need(name, path, need, spec, matched) for need in spec["require"]]
        if spec.get("signedSubmit"):
            votes = [v for v in self.votes.others("submit") if v.person in self.change.manifest["contributors"]]
            found.append(requirement(name, path, None, 1, self.evidence(votes, [])))
        return found

    def need(self, name, path, need, spec, matched):
        votes = [vote for vote in self.votes.approvals() if vote.says["role"] == need["role"]]
        evidence = self.evidence(votes, matched)
        if len(evidence) < need["count"]:
            overrides = self.overrides(name, set((spec.get("override") or {}).get("roles") or []), matched)
            if overrides:
                return requirement(name, path, need["role"], need["count"], overrides, "overridden")
        return requirement(name, path, need["role"], need["count"], evidence)

    def no_rejection(self, roles):
        rejected = self.votes.rejections()
        overrides = self.overrides("no-standing-rejection", roles, self.facets) if rejected else []
        state = "overridden" if overrides else not rejected
        return requirement("no-standing-rejection", None, None, 0, overrides, state)

    def overrides(self, rule, roles, matched):
        votes = [v for v in self.votes.others("override") if v.says["rule"] == rule and v.says["role"] in roles]
        return self.evidence(votes, matched)

    def evidence(self, votes, matched):
        """What the votes give for paths: nothing without a grant that covers each of them."""
        found = []
        for vote in votes:
            grants = [self.change.trust.grant(vote.person, vote.says["role"], f, self.change.time) for f in matched]
            if all(grants):
                found.append({
                    "person": vote.person, "role": vote.says["role"], "key": vote.key(),
                    "grant": grants[-1] if grants else None, "vote": vote.index})
        return found


def requirement(rule, document, role, needed, evidence, state=None):
    if state is None:
        state = len(evidence) >= needed
    word = state if isinstance(state, str) else "satisfied" if state else "unsatisfied"
    return {
        "rule": rule, "document": document, "role": role, "needed": needed, "state": word, "message": "", "evidence": evidence}
