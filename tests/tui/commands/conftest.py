"""Commands on servers run a stand-in, too."""

from tests.engine.serving.conftest import make_model, stand_in, workspace

__all__ = ["make_model", "stand_in", "workspace"]
