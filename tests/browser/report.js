/* SPDX-License-Identifier: MIT */
/*
 * Clicks through the page of a plan in a browser: `node report.js PAGE FOLDER` prints TAP and leaves
 * pictures in FOLDER. Needs playwright-core where node finds it, and chromium (CHROMIUM names it).
 * The page is that of tests/browser/report.sh. Nothing but file: is asked for.
 */
"use strict";
const { chromium } = require("playwright-core");

const [page, folder] = process.argv.slice(2);
const flags = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync"];
let tests = 0;

function check(what, good, got) {
  tests++;
  if (!good)
    process.exitCode = 1;
  console.log((good ? "ok " : "not ok ") + tests + " - " + what + (good ? "" : "\n#   got: " + got));
}

const is = (what, wanted, got) => check(what, wanted === got, got);

async function open(browser, options) {
  const context = await browser.newContext(options);
  const tab = await context.newPage();
  tab.troubles = [];
  tab.on("pageerror", (error) => tab.troubles.push(error.message));
  tab.on("console", (message) => message.type() === "error" && tab.troubles.push(message.text()));
  tab.on("dialog", (dialog) => tab.troubles.push("dialog") && dialog.dismiss());
  tab.on("request", (request) => request.url().startsWith("file:") || tab.troubles.push(request.url()));
  await tab.goto("file://" + page);
  return tab;
}

const shown = (tab) => tab.textContent("#shown");

async function filters(tab) {
  is("all accounts are shown", "3 accounts", await shown(tab));
  await tab.click(".tile[data-state=c]");
  is("a tile is a filter", "1 of 3 accounts", await shown(tab));
  await tab.click("#reset");
  await tab.fill("#find", "777");
  is("a part of the account's name", "1 of 3 accounts", await shown(tab));
  await tab.fill("#find", "none of them");
  check("no account", await tab.isVisible("#empty"), "not told");
  await tab.click("#reset");
  await tab.check("#differing");
  is("only accounts with differences", "3 accounts", await shown(tab));
  await tab.selectOption("#service", { index: 2 });
  is("in one service", "1 of 3 accounts", await shown(tab));
  await tab.click("#reset");
  await tab.click(".groups a >> nth=0");
  is("a group is a filter", "1 of 3 accounts", await shown(tab));
  await tab.click("#reset");
}

async function cells(tab) {
  const inTable = () => tab.evaluate(() => document.activeElement.closest("#table") !== null);
  await tab.focus("#differing");
  await tab.keyboard.press("Tab");
  check("Tab enters the matrix", await inTable(), "it does not");
  await tab.keyboard.press("Tab");
  check("and leaves it with the next one", !(await inTable()), "it does not");
  await tab.click("#table td.c");
  const panel = await tab.textContent("#panel");
  check("a cell opens its difference", panel.includes("password") && panel.includes("another one than registered"), panel);
  await tab.keyboard.press("n");
  check("n goes on", (await tab.textContent("#panel")) !== panel, "the same");
  await tab.keyboard.press("Escape");
  check("Escape closes", !(await tab.isVisible("#panel")), "open");
  await tab.keyboard.press("Control+Home");
  await tab.keyboard.press("Enter");
  const first = await tab.textContent("#panel");
  check("Enter opens", first.includes("0000123456-00001") && first.includes("https://hooks.example.com/0000123456-00001"), first);
  await tab.keyboard.press("ArrowDown");
  check("arrows move", (await tab.textContent("#panel")).includes("0000123456-00002"), "still there");
}

async function looks(browser) {
  for (const [name, width, colorScheme] of [["light", 1400, "light"], ["dark", 1400, "dark"], ["narrow", 400, "light"]]) {
    const tab = await open(browser, { viewport: { width, height: 900 }, colorScheme });
    await tab.screenshot({ path: folder + "/" + name + ".png", fullPage: true });
    is(name + ": the page is as wide as the window", width, await tab.evaluate(() => document.documentElement.scrollWidth));
    is(name + ": no trouble", "", tab.troubles.join("; "));
  }
}

async function withoutScripts(browser) {
  const tab = await open(browser, { javaScriptEnabled: false });
  await tab.click("#table td.c a");
  check("without scripts a cell leads to its difference", await tab.isVisible("#differences"), "not seen");
}

async function main() {
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM || "/usr/bin/chromium", args: flags });
  const tab = await open(browser, {});
  await filters(tab);
  await cells(tab);
  is("nothing was refused and nothing ran that should not", "", tab.troubles.join("; "));
  await looks(browser);
  await withoutScripts(browser);
  await browser.close();
  console.log("1.." + tests);
}

main().catch((error) => {
  console.log("Bail out! " + error.message);
  process.exitCode = 1;
});
