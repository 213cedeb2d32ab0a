"""The documentation site: Markdown pages, and the API reference from the package's docstrings.

The package is read, not imported, so a build needs none of its dependencies, and no network.
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.addnodes import pending_xref
from sphinx.application import Sphinx
from sphinx.ext.napoleon import Config, GoogleDocstring

ROOT = Path(__file__).resolve().parent.parent
METADATA = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]

LITERAL = re.compile("``[^`]+``")

project = METADATA["name"].replace("-", "_")
author = METADATA["authors"][0]["name"]
copyright = f"2026, {author}"
release = version = METADATA["version"]

extensions = ["myst_parser", "autoapi.extension", "sphinx_copybutton"]
suppress_warnings = ["autoapi.python_import_resolution"]  # A, B = range(2) is not seen as names
exclude_patterns = ["_templates", "_static"]
nitpicky = True
nitpick_ignore_regex = [("py:.*", r"(?!ssa_psro\.).*")]  # what is not ours, or named in short
default_role = "code"
add_module_names = False
python_use_unqualified_type_names = True
toc_object_entries_show_parents = "hide"

myst_enable_extensions = ["dollarmath"]
myst_heading_anchors = 3

autoapi_dirs = [str(ROOT / "ssa_psro")]
autoapi_root = "reference/api"
autoapi_template_dir = "_templates/autoapi"
autoapi_options = ["members", "undoc-members", "show-inheritance"]
autoapi_member_order = "bysource"
autoapi_add_toctree_entry = False

html_theme = "furo"
html_title = f"{project} {release}"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_copy_source = False
copybutton_prompt_text = "$ "
copybutton_copy_empty_lines = False


def read_sections(
    app: Sphinx, what: str, name: str, item: object, options: Any, lines: list[str]
) -> None:
    """Turn ``Args:``, ``Raises:`` and the like into fields, in place.

    Not where napoleon would take a sentence with a colon for a type and a description. A blank at
    the end of a literal becomes visible, because reStructuredText allows none there.
    """
    text = LITERAL.sub(lambda found: found[0].replace(" ``", "\N{OPEN BOX}``"), "\n".join(lines))
    lines[:] = text.split("\n")
    if what not in {"attribute", "data", "property"}:
        lines[:] = GoogleDocstring(lines, Config(napoleon_use_ivar=True)).lines()


def refer_to_definitions(app: Sphinx, doctree: nodes.document) -> None:
    """Lead from a name that a module imports, or a package offers, to where it is defined.

    And keep ``object`` from pointing at whatever attribute bears that name.
    """
    items = app.env.autoapi_all_objects
    for reference in doctree.findall(pending_xref):
        reference.attributes.pop("refspecific", None)
        name = reference["reftarget"]
        item = items.get(name) or items.get(f"{reference.get('py:module')}.{name}")
        while item is not None and item.imported:
            reference["reftarget"] = item.obj["original_path"]
            item = items.get(reference["reftarget"])


def unfold_one_branch(
    app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: object
) -> None:
    """Show in the sidebar what is near the page alone: all modules on every page take minutes."""
    toctree = context["toctree"]
    context["toctree"] = lambda **options: toctree(**{**options, "collapse": True})


def setup(app: Sphinx) -> None:
    """Register what is above."""
    app.connect("autodoc-process-docstring", read_sections)
    app.connect("doctree-read", refer_to_definitions)
    app.connect("html-page-context", unfold_one_branch, priority=400)  # before the theme
