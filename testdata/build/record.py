#!/usr/bin/env python3
"""Development command: records what each case of this folder must print.

    record.py ORACLE DEV_KUSTOMIZE [CASE…]

ORACLE answers with the real kustomize, DEV_KUSTOMIZE is `target/debug/examples/dev_kustomize`. A case that the real one builds gets its
`expected.yaml`; one that it refuses gets our own `error.txt`, if we refuse it as well. Prints where the two disagree, and both errors.
Cases named `limit-…` go beyond limits of our own: the real one is not asked, it would build them or never end.
"""
import json, pathlib, subprocess, sys

def main():
    oracle, ours, *names = sys.argv[1:]
    here = pathlib.Path(__file__).parent
    cases = [here / n for n in names] or sorted(p for p in here.iterdir() if p.is_dir())
    asked = [case for case in cases if not case.name.startswith("limit-")]
    questions = "".join(json.dumps({"op": "kustomize", "root": str(c.resolve() / "in"), "path": "."}) + "\n" for c in asked)
    answers = subprocess.run([oracle], input=questions, text=True, capture_output=True).stdout.splitlines()
    answer_of = dict(zip(asked, map(json.loads, answers), strict=True))
    for case in cases:
        record(case, answer_of.get(case, {"ok": False, "error": "not asked"}), run(ours, case))

def run(ours, case):
    done = subprocess.run([ours, "build", str(case / "in")], capture_output=True, timeout=60)
    return done.returncode == 0, done.stdout.decode(), done.stderr.decode()

def record(case, answer, mine):
    built, text, errors = mine
    errors = "".join(line.split("/in/", 1)[-1] + "\n" for line in errors.replace(f"`testdata/build/{case.name}/in/", "`").replace(f"`testdata/build/{case.name}/in`", "`.`").splitlines())
    (case / "expected.yaml").unlink(missing_ok=True)
    (case / "error.txt").unlink(missing_ok=True)
    if answer["ok"]:
        # The oracle is a development build; the released command names its version.
        expected = answer.get("text", "").replace("kustomize-(devel)", "kustomize-v5.8.1")
        (case / "expected.yaml").write_bytes(expected.encode())
        if not built or text != expected:
            print(f"DIFFERS {case.name}\n-- kustomize:\n{expected}-- ours:\n{text}{errors}")
    elif built:
        print(f"ACCEPTED {case.name}\n-- kustomize: {answer['error']}\n-- ours:\n{text}")
    else:
        (case / "error.txt").write_bytes(errors.encode())
        print(f"refused {case.name}\n   kustomize: {answer['error']}\n   ours: {errors}", end="")

main()
