"""Pictures of pages at several widths, to be looked at.

    .venv/bin/python scripts/screenshots.py http://127.0.0.1:8000 /dev/look/ "/dev/look/?page=desk" --out /tmp/shots \
        --widths 390 768 1280 --language fr --dark --login organiser@example.org:password

Also says which pages scroll sideways and what the browser complained of (refused styles and scripts among it).
"""

import argparse
import re
import shutil
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

FLAGS = [
    "--no-sandbox",
    "--headless",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
NAMES = ("chromium", "chromium-browser", "google-chrome")


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("base", help="address of the running server")
    parser.add_argument("paths", nargs="+")
    parser.add_argument("--out", type=Path, default=Path("screenshots"))
    parser.add_argument("--widths", type=int, nargs="+", default=[390, 768, 1280])
    parser.add_argument("--height", type=int, default=860)
    parser.add_argument("--language", default="fr")
    parser.add_argument("--dark", action="store_true", help="the dark scheme as well")
    parser.add_argument("--no-script", action="store_true", help="with JavaScript switched off")
    parser.add_argument("--first-screen", action="store_true", help="only what is seen without scrolling")
    parser.add_argument("--print", action="store_true", help="also a PDF of each page as it prints")
    parser.add_argument("--login", metavar="EMAIL:PASSWORD", help="sign in first")
    return parser.parse_args()


def sign_in(page: Page, base: str, login: str) -> None:
    email, _, password = login.partition(":")
    page.goto(f"{base}/accounts/login/")
    page.fill("input[name=login]", email)
    page.fill("input[name=password]", password)
    page.click("main button[type=submit]")
    page.wait_for_load_state()
    if "/login/" in page.url:
        raise SystemExit(f"Signing in as {email} failed.")


def context_for(browser: Browser, options: argparse.Namespace, width: int, scheme: str) -> BrowserContext:
    context = browser.new_context(
        viewport={"width": width, "height": options.height},
        color_scheme="dark" if scheme == "dark" else "light",
        locale=options.language,
        java_script_enabled=not options.no_script,
        reduced_motion="reduce",
    )
    context.add_cookies([{"name": "django_language", "value": options.language, "url": options.base}])
    return context


def shoot(page: Page, options: argparse.Namespace, path: str, stem: str, width: int) -> None:
    answer = page.goto(options.base + path, wait_until="load")
    page.wait_for_timeout(150)  # a late style sheet has been seen to miss the picture
    status = answer.status if answer else 0
    over = 0 if options.no_script else int(page.evaluate("document.documentElement.scrollWidth - window.innerWidth"))
    target = options.out / f"{stem}.png"
    page.screenshot(path=str(target), full_page=not options.first_screen)
    print(f"{target}  {status}" + (f"  SCROLLS SIDEWAYS by {over} px at {width}" if over > 0 else ""))
    if options.print:
        page.pdf(path=str(options.out / f"{stem}.pdf"), format="A4", prefer_css_page_size=True)


def main() -> None:
    options = arguments()
    options.base = options.base.rstrip("/")
    options.out.mkdir(parents=True, exist_ok=True)
    browser_path = next((found for name in NAMES if (found := shutil.which(name))), None)
    if browser_path is None:
        raise SystemExit("No Chromium on this machine.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path, args=FLAGS)
        session = None
        if options.login:
            first = context_for(browser, options, 1280, "light")
            sign_in(first.new_page(), options.base, options.login)
            session = first.cookies()
        for scheme in ("light", "dark") if options.dark else ("light",):
            for width in options.widths:
                context = context_for(browser, options, width, scheme)
                if session:
                    context.add_cookies(session)  # type: ignore[arg-type]
                page = context.new_page()
                page.on(
                    "console",
                    lambda message: print(f"  {message.type}: {message.text}") if message.type == "error" else None,
                )
                for path in options.paths:
                    stem = re.sub(r"[^\w]+", "-", path).strip("-") or "home"
                    shoot(page, options, path, f"{stem}-{width}" + ("-dark" if scheme == "dark" else ""), width)
                context.close()
        browser.close()


if __name__ == "__main__":
    main()
