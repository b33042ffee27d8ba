// Opens reports in a headless browser and says what is wrong with each, as JSON lines.
// node look.mjs CHROMIUM FOLDER_OF_PACKAGES REPORT...
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { readFileSync } from "node:fs";
import path from "node:path";

const [browserPath, packages, ...reports] = process.argv.slice(2);
const require = createRequire(path.join(packages, "node_modules", "x.js"));
const puppeteer = require("puppeteer-core");
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

const browser = await puppeteer.launch({ executablePath: browserPath, headless: true, args: ["--no-sandbox", "--disable-gpu"] });
for (const report of reports) {
  const found = { report, console: [], requests: [], blank: [], axe: [], charts: 0, pages: 0, wide: [] };
  const page = await browser.newPage();
  page.on("console", (m) => { if (["error", "warning"].includes(m.type())) found.console.push(m.text()); });
  page.on("pageerror", (e) => found.console.push(String(e)));
  const url = pathToFileURL(path.resolve(report)).href;
  page.on("request", (r) => { if (r.url() !== url && !r.url().startsWith("data:")) found.requests.push(r.url()); });
  for (const [width, scheme] of [[1280, "light"], [390, "dark"]]) {
    await page.setViewport({ width, height: 900 });
    await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
    await page.goto(url, { waitUntil: "load" });
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    if (overflow > 1) found.wide.push(`${width} px: ${overflow} px too wide`);
    await page.evaluate(() => { for (const d of document.querySelectorAll("details")) d.open = true; });
    const charts = await page.$$("figure svg");
    found.charts = charts.length;
    for (const chart of charts) {
      const name = await chart.evaluate((s) => s.closest("figure").id);
      await chart.scrollIntoView();
      const shot = await chart.screenshot({ encoding: "base64" });
      // Drawn means: many colours among its pixels, not one flat sheet.
      const colours = await page.evaluate(async (png) => {
        const image = new Image();
        image.src = "data:image/png;base64," + png;
        await image.decode();
        const canvas = document.createElement("canvas");
        [canvas.width, canvas.height] = [image.width, image.height];
        const pen = canvas.getContext("2d");
        pen.drawImage(image, 0, 0);
        const { data } = pen.getImageData(0, 0, canvas.width, canvas.height);
        const seen = new Set();
        for (let i = 0; i < data.length; i += 4) seen.add((data[i] << 16) | (data[i + 1] << 8) | data[i + 2]);
        return seen.size;
      }, shot);
      if (colours < 8) found.blank.push(`${name} at ${width} px: ${colours} colours`);
    }
    await page.evaluate(axe);
    const result = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
    for (const v of result.violations) {
      if (["serious", "critical"].includes(v.impact)) {
        found.axe.push(`${width} px ${scheme}: ${v.id}: ${v.help}: ${v.nodes.slice(0, 3).map((n) => n.target.join(" ")).join(" | ")}`);
      }
    }
  }
  // A hidden strategy is gone, and comes back.
  const toggled = await page.evaluate(() => {
    const button = document.querySelector(".toggles button");
    if (!button) return true;
    const part = () => button.closest("figure").querySelector(".series-" + button.dataset.series);
    button.click();
    const hidden = getComputedStyle(part()).display === "none";
    button.click();
    return hidden && getComputedStyle(part()).display !== "none";
  });
  if (!toggled) found.console.push("a toggle does nothing");
  await page.goto(url, { waitUntil: "load" });
  const pdf = await page.pdf({ format: "A4", printBackground: true, preferCSSPageSize: true });
  found.pages = (Buffer.from(pdf).toString("latin1").match(/\/Type\s*\/Page[^s]/g) ?? []).length;
  console.log(JSON.stringify(found));
  await page.close();
}
await browser.close();
