// The developer portal of the fake: it remembers applications, keys, secrets and subscriptions.
import type {
  PortalAnswer,
  Api,
  Application,
  ConsumerSecret,
  Draft,
  FixAction,
  Gateway,
  Key,
  OpenPortal,
  PortalWays,
  SecretWays,
  Step,
  Subscription,
  TokenView,
} from "../../wire/types";
import { exchange, step as stepOf } from "./steps";
import { GATEWAY } from "./tokens";

const API: Api = {
  id: "",
  name: "",
  version: "1.0",
  context: "",
  description: "",
  status: "PUBLISHED",
  policies: ["Unlimited", "Gold", "Bronze"],
  addresses: [],
  scopes: [],
  key_managers: [],
};
export const APIS: Api[] = [
  { ...API, id: "api-1", name: "Catalog", context: "/catalog/1.0" },
  { ...API, id: "api-2", name: "Orders", context: "/orders/1.0" },
];
const BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer";
const grants = ["client_credentials", "password", "refresh_token", "authorization_code", BEARER];
const manager = {
  description: "",
  enabled: true,
  maps_clients: true,
  token_type: "DIRECT",
  token_endpoint: `${GATEWAY}/oauth2/token`,
  alias: "",
  grants,
};

/** As the back end says it for the releases the fake plays. */
const secretWays = (release: string): SecretWays =>
  release.startsWith("4.6")
    ? {
        regenerate: true,
        further: false,
        words:
          "4.6 keeps one secret for each key. Regenerating it makes the old one void at once; several secrets exist since 4.7.",
      }
    : {
        regenerate: false,
        further: true,
        words:
          "Since 4.7 a key has several secrets, and the server refuses to regenerate one. To replace it, generate a further secret, then revoke the old one.",
      };

interface Asked {
  step: Step;
  answer: PortalAnswer | null;
  secrets: { client_id: string; place: string; problem: string | null }[];
}

export class FakePortal {
  applications: Application[] = [
    {
      id: "app-1",
      name: "Web shop",
      description: "Orders for the shop window",
      policy: "Unlimited",
      status: "APPROVED",
      owner: "alice",
      subscriptions: 1,
    },
  ];
  keys: Record<string, Key[]> = {
    "app-1": [
      {
        id: "map-1",
        consumer_key: "vYDoc9s7IgAFdkSyNDaswBX7ejoa",
        key_manager: "Resident Key Manager",
        key_type: "PRODUCTION",
        mode: "CREATED",
        state: "APPROVED",
        grants: ["client_credentials", BEARER],
        callback: "",
        has_secret: false,
        uses: uses("vYDoc9s7IgAFdkSyNDaswBX7ejoa", ["client_credentials", BEARER]),
      },
    ],
  };
  secrets: ConsumerSecret[] = [{ id: "sec_1", masked: "***r3tV4lu3", description: "first", expires_at: null }];
  subscriptions: (Subscription & { application: string })[] = [
    {
      id: "sub-1",
      application: "app-1",
      api: "api-1",
      api_name: "Catalog 1.0",
      context: "/catalog/1.0",
      policy: "Unlimited",
      status: "UNBLOCKED",
    },
  ];
  #made = 1;

  ask(draft: Draft, id: number): Asked {
    const get = (name: string) => draft.values.find((pair) => pair.name === name)?.value ?? "";
    const call = get("call");
    const application = get("application");
    const path = call === "create_application" || call === "applications" ? "applications" : call;
    const done = (answer: PortalAnswer, secrets: Asked["secrets"] = []): Asked => ({
      step: this.#step(id, call, path, 200, draft),
      answer,
      secrets,
    });
    const kept = (client_id: string) => [{ client_id, place: "Saved in the system keychain", problem: null }];
    switch (call) {
      case "applications":
        return done({
          what: "applications",
          list: this.applications.slice(Number(get("offset")), Number(get("offset")) + 100),
          total: this.applications.length,
        });
      case "apis":
        return done({ what: "apis", list: APIS, total: APIS.length });
      case "policies":
        return done({
          what: "policies",
          list: [
            { name: "Unlimited", description: "no limit" },
            { name: "10PerMin", description: "10 requests a minute" },
          ],
        });
      case "key_managers":
        return done({
          what: "key_managers",
          list: [
            { ...manager, id: "km-1", name: "Resident Key Manager", kind: "default", creates_clients: true },
            { ...manager, id: "km-2", name: "Keycloak", kind: "KeyCloak", creates_clients: false },
          ],
        });
      case "keys":
        return done({ what: "keys", list: this.keys[application] ?? [] });
      case "subscriptions":
        return done({
          what: "subscriptions",
          list: this.subscriptions.filter((one) => one.application === application),
          total: 1,
        });
      case "create_application": {
        if (this.applications.some((one) => one.name === get("name")))
          return { step: this.#taken(id, draft, get("name")), answer: null, secrets: [] };
        const made = {
          id: `app-${++this.#made}`,
          name: get("name"),
          description: get("description"),
          policy: get("policy"),
          status: "APPROVED",
          owner: "alice",
          subscriptions: 0,
        };
        this.applications = [...this.applications, made];
        return done({ what: "application", application: made });
      }
      case "delete_application":
        this.applications = this.applications.filter((one) => one.id !== application);
        return done({ what: "done" });
      case "generate_keys": {
        const key: Key = {
          id: `map-${++this.#made}`,
          consumer_key: `key${this.#made}AFdkSyNDaswBX7ejoa`,
          key_manager: get("key_manager"),
          key_type: get("key_type"),
          mode: "CREATED",
          state: "APPROVED",
          grants: draft.values.filter((pair) => pair.name === "grant").map((pair) => pair.value),
          callback: "",
          has_secret: true,
          uses: [],
        };
        key.uses = uses(key.consumer_key, key.grants);
        this.keys = { ...this.keys, [application]: [...(this.keys[application] ?? []), key] };
        return done({ what: "key", key }, kept(key.consumer_key));
      }
      case "secrets":
        return done({ what: "secrets", list: this.secrets });
      case "generate_secret": {
        const secret = {
          id: `sec_${++this.#made}`,
          masked: `***n3w${this.#made}`,
          description: get("description"),
          expires_at: get("expires_in") === "" ? null : Math.floor(Date.now() / 1000) + Number(get("expires_in")),
        };
        this.secrets = [...this.secrets, secret];
        return done({ what: "secret", secret }, kept(get("client")));
      }
      case "revoke_secret":
        this.secrets = this.secrets.filter((one) => one.id !== get("secret"));
        return done({ what: "done" });
      case "subscribe": {
        const api = APIS.find((one) => one.id === get("api"));
        const subscription = {
          id: `sub-${++this.#made}`,
          application,
          api: get("api"),
          api_name: `${api?.name ?? ""} 1.0`,
          context: api?.context ?? "",
          policy: get("policy"),
          status: "UNBLOCKED",
        };
        this.subscriptions = [...this.subscriptions, subscription];
        return done({ what: "subscription", subscription });
      }
      case "unsubscribe":
        this.subscriptions = this.subscriptions.filter((one) => one.id !== get("subscription"));
        return done({ what: "done" });
      case "register":
        return done(
          {
            what: "registered",
            client: {
              client_id: "fOCi4vNJ59PpHucC2CAYfYuADdMa",
              name: get("name"),
              owner: "admin",
              grants: ["client_credentials"],
              dropped: [],
              callback: "",
              has_secret: true,
            },
          },
          kept("fOCi4vNJ59PpHucC2CAYfYuADdMa"),
        );
      default:
        return done({ what: "done" });
    }
  }

  #step(id: number, call: string, path: string, status: number, draft: Draft): Step {
    const method = /^(create|generate|subscribe|register|revoke|map)/.test(call)
      ? "POST"
      : /^(delete|unsubscribe)/.test(call)
        ? "DELETE"
        : "GET";
    const title = call.replaceAll("_", " ");
    const one = exchange(1, "claimscope", "portal", `${method} /${path}`, status, 12_000, {
      method,
      url: `${GATEWAY}/api/am/devportal/v3/${path}`,
    });
    return stepOf(id, {
      operation: "portal",
      title: title.charAt(0).toUpperCase() + title.slice(1),
      headline: title,
      outcome: status < 400 ? "success" : "refused",
      status,
      duration_us: 12_000,
      exchanges: [one],
      main_exchange: 1,
      words: null,
      diagnosis: null,
      problem: null,
      problem_id: null,
      advice: null,
      tokens_out: [],
      draft,
    });
  }

  #taken(id: number, draft: Draft, name: string): Step {
    return {
      ...this.#step(id, "create_application", "applications", 409, draft),
      words: {
        server: "Lab gateway",
        status: 409,
        status_text: "Conflict",
        body: [[{ text: `{"code":900301,"description":"An application already exists with name ${name}"}`, ink: "plain" }]],
        error: "900301",
        description: `An application already exists with name ${name}`,
        account_link: null,
      },
      diagnosis: {
        id: "wso2-portal-name-taken",
        certain: true,
        cause: `You already have an application called ${name}; names are unique for each owner.`,
        evidence: [],
        fix: "Choose another name, or use the application that is there. Nothing you typed is lost.",
        actions: [],
        tell: null,
        others: [],
      },
    };
  }
}

/** Forms a pair can be used in, by the grants it may use. */
function uses(client: string, grants: string[]): FixAction[] {
  const own = { name: "client", value: client };
  return [
    ...(grants.includes("client_credentials")
      ? [{ label: "Open in Run", operation: "client_credentials" as const, values: [own] }]
      : []),
    ...(grants.includes(BEARER)
      ? [{ label: "Map a user", operation: "jwt_bearer" as const, values: [own, { name: "scope", value: "openid" }] }]
      : []),
  ];
}

/** What the portal is good for after a step of the fake. */
export function portalWays(step: Step, tokens: TokenView[], gateway: Gateway | null, thin: boolean): PortalWays {
  const asked = step.draft?.values.some((pair) => pair.name === "scope" && pair.value.includes("apim:")) ?? false;
  const issued = tokens.find((one) => asked && one.id === step.tokens_out[0] && one.issuer === gateway?.issuer);
  const used = tokens.find((one) => one.id === step.tokens_in[0]);
  const subscribe = step.diagnosis?.id === "wso2-900908" && gateway?.portal ? (used?.client ?? null) : null;
  return { usable: issued !== undefined && !thin, lacking: issued !== undefined && thin ? issued.id : null, subscribe };
}

export const PORTAL_SCOPES = ["apim:subscribe", "apim:app_manage", "apim:sub_manage"];

/** What the place Portal needs at first. `thin`: the tokens lack every scope of the portal. */
export function openPortal(gateway: Gateway | null, usable: TokenView[], thin: boolean): OpenPortal {
  return {
    address: gateway?.portal ?? "",
    name: gateway?.name ?? "",
    release: gateway?.release ?? "",
    secrets: secretWays(gateway?.release ?? ""),
    unavailable: gateway === null ? "This profile has no gateway. Add one in Profiles, under Gateway." : null,
    tokens: usable.map((one) => ({
      token: one,
      standing: thin
        ? {
            has: [],
            lacks: PORTAL_SCOPES,
            advice:
              "The portal will answer 401 to everything: this token has none of its scopes. The token endpoint answers 200 and leaves out scopes whose role the user has not.",
          }
        : { has: PORTAL_SCOPES, lacks: [], advice: "" },
    })),
    get_token: {
      label: "Get a portal token",
      operation: "jwt_bearer",
      values: ["openid", ...PORTAL_SCOPES, "apim:store_settings"].map((value) => ({ name: "scope", value })),
    },
    registrars: [],
  };
}
