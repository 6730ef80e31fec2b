"""`python -m gate check` as a gate's own program runs it: lines in, lines out."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from gate.__main__ import main
from tests.support.card_codes import AT, KEY_NUMBER, SampleCard

ROOT = Path(__file__).parents[2]
CARD = SampleCard()
ID = CARD.card_id.hex()
COMMAND = [sys.executable, "-m", "gate", "check"]


@pytest.fixture
def keys(tmp_path: Path) -> str:
    """A key file as /api/gate/keys publishes it."""
    public_key = CARD.issuer.public_key().public_bytes_raw().hex()
    file = tmp_path / "keys.json"
    file.write_text(json.dumps({"keys": [{"number": KEY_NUMBER, "public_key": public_key}]}))
    return str(file)


def run(*options: str, stdin: str | bytes = "") -> subprocess.CompletedProcess[str]:
    """The command's whole run."""
    given = stdin.encode() if isinstance(stdin, str) else stdin
    done = subprocess.run(
        [*COMMAND, *options], input=given, capture_output=True, cwd=ROOT, check=False
    )
    return subprocess.CompletedProcess(
        done.args, done.returncode, done.stdout.decode(), done.stderr.decode()
    )


def start(*options: str) -> subprocess.Popen[str]:
    """The command while it runs."""
    return subprocess.Popen(
        [*COMMAND, *options],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=ROOT,
        text=True,
        bufsize=1,
    )


def ask(gate: subprocess.Popen[str], text: str) -> str:
    """One code to a running gate, and its line."""
    assert gate.stdin is not None
    assert gate.stdout is not None
    gate.stdin.write(text + "\n")
    gate.stdin.flush()
    return gate.stdout.readline()


def test_each_line_gets_its_verdict_and_card(keys: str) -> None:
    """The barrier's program reads a word, a tab and the card."""
    text = CARD.code(AT)
    done = run("--keys", keys, "--at", str(AT), stdin=f"{text}\r\n{text}\n\nreceipt 42\n{text}")
    assert done.stdout == (
        f"accepted\t{ID}\nreplayed\t{ID}\nmalformed\t-\nmalformed\t-\nreplayed\t{ID}\n"
    )
    assert done.stderr == ""
    assert done.returncode == 0


def test_a_space_at_the_beginning_belongs_to_the_code(keys: str) -> None:
    """A space is one of the 45 characters; a gate that trims its lines refuses honest residents."""
    card = CARD.but(card_id=b"\x20" + bytes(7))
    text = card.code(AT)
    assert text[0] == " "
    done = run("--keys", keys, "--at", str(AT), stdin=f"{text.strip()}\n{text} \n{text}\n")
    assert done.stdout == f"malformed\t-\nmalformed\t-\naccepted\t{card.card_id.hex()}\n"


def test_a_line_without_end_is_answered_once_and_not_kept(keys: str) -> None:
    """A stuck scanner must not fill the gate's memory."""
    text = CARD.code(AT)
    done = run("--keys", keys, "--at", str(AT), stdin="A" * 3_000_000 + f"\n{text}\n")
    assert done.stdout == f"malformed\t-\naccepted\t{ID}\n"


def test_bytes_that_are_no_text_are_malformed(keys: str) -> None:
    """A scanner set to the wrong alphabet gets an answer too."""
    done = run("--keys", keys, "--at", str(AT), stdin=b"\xff\xfe\x00\n\x80\n")
    assert done.stdout == "malformed\t-\nmalformed\t-\n"


def test_deny_list_products_and_direction_are_heard(keys: str, tmp_path: Path) -> None:
    """The keeper's options decide, each in its place of the order."""
    deny = tmp_path / "deny.txt"
    deny.write_text(f"0000000000000000\r\n\n{ID.upper()}\n")
    text = CARD.code(AT) + "\n"
    common = ("--keys", keys, "--at", str(AT))
    assert run(*common, "--deny", str(deny), stdin=text).stdout == f"revoked\t{ID}\n"
    assert run(*common, "--product", "2", stdin=text).stdout == f"wrong_product\t{ID}\n"
    assert run(*common, "--product", "2", "--product", "1", stdin=text).stdout == (
        f"accepted\t{ID}\n"
    )


def test_the_state_file_remembers_between_runs_by_gate_and_direction(
    keys: str, tmp_path: Path
) -> None:
    """A gate that is switched off and on still knows who passed."""
    state = ("--keys", keys, "--state", str(tmp_path / "state"))

    def pass_at(at: int, *options: str) -> str:
        done = run(*state, "--at", str(at), *options, stdin=CARD.code(at) + "\n")
        return done.stdout.split("\t")[0]

    assert pass_at(AT) == "accepted"
    assert pass_at(AT) == "replayed"
    assert pass_at(AT + 15) == "passback"
    assert pass_at(AT + 15, "--direction", "out") == "accepted"
    assert pass_at(AT, "--gate", "north") == "accepted"
    assert pass_at(AT + 300) == "accepted"


def test_an_answer_comes_before_the_next_code_and_survives_kill_nine(
    keys: str, tmp_path: Path
) -> None:
    """The barrier opens at once, and a gate killed in that moment does not open twice."""
    options = ("--keys", keys, "--at", str(AT), "--state", str(tmp_path / "state"))
    text = CARD.code(AT)
    gate = start(*options)
    assert ask(gate, text) == f"accepted\t{ID}\n"
    os.kill(gate.pid, signal.SIGKILL)
    gate.communicate()
    again = start(*options)
    assert ask(again, text) == f"replayed\t{ID}\n"
    again.communicate()
    assert again.returncode == 0


def test_without_the_option_at_it_is_now(keys: str) -> None:
    """A gate in service lives by its own clock."""
    done = run("--keys", keys, stdin=CARD.code(AT) + "\n")
    assert done.stdout == f"too_old\t{ID}\n"


def test_without_keys_the_gate_says_that_it_knows_none() -> None:
    """A gate nobody set up must not look as if every card were bad."""
    done = run("--at", str(AT), stdin=CARD.code(AT) + "\n")
    assert done.stdout == f"unknown_key\t{ID}\n"
    assert "--keys" in done.stderr


def _files(folder: Path) -> dict[str, str]:
    """Files that a gate cannot use."""
    key = Ed25519PrivateKey.generate().public_key().public_bytes_raw().hex()
    twice = {"keys": [{"number": 1, "public_key": key}] * 2}
    texts = {
        "text": "no json",
        "list": "[1]",
        "other": '{"key": []}',
        "short": '{"keys": [{"number": 1, "public_key": "00"}]}',
        "number": json.dumps({"keys": [{"number": 16, "public_key": key}]}),
        "boolean": json.dumps({"keys": [{"number": True, "public_key": key}]}),
        "deep": "[" * 100_000,
        "twice": json.dumps(twice),
        "deny": "0011\n",
        "spaced": "49 aa1f 6d88c66d\n",
    }
    for name, text in texts.items():
        (folder / name).write_text(text)
    (folder / "binary").write_bytes(b"\xff\xfe\x81")
    return {name: str(folder / name) for name in [*texts, "binary", "missing"]}


@pytest.mark.parametrize(
    "options",
    [
        ["--keys", "{text}"],
        ["--keys", "{list}"],
        ["--keys", "{other}"],
        ["--keys", "{short}"],
        ["--keys", "{number}"],
        ["--keys", "{boolean}"],
        ["--keys", "{deep}"],
        ["--keys", "{twice}"],
        ["--keys", "{binary}"],
        ["--keys", "{missing}"],
        ["--keys", "."],
        ["--deny", "{deny}"],
        ["--deny", "{spaced}"],
        ["--deny", "{missing}"],
        ["--state", "{text}"],
        ["--state", "{missing}/state"],
        ["--product", "65536"],
        ["--product", "-1"],
        ["--product", "bus"],
        ["--at", "noon"],
        ["--at", "nan"],
        ["--at", "-1"],
        ["--direction", "up"],
        ["--colour", "red"],
        ["--keys"],
    ],
    ids=" ".join,
)
def test_what_the_gate_cannot_use_is_said_in_one_sentence(
    options: list[str], keys: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The keeper of a gate at five in the morning needs the reason, not a traceback."""
    files = _files(tmp_path)
    given = [option.format(**files) for option in options]
    try:
        status = main(["check", "--keys", keys, *given])
    except SystemExit as left:
        status = int(left.code or 0)
    said = capsys.readouterr()
    assert (status, said.out) == (2, "")
    assert said.err.count("\n") == 1
    assert said.err.endswith(".\n")


def test_a_sentence_leaves_the_program_with_its_status(keys: str) -> None:
    """What starts the gate sees that it did not run, and nobody sees a traceback."""
    done = run("--keys", keys, "--product", "bus", stdin=CARD.code(AT) + "\n")
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
