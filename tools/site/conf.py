"""How Sphinx makes the course's pages. It runs nothing: the solved notebooks bring their outputs along."""

from __future__ import annotations

project = "Inside nn.Module"
author = "The Inside nn.Module authors"
project_copyright = "The Inside nn.Module authors. Prose and figures: CC BY 4.0. Code: MIT"
html_title = project
language = "en"
root_doc = "index"
extensions = ["myst_nb"]
nb_execution_mode = "off"
myst_heading_anchors = 3
smartquotes = False
html_theme = "furo"
html_static_path = ["pages.css"]
html_css_files = ["pages.css"]
html_copy_source = False
html_show_sphinx = False
html_use_index = False
pygments_style, pygments_dark_style = "a11y-high-contrast-light", "a11y-high-contrast-dark"
