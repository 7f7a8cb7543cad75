"""Every kind of page that the public can come to, and what can be seen on any of them."""

SEARCH = "/search?q=chiropractor+for+migraines+near+Boulder"
PAGES = {
    "home": "/",
    "everybody": "/search",
    "results with chips": f"{SEARCH}&accepting=1&language=en",
    "results with a serious condition": "/search?condition=concussion",
    "a place with many of its name": "/search?near=Portland",
    "another spelling": "/search?q=osteopth",
    "nobody found": "/search?near=Reykjavik&profession=chiropractor",
    "a page beyond the last": "/search?page=999",
    "listing": "/practitioners/aspen-thorough",
    "listing of few words": "/practitioners/maple",
    "listing in Great Britain": "/practitioners/yarrow-invented",
    "shortlist of nobody": "/shortlist",
    "shared shortlist": "/shortlist?s=aspen-thorough&s=rowan-testerly&s=yarrow-invented&s=gone",
    "about CST": "/about/cst",
    "ranking": "/about/ranking",
    "privacy": "/about/privacy",
    "health data": "/about/health-data",
    "accessibility": "/about/accessibility",
    "attribution": "/about/attribution",
    "not found": "/practitioners/nobody-at-all",
    "erased": "/practitioners/erased",
    "bad input": "/search?near=Zzyzxville-upon-Nothing&within=-5",
}
STATUS = {"not found": 404, "erased": 410, "bad input": 422}


def visit(page, name):
    """Go to one of PAGES, make sure that it is the page meant, and unfold what is folded."""
    answer = page.goto(PAGES[name])
    assert answer.status == STATUS.get(name, 200)
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")


def too_wide(page):
    """What sticks out beyond the right edge; [] when nobody must scroll sideways."""
    return page.evaluate(
        """() => {
          const root = document.documentElement;
          if (root.scrollWidth <= root.clientWidth) return [];
          const out = [...document.body.querySelectorAll("*")].filter(
            (one) => one.getBoundingClientRect().right > root.clientWidth + 1,
          );
          const says = (one) => `${one.tagName} .${one.className} ${one.textContent.trim().slice(0, 40)}`;
          return [`${root.scrollWidth} of ${root.clientWidth}`, ...out.slice(0, 5).map(says)];
        }"""
    )
