"""A reader's session over Streamlit's own WebSocket: asks for a page as the browser does, and times the answer."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from streamlit.proto.Alert_pb2 import Alert
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Origin, Subprotocol

from tests.benchmarks.serving import HOST

# A register of 10,000,000 flows is read within the first answer.
_LONGEST_ANSWER = 600


@dataclass(frozen=True, slots=True)
class Answer:
    """One run of a page.

    Attributes:
        milliseconds: From the request to Streamlit's word that the script has finished.
        size: Bytes received meanwhile.
        error: What the page complained of, "" when nothing.
    """

    milliseconds: float
    size: int
    error: str


@asynccontextmanager
async def session(port: int) -> AsyncGenerator[ClientConnection]:
    """Open a session; what a browser would keep in its cache is sent each time, so sizes are the highest there are."""
    async with connect(
        f"ws://{HOST}:{port}/_stcore/stream",
        subprotocols=[Subprotocol("streamlit")],
        max_size=None,
        origin=Origin(f"http://{HOST}:{port}"),
        compression=None,
    ) as socket:
        yield socket


async def ask(socket: ClientConnection, page: str, query: str) -> Answer:
    """Run a page and return how it went.

    Args:
        socket: The session.
        page: The page's URL path, "" for the first.
        query: The URL's query; popmap's filter stands there.
    """
    message = BackMsg()
    message.rerun_script.query_string = query
    message.rerun_script.page_name = page
    request = message.SerializeToString()
    size, error = 0, ""
    start = time.perf_counter()
    await socket.send(request)
    while True:
        data = await asyncio.wait_for(socket.recv(decode=False), _LONGEST_ANSWER)
        size += len(data)
        answer = ForwardMsg.FromString(data)
        error = error or _complaint(answer)
        # A run that is cut short is followed by another; the reader waits for that one.
        if answer.WhichOneof("type") == "script_finished" and answer.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN:
            return Answer((time.perf_counter() - start) * 1000, size, error)


def _complaint(message: ForwardMsg) -> str:
    kind = message.WhichOneof("type")
    if kind != "delta":
        return "the page does not exist" if kind == "page_not_found" else ""
    element = message.delta.new_element
    if element.WhichOneof("type") == "exception":
        return element.exception.message or element.exception.type
    # A warning means, among others, that a link asks for what the register does not have.
    if element.WhichOneof("type") == "alert" and element.alert.format in (Alert.ERROR, Alert.WARNING):
        return element.alert.body
    return ""
