import { describe, expect, it } from "vitest";
import { hostOf, issuers, placeName, text } from "./issuer";
import { shortName } from "./provenance";

const DEV = "https://id.dev.eu-central-1.platform.example-retail.net/realms/shop";
const PROD = "https://id.prod.eu-central-1.platform.example-retail.net/realms/shop";
const bold = (parts: { text: string; differs: boolean }[]) => parts.filter((part) => part.differs).map((part) => part.text);

describe("two issuers in little room", () => {
  it("drops the scheme, then the equal middle, and keeps what differs and the last part of the path", () => {
    const [dev, prod] = issuers(DEV, PROD);
    expect(text(dev.long)).toBe("id.dev.eu-c…/realms/shop");
    expect(text(dev.short)).toBe("id.dev…/shop");
    expect(text(prod.short)).toBe("id.prod…/shop");
    expect([bold(dev.full), bold(dev.long), bold(prod.short)]).toEqual([["dev"], ["dev"], ["prod"]]);
    expect(text(dev.full)).toBe(DEV);
  });

  it.each([
    ["another realm", "https://id.test/realms/dev", "https://id.test/realms/prod", ["/dev"], "id.test…/dev"],
    [
      "another port",
      "http://127.0.0.1:18080/realms/lab",
      "http://127.0.0.1:18081/realms/lab",
      [":18080"],
      "127.0.0.1:18080…/lab",
    ],
    ["another host alone", "https://dev.test", "https://prod.test", ["dev"], "dev…"],
    ["a label more", "https://id.test/realms/shop", "https://id.dev.test/realms/shop", [], "id.test…/shop"],
    ["other paths", "https://login.test/tenant/v2.0", "https://login.test/other/v2.0", ["/tenant"], "login.test/tenant/v2.0"],
    ["no address", "urn:dev", "urn:prod", ["urn:dev"], "urn:dev"],
    ["an address with blanks", "https://a b/c", "https://d/c", ["https://a b/c"], "https://a b/c"],
  ])("%s", (_, one, other, differs, short) => {
    const [first] = issuers(one, other);
    expect(bold(first.full)).toEqual(differs);
    expect(text(first.short)).toBe(short);
    expect(text(first.full)).toBe(one);
  });

  it("never makes two issuers look the same", () => {
    const list = [
      DEV,
      PROD,
      "https://id.test/realms/shop",
      "https://id.test/realms/shop2",
      "http://id.test/realms/shop",
      "https://id.test:8443/realms/shop",
      "https://a.b.c.test/x/y/z",
      "https://a.q.c.test/x/w/z",
      "https://dev.a.b/realms/x",
      "https://prod.a.b/realms/y",
    ];
    for (const one of list)
      for (const other of list) {
        if (one === other) continue;
        const [a, b] = issuers(one, other);
        expect([text(a.short) === text(b.short), one, other]).toEqual([false, one, other]);
        expect([text(a.long) === text(b.long), one, other]).toEqual([false, one, other]);
      }
  });
});

describe("the short name of a profile", () => {
  it.each([
    ["Shop dev", ["Shop dev", "Shop prod"], "dev"],
    ["Shop dev", ["Shop dev", "Lab"], "Shop dev"],
    ["Lab", ["Lab", "Staging"], "Lab"],
    ["Shop", ["Shop", "Shop prod"], "Shop"],
    ["Shop EU dev", ["Shop EU dev", "Shop EU prod"], "dev"],
    ["realm with a really long name, dev", ["realm with a really long name, dev", "realm with a really long name, prod"], "dev"],
    ["realm with a round tower", ["realm with a round tower", "realm with a rather small one"], "…round tower"],
    ["Shop northern-region", ["Shop northern-region", "Shop prod"], "…northe…region"],
  ])("%s", (name, all, short) => {
    expect(shortName(name, all)).toBe(short);
  });
});

describe("what a server is called where the window speaks", () => {
  it.each([
    ["https://id.example.org/realms/shop", "id.example.org"],
    ["https://id.example.org:8443/", "id.example.org:8443"],
    ["https://bank.example@evil.example/realms/shop", "evil.example"],
    ["https://bank.example:443@evil.example", "evil.example"],
    ["https://xn--bnk-qla.example", "xn--bnk-qla.example"],
    ["javascript:alert(1)", ""],
    ["issuer verified", ""],
    ["", ""],
  ])("is the host of %s", (address, host) => {
    expect(hostOf(address)).toBe(host);
  });

  it.each(["Keycloak, issuer verified", "id.bank.example", "✓ verified", "Lab, simulated", "\u202everified"])(
    "is never the name %s",
    (name) => {
      expect(placeName({ issuer: "https://id.example.org", name }, false, "Provider")).toBe("id.example.org");
      expect(placeName({ issuer: "", name }, false, "Provider")).toBe("Provider");
      expect(placeName({ base: "https://gw.example.org:9443/x", name }, false, "Gateway")).toBe("gw.example.org:9443");
    },
  );

  it("is the lab's own name", () => {
    expect(placeName({ issuer: "http://127.0.0.1:1", name: "Keycloak-like provider" }, true, "Provider")).toBe(
      "Keycloak-like provider",
    );
  });
});
