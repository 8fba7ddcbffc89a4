#!/usr/bin/env python3
"""A shop to try Countersign on: founds it anew, serves it, and says what to do next; or plays the whole story."""

import argparse
import datetime
import pathlib
import signal
import sys

import walkthrough
from shop import NAME, ROOT, SAMPLE, VOTES, Shop, Unexpected, anew, command, request

CHANGE = "longer-cache"
DOCUMENT = "systems/storefront/storefront-test.yaml"


def next_commands(shop):
    """Commands that take a change from a clone to the target; they work as they are printed."""
    day = datetime.datetime.now(datetime.timezone.utc).date().isoformat()
    example = shop.folder / f"{CHANGE}.yaml"
    example.write_text(request(CHANGE, "Keep the catalogue longer", "ann", rollback=True), encoding="utf-8")
    api = f"{shop.url}/api/v1"
    change = f"{api}/changes/{CHANGE}"
    bearer = {person: f"-H 'Authorization: Bearer {token}'" for person, token in shop.tokens.items()}
    body = '{"statement": open("../vote.json").read(), "signature": open("../vote.json.sig").read()}'
    return f"""# as ann: clone, edit, say why, push
cd {shop.folder}
git clone {shop.clone_url("ann")} shop && cd shop
git config user.name ann && git config user.email ann@lantern-tea.example
sed -i 's/cache-seconds: 5/cache-seconds: 15/' {DOCUMENT}
mkdir -p changes/{day} && cp {example} changes/{day}/
git add -A && git commit -m 'Keep the catalogue longer' && git push origin HEAD:change/{CHANGE}

# as carol: read the exact effect, sign it with ssh-keygen, hand it in
curl -sS {bearer["carol"]} {change}/manifest
echo
curl -sS {bearer["carol"]} {change}/statements -d '{{"decision":"approve","role":"approver"}}' -o ../vote.json
ssh-keygen -Y sign -n {VOTES} -f {shop.keys / "carol"} ../vote.json
python3 -c 'import json; print(json.dumps({body}))' > ../vote-body.json
curl -sS {bearer["carol"]} {change}/votes -d @../vote-body.json
echo

# as ann: merge; the server signs it, logs it and applies it
curl -sS {bearer["ann"]} -X POST {change}/merge
echo; sleep 2; cat {shop.targets}/test/web-1/storefront-test/current/conf/application.properties

# as anybody: believe nobody
git checkout -q -B main origin/main && git pull -q
curl -sS {bearer["grace"]} {api}/allowed-signers > ../signers
git -c gpg.ssh.allowedSignersFile=../signers verify-commit HEAD
git clone -q --mirror {shop.clone_url("grace")} ../mirror.git
cd {ROOT} && {" ".join(command())} verify --genesis {shop.genesis} {shop.folder}/mirror.git
"""


def introduction(shop, commands):
    tokens = "\n".join(f"  {person:<9} {token}" for person, token in shop.tokens.items())
    return f"""
Countersign serves the shop of {SAMPLE.name}.

  clone URL  {shop.url}/git/{NAME}.git   (user: the person; password: their token)
  API        {shop.url}/api/v1   (described at {shop.url}/openapi.yaml)
  genesis    {shop.genesis}
  keys       {shop.keys}/<person>   (no passphrase; carol has two)
  data       {shop.data}
  targets    {shop.targets}

tokens
{tokens}

who is who: ann, bob and chen-wei write; carol and dave approve, li-na outside production; erin is security;
frank is change control; grace audits; heidi's grant is over.

what to do next; the same lines are in {commands}

{commands.read_text(encoding="utf-8")}
Ctrl-C ends the server.
"""


def serve(folder):
    """Founds, serves, explains, and waits for Ctrl-C or SIGTERM."""
    shop = Shop(folder, folder / "keys")
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        shop.found()
        shop.start()
        commands = folder / "next-commands.sh"
        commands.write_text(next_commands(shop), encoding="utf-8")
        print(introduction(shop, commands), flush=True)
        return shop.process.wait()
    except Unexpected as unexpected:
        print(f"the demo could not start\n  expected: {unexpected.expected}\n  seen:     {unexpected.seen}")
        return 1
    except KeyboardInterrupt:
        return 0
    finally:
        if shop.process is not None:
            shop.stop()


def main():
    parser = argparse.ArgumentParser(prog="./dev demo", description=__doc__)
    parser.add_argument("--walkthrough", action="store_true", help="play the whole story; 0 if every step had its effect")
    parser.add_argument("--data", type=pathlib.Path, default=ROOT / ".countersign" / "demo", help="emptied if it held a demo")
    arguments = parser.parse_args()
    folder = arguments.data.resolve()
    try:
        anew(folder)
    except Unexpected as unexpected:
        parser.error(f"expected {unexpected.expected}: {unexpected.seen}")
    return walkthrough.play(folder) if arguments.walkthrough else serve(folder)


if __name__ == "__main__":
    sys.exit(main())
