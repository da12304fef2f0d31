"""Which launcher is chosen, and what systemd is told: through the one seam to its tools."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pytest

from data.errors import BurnishError, InputError
from engine.jobs import launchers, process, systemd
from engine.jobs.detached import LOG_FILE
from engine.jobs.launchers import VARIABLE, choose, launch
from engine.jobs.process import end_group, identify, read_identity
from engine.jobs.spec import JobSpec
from engine.jobs.systemd import Answer, properties, run_command, run_tool, unit_name
from tests.waiting import wait_for


class Tools:
    """systemctl, systemd-run and loginctl of a machine that is described by what they say."""

    def __init__(self, manager: str = "running", *, linger: bool = False, kill_user_processes: bool = False) -> None:
        self.manager, self.linger, self.kill_user_processes = manager, linger, kill_user_processes
        self.asked: list[tuple[str, ...]] = []
        self.environments: list[Mapping[str, str] | None] = []
        self.pid = 0
        self.cgroup = ""
        self.refusal = ""

    def __call__(self, arguments: Sequence[str], environment: Mapping[str, str] | None = None) -> Answer:
        self.asked.append(tuple(arguments))
        self.environments.append(environment)
        match tuple(arguments):
            case ("systemctl", "--user", "is-system-running"):
                return Answer(self.manager != "running", f"{self.manager}\n", "")
            case ("loginctl", "show-user", "--property=KillUserProcesses"):
                return Answer(0, f"KillUserProcesses={'yes' if self.kill_user_processes else 'no'}\n", "")
            case ("loginctl", "show-user", _, "--property=Linger"):
                return Answer(0, f"Linger={'yes' if self.linger else 'no'}\n", "")
            case ("systemd-run", *_):
                return Answer(1 if self.refusal else 0, "", self.refusal)
            case ("systemctl", "--user", "show", _, "--property=MainPID", "--property=ControlGroup"):
                return Answer(0, f"MainPID={self.pid}\nControlGroup={self.cgroup}\n", "")
        raise AssertionError(f"nobody should ask {arguments}")


@pytest.fixture(autouse=True)
def a_machine_with_systemd(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    monkeypatch.setattr(launchers.shutil, "which", lambda name: f"/usr/bin/{name}")


ENABLE = "loginctl enable-linger"


@pytest.mark.parametrize(
    ("tools", "asked", "launcher", "fix"),
    [
        (Tools(linger=True), None, "systemd", ""),
        (Tools("degraded", linger=True), "auto", "systemd", ""),
        (Tools(linger=True), "detached", "detached", ""),
        # Without lingering the manager ends with the last login: what stays behind then is not its unit.
        (Tools(), None, "detached", ENABLE),
        (Tools(), "systemd", "systemd", ENABLE),
        # This machine ends everything with the login; a unit at least outlives the SSH session it came from.
        (Tools(kill_user_processes=True), None, "systemd", ENABLE),
        (Tools(kill_user_processes=True), "detached", "detached", ENABLE),
        (Tools("offline"), None, "detached", ""),
        (Tools(""), None, "detached", ""),
    ],
)
def test_the_launcher_that_outlives_a_login_is_chosen(tools: Tools, asked: str | None, launcher: str, fix: str) -> None:
    choice = choose(asked, tools)
    assert (choice.launcher, choice.fix) == (launcher, fix)
    assert choice.why.endswith(".")
    assert ("lingering is off" in choice.why or "ends it when you log out" in choice.why) == bool(fix)


def test_the_variable_asks_and_the_option_overrides_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "detached")
    assert choose(None, Tools(linger=True)).launcher == "detached"
    assert choose("systemd", Tools(linger=True)).launcher == "systemd"
    assert choose("auto", Tools(linger=True)).launcher == "systemd"
    monkeypatch.setenv(VARIABLE, "slurm")
    with pytest.raises(InputError, match=r"^There is no launcher slurm; use systemd, detached or auto\.$"):
        choose(None, Tools())


def test_systemd_is_not_used_where_it_does_not_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(InputError, match="No systemd user manager answers here; use the launcher detached"):
        choose("systemd", Tools("offline"))
    monkeypatch.setattr(launchers.shutil, "which", lambda name: None)
    tools = Tools(linger=True)
    assert choose(None, tools).launcher == "detached"
    assert tools.asked == []


@pytest.fixture
def spec(tmp_path: Path) -> JobSpec:
    folder = tmp_path / "a run's folder"
    return JobSpec("tiny-001", folder, (sys.executable, "-c", "print('$HOME')"), {"SECRET_TOKEN": "s3cret"})


@pytest.fixture
def started() -> Iterator[subprocess.Popen[bytes]]:
    """What systemd would have started: a session of its own."""
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE, start_new_session=True)
    yield child
    child.kill()
    child.communicate()


def test_a_unit_is_started_and_known_by_its_process(
    spec: JobSpec, started: subprocess.Popen[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BASH_FUNC_x%%", "() { :; }")
    monkeypatch.setenv("INVOCATION_ID", "of the unit that this process belongs to")
    tools = Tools(linger=True)
    tools.pid, tools.cgroup = started.pid, "/user.slice/burnish.service"
    identity = launch(spec, tool=tools)
    ours = identify(started.pid)
    assert ours is not None
    assert (identity.pid, identity.started, identity.boot_id) == (ours.pid, ours.started, ours.boot_id)
    assert identity.alive()
    assert read_identity(spec.folder) == identity
    kept = json.loads((spec.folder / "process.json").read_text())
    assert (kept["launcher"], kept["cgroup"]) == ("systemd", "/user.slice/burnish.service")
    assert "starting tiny-001" in (spec.folder / LOG_FILE).read_text()

    place = next(index for index, line in enumerate(tools.asked) if line[0] == "systemd-run")
    line, environment = tools.asked[place], tools.environments[place]
    assert kept["unit"] in line[4]
    assert line[:4] == ("systemd-run", "--user", "--collect", "--quiet")
    assert line[-4:] == ("--", sys.executable, "-c", "print('$$HOME')")
    assert "--setenv=SECRET_TOKEN" in line
    assert "--setenv=PYTHONSAFEPATH" in line
    assert not [word for word in line if "s3cret" in word]
    assert not [word for word in line if "BASH_FUNC" in word or "INVOCATION_ID" in word]
    assert environment is not None
    assert environment["SECRET_TOKEN"] == "s3cret"
    assert tools.asked[-1][3] == kept["unit"]


def test_a_unit_that_does_not_start_is_one_sentence(spec: JobSpec) -> None:
    tools = Tools(linger=True)
    tools.refusal = "Job failed.\nFailed to start transient service unit: Permission denied\n"
    with pytest.raises(
        BurnishError, match=r"could not be started by systemd: Failed to .* Permission denied; BURNISH_L"
    ):
        launch(spec, tool=tools)
    assert read_identity(spec.folder) is None
    tools.refusal = ""
    with pytest.raises(BurnishError, match=r"tiny-001 ended as soon as it was started; see .*log\.txt\.$"):
        launch(spec, tool=tools)


def test_every_unit_has_a_name_of_its_own(spec: JobSpec) -> None:
    names = {unit_name(spec) for _ in range(5)}
    assert len(names) == 5
    assert all(name.startswith("burnish-tiny-001-") and name.endswith(".service") for name in names)
    odd = JobSpec("the base server", spec.folder, spec.command)
    assert unit_name(odd).startswith("burnish-the-base-server-")


def test_all_of_a_units_control_group_is_ended(
    spec: JobSpec, started: subprocess.Popen[bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A process that left the session, as a server's worker may, is still in the group.
    other = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE, start_new_session=True)
    try:
        monkeypatch.setattr(process, "CGROUPS", tmp_path / "cgroup")
        inner = tmp_path / "cgroup" / "user.slice" / "burnish.service" / "inner"
        inner.mkdir(parents=True)
        (inner / "cgroup.procs").write_text(f"{other.pid}\n")
        (inner.parent / "cgroup.procs").write_text(f"{started.pid}\n")
        tools = Tools(linger=True)
        tools.pid, tools.cgroup = started.pid, "/user.slice/burnish.service"
        identity = launch(spec, tool=tools)
        started.send_signal(signal.SIGKILL)
        started.wait()
        assert not identity.alive()
        assert identity.group_alive()
        end_group(identity, grace_seconds=10)
        assert other.wait(30) == -signal.SIGTERM
        assert not identity.group_alive()
    finally:
        other.kill()
        other.communicate()


def test_systemd_itself_accepts_what_the_unit_is_told(spec: JobSpec, tmp_path: Path) -> None:
    spec.folder.mkdir()
    told = "".join(f"{name}={value}\n" for name, value in properties(spec))
    unit = tmp_path / "burnish-test.service"
    if run_tool(("systemd-analyze", "--version")).code:
        pytest.skip("systemd-analyze is not installed")

    def verify(text: str) -> str:
        unit.write_text(text)
        surroundings = {**os.environ, "XDG_RUNTIME_DIR": str(tmp_path)}
        return run_tool(("systemd-analyze", "--user", "verify", str(unit)), surroundings).err

    good = f"[Service]\n{told}ExecStart={sys.executable} -c pass\n"
    assert "burnish-test" not in verify(good)
    # It does complain about what it does not know, so its silence says something.
    assert "burnish-test.service:7: Failed to parse kill mode" in verify(good.replace("=mixed", "=sometimes"))
    assert "burnish-test.service:8: Failed to parse" in verify(good.replace("Sec=900", "Sec=long"))


def test_a_detached_job_leaves_the_same_files(tmp_path: Path) -> None:
    spec = JobSpec("job", tmp_path, (sys.executable, "-c", "import signal; print('here'); signal.pause()"))
    identity = launch(spec, tool=Tools("offline"))
    wait_for(lambda: "here" in (tmp_path / LOG_FILE).read_text(), what="the job's output")
    assert Path(f"/proc/{identity.pid}/oom_score_adj").read_text() == "500\n"
    end_group(identity)
    assert (identity.launcher, identity.unit, identity.cgroup) == ("detached", "", "")
    assert read_identity(tmp_path) == identity


def test_a_tool_that_is_not_there_says_nothing() -> None:
    assert run_tool(("no-such-tool-of-systemd",)).code == 127
    if shutil.which("systemctl"):
        assert run_tool(("systemctl", "--user", "is-system-running")).code != 127
    assert systemd.STOP_SECONDS >= 60


def test_the_line_names_every_property(spec: JobSpec) -> None:
    line = run_command(spec, "burnish-x.service", {"PATH": "/bin"})
    for name, value in properties(spec):
        assert f"--property={name}={value}" in line
    assert dict(properties(spec))["StandardOutput"] == f"append:{spec.folder / LOG_FILE}"
