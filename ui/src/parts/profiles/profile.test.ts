import { describe, expect, it } from "vitest";
import type { Fault } from "../../wire/types";
import fields from "./ExpectationFields.svelte?raw";
import { faultAt } from "./faults";
import { emptyExpectations, expectationWords, isLoopback, newProfile, sectionOf } from "./profile";

const fault = (field: string | null): Fault => ({
  kind: "input",
  id: "x",
  message: "This is not a URL.",
  advice: "Type one.",
  field,
  step: null,
});

describe("a profile", () => {
  it.each([
    ["http://127.0.0.1:18080/realms/x", true],
    ["http://localhost/", true],
    ["http://[::1]:80", true],
    ["http://127.0.0.1.example.com", false],
    ["https://id.example.com", false],
    ["no address", false],
  ])("%s is loopback: %s", (address, expected) => {
    expect(isLoopback(address)).toBe(expected);
  });

  it("counts what a resource insists on", () => {
    expect(expectationWords({ ...emptyExpectations(), signature: false })).toBe("none yet");
    expect(expectationWords(emptyExpectations())).toBe("1 expectation");
    expect(
      expectationWords({
        ...emptyExpectations(),
        audience: ["a"],
        claims: [{ path: "x", value: "", pattern: "" }],
        max_age_s: 60,
      }),
    ).toBe("4 expectations");
  });

  it("has a field for each expectation", () => {
    for (const name of Object.keys(emptyExpectations())) {
      expect(fields, `${name} cannot be edited`).toMatch(new RegExp(`wants\\.${name}\\b|name: "${name}"`));
    }
  });

  it("starts with a public client that logs in and nothing unsafe", () => {
    const profile = newProfile();
    expect(profile.clients.map((client) => [client.auth, client.login])).toEqual([["none", true]]);
    expect(profile.tls).toEqual({ ca_pem: "", pins: [], danger_accept_any_certificate: false, danger_plain_http: false });
  });

  it.each([
    ["issuer", "provider"],
    ["provider.endpoints.token", "provider"],
    ["provider.events", "events"],
    ["clients.2.client_id", "clients"],
    ["clients[2].client_id", "clients"],
    ["redirect.port", "login"],
    ["gateway.base", "gateway"],
    ["resources.0.url", "resources"],
    ["tls.ca_pem", "tls"],
    ["text", null],
  ])("field %s stands in %s", (field, section) => {
    expect(sectionOf(field)).toBe(section);
  });
});

describe("a fault at its field", () => {
  it.each(["clients.0.client_id", "clients[0].client_id", "profile.clients.0.client_id"])("is found by %s", (field) => {
    expect(faultAt(fault(field))("clients.0.client_id")).toBe("This is not a URL. Type one.");
  });
  it("stays away from others", () => {
    expect(faultAt(fault("issuer"))("name")).toBeNull();
    expect(faultAt(fault(null))("name")).toBeNull();
    expect(faultAt(null)("name")).toBeNull();
  });
});
