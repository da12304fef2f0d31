"""`burnish facts A B`: compare the facts in two texts."""

from __future__ import annotations

from tui.commands.parser import Parser, print_json
from tui.literal import literal


def run(words: list[str]) -> int:
    """Say which facts of two texts are the same, which conflict, and which agree with a reference."""
    parser = Parser(prog="burnish facts", description="Compare the facts in two texts.")
    parser.add_argument("a", help="one text")
    parser.add_argument("b", help="the other text")
    parser.add_argument("--question", default="", help="what was asked; facts it names are not counted as answers")
    parser.add_argument("--reference", help="the right answer")
    parser.add_argument("--json", action="store_true", help="one JSON object on stdout")
    arguments = parser.parse_args(words)
    from data.facts import compare

    result = compare(arguments.a, arguments.b, question=arguments.question, reference=arguments.reference)
    if arguments.json:
        print_json(
            {
                "label": result.label,
                "agrees": result.agrees,
                "differing": [{"a": each.a_text, "b": each.b_text, "reason": each.reason} for each in result.differing],
            }
        )
        return 0
    print(f"{result.label}" + (f"; with the reference agrees: {result.agrees}" if result.agrees else ""))
    for each in result.differing:
        print(literal(f"  {each.reason}", one_line=True))
    return 0
