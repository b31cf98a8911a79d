from __future__ import annotations

import pytest

from workbench import errors


def test_message_names_what_value_place_allowed_and_remedy():
    error = errors.InputError(
        "weights must be > 0",
        value=-2.0,
        where="edges.csv:17",
        allowed="(0, inf)",
        remedy="drop it",
    )
    assert str(error) == "weights must be > 0: -2.0 (edges.csv:17); allowed: (0, inf); drop it"
    assert error.to_dict() == {
        "what": "weights must be > 0",
        "value": "-2.0",
        "where": "edges.csv:17",
        "allowed": "(0, inf)",
        "remedy": "drop it",
    }


def test_message_is_one_line_and_values_are_cut():
    error = errors.InputError("broken\nline", value="x" * 500)
    assert "\n" not in str(error)
    assert len(str(error)) < 150
    assert str(error).endswith("…")


@pytest.mark.parametrize(
    ("kind", "builtin", "code"),
    [
        (errors.InputError, ValueError, 3),
        (errors.SchemaError, ValueError, 3),
        (errors.CannotBuildError, ValueError, 3),
        (errors.NotFoundError, LookupError, 3),
        (errors.UsageError, ValueError, 2),
        (errors.QueryError, ValueError, 2),
        (errors.UndefinedError, ArithmeticError, 1),
        (errors.ConvergenceError, ArithmeticError, 1),
        (errors.ClaimError, ArithmeticError, 1),
        (errors.StoreError, OSError, 5),
        (errors.MissingDependencyError, ImportError, 4),
    ],
)
def test_each_error_is_what_a_caller_expects(kind, builtin, code):
    error = kind("it failed", remedy="repair it")
    assert isinstance(error, builtin)
    assert error.exit_code == code
    assert str(error) == "it failed; repair it"


def test_every_public_error_is_a_workbench_error_and_every_warning_one_for_users():
    warnings = {name for name in errors.__all__ if name.endswith("Warning")}
    assert warnings == {"CutWarning", "MissingGlyphWarning", "NotUniqueWarning"}
    for name in errors.__all__:
        kind = UserWarning if name in warnings else errors.WorkbenchError
        assert issubclass(getattr(errors, name), kind)
