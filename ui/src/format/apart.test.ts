import { describe, expect, it } from "vitest";
import { toldApart } from "./apart";

const LONG = "realm with a really long name for the customers of the northern";
const SETS: string[][] = [
  [`${LONG} region, dev`, `${LONG} region, prod`],
  ["payments-platform-eu-central-1-customer-identity-dev-blue", "payments-platform-eu-central-1-customer-identity-prd-blue"],
  ["a".repeat(60) + "1", "a".repeat(60) + "2", "a".repeat(60) + "3"],
  ["1" + "a".repeat(60), "2" + "a".repeat(60)],
  ["x".repeat(30) + "dev" + "y".repeat(30), "x".repeat(30) + "prod" + "y".repeat(30)],
  ["x".repeat(30) + "1" + "y".repeat(30), "x".repeat(30) + "y".repeat(30)],
  ["Umgebung für die Kundinnen und Kunden (Abnahme)", "Umgebung für die Kundinnen und Kunden (Betrieb)"],
  ["🦀".repeat(40) + "a", "🦀".repeat(40) + "b"],
  [LONG, `${LONG}!`],
];

describe("long names side by side", () => {
  it.each(SETS)("keep what tells them apart: %s", (...names) => {
    for (const most of [14, 20, 28]) {
      const shown = names.map((name) => toldApart(name, names, most));
      expect(new Set(shown).size, shown.join(" | ")).toBe(names.length);
      for (const [at, one] of shown.entries()) {
        expect([...one].length).toBeLessThanOrEqual(most);
        expect(one === names[at] || one.includes("…")).toBe(true);
      }
    }
  });

  it("a name with room for all of it stays whole", () => {
    expect(toldApart("Shop dev", ["Shop dev", "Shop prod"], 14)).toBe("Shop dev");
    expect(toldApart("Lab", [], 14)).toBe("Lab");
  });
});
