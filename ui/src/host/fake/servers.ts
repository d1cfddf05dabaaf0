// What the servers that the fake reaches say to whoever asks them first: their metadata and their certificate.
import type { Certificate, Discovered, Profile } from "../../wire/types";
import { TRIED } from "./admin";
import { fault } from "./fault";
import { discovered } from "./profiles";

export function discover(issuer: string, realm: string, base: Profile | null): Discovered {
  if (!URL.canParse(issuer)) throw fault({ field: "issuer" });
  if (realm === "Shop")
    throw fault({
      kind: "server",
      id: "no-such-realm",
      message: `${new URL(issuer).host} is a Keycloak, and it has no realm named Shop.`,
      advice: "Check the spelling; capital letters count.",
      field: "issuer",
      step: TRIED,
    });
  if (issuer.includes("/common")) {
    if (realm !== "") return discovered(issuer.replace("common", realm), base);
    throw fault({
      kind: "server",
      id: "discovery-template-issuer",
      message: "These metadata are those of every tenant: their issuer has a place for the tenant's id.",
      advice: "Name your own tenant.",
      field: "realm",
      step: TRIED,
    });
  }
  if (realm !== "") return discovered(`${new URL(issuer).origin}/realms/${realm}`, base);
  if (new URL(issuer).pathname === "/")
    throw fault({
      kind: "server",
      id: "realm-needed",
      message: `${new URL(issuer).host} is a Keycloak. Its realms cannot be listed from outside, so name the one you mean.`,
      advice: "It is the name in the console's address after # and in the issuer after /realms/.",
      field: "realm",
      step: TRIED,
    });
  if (issuer.includes("down"))
    throw fault({
      kind: "network",
      id: "connection-refused",
      message: `${new URL(issuer).host} refused the connection.`,
      advice: "Check the address and that the server runs.",
      field: "issuer",
    });
  return discovered(issuer, base);
}

export function certificate(address: string): Certificate {
  if (!address.startsWith("https://"))
    throw fault({
      id: "not-https",
      message: `${address} is no https address.`,
      advice: "Enter the server's address with https://.",
    });
  return {
    sha256: "CA:5C:9B:54:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF:00:11:22:33:44:55:66:77:88:99:AD:65:88",
    subject: "C=US, ST=CA, L=Mountain View, O=WSO2, OU=WSO2, CN=localhost",
    issuer: "C=US, ST=CA, L=Mountain View, O=WSO2, OU=WSO2, CN=localhost",
    names: ["localhost"],
    not_before: 1_772_600_000,
    not_after: 1_843_900_000,
    self_signed: true,
    authority: false,
  };
}
