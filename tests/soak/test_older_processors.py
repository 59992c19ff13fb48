"""The built program on processors older than this one, as Debian's qemu-user emulates them.

Slow: minutes for each. What is started by the program is emulated as well; see stay_emulated.cpp.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.e2e.built_program import built_program

HERE = Path(__file__).parent
EMULATOR = shutil.which("qemu-x86_64")
HALF_AN_HOUR = 1800  # seconds

pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or os.uname().machine != "x86_64" or EMULATOR is None,
    reason="qemu-x86_64 is missing: scripts/setup/system.sh soak",
)

# Wide registers, used at once or in a child: what an older processor refuses.
WIDE = """\
#include <immintrin.h>
#include <unistd.h>
int main(int count, char **words) {
    if (count > 1) {
        char *again[] = {words[0], nullptr};
        execv(words[0], again);
        return 3;
    }
    volatile int one = 1;
    __m256i sum = _mm256_add_epi32(_mm256_set1_epi32(one), _mm256_set1_epi32(one));
    return _mm256_extract_epi32(sum, 7) == 2 ? 0 : 4;
}
"""

Emulate = Callable[..., "subprocess.CompletedProcess[str]"]


def compile_cpp(source: Path, made: Path, *options: str) -> Path:
    """Compile one file of C++."""
    command = ["g++", "-std=c++17", "-O1", *options, "-o", str(made), str(source), "-ldl"]
    subprocess.run(command, check=True)
    return made


@pytest.fixture(scope="module")
def emulate(tmp_path_factory: pytest.TempPathFactory) -> Emulate:
    """Runs a program, and all that it starts, on a processor of this name."""
    folder = tmp_path_factory.mktemp("emulator")
    guard = compile_cpp(HERE / "stay_emulated.cpp", folder / "stay.so", "-shared", "-fPIC")

    def run(cpu: str, *command: str | Path) -> subprocess.CompletedProcess[str]:
        home = tmp_path_factory.mktemp("home")
        return subprocess.run(
            [str(EMULATOR), "-cpu", cpu, "-E", f"LD_PRELOAD={guard}", *map(str, command)],
            env={"HOME": str(home), "EMULATOR": str(EMULATOR), "EMULATED_CPU": cpu},
            cwd="/",
            capture_output=True,
            text=True,
            timeout=HALF_AN_HOUR,
            check=False,
        )

    return run


@pytest.fixture(scope="module")
def wide(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small program that needs AVX2; with an argument it starts itself again first."""
    folder = tmp_path_factory.mktemp("wide")
    source = folder / "wide.cpp"
    source.write_text(WIDE)
    return compile_cpp(source, folder / "wide", "-mavx2")


@pytest.mark.parametrize("words", [(), ("again",)], ids=["itself", "in a child"])
def test_the_emulator_is_as_strict_as_the_processor(
    emulate: Emulate, wide: Path, words: tuple[str, ...]
) -> None:
    """Or the tests below would prove nothing: AVX2 runs on a Haswell, and ends on a Nehalem."""
    assert emulate("Haswell", wide, *words).returncode == 0
    assert emulate("Nehalem", wide, *words).returncode == -signal.SIGILL


@pytest.mark.parametrize("cpu", ["Nehalem", "Haswell"])
def test_the_program_runs_on_an_older_processor(emulate: Emulate, cpu: str) -> None:
    """The window, the model, the decoders and the search: of 2008 (SSE4.2) and of 2013 (AVX2)."""
    done = emulate(cpu, built_program(), "--smoke")
    assert done.returncode == 0, done.stderr[-2000:]
    assert "hnswlib" in done.stdout and "model" in done.stdout


def test_what_the_least_processor_is(emulate: Emulate) -> None:
    """Before x86-64-v2 Qt for Python is refused; when that changes, README's minimum is wrong."""
    assert emulate("core2duo", built_program(), "--smoke").returncode != 0
