"""Print one of README.md's two fenced bash blocks: 1 sets up and does the main job, 2 tests."""

import re
import sys
from pathlib import Path

EXPECTED = 2


def bash_blocks(markdown: str) -> list[str]:
    """Return the contents of every fenced block whose language is bash, in order."""
    return re.findall(r"^```bash[ \t]*\n(.*?)^```[ \t]*$", markdown, re.MULTILINE | re.DOTALL)


def main() -> None:
    """Print the block whose number (1 or 2) is the second argument, from the file in the first."""
    try:
        readme, number = Path(sys.argv[1]), int(sys.argv[2])
    except (IndexError, ValueError):
        sys.exit("usage: readme_blocks.py README.md 1|2")
    blocks = bash_blocks(readme.read_text(encoding="utf-8"))
    if len(blocks) != EXPECTED:
        sys.exit(f"{readme}: {EXPECTED} fenced bash blocks expected, {len(blocks)} found")
    if not 1 <= number <= EXPECTED:
        sys.exit(f"there is no block {number}, only 1 to {EXPECTED}")
    sys.stdout.write(blocks[number - 1])


if __name__ == "__main__":
    main()
