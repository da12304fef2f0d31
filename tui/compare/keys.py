"""The keys of the compare pane."""

from __future__ import annotations

from textual.binding import Binding, BindingType

SHOWN: tuple[Binding, ...] = (
    Binding("i,enter", "prompt", "Ask", id="compare.prompt", tooltip="Type a question: a new conversation"),
    Binding(
        "f",
        "follow",
        "Ask on",
        id="compare.follow",
        tooltip="A further question: each side keeps its own answers in mind",
    ),
    Binding("s", "stop", "Stop", id="compare.stop", tooltip="Stop all answers; what was said stays"),
    Binding("tab", "fact(1)", "Fact", id="compare.fact", tooltip="Go to the next fact, in both answers at once"),
    Binding(
        "c",
        "correct('focused')",
        "Correct",
        id="compare.correct",
        tooltip="Put this answer right: a new row of the dataset",
    ),
    Binding("v", "vote", "Vote", id="compare.vote", tooltip="Say which of the two answers is better"),
    Binding("n", "next('held-out')", "Next", id="compare.next", tooltip="Ask the next held-out question"),
    Binding("r", "again", "Retry", id="compare.again", tooltip="Ask the sides that failed again, or all of them"),
    Binding("R", "serve", "Serve", id="compare.serve", tooltip="Serve the newest finished run and its base model"),
)
"""In the footer while they can be used."""

_HIDDEN: tuple[tuple[str, str, str, str, str], ...] = (
    ("shift+tab", "fact(-1)", "fact-before", "Fact before", "Go one fact back"),
    ("C", "correct('first')", "correct-base", "Correct first", "Put the first answer right: a new row of the dataset"),
    ("b", "blind", "blind", "Blind", "Hide which side is which until the vote, or no longer"),
    ("P", "pair", "pair", "Keep pair", "Keep a preference pair: the answer that agrees with the dataset is chosen"),
    ("N", "next('row')", "next-row", "Next row", "Ask the question of the dataset's next row"),
    ("p", "pick", "pick", "Pick", "Pick a question of the dataset; its answer becomes the reference"),
    ("B", "evaluate", "evaluate", "Evaluate", "Ask many rows: a run's held-out split, or a whole file"),
    ("e", "edit", "edit", "Edit", "Change the question and ask it again"),
    ("S", "stop_one", "stop-one", "Stop one", "Stop the answer in focus; the others go on"),
    ("greater_than_sign", "turn(1)", "later-turn", "Later turn", "Show the next question of the conversation"),
    ("less_than_sign", "turn(-1)", "earlier-turn", "Earlier turn", "Show the question before it in the conversation"),
    ("full_stop", "sample(1)", "next-sample", "Next sample", "Show the next of several samples"),
    ("comma", "sample(-1)", "sample-before", "Sample before", "Show the sample before it"),
    ("right,l,right_square_bracket", "focus_arm(1)", "next-side", "Next side", "Put the next answer in focus"),
    ("left,h,left_square_bracket", "focus_arm(-1)", "side-before", "Side before", "Put the answer before it in focus"),
    ("o", "settings", "settings", "Settings", "Temperature, top-p, tokens, seed, samples, system prompt of all sides"),
    ("a", "arms", "arms", "Sides", "Which models answer: servers, runs, addresses, rows in the prompt; up to four"),
    ("slash,H", "history", "history", "History", "Look for an earlier question and read its answers again"),
    ("d", "words", "words", "Word diff", "Underline the words that the other answer has not"),
    ("m", "plain", "plain", "Raw text", "Show the answers as they came, or with their Markdown drawn"),
    ("y", "copy", "copy", "Copy", "Send question and answers to the terminal's clipboard"),
    ("L", "log", "log", "Server log", "Read the log of a server"),
    ("x", "stop_servers", "stop-servers", "Stop servers", "Stop both servers; asks once"),
    ("down,j", "move(1)", "down", "Down", "Scroll both answers down"),
    ("up,k", "move(-1)", "up", "Up", "Scroll both answers up"),
    ("pagedown,ctrl+f", "page(1)", "page-down", "Page down", "Scroll both answers down by a view"),
    ("pageup,ctrl+b", "page(-1)", "page-up", "Page up", "Scroll both answers up by a view"),
    ("home,g", "page(-1000000)", "top", "Top", "Go to the beginning of both answers"),
    ("end,G", "page(1000000)", "bottom", "End", "Go to the end of both answers"),
    ("escape", "fact(0)", "no-fact", "No fact", "Take the highlight off the fact"),
)

BINDINGS: list[BindingType] = [
    *SHOWN,
    *(
        Binding(key, action, description, id=f"compare.{name}", show=False, tooltip=tooltip)
        for key, action, name, description, tooltip in _HIDDEN
    ),
]
"""All of them; those that are not shown stand in the help."""

CHANGING: tuple[tuple[str, tuple[object, ...]], ...] = (
    ("follow", ()),
    ("stop", ()),
    ("again", ()),
    ("next", ("held-out",)),
    ("serve", ()),
    ("correct", ("focused",)),
    ("vote", ()),
    ("fact", (1,)),
)
"""The actions of shown keys that can be done at some times only."""
