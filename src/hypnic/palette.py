"""The colours of everything that people look at, on light and on dark paper: figures and pages alike."""

from __future__ import annotations

from typing import Final

LIGHT: Final = {
    "ink": "#1d2025", "paper": "#fefefe", "quiet": "#545b66", "line": "#c9ced6", "soft": "#f2f4f7",
    "first": "#0173b2", "second": "#d55e00", "link": "#0b4f9e", "warn": "#fff1c9", "warn-line": "#8a5a00",
    "error": "#a3161c", "flag": "#7a2a8c", "warning": "#7a4b00", "suggestion": "#0a5a63",
}  # fmt: skip
DARK: Final = LIGHT | {
    "ink": "#e8eaed", "paper": "#16181c", "quiet": "#a9b0bb", "line": "#434954", "soft": "#21252b",
    "link": "#8fc1ff", "first": "#4fa9e3", "second": "#f08a45", "warn": "#3b2f0b", "warn-line": "#e0b64a",
    "error": "#ff9a94", "flag": "#e2a6f2", "warning": "#f3c36b", "suggestion": "#7fd6e0",
}  # fmt: skip
PRINT: Final = LIGHT | {
    "ink": "#000000", "paper": "#ffffff", "quiet": "#333333", "line": "#999999", "soft": "#ffffff",
    "warn": "#ffffff", "warn-line": "#000000",
}  # fmt: skip


def style_sheet() -> str:
    """Give the colours as CSS custom properties: `--ink`, `--paper` and so on, on a screen of either kind and printed.

    >>> "--ink: #1d2025;" in style_sheet()
    True
    """
    light, dark, printed = (
        ":root { " + "; ".join(f"--{name}: {colour}" for name, colour in theme.items()) + " }"
        for theme in (LIGHT, DARK, PRINT)
    )
    return (
        f":root {{ color-scheme: light dark; }}\n{light}\n@media (prefers-color-scheme: dark) {{ {dark} }}\n"
        f"@media print {{ {printed} }}\n"
    )
