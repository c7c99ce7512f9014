"""A headless Chromium, told what to do over a pipe with the DevTools protocol.

Only Python's own library is used. Messages are JSON and end with a NUL; the browser reads them
from file descriptor 3 and answers on 4 (`--remote-debugging-pipe`), so that no port is opened.
"""

import fcntl
import json
import os
import pathlib
import select
import shutil
import subprocess
import tempfile
import time

# The first that is in PATH is taken, unless KEYSCAN_BROWSER names another.
PROGRAMS = [
    "chromium-headless-shell", "chromium", "chromium-browser", "google-chrome",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
]
# So long one answer may take; the largest report that is opened here takes some seconds.
PATIENCE = 60


def program():
    """The browser to use, or None."""
    named = os.environ.get("KEYSCAN_BROWSER")
    return shutil.which(named) if named else next(filter(None, map(shutil.which, PROGRAMS)), None)


class Failure(Exception):
    """The browser did not answer, or answered with an error."""


class Browser:
    """One browser with a profile of its own, which goes with it."""

    def __init__(self, path):
        # A browser that is ending may still write.
        self.folder = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        ours, theirs = os.pipe(), os.pipe()
        # Above the two numbers that the browser wants, so that neither is overwritten.
        read = fcntl.fcntl(ours[0], fcntl.F_DUPFD, 10)
        write = fcntl.fcntl(theirs[1], fcntl.F_DUPFD, 10)

        def place():
            os.dup2(read, 3)
            os.dup2(write, 4)

        self.process = subprocess.Popen(
            [path, "--headless", "--remote-debugging-pipe", "--disable-gpu",
             # The sandbox needs rights that containers do not give. What is opened is our own.
             "--no-sandbox", "--disable-dev-shm-usage",
             "--no-first-run", "--disable-extensions", "--disable-background-networking",
             "--disable-component-update", "--host-resolver-rules=MAP * ~NOTFOUND",
             f"--user-data-dir={self.folder.name}", "about:blank"],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            env=dict(os.environ, HOME=self.folder.name, LC_ALL="C.UTF-8"),
            preexec_fn=place, pass_fds=(3, 4))
        for descriptor in (ours[0], theirs[1], read, write):
            os.close(descriptor)
        self.output, self.input = ours[1], theirs[0]
        self.rest, self.number, self.pages = b"", 0, {}

    def __enter__(self):
        return self

    def __exit__(self, *_):
        os.close(self.output)
        os.close(self.input)
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.folder.cleanup()

    def send(self, method, session=None, **parameters):
        """Calls a method and returns its result; what happens meanwhile goes to its page."""
        self.number += 1
        message = {"id": self.number, "method": method, "params": parameters}
        if session:
            message["sessionId"] = session
        data = memoryview(json.dumps(message).encode() + b"\0")
        while data:
            data = data[os.write(self.output, data):]
        number, end = self.number, time.monotonic() + PATIENCE
        while True:
            answer = self.receive(end, method)
            if answer.get("id") == number:
                break
        if "error" in answer:
            raise Failure(f"{method}: {answer['error'].get('message')}")
        return answer["result"]

    def receive(self, end, what):
        """The next message; events are noted at their page."""
        while b"\0" not in self.rest:
            if not select.select([self.input], [], [], max(0, end - time.monotonic()))[0]:
                raise Failure(f"no answer to {what} in time")
            piece = os.read(self.input, 1 << 20)
            if not piece:
                raise Failure(f"the browser ended at {what}")
            self.rest += piece
        line, self.rest = self.rest.split(b"\0", 1)
        message = json.loads(line)
        page = self.pages.get(message.get("sessionId"))
        if "method" in message and page is not None:
            page.events.append((message["method"], message["params"]))
        return message

    def page(self):
        """A new tab."""
        target = self.send("Target.createTarget", url="about:blank")["targetId"]
        session = self.send("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        page = self.pages[session] = Page(self, target, session)
        for domain in ("Page", "Runtime", "Network", "Log"):
            page.send(f"{domain}.enable")
        return page


class Page:
    """One tab, and what happened in it."""

    def __init__(self, browser, target, session):
        self.browser, self.target, self.session = browser, target, session
        self.events = []

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.browser.send("Target.closeTarget", targetId=self.target)
        del self.browser.pages[self.session]

    def send(self, method, **parameters):
        return self.browser.send(method, self.session, **parameters)

    def named(self, method):
        """The events of this name, so far."""
        return [parameters for name, parameters in self.events if name == method]

    def wait(self, method):
        """Waits until an event of this name came."""
        end = time.monotonic() + PATIENCE
        while not self.named(method):
            self.browser.receive(end, method)

    def open(self, path):
        """Opens a file, and waits until all of it is there."""
        self.url = pathlib.Path(path).resolve().as_uri()
        failed = self.send("Page.navigate", url=self.url).get("errorText")
        if failed:
            raise Failure(f"{self.url}: {failed}")
        self.wait("Page.loadEventFired")

    def evaluate(self, expression):
        """The value of an expression, awaited if it is a promise."""
        answer = self.send(
            "Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in answer:
            thrown = answer["exceptionDetails"]
            raise Failure(thrown.get("exception", {}).get("description") or thrown["text"])
        return answer["result"].get("value")

    def call(self, name, *arguments):
        """Calls a function of the page."""
        return self.evaluate(f"{name}({', '.join(json.dumps(a) for a in arguments)})")

    def settle(self):
        """Waits until the page has drawn, and has nothing more to draw by itself."""
        self.evaluate("new Promise((done) => requestAnimationFrame(() => setTimeout(done)))")

    def size(self, width, height=900):
        self.send(
            "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1,
            mobile=False)

    def media(self, media="screen", scheme="light"):
        features = [{"name": "prefers-color-scheme", "value": scheme}]
        self.send("Emulation.setEmulatedMedia", media=media, features=features)

    def click(self, selector):
        """Clicks in the middle of an element, as a mouse does."""
        x, y = self.evaluate(f"""(() => {{
            const element = document.querySelector({json.dumps(selector)});
            element.scrollIntoView({{ block: "nearest" }});
            const box = element.getBoundingClientRect();
            return [box.x + box.width / 2, box.y + box.height / 2];
        }})()""")
        for kind in ("mousePressed", "mouseReleased"):
            self.send("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)

    def key(self, name, code, text=None, shift=False):
        """Presses a key and lets it go."""
        key = {"key": name, "code": name, "windowsVirtualKeyCode": code, "modifiers": 8 * shift}
        down = dict(key, type="keyDown", text=text) if text else dict(key, type="rawKeyDown")
        self.send("Input.dispatchKeyEvent", **down)
        self.send("Input.dispatchKeyEvent", **dict(key, type="keyUp"))

    def tab(self, shift=False):
        self.key("Tab", 9, shift=shift)

    def space(self):
        self.key(" ", 32, " ")

    def enter(self):
        self.key("Enter", 13, "\r")

    def type(self, text):
        """Types text, one key after the other."""
        for letter in text:
            self.send("Input.dispatchKeyEvent", type="keyDown", text=letter, key=letter)
            self.send("Input.dispatchKeyEvent", type="keyUp", key=letter)

    def screenshot(self, path, whole=False):
        import base64
        data = self.send("Page.captureScreenshot", captureBeyondViewport=whole)["data"]
        pathlib.Path(path).write_bytes(base64.b64decode(data))
