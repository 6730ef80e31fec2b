"""The web host under a real browser: one small app, the real sign-in, the real client."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import flet as ft
import httpx
import pytest
from playwright.sync_api import Browser, expect
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.types import ASGIApp, Receive, Scope, Send

from app.web import sessions
from app.web.host import create_web_app
from gateway import identity
from gateway.database import Database
from gateway.settings import Settings
from services.clock import ServerClock
from services.identity import Identity
from services.provider import ProviderSettings
from services.tokens import TokenStore

from .browser import App, free_port, new_page, serving

pytestmark = pytest.mark.browser

ASSETS = Path(__file__).parent.parent.parent / "assets"
SERVER_WORDS = "Xin chào Hà Nội"


async def small_app(page: ft.Page) -> None:
    """Says who is here, keeps a note, saves a preference, signs in and out."""
    web = sessions.current()
    assert web is not None
    language = (await web.preferences.load()).get("language", "vi")

    async def prefer(e: ft.Event[ft.Button]) -> None:
        await web.preferences.save({"language": "en"})
        status.value = "saved"

    async def enter(e: ft.Event[ft.Button]) -> None:
        await ft.UrlLauncher().launch_url(
            f"/sign-in?next={page.route}", web_only_window_name="_self"
        )

    async def leave(e: ft.Event[ft.Button]) -> None:
        await web.end()

    async def pick(e: ft.Event[ft.Button]) -> None:
        files = await ft.FilePicker().pick_files(with_data=True)
        status.value = f"{len(files[0].bytes or b'')} bytes"

    page.title = "iHaNoi"
    page.theme = ft.Theme(font_family="Be Vietnam Pro")
    page.locale_configuration = ft.LocaleConfiguration([ft.Locale("vi", "VN")])
    status = ft.Text("ready")
    page.add(
        ft.Text(SERVER_WORDS, size=28, weight=ft.FontWeight.W_600),
        ft.Text(f"subject {web.subject}, language {language}, route {page.route}"),
        status,
        ft.TextField(label="Ghi chú"),
        ft.Button("Prefer", on_click=prefer),
        ft.Button("Pick", on_click=pick),
        ft.Button("Enter", on_click=enter),
        ft.Button("Leave", on_click=leave),
    )


class House:
    """A host with its data folder, which can be stopped and started again on the same port."""

    def __init__(self, folder: Path) -> None:
        self.asked: list[str] = []
        self._folder = folder
        self._port = free_port()

    @contextmanager
    def open(self) -> Iterator[str]:
        """Serve; yields the address."""
        with serving(self._make, self._port) as address:
            yield address

    def _make(self, public_url: str) -> ASGIApp:
        settings = Settings(data_folder=self._folder, public_url=public_url)
        database = Database(settings.database_url)
        database.migrate()
        provider = identity.create_app(settings, database)
        wire = httpx.ASGITransport(Starlette(routes=[Mount("/identity", provider)]))

        def identity_for(tokens: TokenStore) -> Identity:
            trusted = ProviderSettings(f"{public_url}/identity", "ihanoi-app")
            return Identity(trusted, httpx.AsyncClient(transport=wire), tokens, ServerClock())

        host = create_web_app(
            small_app,
            identity_for=identity_for,
            data_folder=self._folder,
            public_url=public_url,
            assets_dir=ASSETS,
            mounts={"/identity": provider},
        )

        async def noted(scope: Scope, receive: Receive, send: Send) -> None:
            self.asked.append(scope.get("path", ""))
            await host(scope, receive, send)

        return noted


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    """One data folder: the client is compressed once."""
    return House(tmp_path_factory.mktemp("house"))


@pytest.fixture
def app(chromium: Browser, house: House) -> Iterator[App]:
    """The small app, served and open in a phone-sized page."""
    with house.open() as address:
        page = new_page(chromium)
        yield App(page, address)
        page.context.close()


def sign_in(app: App, who: str) -> None:
    """From the app's button through the provider's pages and back."""
    app.button("Enter").click()
    app.page.wait_for_url(re.compile("/identity/"))
    app.page.get_by_role("radio", name=who).check()
    app.page.get_by_label(re.compile("Mật mã|Passcode|Mã")).fill("246810")
    app.page.get_by_role("button", name=re.compile("^Đăng nhập|^Sign in")).click()
    app.page.get_by_role("button", name=re.compile("^Đồng ý|^Agree")).click()
    app.page.wait_for_url(lambda url: "/identity/" not in url)
    app.wait()


def test_the_app_opens_with_semantics_and_asks_no_other_host(app: App) -> None:
    """A screen reader works from the first screen, and nobody else learns who opened the app."""
    app.open("/reports/id/HN-2611-00001")
    app.sees(SERVER_WORDS)
    app.sees("route /reports/id/HN-2611-00001")
    assert app.page.title() == "iHaNoi"
    app.page.wait_for_timeout(1500)
    assert app.outside == []
    assert app.errors == []


def test_one_thread_draws(app: App) -> None:
    """Two would share a glyph cache without a lock, and freeze the page (decision 8)."""
    app.open()
    assert app.page.workers == []


def test_browsers_with_the_older_engine_are_served_too(app: App) -> None:
    """Firefox and Safari take another build of the client, which the policy must let run."""
    app.page.add_init_script("WebAssembly.validate = () => false")
    fetched: list[str] = []
    app.page.on("response", lambda response: fetched.append(response.url))
    app.open().sees(SERVER_WORDS, seconds=30)
    assert [url for url in fetched if url.endswith("main.dart.js")]
    assert [url for url in fetched if url.endswith("canvaskit.wasm")]
    assert app.outside == []
    assert app.errors == []


def test_everything_is_compressed_and_kept(app: App, house: House) -> None:
    """The second visit must not fetch the engine again."""
    fetched: dict[str, tuple[str | None, int]] = {}
    app.page.on(
        "response",
        lambda r: fetched.update({r.url: (r.headers.get("content-encoding"), r.status)}),
    )
    app.open().sees(SERVER_WORDS)
    assert [url for url, (_, status) in fetched.items() if status >= 400] == []
    engine = [url for url in fetched if url.endswith(".wasm")]
    assert len(engine) == 2
    assert {fetched[url][0] for url in engine} == {"br"}
    fonts = {url.rsplit("/", 1)[1] for url in fetched if url.endswith(".ttf")}
    assert fonts == {
        f"BeVietnamPro-{each}.ttf" for each in ("Regular", "Medium", "SemiBold", "Bold")
    }
    house.asked.clear()
    app.reload().sees(SERVER_WORDS)
    assert [path for path in house.asked if path.startswith("/v/")] == []


def test_a_resident_signs_in_and_stays_so_in_every_tab_and_after_a_restart(
    chromium: Browser, house: House
) -> None:
    """A reload, a second tab and a restarted server bring her back, signed in, to the same page."""
    page = new_page(chromium)
    with house.open() as address:
        app = App(page, address).open("/cards/code")
        app.button("Prefer").click()
        app.sees("saved")
        sign_in(app, "Nguyễn Minh Anh")
        app.sees("subject sandbox-nguyen-minh-anh, language en, route /cards/code")
        app.reload().sees("subject sandbox-nguyen-minh-anh")
        second = App(page.context.new_page(), address).open("/me")
        second.sees("subject sandbox-nguyen-minh-anh, language en, route /me")
    expect(page.locator("#notice")).to_contain_text("Mất kết nối", timeout=30_000)
    with house.open():
        expect(page.locator("#notice")).to_be_hidden(timeout=30_000)
        app.sees("subject sandbox-nguyen-minh-anh, language en, route /cards/code")
        assert app.outside == []
    page.context.close()


def test_signing_out_takes_every_tab_to_the_start(app: App) -> None:
    """On a shared computer no tab may go on showing what the resident saw."""
    app.open()
    sign_in(app, "Trần Gia Huy")
    second = App(app.page.context.new_page(), app.address).open("/me")
    second.sees("subject sandbox-tran-gia-huy")
    app.button("Leave").click()
    for tab in (app, second):
        tab.page.wait_for_url(f"{app.address}/")
        tab.wait().sees("subject None")


def test_a_second_browser_is_a_guest(app: App, chromium: Browser) -> None:
    """What one resident does is nothing to the next one's browser."""
    app.open()
    sign_in(app, "Nguyễn Minh Anh")
    app.sees("subject sandbox-nguyen-minh-anh")
    other = App(new_page(chromium), app.address)
    other.page.add_init_script(
        "sessionStorage.setItem('_flet_session_id', "
        f"{app.page.evaluate('JSON.stringify(sessionStorage.getItem(`_flet_session_id`))')})"
    )
    other.open()
    other.sees("subject None")
    other.page.context.close()


def test_a_photo_travels_over_the_websocket(app: App, tmp_path: Path) -> None:
    """There is no upload address to guess; the bytes go the way that is bound to the cookie."""
    photo = tmp_path / "photo.jpg"
    photo.write_bytes(b"\xff\xd8" + b"\x55" * 3_000_000)
    sent: list[str] = []
    app.open()
    app.page.on("request", lambda request: sent.append(request.method))
    with app.page.expect_file_chooser() as chooser:
        app.button("Pick").click()
    chooser.value.set_files(photo)
    app.sees("3000002 bytes")
    assert set(sent) <= {"GET"}


def test_a_lost_cookie_starts_the_page_afresh(chromium: Browser, house: House) -> None:
    """A resident who clears her cookies must not look at a page that waits for ever."""
    page = new_page(chromium)
    with house.open() as address:
        app = App(page, address).open("/me")
        sign_in(app, "Nguyễn Minh Anh")
        page.context.clear_cookies()
    with house.open():
        app.sees("subject None, language vi, route /me", seconds=30)
    page.context.close()


def test_typed_words_arrive_whole(app: App) -> None:
    """The helper that types for every journey has to be sound itself."""
    app.open().type("Ghi chú", "Ổ gà trước số nhà 28")
    assert app.field("Ghi chú").input_value() == "Ổ gà trước số nhà 28"
