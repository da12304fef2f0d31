"""Every value that is written as TOML is read back as the same."""

from __future__ import annotations

import tomllib

from hypothesis import given, settings
from hypothesis import strategies as st

from data.toml_value import toml_value

SCALARS = (
    st.text(st.characters(exclude_categories=["Cs"]))
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False)
)


@settings(max_examples=60)
@given(SCALARS | st.lists(SCALARS))
def test_a_value_is_read_back(value: object) -> None:
    assert tomllib.loads(f"key = {toml_value(value)}\n") == {"key": value}


def test_a_tuple_is_a_list_and_delete_is_escaped() -> None:
    assert toml_value(("a", True, 1e-05)) == '["a", true, 1e-05]'
    assert toml_value("\x7f\n") == '"\\u007f\\n"'
