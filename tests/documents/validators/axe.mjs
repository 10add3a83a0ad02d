// Opens HTML files in headless Chromium and prints, as JSON by file, what axe-core finds there and
// what the page asked the network for.
//
//     node axe.mjs CHROMIUM PROFILE-FOLDER FILE...
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const WIDTHS = [1280, 400];
const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const RULES = [
  "wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "EN-301-549", "best-practice",
];

const [executablePath, profile, ...files] = process.argv.slice(2);
const browser = await chromium.launchPersistentContext(profile, {
  executablePath,
  headless: true,
  args: [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
  ],
});
const report = {};
try {
  for (const file of files) {
    report[file] = await findings(file);
  }
} finally {
  await browser.close();
}
process.stdout.write(JSON.stringify(report));

async function findings(file) {
  const found = [];
  const page = await browser.newPage();
  const address = pathToFileURL(file).href;
  page.on("request", (request) => {
    const url = request.url();
    if (url !== address && !url.startsWith("data:")) {
      found.push(`request: ${url}`);
    }
  });
  page.on("console", (message) => {
    if (message.type() === "error") {
      found.push(`console: ${message.text()}`);
    }
  });
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 900 });
    await page.goto(address);
    const beyond = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    if (beyond > 0) {
      found.push(`${width} px: the page is ${beyond} px wider than the window`);
    }
    await page.evaluate(AXE);
    const results = await page.evaluate(
      (values) => axe.run(document, { runOnly: { type: "tag", values }, resultTypes: ["violations"] }),
      RULES,
    );
    for (const violation of results.violations) {
      for (const node of violation.nodes) {
        const place = `${node.target.join(" ")}: ${node.html.slice(0, 160)}`;
        found.push(`${width} px: axe ${violation.id}: ${violation.help} @ ${place}`);
      }
    }
    if (results.passes.length === 0) {
      found.push(`${width} px: axe checked nothing`);
    }
  }
  await page.close();
  return found;
}
