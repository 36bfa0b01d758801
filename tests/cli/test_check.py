"""What `hypnic check` says of how a file was saved, and of what it fixed."""

from __future__ import annotations

MESSY = {"bed_clock_h": "23:15", "stress_0_10": " 4", "evening_on_time": "YES", "unusual_night": "No", "sol_min": "ten"}


def test_the_command_says_what_it_read_changed_and_left(hypnic, diary, save) -> None:
    diary[2] |= MESSY
    path = save("nights", diary)
    path.write_bytes(path.read_text().replace(",", ";").replace("\n", "\r\n").encode("utf-16"))
    run = hypnic("check", str(path), "--fix", "fixed.csv")
    assert run.returncode == 1
    assert "nights.csv: changed Z4 type bed_clock_h: 23.25\n" in run.stdout
    assert "fixed.csv: 4 cells changed" in run.stdout
    assert "1 error in 1 file" in run.stdout
    assert "nights.csv: read as UTF-16, semicolons, CRLF\n" in hypnic("check", str(path)).stdout
