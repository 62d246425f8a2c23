"""Opens a page on this machine alone: no other machine can reach it, and it asks none for anything."""

from __future__ import annotations

import os
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

os.environ.update(
    GRADIO_ANALYTICS_ENABLED="False",
    HF_HUB_DISABLE_TELEMETRY="1",
    HF_HUB_OFFLINE="1",
    NO_PROXY="127.0.0.1,localhost",  # Gradio asks its own page whether it is there
    no_proxy="127.0.0.1,localhost",
)

import gradio as gr
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware

from labkit.errors import UsageError
from labkit.i18n import speaking, texts
from labkit.playground.page import Page

if TYPE_CHECKING:
    import keras
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

__all__ = ["HOST", "open_page"]

_ = texts(__file__)

HOST = "127.0.0.1"

_POLICY = (
    "default-src 'self' 'unsafe-inline' 'unsafe-eval' data: blob:; "  # Gradio compiles its templates
    "frame-ancestors 'none'; form-action 'self'"
)
_STYLE = Path(__file__).with_name("page.css")
# Names of fonts as plain words would be fetched from Google.
_FONTS = [gr.themes.Font(name) for name in ("Segoe UI", "Helvetica Neue", "Noto Sans", "sans-serif")]


def _within(slider: gr.Slider, payload: float | None) -> float:
    """What a slider hands on: a number typed beyond its limits counts as the limit."""
    number = slider.minimum if payload is None else payload
    return min(max(number, slider.minimum), slider.maximum)


# Gradio refuses such a number, in English. A slider of our own is no way: beside the file of every
# class made from one of its components Gradio writes a stub, into the kit.
gr.Slider.preprocess = _within

_LIGHT = "() => document.body.classList.remove('dark')"  # the kit's figures are drawn on white


class _KeepsToItself:
    """Tells the browser to load nothing from anywhere else, whatever the page may ask for."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def with_policy(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [
                    *message["headers"],
                    (b"content-security-policy", _POLICY.encode()),
                    (b"referrer-policy", b"no-referrer"),
                ]
            await send(message)

        await self.app(scope, receive, with_policy)


def open_page(
    page: Page,
    model: keras.Model | None,
    language: str,
    *,
    port: int | None = None,
    browser: bool = False,
) -> str:
    """Serve a page until the process ends.

    Args:
        page: What to show.
        model: What it is about, where it needs one.
        language: ``"en"`` or ``"es"``.
        port: Of 127.0.0.1; the first free one from 7860 on where it is left out.
        browser: Whether to open it in the user's browser.

    Returns:
        Its address.

    Raises:
        ModelFileError: The model does not fit the page.
        UsageError: The port is taken.
    """
    with speaking(language):
        blocks = _laid_out(page, model)
        try:
            _app, address, _share = blocks.queue(api_open=False).launch(
                server_name=HOST,
                server_port=port,
                inbrowser=browser,
                share=False,
                quiet=True,
                prevent_thread_lock=True,
                ssr_mode=False,
                pwa=False,
                mcp_server=False,
                run_history=False,
                enable_monitoring=False,
                footer_links=[],
                max_file_size="1kb",  # nothing is ever uploaded
                css_paths=_STYLE,
                js=_LIGHT,
                head=f"<script>document.documentElement.lang = '{language}'</script>",
                theme=gr.themes.Default(primary_hue="blue", font=_FONTS),
                app_kwargs={
                    "middleware": [
                        Middleware(TrustedHostMiddleware, allowed_hosts=[HOST, "localhost"]),
                        Middleware(_KeepsToItself),
                    ]
                },
            )
        except OSError as error:
            raise UsageError(
                _("The page cannot be opened on port {port}.", port=port or "7860-7959"),
                fix=_("Name a free one with --port, or end the program that holds it."),
            ) from error
    return address


def _laid_out(page: Page, model: keras.Model | None) -> gr.Blocks:
    """Heading, what to try, and the page's own components."""
    with gr.Blocks(analytics_enabled=False, title=f"{page.title} · labkit") as blocks:
        gr.HTML(
            f"<h1>{escape(str(page.title))}</h1><p>{escape(str(page.about))}</p>",
            elem_classes="heading",
            apply_default_css=False,
        )
        page.build(model)
    return blocks
