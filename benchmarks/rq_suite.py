"""RQ's own test-suite, run against our worker class.

    python -m benchmarks.rq_suite PATH_OF_RQ_SOURCES [--only test_worker.py]

PATH is an unpacked source distribution of the installed RQ (`pip download --no-binary :all: rq`):
its tests come with it. Wherever they name `Worker` they get OverlappingWorker; their
Redis is an embedded Valkey. Prints what passed, failed and does not apply, with reasons.
"""

from __future__ import annotations

import argparse
import os
import re
import signal
import subprocess
import sys
import tempfile
from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import cast

from benchmarks import rq_suite_plugin as plugin
from workers import embedded, processes

TEST_S, FILE_S = 60, 900
BEGUN = re.compile(r"^tests/\S+?::(\S+) \++ Timeout", re.MULTILINE)
"""A test that took too long."""
LINE = re.compile(r"^(tests/\S+?)::(\S+) (PASSED|FAILED|ERROR|SKIPPED)", re.MULTILINE)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("sources", type=Path, help="unpacked source distribution of RQ")
    parser.add_argument("--only", default="", help="one file of its tests")
    parser.add_argument("--slow", action="store_true", help="also those that RQ marks as slow")
    parser.add_argument("--stock", action="store_true", help="with RQ's own worker, to compare")
    parser.add_argument("--overlap", type=int, default=1, help="of the worker; many test order")
    parser.add_argument("--port", type=int, default=6379, help="some of its tests know no other")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="ww-rq-") as name:
        server = _start_valkey(Path(name), options.port)
        files = [options.only] if options.only else _files_with_workers(options.sources)
        try:
            output = "".join(_run(options, file) for file in files)
        finally:
            processes.stop([server], 10)
    counts: Counter[str] = Counter()
    for file, test, result in LINE.findall(output):
        reason = plugin.not_applicable(f"{file}::{test}")
        if result == "SKIPPED" or (reason and result != "PASSED"):
            counts["not applicable"] += 1
            print(f"not applicable  {test}: {reason or 'skipped by RQ (slow or TLS)'}")
        else:
            counts[result.lower()] += 1
            if result != "PASSED":
                print(f"{result.lower():<15} {file}::{test}")
    print(", ".join(f"{number} {what}" for what, number in sorted(counts.items())))
    if counts["failed"] or counts["error"] or not counts["passed"]:
        print(output[-8000:])
        return 1
    return 0


def _files_with_workers(sources: Path) -> list[str]:
    """The test files in which a worker works; the others say nothing of a worker class."""
    files = sorted((sources / "tests").glob("test_*.py"))
    return [file.name for file in files if re.search(r"\bWorker\(", file.read_text())]


def _run(options: argparse.Namespace, file: str) -> str:
    """One file; what follows a test that hangs is run anew without it."""
    print(f"… {file}", flush=True)
    output, hung = "", list[str]()
    while True:
        answer = _pytest(options, file, [name for _, name, _ in LINE.findall(output)] + hung)
        output += answer
        begun = BEGUN.search(answer)
        if begun is None:
            return output
        hung.append(begun[1])
        output += f"\ntests/{file}::{begun[1]} FAILED (hung)\n"


def _pytest(options: argparse.Namespace, file: str, done: list[str]) -> str:
    root = Path(__file__).parent.parent
    command = [sys.executable, "-m", "pytest", "-v", "-p", "benchmarks.rq_suite_plugin"]
    command += ["-p", "no:cacheprovider", "-o", "addopts=", "--tb=short", "--rootdir=."]
    # By a thread: RQ's own limits use the signal, and take it away.
    command += [f"--timeout={TEST_S}", "--timeout-method=thread", f"tests/{file}"]
    command += [f"--deselect=tests/{file}::{test}" for test in done]
    # To a file: a process that a test leaves behind would hold a pipe open.
    with tempfile.TemporaryFile("w+") as told:
        process = subprocess.Popen(
            command,
            cwd=options.sources,
            env=os.environ
            | {
                "PYTHONPATH": f"{root}{os.pathsep}.",
                plugin.PORT: str(options.port),
                plugin.STOCK: "1" if options.stock else "",
                plugin.OVERLAP: str(options.overlap),
                **({"RUN_SLOW_TESTS_TOO": "1"} if options.slow else {}),
                "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            },
            stdout=told,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            process.wait(FILE_S)
        except subprocess.TimeoutExpired:
            print(f"given up after {FILE_S} s: {file}")
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)  # what its tests left behind as well
            process.wait()
        told.seek(0)
        return told.read()


def _start_valkey(home: Path, port: int) -> subprocess.Popen[bytes]:
    """On a port: RQ's tests know no sockets."""
    server = embedded.start(home)
    server.terminate()
    server.wait()
    config = home / "valkey/valkey.conf"
    config.write_text(config.read_text().replace("port 0", f"port {port}\ndatabases 32"))
    return subprocess.Popen([cast("list[str]", server.args)[0], str(config)])


if __name__ == "__main__":
    sys.exit(main())
