"""What the acts of the walkthrough share: the people at work, and how answers are read."""

import datetime
import hashlib

from shop import Clone, Shop, request

PRODUCTION = "systems/storefront/storefront-production.yaml"
CHECKOUT = "systems/checkout/checkout-test.yaml"
GOOD, UNRELATED, RELATED, SHARED, BAD = "longer-cache", "quicker-timeout", "fewer-lines", "quieter-test", "no-gateway"


def digest(content):
    return hashlib.sha256(content).hexdigest()


def evidence(gate):
    return [one for requirement in gate["requirements"] for one in requirement["evidence"]]


def outcomes(change):
    return [unit["outcome"] for unit in change["units"]]


class Scene:
    """The people of the shop at work, and what they remember from one step to the next."""

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
