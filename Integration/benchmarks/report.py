"""What the benchmark scripts share: running commands, the peers, the machine, and the sections of RESULTS.md."""

import datetime
import os
import pathlib
import platform
import re
import subprocess
import sys

HERE = pathlib.Path(__file__).parent
ROOT = HERE.parent.parent
RESULTS = HERE / "RESULTS.md"


def say(text):
    print(text, file=sys.stderr, flush=True)


def output(command, **environment):
    result = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, env={**os.environ, **environment})
    if result.returncode:
        raise RuntimeError(f"{' '.join(map(str, command))}: {result.stderr.strip()[-400:]}")
    return result.stdout


def peers(*wanted):
    """{name: (title, version, python)} of the peers that `install-peers.sh` has installed; of all, or of those wanted."""
    folder = pathlib.Path(os.environ.get("FLEDGE_PEERS", ROOT / ".peers"))
    found = {}
    for name, title, package, environment in [
        ("pytorch", "PyTorch", "torch", folder),
        ("tensorflow", "TensorFlow", "tensorflow-cpu", folder / "tensorflow"),
        ("jax", "JAX", "jax", folder / "jax"),
    ]:
        if wanted and name not in wanted:
            continue
        python = environment / "bin/python"
        try:
            version = output([python, "-c", f"from importlib.metadata import version; print(version('{package}'))"])
            found[name] = (title, version.strip(), python)
        except (OSError, RuntimeError):
            say(f"{title}: not in {environment}; Integration/benchmarks/install-peers.sh installs it")
    return found


def machine():
    text = pathlib.Path("/proc/cpuinfo").read_text()
    model = re.search(r"^model name\s*: (.*)$", text, re.MULTILINE)
    flags = (re.search(r"^flags\s*: (.*)$", text, re.MULTILINE) or [None, ""])[1].split()
    kinds = [flag for flag in ("avx2", "avx512f", "avx512_bf16", "amx_bf16", "amx_tile") if flag in flags]
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{model[1] if model else platform.machine()} ({', '.join(kinds)}), {os.cpu_count()} processors, {memory:.0f} GiB"


def busy(load):
    """Warns that others are using the machine."""
    if load[0] > 0.5:
        say(f"warning: the load is {load[0]:.1f}; a busy machine slows programs unequally, so the ratios will mislead")


def facts(versions, threads, load, again):
    """The list that begins a section; `load` is what `os.getloadavg` said before the measurement."""
    try:
        revision = output(["git", "describe", "--always", "--dirty"]).strip()
    except (OSError, RuntimeError):
        revision = "of an unknown revision"
    return f"""- machine: {machine()}, {platform.system()} {platform.release()}
- threads: {threads}; load before {load[0]:.1f}, after {os.getloadavg()[0]:.1f}
- versions: {', '.join([f'Fledge {revision}', *versions])}
- date: {datetime.date.today()}
- again: `{again.strip()}`"""


def table(head, rows):
    return "\n".join(["| " + " | ".join(cells) + " |" for cells in [head, ["---"] * len(head), *rows]])


def keep(text):
    """Puts a section, which begins with its title as a heading of the first rank, into RESULTS.md in place of its last version."""
    title = text.split("\n", 1)[0]
    old = RESULTS.read_text() if RESULTS.exists() else ""
    sections = [section for section in re.split(r"^(?=# )", old, flags=re.MULTILINE) if section.strip()]
    places = [index for index, section in enumerate(sections) if section.split("\n", 1)[0] == title]
    if places:
        sections[places[0]] = text
    else:
        sections.append(text)
    RESULTS.write_text("\n".join(section.strip() + "\n" for section in sections))
