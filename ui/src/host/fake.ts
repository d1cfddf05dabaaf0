// A backend that remembers, for the browser in development and for tests. Builds never contain it.
import type {
  Fault,
  LabRelease,
  OpenProfile,
  Progress,
  RepeatedCall,
  Repetition,
  SavedView,
  SecretState,
  SecretStoreState,
  Step,
  TokenView,
} from "../wire/types";
import type { Answer, Arguments, Files, Host, Name } from "./host";
import { ADVICE, EVENTS_READ, HELP, PREDICTED, TRIED, discovery, imported, notPredicted, predictedStep } from "./fake/admin";
import { openForm, preview } from "./fake/forms";
import { doors } from "./fake/doors";
import { CACHES, KEPT, PEOPLE, driftOf } from "./fake/drift";
import { compareApart, environments, foreignIn, isApart, twoShelves } from "./fake/environments";
import { mappingOf } from "./fake/mapping";
import { fault } from "./fake/fault";
import { longPart } from "./fake/long";
import { fakeLogs } from "./fake/logs";
import { FakePortal, PORTAL_SCOPES, openPortal, portalWays } from "./fake/portal";
import { repeatedCall, repetitionOf } from "./fake/repeat";
import { NOTICES } from "./fake/notices";
import { labProfile, opened, ownProfile, summary } from "./fake/profiles";
import { compare, examine, inspect, longNames, readBlock, required, truth } from "./fake/reading";
import { run, type Stages } from "./fake/running";
import { certificate, discover } from "./fake/servers";
import { EVENT, exchanged, journal } from "./fake/steps";
import { audit, sequence } from "./fake/timeline";
import { savedView } from "./fake/view";
import { ISSUED, ISSUER, odd, shelf, token } from "./fake/tokens";

export { fault };

/** `first`: nothing yet. `lab`: the lab with a full shelf. `trouble`: notices, loud flags, a locked store. */
export type Scenario = "first" | "lab" | "trouble";

export interface FakeHost extends Host {
  /** Every call in order, for tests. */
  calls: { name: Name; args: unknown }[];
  /** Answers a command with a fault from now on. */
  fail(name: Name, fault: Fault): void;
  /** Changes every answer to a command from now on. */
  answer<K extends Name>(name: K, change: (answer: Answer<K>) => Answer<K>): void;
  /** Answers it as before again. */
  mend(name: Name): void;
  /** Puts a token on the shelf, the most useful one for the portal. */
  put(token: TokenView): void;
  /** Holds files over the window, or drops them. */
  files(files: Files): void;
  /** Closes the window as its frame would, while it is held. */
  leave(): void;
}

type Handlers = { [K in Name]: (args: Arguments<K>) => Answer<K> | Promise<Answer<K>> };

/** `pace`: milliseconds one stage of a run takes; 0 in tests. */
export function fakeHost(name: string, pace = 700, theme: SavedView["theme"] = "system"): FakeHost {
  const scenario: Scenario = name === "first" || name === "trouble" ? name : "lab";
  const first = scenario === "first";
  const calls: FakeHost["calls"] = [];
  const faults = new Map<Name, Fault>();
  const changes = new Map<Name, (answer: unknown) => unknown>();
  const heard = new Set<(progress: Progress) => void>();
  const dropped = new Set<(files: Files) => void>();
  const leaving = new Set<() => void>();
  const logs = fakeLogs(pace);
  const cancelled = new Set<string>();
  const asked = new Set<string>();
  const walked = new Set<string>();
  // The token endpoint answered 200 and left the portal's scopes out.
  const thin = /^thin/.test(name);
  let onceThere: TokenView[] = [];
  // Two environments side by side, with a full shelf of each.
  const twice = /^envs/.test(name);
  let tokens: TokenView[] = twice ? twoShelves() : first ? [] : /^odd/.test(name) ? [...shelf(), ...odd()] : shelf();
  let steps: Step[] = first ? [] : journal();
  let profiles = twice ? environments(/^envs-long/.test(name)) : [labProfile(), ...(first ? [] : [ownProfile()])];
  let removed = profiles;
  /** Secrets saved or cleared since the start, by profile. */
  const states = new Map<string, SecretState[]>();
  const same = (one: SecretState, other: SecretState): boolean =>
    one.client_id === other.client_id && one.server === other.server;
  function keepState(id: string, state: SecretState): SecretState {
    states.set(id, [...(states.get(id) ?? []).filter((one) => !same(one, state)), state]);
    return state;
  }
  const stated = (open: OpenProfile): OpenProfile => ({
    ...open,
    secrets: open.secrets.map((state) => states.get(open.profile.id)?.find((one) => same(one, state)) ?? state),
  });
  /** A draft's secrets were entered for the server that is saved. */
  const entered = (open: OpenProfile): OpenProfile => {
    const saved = profiles.find((one) => one.id === open.profile.id);
    const of = (state: SecretState) =>
      state.server === "gateway" || saved === undefined || !state.saved
        ? state
        : { ...state, issuer: saved.provider.issuer, elsewhere: saved.provider.issuer !== open.profile.provider.issuer };
    return { ...open, secrets: open.secrets.map(of) };
  };
  let chosen = twice ? "shop-prod" : first ? null : scenario === "trouble" ? "staging" : "lab";
  let running = !first;
  let legacy = false;
  let release: LabRelease = "4.7";
  let short = false;
  let people = PEOPLE;
  let reader: string | null = null;
  const portal = new FakePortal();
  let secrets: SecretStoreState =
    scenario === "trouble"
      ? { kind: "memory", words: "kept in memory only", problem: "No system keychain answers on this machine.", locked: true }
      : { kind: "keychain", words: "system keychain is available", problem: null, locked: false };
  const view = savedView(name, twice, theme, chosen);

  const lab = () => ({
    running,
    issuer: running ? ISSUER : "",
    started_in_ms: running ? 212 : 0,
    legacy: running && legacy,
    release: running ? release : ("4.7" as const),
    people: running ? people : [],
    short_caches: short,
    caches: short ? CACHES.short : CACHES.real,
  });
  const summaries = () => profiles.map((profile) => summary(profile, running));
  const profile = (id: string) => {
    const found = profiles.find((one) => one.id === id);
    if (!found)
      throw fault({
        kind: "storage",
        id: "no-such-profile",
        message: `There is no profile ${id}.`,
        advice: "Choose another one.",
      });
    return found;
  };
  const shown = (id: string) => {
    const found = tokens.find((one) => one.id === id);
    if (!found)
      throw fault({ id: "no-such-token", message: "This token is no longer on the shelf.", advice: "Choose another one." });
    return found;
  };
  const pause = (ms: number) => (ms > 0 ? new Promise((done) => setTimeout(done, ms)) : Promise.resolve());

  const stagesOf: Stages = {
    trouble: scenario === "trouble",
    pace,
    tell: (progress) => {
      for (const hear of heard) hear(progress);
    },
    pause,
    stopped: (id) => cancelled.has(id),
    next: () => (steps[0]?.id ?? 0) + 1,
  };

  const handlers: Handlers = {
    boot: () => ({
      version: "0.1.0",
      profiles: summaries(),
      profile: chosen ? profile(chosen) : null,
      tokens,
      steps: steps[0]?.id ?? 0,
      last_step: steps[0] ?? null,
      view,
      secrets,
      lab: lab(),
      notices: scenario === "trouble" ? NOTICES : [],
    }),
    save_view: () => null,
    dismiss_notice: () => null,
    start_lab: async (how) => {
      await pause(pace / 3);
      [running, legacy, release] = [true, how.legacy, how.release];
      profiles = profiles.map((one) =>
        one.simulated && one.gateway ? { ...one, gateway: { ...one.gateway, release: how.release } } : one,
      );
      return lab();
    },
    stop_lab: () => {
      running = false;
      return lab();
    },
    change_lab: ({ change }) => {
      if (change.what === "caches") short = change.short;
      else
        people = people.map((one) =>
          one.username !== change.username
            ? one
            : change.what === "user"
              ? { ...one, enabled: change.enabled }
              : {
                  ...one,
                  roles: one.roles.map((role) =>
                    role.client === change.client && role.role === change.role ? { ...role, held: change.held } : role,
                  ),
                },
        );
      return lab();
    },
    join_lab: ({ profile: id }) => {
      running = true;
      const lab = labProfile();
      const own = profile(id);
      const joined = {
        ...own,
        gateway: lab.gateway,
        clients: [
          ...own.clients.filter((one) => one.server === "provider"),
          ...lab.clients.filter((one) => one.server === "gateway"),
        ],
        resources: lab.resources,
      };
      profiles = profiles.map((one) => (one.id === id ? joined : one));
      return opened(joined);
    },
    list_profiles: summaries,
    open_profile: ({ id }) => stated(opened(profile(id))),
    choose_profile: ({ id }) => {
      chosen = id;
      return profile(id);
    },
    save_profile: ({ profile: saved }) => {
      profiles = profiles.some((one) => one.id === saved.id)
        ? profiles.map((one) => (one.id === saved.id ? saved : one))
        : [...profiles, saved];
      return stated(opened(saved));
    },
    duplicate_profile: ({ id, name: copy }) => {
      const made = {
        ...profile(id),
        id: `${id}-copy${profiles.some((one) => one.id === `${id}-copy`) ? `-${String(profiles.length)}` : ""}`,
        name: copy,
        simulated: false,
      };
      profiles = [...profiles, made];
      return opened(made);
    },
    delete_profile: ({ id }) => {
      removed = profiles;
      profiles = profiles.filter((one) => one.id !== id);
      return summaries();
    },
    restore_profile: () => {
      profiles = removed;
      return summaries();
    },
    export_profile: ({ id }) => JSON.stringify(profile(id), null, 2),
    read_import: ({ text, server }) => imported(text, server).preview,
    import_profile: ({ text, server }) => {
      const made = imported(text, server).profile;
      profiles = [...profiles, made];
      return opened(made);
    },
    rights_help: () => HELP,
    discover: async ({ issuer, realm, profile: base }) => {
      await pause(pace);
      return discover(issuer, realm, base);
    },
    redirect_hint: ({ profile: hinted }) => entered(stated(opened(hinted))),
    read_server_info: ({ profile: id }) => opened(profile(id)),
    hold_window: () => null,
    leave: () => null,
    secret_questions: () => [],
    answer_secret_question: () => true,
    save_secret: ({ client_id, server, sort, profile: id }) =>
      keepState(id, {
        client_id,
        server,
        sort,
        issuer: server === "gateway" ? (profile(id).gateway?.issuer ?? "") : profile(id).provider.issuer,
        elsewhere: false,
        approved: [],
        saved: true,
        place: "Saved in the system keychain",
        problem: null,
        saved_ms: Date.now(),
      }),
    reveal_secret: () => "s3cret-of-the-lab",
    clear_secret: ({ client_id, server, profile: id }) =>
      keepState(id, {
        client_id,
        server,
        sort: "secret",
        issuer: "",
        elsewhere: false,
        approved: [],
        saved: false,
        place: "",
        problem: null,
        saved_ms: 0,
      }),
    take_back_address: () => [],
    secret_store: () => secrets,
    choose_secret_store: ({ kind, passphrase }) => {
      if (kind === "encrypted_file" && passphrase.length < 8)
        throw fault({
          id: "passphrase-short",
          message: "The passphrase is shorter than 8 characters.",
          advice: "Choose a longer one.",
          field: "passphrase",
        });
      secrets = {
        kind,
        words: { keychain: "system keychain is available", encrypted_file: "encrypted file", memory: "kept in memory only" }[
          kind
        ],
        problem: null,
        locked: false,
      };
      return secrets;
    },
    open_form: ({ profile: at, operation, token: picked }) => {
      if (!twice) return openForm(operation, picked);
      const own =
        tokens.find((one) => one.id === picked && one.provenance?.profile === at) ??
        tokens.find((one) => one.kind === "access" && one.provenance?.profile === at);
      return openForm(operation, own?.id ?? null);
    },
    preview: ({ draft }) => preview(draft, twice ? foreignIn(draft, tokens, profile(draft.profile)) : []),
    run: async ({ run: id, draft }) => {
      const step = await run(id, draft, stagesOf);
      steps = [step, ...steps];
      if (step.operation === "log_in" && step.outcome === "success")
        tokens =
          tokens.length === 0
            ? shelf()
                .slice(0, 4)
                .filter((one) => one.id !== "t-user")
            : tokens;
      if (step.tokens_out.includes("t-issued") && !tokens.some((one) => one.id === "t-issued"))
        tokens = [tokens[0], ISSUED, ...tokens.slice(1)].filter((one) => one !== undefined);
      const portal = portalWays(step, tokens, profile(draft.profile).gateway, thin);
      return { step, tokens, steps: step.id, profile: null, portal };
    },
    repeat: async ({ run: id, plan }) => {
      let calls: RepeatedCall[] = [];
      let end: Repetition["end"] = "time_over";
      for (let at = 0; at < 14 && end === "time_over"; at++) {
        calls = [...calls, repeatedCall((steps[0]?.id ?? 0) + 1 + at, at, plan.every_ms, at === 13)];
        if (cancelled.has(id)) end = "cancelled";
        else if (at === 13) end = "changed";
        for (const hear of heard)
          hear({
            run: id,
            headline: "",
            detail: "",
            deadline_ms: null,
            started_ms: Date.now(),
            stages: [],
            browser: false,
            browser_failed: false,
            strays: [],
            repetition: repetitionOf(calls, plan.revoke, end === "time_over" ? "going" : end),
          });
        await pause(pace / 4);
      }
      return {
        repetition: repetitionOf(calls, plan.revoke, end),
        tokens,
        steps: (steps[0]?.id ?? 0) + calls.length,
        last_step: null,
      };
    },
    cancel_run: ({ run: id }) => {
      cancelled.add(id);
      return null;
    },
    open_again: () => null,
    open_portal: ({ profile: id }) => {
      const gateway = profile(id).gateway;
      const usable =
        gateway === null || scenario === "trouble" || /^none/.test(name)
          ? []
          : tokens.filter((one) => one.issuer === gateway.issuer && one.kind === "access");
      return openPortal(gateway, usable, thin);
    },
    mapping: ({ token: id, other, claim }) => {
      const issued = shown(id);
      return mappingOf(
        { ...issued, scope: thin ? ["openid"] : [...issued.scope, ...PORTAL_SCOPES] },
        tokens.find((one) => one.id === (other ?? issued.parent)) ?? null,
        claim,
      );
    },
    ask_portal: ({ draft }) => {
      const asked = portal.ask(draft, (steps[0]?.id ?? 0) + 1);
      steps = [asked.step, ...steps];
      return { ...asked, profile: null, tokens, steps: asked.step.id };
    },
    read_certificate: ({ address }) => certificate(address),
    list_tokens: () => tokens,
    paste: ({ text, chosen }) => {
      if (!text.includes("."))
        throw fault({
          id: "no-token",
          message: "There is no token in the pasted text.",
          advice: "Paste a token, a curl command or a JSON token response.",
        });
      const offered =
        chosen === null && text.includes("refresh_token")
          ? [
              { kind: "access" as const, place: "member access_token" },
              { kind: "refresh" as const, place: "member refresh_token" },
              { kind: "id" as const, place: "header Authorization of the second entry" },
            ]
          : [];
      if (offered.length > 0) return { added: [], message: "Found 3 tokens.", offered, tokens };
      const id = `t-pasted-${tokens.length}`;
      tokens = [
        ...tokens,
        token(id, {
          label: "alice",
          group: "Pasted",
          shelf: { kind: "pasted" },
          step: null,
          origin: "the clipboard",
          simulated: false,
          verification: { state: "unverifiable", reason: "No profile names this issuer." },
        }),
      ];
      return { added: [id], message: "1 token from the clipboard", offered: [], tokens };
    },
    remove_token: ({ token: id }) => {
      onceThere = tokens;
      return (tokens = tokens.filter((one) => one.id !== id));
    },
    restore_token: ({ token: id }) => (tokens = onceThere.filter((one) => one.id === id || tokens.includes(one))),
    inspect: ({ token: id }) => inspect(shown(id)),
    token_part: ({ from }) => ({ lines: [], from, next: null, whole: from }),
    exchange_part: ({ from }) => longPart(from),
    raw_token: () => "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhbGljZSJ9.c2lnbmF0dXJl",
    verify_with_key: ({ token: id }) => inspect(shown(id)),
    compare: ({ tokens: ids, resource }) => {
      const columns = ids.map((id) => (id === "t-issued" && !tokens.some((one) => one.id === id) ? ISSUED : shown(id)));
      const compared = isApart(columns) ? compareApart(columns) : compare(columns, resource);
      return /longer$/.test(name) ? longNames(compared) : compared;
    },
    examine: ({ token: id, resource }) => examine(shown(id), tokens, resource),
    truth: ({ token: id }) => truth(shown(id), asked.has(id)),
    ask_server: async ({ token: id }) => {
      await pause(pace);
      asked.add(id);
      return { truth: truth(shown(id), true), tokens, steps: steps[0]?.id ?? 0, last_step: null };
    },
    trace: ({ token: id, gateway, api }) => doors(shown(id), gateway, api, walked.has(id)),
    walk: async ({ token: id, gateway, api }) => {
      await pause(pace);
      walked.add(id);
      return { trace: doors(shown(id), gateway, api, true), tokens, steps: steps[0]?.id ?? 0, last_step: null };
    },
    drift: async () => {
      await pause(pace);
      const made = driftOf(exchanged((steps[0]?.id ?? 0) + 1), people[0]);
      steps = [made.step, ...steps];
      for (const one of [KEPT, ...(made.drift.fresh ? [ISSUED] : [])])
        if (!tokens.some((other) => other.id === one.id)) tokens = [...tokens, one];
      return { ...made, tokens, steps: made.step.id };
    },
    require_from: ({ token: id }) => required(shown(id)),
    read_expectations: ({ text, profile: edited, resource }) => {
      const now = edited.resources.find((one) => one.name === resource)?.expectations;
      const read = now && readBlock(text, now);
      if (!read)
        throw fault({
          id: "not-a-security-block",
          message: "Line 1, column 1: None of the keys of a security block is there.",
          advice: "The form is: identity_provider, api_gateway, token_exchange, checks.",
          field: "text",
        });
      return read;
    },
    write_expectations: ({ resource }) =>
      `security:\n  identity_provider: keycloak\n  checks:\n    audience: "${resource}"\n    expiration:\n      enabled: true\n`,
    audit: ({ query }) => audit(steps, query),
    read_step: ({ step: id }) => {
      if (id === TRIED) return discovery();
      const found = steps.find((one) => one.id === id);
      if (!found)
        throw fault({
          kind: "storage",
          id: "no-such-step",
          message: `There is no step ${id} in the journal.`,
          advice: "Choose another one.",
        });
      return found;
    },
    read_events: () => ({ ...EVENTS_READ, read_ms: Date.now() }),
    search_events: ({ filter }) => {
      const wrong = filter.types.find((type) => type !== type.toUpperCase());
      if (wrong !== undefined)
        throw fault({
          id: "incomplete",
          message: `${wrong} is no event type: those are capitals, e.g. TOKEN_EXCHANGE_ERROR.`,
          advice: "Complete the form and run it again.",
          field: "types",
        });
      return { ...EVENTS_READ, new: 3, read: 412, oldest_ms: Date.now() - 86_400_000 };
    },
    event_settings: () => ({
      settings: {
        eventsEnabled: true,
        eventsExpiration: 2_592_000,
        enabledEventTypes: ["LOGIN", "LOGIN_ERROR", "TOKEN_EXCHANGE"],
        adminEventsEnabled: true,
        adminEventsDetailsEnabled: true,
      },
      advice: ADVICE,
      problem:
        reader === null
          ? null
          : "the token of alice may not read this (403). It needs the role view-events of realm-management, and full scope so that its token carries it.",
      help: HELP,
      chosen: reader,
    }),
    choose_reader: ({ token: id }) => {
      reader = id;
      return null;
    },
    read_event: ({ id }) => ({ ...EVENT, id, step: null, joined_by: null }),
    open_prediction: ({ token: id }) => {
      const one = id === ISSUED.id ? ISSUED : shown(id);
      return {
        client: one.client ?? "",
        user: one.who,
        scope: one.scope.join(" "),
        audience: one.audience.join(" "),
        beside: id,
      };
    },
    predict: ({ ask }) => {
      const number = (steps[0]?.id ?? 0) + 1;
      const made = reader !== null || ask.client === "nobody" ? notPredicted(number, reader !== null) : predictedStep(number);
      steps = [made, ...steps];
      for (const one of [...(made.outcome === "success" ? [PREDICTED] : []), ...(ask.beside === ISSUED.id ? [ISSUED] : [])])
        if (!tokens.some((other) => other.id === one.id)) tokens = [...tokens, one];
      return {
        step: made,
        tokens,
        steps: number,
        profile: null,
        portal: { usable: false, lacking: null, subscribe: null },
      };
    },
    sequence: ({ steps: ids }) => sequence(steps.filter((one) => ids.includes(one.id))),
    current_run: () => steps.slice(0, 5).map((one) => one.id),
    open_log: ({ source }) => logs.open(source),
    log_state: () => logs.state(),
    log_page: ({ query }) => logs.page(query),
    log_line: ({ row }) => logs.line(row),
    stop_log: () => logs.stop(),
    follow_log: ({ on }) => logs.follow(on),
    close_log: () => logs.close(),
    join_log: ({ zone }) => logs.join(zone),
    complete_path: ({ text }) => logs.complete(text),
    copy: ({ source }) => ({
      message:
        source.what === "draft"
          ? source.include_secrets
            ? "Copied with secrets in it."
            : "Copied. Set CLAIMSCOPE_CLIENT_SECRET before running it."
          : "Copied.",
      environment: [],
    }),
  };

  return {
    calls,
    fail: (name, reason) => void faults.set(name, reason),
    answer: (name, change) => void changes.set(name, change as (answer: unknown) => unknown),
    mend: (name) => void (faults.delete(name), changes.delete(name)),
    put: (one) => void (tokens = [one, ...tokens]),
    files: (files) => {
      for (const hear of dropped) hear(files);
    },
    leave: () => leaving.forEach((hear) => hear()),
    onLeaving: (hear) => {
      leaving.add(hear);
      return Promise.resolve(() => void leaving.delete(hear));
    },
    onFiles: (hear) => {
      dropped.add(hear);
      return Promise.resolve(() => void dropped.delete(hear));
    },
    onProgress: (hear) => {
      heard.add(hear);
      return Promise.resolve(() => void heard.delete(hear));
    },
    call: async <K extends Name>(name: K, args: Arguments<K>): Promise<Answer<K>> => {
      calls.push({ name, args: structuredClone(args) });
      const reason = faults.get(name);
      if (reason) throw reason;
      const answer = structuredClone(await handlers[name](args)) as Answer<K>;
      return (changes.get(name)?.(answer) as Answer<K> | undefined) ?? answer;
    },
  };
}
