"""The command line, in processes of its own: files as French spreadsheets write them, exit codes, and the verifier."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from panels.lottery import bundle as bundles
from tests.panels.lottery.pools import made_up

ROOT = Path(__file__).resolve().parents[3]
CRITERIA = "Critère;Valeur;Min;Max\nÂge;moins de 40 ans;2;3\nÂge;40 ans et plus;2;3\nSexe;Femme;2;3\nSexe;Homme;2;3\n"


def french_pool(people: int = 20) -> str:
    rows = ["Référence;ÂGE;sexe ;Adresse"]
    for i in range(people):
        age = "Moins de 40 ans" if i % 3 else " 40 ANS ET PLUS"
        rows.append(f"É{i:02d};{age};{'femme' if i % 2 else 'Homme'};{i // 2} rue de l’Église")
    return "\r\n".join(rows) + "\r\n"


def run(*arguments: str, hash_seed: str = "0") -> subprocess.CompletedProcess[str]:
    environment = {key: value for key, value in os.environ.items() if not key.startswith("DJANGO")}
    environment |= {"PYTHONHASHSEED": hash_seed, "PYTHONIOENCODING": "utf-8"}
    command = [sys.executable, "-m", "panels.lottery", *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture
def files(tmp_path: Path) -> list[str]:
    (tmp_path / "criteres.csv").write_bytes(b"\xef\xbb\xbf" + CRITERIA.encode())
    (tmp_path / "volontaires.csv").write_bytes(french_pool().encode("cp1252"))
    return [
        "--criteria", str(tmp_path / "criteres.csv"), "--pool", str(tmp_path / "volontaires.csv"), "--size", "5",
        "--id-column", "référence", "--household", "adresse",
    ]  # fmt: skip


def drawn(tmp_path: Path, files: list[str], *more: str, hash_seed: str = "0") -> dict[str, Any]:
    out = tmp_path / f"result{hash_seed}.json"
    done = run("draw", *files, "--out", str(out), "--bundle", str(tmp_path / "bundle.json"), *more, hash_seed=hash_seed)
    assert done.returncode == 0, done.stderr
    result: dict[str, Any] = json.loads(out.read_text(encoding="utf-8"))
    return result


def test_french_files_are_read_and_the_result_has_its_parts(tmp_path: Path, files: list[str]) -> None:
    result = drawn(tmp_path, files, "--ticket", "417")
    assert result["ticket"] == 417
    assert result["exact"] is True
    assert result["method"] == "leximin"
    assert len(result["panel"]) == 5
    assert len(result["alternates"]) == 5
    assert result["panel"] == result["tickets"][417]
    assert set(result["probabilities"]) == {f"É{i:02d}" for i in range(20)}
    needed = {"ticket_probabilities", "minimum", "upper_bound", "seconds", "largest_change", "commitment"}
    assert needed <= set(result)


def test_processes_with_other_hash_seeds_agree(tmp_path: Path, files: list[str]) -> None:
    results = [drawn(tmp_path, files, "--seed", "42", hash_seed=seed) for seed in ("0", "1", "31337")]
    for result in results:
        del result["seconds"]
    assert results[0] == results[1] == results[2]


def test_the_bundle_verifies_elsewhere_and_names_the_panel(tmp_path: Path, files: list[str]) -> None:
    result = drawn(tmp_path, files, "--ticket", "7")
    done = run("verify", str(tmp_path / "bundle.json"), "--ticket", "7", hash_seed="5")
    assert done.returncode == 0, done.stderr
    assert f"Ticket 7 seats: {', '.join(result['panel'])}." in done.stdout
    assert f"in order: {', '.join(result['alternates'])}." in done.stdout
    assert result["commitment"] in done.stdout


@pytest.mark.parametrize("place", [0.001, 0.2, 0.5, 0.8, 0.97])
def test_one_byte_changed_fails(tmp_path: Path, files: list[str], place: float) -> None:
    drawn(tmp_path, files, "--ticket", "7")
    content = bytearray((tmp_path / "bundle.json").read_bytes())
    at = int(place * len(content))
    content[at] = content[at] ^ 1
    (tmp_path / "bundle.json").write_bytes(content)
    done = run("verify", str(tmp_path / "bundle.json"))
    assert done.returncode == 1
    assert done.stderr.startswith("✗ ")


@pytest.mark.parametrize(
    ("change", "word"),
    [
        (lambda record: record["tickets"][3].__setitem__(0, record["tickets"][3][1]), "Ticket 3"),
        (lambda record: record["problem"]["quotas"][0].update(max=2), "Ticket"),
        (lambda record: record["probabilities"].update({"É00": 0.9}), "chances"),
        (lambda record: record["certificate"]["lottery"][0].update(weight=0.9), "lottery"),
        (lambda record: record["certificate"]["steps"].pop(), "certificate"),
        (lambda record: record["statement"].update(largest_change=0.0001), "change"),
    ],
)
def test_a_lie_with_a_new_fingerprint_is_found(tmp_path: Path, files: list[str], change: Any, word: str) -> None:
    drawn(tmp_path, files, "--ticket", "7", "--tickets", "13")  # 13: so that rounding changes the chances
    record = json.loads((tmp_path / "bundle.json").read_text(encoding="utf-8"))
    change(record)
    record["commitment"] = bundles.fingerprint(record)
    (tmp_path / "bundle.json").write_bytes(bundles.canonical(record))
    done = run("verify", str(tmp_path / "bundle.json"))
    assert done.returncode == 1
    assert word in done.stderr


def test_infeasible_quotas_exit_2_with_the_reason(tmp_path: Path, files: list[str]) -> None:
    (tmp_path / "criteres.csv").write_text(CRITERIA.replace("Femme;2;3", "Femme;2;2").replace("Homme;2;3", "Homme;2;2"))
    done = run("draw", *files, "--out", str(tmp_path / "out.json"))
    assert done.returncode == 2
    assert "Sexe" in done.stderr
    record = json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))
    assert record["feasible"] is False
    assert [change["feature"] for change in record["relaxation"]] == ["Sexe"]


def test_faults_are_told_by_file_row_and_column(tmp_path: Path, files: list[str]) -> None:
    text = french_pool().replace("É04;Moins de 40 ans", "É04;").replace("É05;Moins de 40 ans", "É05;Ancien")
    (tmp_path / "volontaires.csv").write_text(text + "É00;Moins de 40 ans;femme;1 rue X\r\n", encoding="utf-8-sig")
    done = run("draw", *files)
    assert done.returncode == 1
    assert "volontaires.csv, row 6, column “Âge”: it is empty." in done.stderr
    assert "volontaires.csv, row 7, column “Âge”: “Ancien” is not a value of the criteria." in done.stderr
    assert "volontaires.csv, row 22, column “référence”: “É00” stands in row 2 with different data." in done.stderr


def test_unusable_arguments_exit_1(tmp_path: Path, files: list[str]) -> None:
    assert run("draw", "--size", "x").returncode == 1
    assert run("draw", *files, "--size", "0").returncode == 1
    assert run("verify", str(tmp_path / "absent.json")).returncode == 1


def test_a_larger_draw_verifies(tmp_path: Path) -> None:
    from panels import lottery
    from panels.lottery.verify import verify

    problem = made_up(150, 20, features=5, seed=9, households=True)
    for method in lottery.METHODS:
        result = lottery.draw(problem, method=method, seed="a")
        checked = verify(json.loads(bundles.canonical(result.bundle)), ticket=result.ticket)
        assert checked.panel == result.panel
        assert checked.alternates == result.alternates
        assert result.exact


# -- Drop-outs, and ways out of infeasible quotas ----------------------------------------------------------------------
def test_drop_out_rates_of_each_person_stand_in_the_bundle(tmp_path: Path, files: list[str]) -> None:
    rows = french_pool().splitlines()
    rates = ["Désistement", "10 %", "0,25", "0.5", *[""] * 17]
    rows = [f"{row};{rate}" for row, rate in zip(rows, rates, strict=True)]
    (tmp_path / "volontaires.csv").write_bytes("\r\n".join(rows).encode("cp1252"))

    drawn(tmp_path, files, "--ticket", "7", "--dropout", "désistement", "--dropout-rate", "0.05")

    record = json.loads((tmp_path / "bundle.json").read_text(encoding="utf-8"))
    written = record["parameters"]["dropout_rates"]
    assert {name: written[name] for name in ("É00", "É01", "É02", "É03")} == {
        "É00": 0.1, "É01": 0.25, "É02": 0.5, "É03": 0.05,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("cell", "arguments", "word"),
    [
        (
            "souvent",
            ["--dropout", "Désistement"],
            "volontaires.csv, row 2, column “Désistement”: “souvent” is not a rate",
        ),
        ("10", ["--dropout", "Désistement"], "“10” is not a rate"),
        ("", ["--dropout", "Absence"], "no column “Absence”"),
        ("", ["--dropout-rate", "1.5"], "between 0 and 1"),
    ],
)
def test_unusable_rates_are_told_by_row_and_column(
    tmp_path: Path, files: list[str], cell: str, arguments: list[str], word: str
) -> None:
    header, first, *rows = french_pool().splitlines()
    lines = [f"{header};Désistement", f"{first};{cell}", *[f"{row};" for row in rows]]
    (tmp_path / "volontaires.csv").write_bytes("\r\n".join(lines).encode("cp1252"))

    done = run("draw", *files, *arguments)

    assert (done.returncode, word in done.stderr) == (1, True)


def test_infeasible_quotas_are_told_with_what_each_way_out_would_do(tmp_path: Path, files: list[str]) -> None:
    narrow = CRITERIA.replace("Femme;2;3", "Femme;2;2").replace("Homme;2;3", "Homme;2;2")
    (tmp_path / "criteres.csv").write_text(narrow, encoding="utf-8")

    done = run("draw", *files, "--out", str(tmp_path / "out.json"))

    record = json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))
    ways = [[(c["value"], c["bound"], c["after"]) for c in way["changes"]] for way in record["relaxations"]]
    assert done.returncode == 2
    assert sorted(ways) == [[("Femme", "max", 3)], [("Homme", "max", 3)]]
    assert all(0 < way["minimum"] <= 0.25 for way in record["relaxations"])
    assert done.stderr.count("the smallest chance would be") == 2


# -- Files and arguments as strangers have them ------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("pool", "word"),
    [
        (b"", "volontaires.csv: the file is empty."),
        (b";;\r\n;;\r\n", "volontaires.csv: the file is empty."),
        (b"PK\x03\x04\x14\x00rest of a workbook", "volontaires.csv: this is not text. From a spreadsheet, save it as CSV."),
        (french_pool().replace("Adresse", "Sexe").encode(), "row 1: the column “Sexe” is there twice."),
        (french_pool().replace("Référence", "Nom").encode(), "row 1: no column “référence”. Found: Nom"),
        ((french_pool() + "É90;Moins de 40 ans;femme;1;2\r\n").encode(), "row 22: it has 5 columns, and the header has 4."),
    ],
)  # fmt: skip
def test_what_is_no_pool_is_told_by_file_and_row(tmp_path: Path, files: list[str], pool: bytes, word: str) -> None:
    (tmp_path / "volontaires.csv").write_bytes(pool)
    arguments = files[:-2] if b"Adresse" not in pool else files  # without the household

    done = run("draw", *arguments)

    assert (done.returncode, word in done.stderr, "Traceback" in done.stderr) == (1, True, False)


@pytest.mark.parametrize("number", ["1,5", "-1", "9" * 5000, "²", "beaucoup"])
def test_what_is_no_number_of_seats_is_told_by_row_and_column(tmp_path: Path, files: list[str], number: str) -> None:
    (tmp_path / "criteres.csv").write_text(CRITERIA.replace("Femme;2", f"Femme;{number}"), encoding="utf-8")

    done = run("draw", *files)

    assert (done.returncode, f"criteres.csv, row 4, column “Min”: “{number[:40]}” is not" in done.stderr) == (1, True)


def test_separator_line_and_flexible_quotas_change_nothing(tmp_path: Path, files: list[str]) -> None:
    plain = drawn(tmp_path, files, "--ticket", "7")
    header, *rows = CRITERIA.splitlines()
    lines = ["sep=;", f"{header};min_flex;max_flex", *[f"{row};0;5" for row in rows]]
    (tmp_path / "criteres.csv").write_bytes("\r\n".join(lines).encode("utf-16"))

    assert drawn(tmp_path, files, "--ticket", "7")["commitment"] == plain["commitment"]


@pytest.mark.parametrize(
    "more",
    [
        ["--ticket", "1000"], ["--ticket", "-1"], ["--tickets", "0", "--ticket", "0"], ["--alternates", "-1"],
        ["--time-limit", "0"], ["--time-limit", "nan"], ["--out", "/absent/result.json"], ["--bundle", "/"],
    ],
)  # fmt: skip
def test_arguments_that_make_no_sense_are_told(files: list[str], more: list[str]) -> None:
    done = run("draw", *files, *more)

    assert (done.returncode, "Traceback" in done.stderr, done.stderr.strip() != "") == (1, False, True)


def test_a_console_without_accents_still_checks(tmp_path: Path, files: list[str]) -> None:
    drawn(tmp_path, files, "--ticket", "7")
    environment = {**os.environ, "PYTHONIOENCODING": "ascii"}
    command = [sys.executable, "-m", "panels.lottery", "verify", str(tmp_path / "bundle.json"), "--ticket", "7"]

    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)

    assert (done.returncode, "Everything holds." in done.stdout) == (0, True)
