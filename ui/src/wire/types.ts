// Written by `cargo xtask wire` from the Rust types; a test compares. Do not edit.

export type Actor = "browser" | "claimscope" | "gateway" | "portal" | "provider" | "api";

export type Admission = "not_asked" | "unavailable" | "accepted" | "refused" | "unknown";

export type Against = { 
/**
 * How the column is related to the first.
 */
kinship: Kinship, 
/**
 * The eight statements; of two environments the seven of substance.
 */
verdicts: Array<Verdict>, 
/**
 * Of two environments: what is said of issuer, key and the user's id; empty otherwise.
 */
environment: Array<Verdict>, 
/**
 * Attenuation findings: outlives or exceeds the token it was made from.
 */
findings: Array<Finding>, 
/**
 * Number of rows that differ from the first.
 */
changes: number, };

export type Agreement = "agree" | "differ" | "alone" | "unheard";

export type AllowedAddress = { 
/**
 * The server of the profile.
 */
server: ServerRole, 
/**
 * By which name the profile has to call it for this to hold; empty = none.
 */
issuer: string, 
/**
 * Scheme, host and port.
 */
origin: string, };

export type Api = { 
/**
 * Id.
 */
id: string, 
/**
 * Name.
 */
name: string, 
/**
 * Version.
 */
version: string, 
/**
 * Context, e.g. `/orders/1.0`.
 */
context: string, 
/**
 * The publisher's words.
 */
description: string, 
/**
 * Life cycle state, e.g. `PUBLISHED`.
 */
status: string, 
/**
 * Policies a subscription may have.
 */
policies: Array<string>, 
/**
 * Addresses at gateways; only of an API in full.
 */
addresses: Array<string>, 
/**
 * Scopes its resources may ask for; only of an API in full.
 */
scopes: Array<string>, 
/**
 * Key managers whose tokens it takes, `all` for any; only of an API in full.
 */
key_managers: Array<string>, };

export type Application = { 
/**
 * Id.
 */
id: string, 
/**
 * Name.
 */
name: string, 
/**
 * Words of whoever made it.
 */
description: string, 
/**
 * Throttling policy.
 */
policy: string, 
/**
 * `APPROVED`, `CREATED`, `REJECTED`.
 */
status: string, 
/**
 * Owner.
 */
owner: string, 
/**
 * Number of subscriptions.
 */
subscriptions: number, };

export type Arrow = { 
/**
 * Step it belongs to.
 */
step: number, 
/**
 * The HTTP exchange it stands for.
 */
exchange: Exchange, };

export type AtDoor = { 
/**
 * Which.
 */
door: Door, 
/**
 * Heading, e.g. `Introspection`.
 */
title: string, 
/**
 * Who stands there: the issuer, an address, the name of an API.
 */
target: string, 
/**
 * What happened.
 */
admission: Admission, 
/**
 * One line: `200`, `401 900901`, `active`, why it can not be asked.
 */
words: string, 
/**
 * The server's own description of its refusal.
 */
said: string | null, 
/**
 * Claim at fault, when it is known.
 */
blame: Blame | null, 
/**
 * Why it refused.
 */
cause: string | null, 
/**
 * What to do.
 */
fix: string | null, 
/**
 * Fixes as buttons.
 */
actions: Array<FixAction>, 
/**
 * Step in the journal.
 */
step: number | null, 
/**
 * When it was asked, epoch milliseconds.
 */
at_ms: number | null, };

export type Attempt = { 
/**
 * Step in the journal.
 */
step: number, 
/**
 * When, epoch milliseconds.
 */
at_ms: number, 
/**
 * What: the name of the API, `Revoked`, `Introspected`.
 */
what: string, 
/**
 * How it ended.
 */
admission: Admission, 
/**
 * `200`, `401 900901`, `active`.
 */
words: string, 
/**
 * Whether it went through the gateway.
 */
through_gateway: boolean, 
/**
 * Whether the gateway says that it called the API with a token it had exchanged before.
 */
cached: boolean, 
/**
 * Whether it is the revocation.
 */
revoked: boolean, 
/**
 * Time since the revocation before it, milliseconds.
 */
since_revoked_ms: number | null, 
/**
 * How many calls it stands for: a repeated call with the same answer is one line.
 */
times: number, };

export type AuditPage = { 
/**
 * Rows, newest step first, events under their step.
 */
rows: Array<AuditRow>, 
/**
 * Rows that match.
 */
matching: number, 
/**
 * Rows in all.
 */
total: number, 
/**
 * Counts for the chips: name, count.
 */
chips: Array<ChipCount>, 
/**
 * Histogram over all rows that match but for the time range.
 */
bins: Array<Bin>, 
/**
 * Width of a bin in milliseconds.
 */
bin_ms: number, };

export type AuditQuery = { 
/**
 * Full text; empty = all.
 */
search: string, 
/**
 * Any of `logins`, `exchanges`, `errors`, `server_events`; empty = all.
 */
chips: Array<string>, 
/**
 * Only this profile.
 */
profile: string | null, 
/**
 * Only steps of this token's lineage.
 */
lineage: string | null, 
/**
 * From, epoch milliseconds.
 */
from_ms: number | null, 
/**
 * To, epoch milliseconds.
 */
to_ms: number | null, 
/**
 * Rows to skip.
 */
offset: number, 
/**
 * Rows to return.
 */
limit: number, };

export type AuditRow = { 
/**
 * Id of the profile it belongs to.
 */
profile: string, 
/**
 * `step:12` or `event:<id>`.
 */
key: string, 
/**
 * Epoch milliseconds.
 */
time_ms: number, 
/**
 * Step number; for events the one they are joined to.
 */
step: number | null, 
/**
 * True for server events.
 */
is_event: boolean, 
/**
 * Title or event type.
 */
operation: string, 
/**
 * Readable user.
 */
subject: string | null, 
/**
 * Client.
 */
client: string | null, 
/**
 * Audience.
 */
audience: string | null, 
/**
 * Outcome; for events refused when they carry an error.
 */
outcome: Outcome, 
/**
 * `200`, `403 access_denied`, or the event's error.
 */
outcome_text: string, 
/**
 * What joined it.
 */
joined_by: JoinedBy | null, 
/**
 * Microseconds; none for events.
 */
duration_us: number | null, };

export type Bin = { 
/**
 * Start, epoch milliseconds.
 */
from_ms: number, 
/**
 * Our steps.
 */
steps: number, 
/**
 * Server events.
 */
events: number, 
/**
 * Of both, those that failed or were refused.
 */
errors: number, };

export type Binding = "not_asked" | "dpop" | "mtls" | "any_key";

export type Blame = { 
/**
 * Claim or header path, e.g. `aud`.
 */
claim: string, 
/**
 * What the token has.
 */
found: string, 
/**
 * What the door wants; empty when it is not known.
 */
expected: string, };

export type Boot = { 
/**
 * `0.1.0`.
 */
version: string, 
/**
 * Saved profiles in order, the lab first.
 */
profiles: Array<ProfileSummary>, 
/**
 * Chosen profile in full.
 */
profile: Profile | null, 
/**
 * Shelf.
 */
tokens: Array<TokenView>, 
/**
 * Number of steps in the journal.
 */
steps: number, 
/**
 * Last step.
 */
last_step: Step | null, 
/**
 * Where the user was.
 */
view: SavedView, 
/**
 * Secret store; none while the keychain has not answered yet, which `secret_store` waits for.
 */
secrets: SecretStoreState | null, 
/**
 * Lab.
 */
lab: LabState, 
/**
 * What must be said.
 */
notices: Array<Notice>, };

export type Candidate = { 
/**
 * Id in the catalogue.
 */
id: string, 
/**
 * Why it would have been refused.
 */
cause: string, 
/**
 * What would help then.
 */
fix: string, 
/**
 * How to find out whether it is this one.
 */
tell: string, };

export type Capability = { 
/**
 * Stable id, e.g. `token-exchange`.
 */
id: string, 
/**
 * Words shown, e.g. `Login with PKCE S256`.
 */
label: string, 
/**
 * State.
 */
support: Support, 
/**
 * How it is known: `advertised`, `not advertised`, `step 12, 200`.
 */
source: string, 
/**
 * When that was seen, epoch milliseconds; 0 = in the metadata.
 */
seen_ms: number, };

export type Cell = { "kind": "absent" } | { "kind": "unknown" } | { "kind": "equal" } | { "kind": "value", 
/**
 * The value.
 */
value: ClaimValue, } | { "kind": "members", 
/**
 * Chips in order.
 */
members: Array<Member>, 
/**
 * How many more there are that are not here.
 */
more: number, };

export type Certificate = { 
/**
 * SHA-256 of the whole certificate, pairs of hexadecimal digits joined by colons.
 */
sha256: string, 
/**
 * Whom it names, e.g. `C=US, O=WSO2, CN=localhost`.
 */
subject: string, 
/**
 * Who signed it.
 */
issuer: string, 
/**
 * Host names and addresses it is good for (RFC 5280 4.2.1.6).
 */
names: Array<string>, 
/**
 * Begin, epoch seconds.
 */
not_before: number, 
/**
 * End, epoch seconds.
 */
not_after: number, 
/**
 * Signed by itself: no authority vouches for it.
 */
self_signed: boolean, 
/**
 * Says that it is an authority (RFC 5280 4.2.1.9), which strict clients do not take as a server's.
 */
authority: boolean, };

export type Change = "same" | "added" | "removed" | "narrowed" | "widened" | "replaced" | "outlives" | "shorter" | "unknown";

export type Check = { 
/**
 * Stable: `signature`, `issuer`, `audience`, `expiry`, `not-before`, `token-type`, `roles`, `scope`, `claim:<path>`, `lifetime`, `age`, `user`, `binding`, `active`, `roles-any`.
 */
id: string, 
/**
 * Short word shown when it passes, e.g. `audience`.
 */
label: string, 
/**
 * Sentence when it matters, e.g. `Role viewer of orders-api`.
 */
title: string, 
/**
 * Result.
 */
outcome: CheckOutcome, 
/**
 * What the API wants.
 */
expected: string, 
/**
 * What the token has.
 */
found: string, 
/**
 * Claim path it was looked for at.
 */
path: string, 
/**
 * Members that are required and absent (dashed chips).
 */
missing: Array<string>, 
/**
 * One sentence of advice or evidence, e.g. `Role viewer is in realm_access, the API reads resource_access.orders-api`.
 */
advice: string | null, 
/**
 * Rule it comes from, e.g. `RFC 9068 4`.
 */
rfc: string | null, 
/**
 * Moment the found value is about, epoch seconds (end, begin, issue): the window says it anew as time passes.
 */
moment: number | null, };

export type CheckFix = { 
/**
 * Id of the check.
 */
check: string, 
/**
 * A form to open filled in; nothing is sent.
 */
action: FixAction, };

export type CheckOutcome = "pass" | "fail" | "not_applicable" | "unknown";

export type Checked = { 
/**
 * What would mend them, where that is known.
 */
fixes: Array<CheckFix>, 
/**
 * Name of the resource, e.g. `orders-api`.
 */
resource: string, 
/**
 * Status the API would answer: 200, 401 or 403; none when it cannot be told.
 */
answer: number | null, 
/**
 * Error code of RFC 6750 3.1 that goes with the status: `invalid_token` or `insufficient_scope`.
 */
error: string | null, 
/**
 * Value of `WWW-Authenticate` that goes with it (RFC 6750 3, RFC 9449 7.1).
 */
challenge: string | null, 
/**
 * Sentence, e.g. `orders-api would answer 403`.
 */
headline: string, 
/**
 * Id of the check it would trip over first.
 */
first_failure: string | null, 
/**
 * All checks in the order an API runs them.
 */
checks: Array<Check>, 
/**
 * Next moment a check will end otherwise because time passed, epoch seconds; none when none will.
 */
until_s: number | null, };

export type ChipCount = { 
/**
 * As in [`AuditQuery::chips`].
 */
chip: string, 
/**
 * Rows.
 */
count: number, };

export type Choice = { 
/**
 * Sent value; empty = the parameter is not sent.
 */
value: string, 
/**
 * Shown text.
 */
label: string, 
/**
 * Quiet remark.
 */
note: string, 
/**
 * Whether it is an unsafe choice, whose remark is said loud.
 */
danger: boolean, };

export type ClaimGroup = { 
/**
 * Stable: `identity`, `audience`, `roles`, `lifetime`, `profile`, `issuer`, `binding`, `other`, `noise`.
 */
id: string, 
/**
 * Heading.
 */
title: string, 
/**
 * Rows in stable order.
 */
rows: Array<ClaimRow>, };

export type ClaimRow = { 
/**
 * Path shown, e.g. `realm_access.roles`.
 */
path: string, 
/**
 * Short name shown in the first column, e.g. `realm` inside the group Roles.
 */
label: string, 
/**
 * The value.
 */
value: ClaimValue, 
/**
 * One line saying what this claim means; none for unknown claims.
 */
meaning: string | null, };

export type ClaimValue = { "kind": "text", 
/**
 * The text, exact.
 */
text: string, } | { "kind": "set", 
/**
 * Members in their order.
 */
members: Array<string>, 
/**
 * How many more there are that are not here.
 */
more: number, } | { "kind": "time", 
/**
 * Epoch seconds.
 */
epoch: number, } | { "kind": "json", 
/**
 * The text.
 */
text: string, };

export type Client = { 
/**
 * `client_id`.
 */
client_id: string, 
/**
 * How it authenticates.
 */
auth: ClientAuth, 
/**
 * Where it is registered.
 */
server: ServerRole, 
/**
 * One line about it.
 */
note: string, 
/**
 * `control`, `management`, `data` or empty.
 */
plane: string, 
/**
 * Whether it is the one that logs users in.
 */
login: boolean, 
/**
 * Whether it reads audit events.
 */
events: boolean, 
/**
 * Key id (`kid`) its assertions name; empty = the key's own, or none.
 */
key_id: string, 
/**
 * Algorithm of its assertions, e.g. `PS256`; empty = what fits the key.
 */
signing_alg: string, };

export type ClientAuth = "none" | "client_secret_basic" | "client_secret_post" | "client_secret_jwt" | "private_key_jwt";

export type Compared = { 
/**
 * Side by side.
 */
comparison: Comparison, 
/**
 * Checks of each column for the chosen resource.
 */
reports: Array<Checked | null>, 
/**
 * Resources that can be chosen.
 */
resources: Array<string>, 
/**
 * The step from first to last, if there is one.
 */
step: Step | null, };

export type Comparison = { 
/**
 * The tokens, subject first.
 */
columns: Array<TokenView>, 
/**
 * The first against each other column, in their order.
 */
pairs: Array<Against>, 
/**
 * Claims by group.
 */
groups: Array<Group>, 
/**
 * Whether some of them come from two environments.
 */
environments: boolean, 
/**
 * Number of rows, all of them.
 */
rows: number, 
/**
 * Number of rows that changed.
 */
changes: number, 
/**
 * Number of rows that differ in substance.
 */
substance: number, 
/**
 * How many rows are left out.
 */
left_out: number, };

export type ConsumerSecret = { 
/**
 * Id.
 */
id: string, 
/**
 * What the server shows of it, e.g. `***r3tV@lu3`; empty for one just made.
 */
masked: string, 
/**
 * Words of whoever made it.
 */
description: string, 
/**
 * End, epoch seconds; none = never.
 */
expires_at: number | null, };

export type Copied = { 
/**
 * Words for the toast, e.g. `curl copied. Set CLAIMSCOPE_CLIENT_SECRET before running it.`
 */
message: string, 
/**
 * Environment variables the text expects.
 */
environment: Array<string>, };

export type CopySource = { "what": "draft", 
/**
 * What is filled in.
 */
draft: Draft, 
/**
 * Format.
 */
format: SnippetFormat, 
/**
 * Secrets in clear instead of environment variables.
 */
include_secrets: boolean, } | { "what": "exchange", 
/**
 * Step.
 */
step: number, 
/**
 * Position in the step.
 */
seq: number, 
/**
 * Format.
 */
format: SnippetFormat, } | { "what": "comparison", 
/**
 * Tokens, subject first.
 */
tokens: Array<string>, 
/**
 * Resource of the checks; none = the one the audience names.
 */
resource: string | null, } | { "what": "claims", 
/**
 * Token.
 */
token: string, 
/**
 * Resource of the checks; none = the one the audience names.
 */
resource: string | null, } | { "what": "truth", 
/**
 * Token.
 */
token: string, } | { "what": "token", 
/**
 * Token.
 */
token: string, } | { "what": "evidence", 
/**
 * Step.
 */
step: number, } | { "what": "login_address", 
/**
 * Run.
 */
run: string, } | { "what": "text", 
/**
 * The text.
 */
text: string, };

export type Diagnosis = { 
/**
 * Id in the catalogue, e.g. `kc-v2-requester-not-in-aud`.
 */
id: string, 
/**
 * Whether the evidence decides (else it is the likeliest of several).
 */
certain: boolean, 
/**
 * Why it was refused.
 */
cause: string, 
/**
 * What shows it.
 */
evidence: Array<Evidence>, 
/**
 * What to do.
 */
fix: string, 
/**
 * Fixes as buttons.
 */
actions: Array<FixAction>, 
/**
 * How to find out whether it is this cause; none when it is certain.
 */
tell: string | null, 
/**
 * Other causes of the same words, likeliest first; empty when it is certain.
 */
others: Array<Candidate>, };

export type Dialect = "plain" | "keycloak" | "wso2";

export type Discovered = { 
/**
 * A profile filled from it, not saved yet.
 */
profile: Profile, 
/**
 * What it supports.
 */
capabilities: Array<Capability>, 
/**
 * What lies at another host than at the reading before this one.
 */
moved: Array<Elsewhere>, 
/**
 * Which addresses lie at another host than the issuer.
 */
elsewhere: Array<Elsewhere>, 
/**
 * How long it took, milliseconds.
 */
duration_ms: number, 
/**
 * Step in the journal.
 */
step: number, };

export type Door = "signature" | "introspection" | "gateway" | "api";

export type Draft = { 
/**
 * Which operation.
 */
operation: Operation, 
/**
 * At which profile.
 */
profile: string, 
/**
 * Field values by field name; repeatable fields appear once per value.
 */
values: Array<Pair>, 
/**
 * Parameters the user added beyond the form; sent after the others.
 */
extra: Array<Pair>, };

export type Drift = { 
/**
 * The kept token.
 */
kept: TokenView, 
/**
 * What a fresh exchange gave; none when it was refused.
 */
fresh: TokenView | null, 
/**
 * Step of the fresh exchange.
 */
step: number, 
/**
 * Its exchange with the server in that step, for its request.
 */
exchange: number | null, 
/**
 * What became of it.
 */
kind: DriftKind, 
/**
 * The whole in one sentence.
 */
headline: string, 
/**
 * What it means, the weightiest first.
 */
findings: Array<Finding>, 
/**
 * The usual statements, the kept token first.
 */
verdicts: Array<Verdict>, 
/**
 * Claims that changed, without those that are new in every token.
 */
lines: Array<DriftLine>, 
/**
 * The server's own words of a refusal.
 */
said: string | null, 
/**
 * Why the fresh exchange was refused.
 */
diagnosis: Diagnosis | null, };

export type DriftKind = "same" | "changed" | "refused" | "unknown";

export type DriftLine = { 
/**
 * Path of the claim.
 */
path: string, 
/**
 * What the kept token has, one text a value.
 */
kept: Array<string>, 
/**
 * What the fresh one has.
 */
fresh: Array<string>, 
/**
 * What happened, e.g. `narrowed 2 → 1`.
 */
words: string, };

export type DriftOf = { "what": "call", 
/**
 * Step of the call.
 */
step: number, } | { "what": "token", 
/**
 * Its id.
 */
token: string, };

export type Drifted = { 
/**
 * What differs, and what it means.
 */
drift: Drift, 
/**
 * The step of the fresh exchange.
 */
step: Step, 
/**
 * The shelf after it.
 */
tokens: Array<TokenView>, 
/**
 * Steps in the journal.
 */
steps: number, };

export type Elsewhere = { 
/**
 * Which one, e.g. `token endpoint`.
 */
what: string, 
/**
 * The origin it should have: the issuer's, or the one it had before.
 */
expected: string, 
/**
 * The origin it has, or the address as it is written where it has none.
 */
found: string, };

export type Endpoints = { 
/**
 * `authorization_endpoint`.
 */
authorization: string, 
/**
 * `token_endpoint`.
 */
token: string, 
/**
 * `introspection_endpoint`.
 */
introspection: string, 
/**
 * `revocation_endpoint`.
 */
revocation: string, 
/**
 * `userinfo_endpoint`.
 */
userinfo: string, 
/**
 * `end_session_endpoint`.
 */
end_session: string, 
/**
 * `jwks_uri`.
 */
jwks: string, };

export type Event = { 
/**
 * The server's id, or a digest where it has none.
 */
id: string, 
/**
 * Server time, epoch milliseconds.
 */
time_ms: number, 
/**
 * Server name.
 */
server: string, 
/**
 * e.g. `TOKEN_EXCHANGE_ERROR`.
 */
event_type: string, 
/**
 * e.g. `not_allowed`.
 */
error: string | null, 
/**
 * Client id.
 */
client: string | null, 
/**
 * User id.
 */
user_id: string | null, 
/**
 * Readable user.
 */
username: string | null, 
/**
 * Session id.
 */
session: string | null, 
/**
 * `token_id` detail.
 */
token_id: string | null, 
/**
 * `audience` detail.
 */
audience: string | null, 
/**
 * All keys and values in stable order.
 */
details: Array<Pair>, 
/**
 * Step it belongs to.
 */
step: number | null, 
/**
 * What joined it.
 */
joined_by: JoinedBy | null, };

export type EventFilter = { 
/**
 * Exact type names, e.g. `TOKEN_EXCHANGE_ERROR`.
 */
types: Array<string>, 
/**
 * `client_id`.
 */
client: string, 
/**
 * User id or name.
 */
user: string, 
/**
 * From, epoch milliseconds, included.
 */
from_ms: number | null, 
/**
 * To, epoch milliseconds, included.
 */
to_ms: number | null, 
/**
 * Admin events (what administrators changed) instead of user events.
 */
admin: boolean, };

export type EventSettings = { 
/**
 * Whether user events are saved.
 */
eventsEnabled: boolean, 
/**
 * How long, seconds; 0 = until they are cleared.
 */
eventsExpiration: number, 
/**
 * Types that are saved; empty = the server's defaults.
 */
enabledEventTypes: Array<string>, 
/**
 * Whether admin events are saved.
 */
adminEventsEnabled: boolean, 
/**
 * Whether they are saved with what the change left behind.
 */
adminEventsDetailsEnabled: boolean, };

export type EventSettingsRead = { 
/**
 * The settings, when they may be read.
 */
settings: EventSettings | null, 
/**
 * What the realm does not save, and the setting that would change that.
 */
advice: Array<SettingAdvice>, 
/**
 * Why the settings cannot be read.
 */
problem: string | null, 
/**
 * How somebody is allowed to read events.
 */
help: RightsHelp, 
/**
 * Token on the shelf that was chosen to read; none = the service account.
 */
chosen: string | null, };

export type EventsRead = { 
/**
 * How many new events.
 */
new: number, 
/**
 * How many were read, new or not, that fit what was asked for.
 */
read: number, 
/**
 * Whether all of the range asked for was read.
 */
covered: boolean, 
/**
 * Time of the oldest event that was read, epoch milliseconds.
 */
oldest_ms: number | null, 
/**
 * When, epoch milliseconds.
 */
read_ms: number, 
/**
 * Who read, e.g. `audit-reader` or `the token of alice`; empty when nobody could.
 */
reader: string, 
/**
 * Why they cannot be read, and what would help.
 */
problem: string | null, 
/**
 * Stable id of the problem, e.g. `forbidden`; `null` where there is none.
 */
problem_id: string | null, };

export type Evidence = { 
/**
 * What it is, e.g. `aud`.
 */
name: string, 
/**
 * Values at hand, drawn as chips when several.
 */
values: Array<string>, 
/**
 * What should be among them and is not.
 */
missing: Array<string>, };

export type Examined = { 
/**
 * Checks for the chosen resource, or for the one its audience names.
 */
report: Checked | null, 
/**
 * Resources that can be chosen.
 */
resources: Array<string>, 
/**
 * Where it came from and what was made from it.
 */
lineage: Lineage, 
/**
 * Where it is more than the token it was made from.
 */
findings: Array<Finding>, 
/**
 * Forms it leads to at another server.
 */
onward: Array<FixAction>, 
/**
 * What it can be used for here.
 */
uses: Array<TokenUse>, };

export type Exchange = { 
/**
 * Position inside its step, from 1.
 */
seq: number, 
/**
 * Who sent it.
 */
from: Actor, 
/**
 * Who received it.
 */
to: Actor, 
/**
 * Short words on the arrow, e.g. `POST /token, token-exchange`.
 */
label: string, 
/**
 * What it was for.
 */
purpose: ExchangePurpose, 
/**
 * True when it went through the browser (dashed arrow).
 */
through_browser: boolean, 
/**
 * True when it was not seen by us but reported by the lab's gateway.
 */
reported: boolean, 
/**
 * True when the gateway said that it used a token it had exchanged before.
 */
cached: boolean, 
/**
 * `GET`, `POST`.
 */
method: string, 
/**
 * Address, query redacted.
 */
url: string, 
/**
 * Request as raw HTTP.
 */
request: Array<Array<Span>>, 
/**
 * Status line, headers and body of the response; empty when there was none. Of a long one the first part, and a line that says
 * how long it is.
 */
response: Array<Array<Span>>, 
/**
 * What of the response is not in it; none when it is whole.
 */
rest: Rest | null, 
/**
 * Number of response headers.
 */
response_headers: number, 
/**
 * Status code.
 */
status: number | null, 
/**
 * Why there was no response.
 */
failure: string | null, 
/**
 * Start, epoch milliseconds.
 */
started_ms: number, 
/**
 * Until the body was read, in microseconds.
 */
duration_us: number, 
/**
 * Size of the response body in bytes.
 */
response_bytes: number, 
/**
 * `jti` of the token it brought or carried, where whoever reported it says so.
 */
token_id: string | null, };

export type ExchangePurpose = "keys" | "other";

export type Expectations = { 
/**
 * Allowed `iss` values; empty = not checked.
 */
issuer: Array<string>, 
/**
 * At least one of these must be in `aud`; empty = not checked.
 */
audience: Array<string>, 
/**
 * Expected `typ` claim or header, e.g. `Bearer` or `at+jwt`; empty = not checked.
 */
token_type: string, 
/**
 * All of these roles must be there.
 */
roles_all: Array<string>, 
/**
 * At least one of these must be there.
 */
roles_any: Array<string>, 
/**
 * Where roles are read, as a path: `realm_access.roles` or `resource_access.orders-api.roles`.
 */
roles_path: string, 
/**
 * All of these scopes must be in `scope`.
 */
scope: Array<string>, 
/**
 * Claims that must be there, optionally with an exact value or a pattern.
 */
claims: Array<RequiredClaim>, 
/**
 * Whether the token must be bound to a key (`cnf`, RFC 7800).
 */
binding: Binding, 
/**
 * Whether the API needs a user behind the token (not only an application).
 */
needs_user: boolean, 
/**
 * Longest allowed `exp - iat` in seconds; 0 = not checked.
 */
max_lifetime_s: number, 
/**
 * Longest allowed age `now - iat` in seconds; 0 = not checked.
 */
max_age_s: number, 
/**
 * Tolerated clock difference in seconds.
 */
clock_tolerance_s: number, 
/**
 * Whether the API verifies the signature (an API that does not is itself a finding).
 */
signature: boolean, };

export type Fault = { 
/**
 * Who is to blame.
 */
kind: FaultKind, 
/**
 * Stable id, e.g. `not-a-url`, `issuer-mismatch`.
 */
id: string, 
/**
 * What happened, one sentence.
 */
message: string, 
/**
 * What to do.
 */
advice: string, 
/**
 * Field it belongs to.
 */
field: string | null, 
/**
 * Step in the journal, when one was made.
 */
step: number | null, };

export type FaultKind = "input" | "server" | "network" | "refused" | "cancelled" | "storage" | "bug";

export type Field = { 
/**
 * The RFC's parameter name, e.g. `subject_token`; `client` for who asks.
 */
name: string, 
/**
 * Section that defines it, e.g. `RFC 8693 2.1`; may be empty.
 */
rfc: string, 
/**
 * One line below the control.
 */
hint: string, 
/**
 * Control.
 */
kind: FieldKind, 
/**
 * Whether an empty value is a fault.
 */
required: boolean, 
/**
 * Whether several values may be sent as repeated parameters.
 */
repeatable: boolean, 
/**
 * Why the chosen server does not know this parameter; the control is greyed then.
 */
unavailable: string | null, 
/**
 * Values the form starts with.
 */
initial: Array<string>, 
/**
 * Why a token field starts empty although there are tokens: they came from other environments.
 */
empty: string | null, 
/**
 * When it belongs to the form; none = always. A field that is not shown is not sent.
 */
shown_if: ShownIf | null, };

export type FieldFault = { 
/**
 * Field name.
 */
field: string, 
/**
 * What is wrong and what to do.
 */
message: string, };

export type FieldKind = { "kind": "text" } | { "kind": "lines" } | { "kind": "password" } | { "kind": "choice", 
/**
 * In the order shown.
 */
choices: Array<Choice>, 
/**
 * Whether another value may be typed.
 */
open: boolean, } | { "kind": "words", 
/**
 * Suggestions.
 */
suggestions: Array<string>, } | { "kind": "token" } | { "kind": "made" };

export type Finding = { 
/**
 * Stable, kebab-case, e.g. `alg-none`, `duplicate-member`, `outlives-subject`.
 */
id: string, 
/**
 * How much it matters.
 */
severity: Severity, 
/**
 * Two or three words for a list.
 */
title: string, 
/**
 * One sentence for people: what it is and what follows from it.
 */
detail: string, 
/**
 * Where the rule stands, e.g. `RFC 8725 3.1`.
 */
rfc: string | null, 
/**
 * Claim or header path it is about, e.g. `header.alg` or `claims.aud`.
 */
path: string | null, };

export type FixAction = { 
/**
 * Verb on the button, e.g. `Exchange as portal`.
 */
label: string, 
/**
 * Draft values to change; the form is filled with them, not sent.
 */
values: Array<Pair>, 
/**
 * Operation to switch to.
 */
operation: Operation, };

export type ForeignToken = { 
/**
 * Field it stands in.
 */
field: string, 
/**
 * Its id.
 */
token: string, 
/**
 * Where it came from, in words; empty where it only stands for itself.
 */
from: string, 
/**
 * Where it would be sent, in words.
 */
to: string, 
/**
 * Both in sentences.
 */
message: string, 
/**
 * The value of `danger_other_environment` that confirms it.
 */
confirmation: string, 
/**
 * Whether the draft carries that value.
 */
confirmed: boolean, };

export type Form = { 
/**
 * Which operation.
 */
operation: Operation, 
/**
 * Name in the menu, e.g. `Token exchange`.
 */
title: string, 
/**
 * Quiet word beside it, e.g. `RFC 8693`.
 */
note: string, 
/**
 * Verb on the button, e.g. `Exchange`.
 */
verb: string, 
/**
 * Where it goes, e.g. `at Keycloak-like lab provider, realm lab`.
 */
place: string, 
/**
 * Why it cannot run at this profile at all.
 */
unavailable: string | null, 
/**
 * Fields in order.
 */
fields: Array<Field>, 
/**
 * Names of the fields in which a secret is typed: what stands there is in no record of the step.
 */
unkept: Array<string>, };

export type Gateway = { 
/**
 * Base address of the gateway, e.g. `https://127.0.0.1:8243`.
 */
base: string, 
/**
 * Readable name.
 */
name: string, 
/**
 * Habits.
 */
dialect: Dialect, 
/**
 * Issuer of its own tokens.
 */
issuer: string, 
/**
 * Token-side endpoints.
 */
endpoints: Endpoints, 
/**
 * Where the gateway reports its own HTTP exchanges (the lab only); empty = nowhere.
 */
activity: string, 
/**
 * Base address of the developer portal's server (WSO2: the control plane, e.g. `https://localhost:9443`); empty = none.
 */
portal: string, 
/**
 * Release of the portal's server as far as it is known, e.g. `4.6` or `4.7`; empty = not known.
 */
release: string, };

export type Group = { 
/**
 * As in [`crate::inspect::ClaimGroup::id`], or `environment`.
 */
id: string, 
/**
 * Heading, e.g. `Audience and scope`.
 */
title: string, 
/**
 * Words beside it, e.g. `2 of 2 narrowed`.
 */
summary: string, 
/**
 * Folded at first: noise, the environment, and groups where all is equal.
 */
folded: boolean, 
/**
 * Rows in stable order.
 */
rows: Array<Row>, };

export type Heard = "not_asked" | "unavailable" | "refused" | "said";

export type HelpStep = { 
/**
 * Where, e.g. `Clients, audit-reader, Settings`.
 */
place: string, 
/**
 * What to do there.
 */
words: string, };

export type ImportKind = "profile" | "adapter" | "realm" | "client" | "metadata";

export type ImportLine = { 
/**
 * What it is, e.g. `Client portal`.
 */
what: string, 
/**
 * What becomes of it.
 */
words: string, };

export type ImportPreview = { 
/**
 * What was recognised.
 */
kind: ImportKind, 
/**
 * The same in words, e.g. `Export of the realm shop`.
 */
title: string, 
/**
 * Name the profile will get.
 */
name: string, 
/**
 * What a careful reader looks at first: addresses that lie on another host than the issuer, plain http.
 */
warned: Array<ImportLine>, 
/**
 * What is taken over.
 */
taken: Array<ImportLine>, 
/**
 * What is not, and why.
 */
left: Array<ImportLine>, 
/**
 * Clients whose secrets go to the secret store.
 */
secrets: Array<string>, 
/**
 * Whether the text names no server, so that its address has to be given beside it.
 */
asks_server: boolean, 
/**
 * What to do afterwards.
 */
next: string, };

export type Ink = "plain" | "key" | "strong" | "quiet" | "secret";

export type Inspection = { 
/**
 * The shelf line.
 */
token: TokenView, 
/**
 * Claims by group.
 */
groups: Array<ClaimGroup>, 
/**
 * JOSE header parameters in their order.
 */
header: Array<ClaimRow>, 
/**
 * How many rows of both are left out.
 */
left_out: number, 
/**
 * Everything remarkable, worst first.
 */
findings: Array<Finding>, 
/**
 * Every signature on its own; empty when there is only one.
 */
signatures: Array<SignatureView>, 
/**
 * Claims as JSON, laid out in lines; member order, repeated members and numbers exactly as they were written.
 */
json: string, 
/**
 * Lines of `json` in all, when only its beginning is here; else 0.
 */
json_lines: number, 
/**
 * Payload that is text and no set of claims.
 */
content: string | null, 
/**
 * Lines of `content` in all, when only its beginning is here; else 0.
 */
content_lines: number, 
/**
 * Header as JSON, as exact as `json`.
 */
header_json: string, 
/**
 * Lines of `header_json` in all, when only its beginning is here; else 0.
 */
header_lines: number, 
/**
 * For opaque tokens: where the shown claims come from, e.g. `introspection at https://…`.
 */
claims_source: string | null, };

export type JoinedBy = "token_id" | "session" | "client_and_time" | "activity_id" | "reading";

export type Key = { 
/**
 * Id of the mapping.
 */
id: string, 
/**
 * Consumer key, which is the client id.
 */
consumer_key: string, 
/**
 * Key manager.
 */
key_manager: string, 
/**
 * `PRODUCTION` or `SANDBOX`.
 */
key_type: string, 
/**
 * `CREATED` here or `MAPPED` from elsewhere.
 */
mode: string, 
/**
 * `APPROVED`, or a state of a workflow.
 */
state: string, 
/**
 * Grants it may use.
 */
grants: Array<string>, 
/**
 * Redirect URI.
 */
callback: string, 
/**
 * Whether the answer showed a usable secret.
 */
has_secret: boolean, 
/**
 * Forms it can be used in; nothing is sent.
 */
uses: Array<FixAction>, };

export type KeyEvidence = { 
/**
 * `kid` of the key, empty when it has none.
 */
kid: string, 
/**
 * Algorithm used, e.g. `RS256`.
 */
alg: string, 
/**
 * Readable kind and size, e.g. `RSA 2048` or `EC P-256`.
 */
kind: string, 
/**
 * Where the key came from: a JWKS address, or "pasted key".
 */
source: string, 
/**
 * When it was read there, epoch milliseconds.
 */
read_ms: number | null, };

export type KeyManager = { 
/**
 * Id.
 */
id: string, 
/**
 * Name, used when keys are generated.
 */
name: string, 
/**
 * Kind, e.g. `default`, `KeyCloak`.
 */
kind: string, 
/**
 * The administrator's words.
 */
description: string, 
/**
 * Whether it is switched on.
 */
enabled: boolean, 
/**
 * Whether it makes clients.
 */
creates_clients: boolean, 
/**
 * Whether clients that exist can be mapped.
 */
maps_clients: boolean, 
/**
 * `DIRECT`, `EXCHANGED` or `BOTH`.
 */
token_type: string, 
/**
 * Where tokens come from.
 */
token_endpoint: string, 
/**
 * Audience a token needs to be exchanged here; may be empty.
 */
alias: string, 
/**
 * Grants it offers.
 */
grants: Array<string>, };

export type Kinship = "descendant" | "ancestor" | "sibling" | "unknown";

export type LabChange = { "what": "user", 
/**
 * Who.
 */
username: string, 
/**
 * Enabled from now on.
 */
enabled: boolean, } | { "what": "role", 
/**
 * Who.
 */
username: string, 
/**
 * Client the role belongs to.
 */
client: string, 
/**
 * The role.
 */
role: string, 
/**
 * Held from now on.
 */
held: boolean, } | { "what": "caches", 
/**
 * Short from now on.
 */
short: boolean, };

export type LabJoin = { 
/**
 * The client of the provider that the gateway exchanges as.
 */
client: string, 
/**
 * With which token.
 */
way: LabWay, 
/**
 * The role or group that may use the developer portal, from the claims `groups` and `roles`; empty = everybody.
 */
role: string, };

export type LabPerson = { 
/**
 * Name to sign in with.
 */
username: string, 
/**
 * Whether the account is enabled.
 */
enabled: boolean, 
/**
 * Roles the user has from the start.
 */
roles: Array<LabRole>, };

export type LabRelease = "4.6" | "4.7";

export type LabRole = { 
/**
 * Client it belongs to.
 */
client: string, 
/**
 * Name.
 */
role: string, 
/**
 * Whether the user has it now.
 */
held: boolean, };

export type LabState = { 
/**
 * Servers are up.
 */
running: boolean, 
/**
 * Issuer of the lab provider while running.
 */
issuer: string, 
/**
 * How long it took to start, milliseconds.
 */
started_in_ms: number, 
/**
 * Whether its provider has the legacy token exchange (V1) switched on.
 */
legacy: boolean, 
/**
 * Which release of WSO2 API Manager its gateway plays.
 */
release: LabRelease, 
/**
 * Its users as they stand now.
 */
people: Array<LabPerson>, 
/**
 * Whether its gateway's caches are shortened.
 */
short_caches: boolean, 
/**
 * How long its gateway goes by what it found out before, in words.
 */
caches: string, };

export type LabWay = "user_token" | "own_token";

export type Lane = { 
/**
 * Who.
 */
actor: Actor, 
/**
 * Name, e.g. `Provider`.
 */
name: string, 
/**
 * Quiet word below, e.g. the port.
 */
note: string, };

export type Level = "trace" | "debug" | "info" | "warn" | "error" | "fatal";

export type Lineage = { 
/**
 * Its ancestors, the oldest first.
 */
ancestors: Array<Relative>, 
/**
 * Tokens of those who act in it: what was sent as actor beside its parent (RFC 8693 2.1).
 */
actors: Array<Relative>, 
/**
 * What was made from it, nearest first.
 */
descendants: Array<Relative>, 
/**
 * Tokens in which it stands for the one who acts.
 */
acts_in: Array<Relative>, };

export type LogFacet = { 
/**
 * Value.
 */
value: string, 
/**
 * Rows.
 */
count: number, };

export type LogFile = { 
/**
 * Its name; `pasted text` for text.
 */
name: string, 
/**
 * Where it is; empty for text.
 */
path: string, 
/**
 * Its size in bytes when it was opened.
 */
bytes: number, };

export type LogKind = "user_event" | "admin_event" | "audit" | "access" | "correlation" | "server" | "text";

export type LogLine = { 
/**
 * Its row.
 */
row: LogRow, 
/**
 * Name of its file.
 */
file: string, 
/**
 * Category of the logger.
 */
logger: string, 
/**
 * The lines as they stand, secrets masked.
 */
text: Array<string>, 
/**
 * Lines that are not shown because there are too many.
 */
hidden: number, 
/**
 * Names and values in the order of the line, secrets masked.
 */
fields: Array<Pair>, };

export type LogPage = { 
/**
 * Version of the log it was read from.
 */
version: number, 
/**
 * Rows.
 */
rows: Array<LogRow>, 
/**
 * Rows that match.
 */
matching: number, 
/**
 * Rows in all.
 */
total: number, 
/**
 * Counts for the chips.
 */
chips: Array<ChipCount>, 
/**
 * Most frequent types among what matches.
 */
types: Array<LogFacet>, 
/**
 * Most frequent clients.
 */
clients: Array<LogFacet>, 
/**
 * Most frequent users.
 */
users: Array<LogFacet>, 
/**
 * Most frequent errors.
 */
errors: Array<LogFacet>, 
/**
 * Histogram of what matches but for the time range.
 */
bins: Array<Bin>, 
/**
 * Width of a bin in milliseconds.
 */
bin_ms: number, 
/**
 * How long the filter took, microseconds.
 */
took_us: number, };

export type LogPhase = "empty" | "reading" | "ready" | "stopped" | "broken";

export type LogQuery = { 
/**
 * Words as typed; see [`super::words`].
 */
search: string, 
/**
 * Any of `events`, `errors`, `joined`, `others`; empty = all.
 */
chips: Array<string>, 
/**
 * Only this type.
 */
event_type: string | null, 
/**
 * Only this client.
 */
client: string | null, 
/**
 * Only this user.
 */
user: string | null, 
/**
 * Only this error.
 */
error: string | null, 
/**
 * Only records joined to this step.
 */
step: number | null, 
/**
 * From, epoch milliseconds.
 */
from_ms: number | null, 
/**
 * To, epoch milliseconds.
 */
to_ms: number | null, 
/**
 * Rows to skip.
 */
offset: number, 
/**
 * Rows to return.
 */
limit: number, };

export type LogRow = { 
/**
 * Its number, from 0.
 */
row: number, 
/**
 * Position of its file in [`LogState::files`].
 */
file: number, 
/**
 * Line it begins on, from 1.
 */
line: number, 
/**
 * Lines it has.
 */
lines: number, 
/**
 * Epoch milliseconds, the zone applied; that of the record before in its file where it has none; 0 where none is known.
 */
time_ms: number, 
/**
 * How grave.
 */
level: Level | null, 
/**
 * What it is.
 */
kind: LogKind, 
/**
 * Type of an event, else what comes closest: method, kind, logger.
 */
event_type: string, 
/**
 * Client.
 */
client: string | null, 
/**
 * User.
 */
user: string | null, 
/**
 * Error.
 */
error: string | null, 
/**
 * What else it says, secrets masked, cut.
 */
text: string, 
/**
 * Step it belongs to.
 */
step: number | null, 
/**
 * What joined it.
 */
joined_by: JoinedBy | null, };

export type LogSource = { "what": "files", 
/**
 * Absolute paths.
 */
paths: Array<string>, } | { "what": "text", 
/**
 * The text.
 */
text: string, };

export type LogState = { 
/**
 * How far.
 */
phase: LogPhase, 
/**
 * Counts up with every opening and every change of what is shown, so that pages can be asked for anew.
 */
version: number, 
/**
 * What is open.
 */
files: Array<LogFile>, 
/**
 * Bytes read.
 */
bytes_read: number, 
/**
 * Bytes in all.
 */
bytes_total: number, 
/**
 * Lines read.
 */
lines: number, 
/**
 * Records among them (a record may have several lines).
 */
records: number, 
/**
 * Events among the records.
 */
events: number, 
/**
 * Lines that belong to the record before them.
 */
attached: number, 
/**
 * What is odd about the file, one sentence each.
 */
remarks: Array<string>, 
/**
 * Why it ended early, in two sentences: what happened and what to do.
 */
problem: string | null, 
/**
 * Minutes east of UTC that times without a zone are read in.
 */
zone_minutes: number, 
/**
 * Whether any line has a time without a zone.
 */
zoneless: boolean, 
/**
 * Whether the zone was found by the ids of our own tokens.
 */
zone_found: boolean, 
/**
 * Records joined to our steps.
 */
joined: number, 
/**
 * Memory of the index, in bytes.
 */
memory: number, 
/**
 * Whether what the server appends is read as it comes.
 */
following: boolean, 
/**
 * The metrics page, when that is what was opened.
 */
metrics: Metrics | null, };

export type Mapped = { 
/**
 * `User`, `Client`, `Roles`, `Groups`, `Scopes`, `Audience`.
 */
topic: string, 
/**
 * What Keycloak says.
 */
source: Array<string>, 
/**
 * What WSO2 says.
 */
issued: Array<string>, 
/**
 * How the one becomes the other.
 */
words: string, };

export type Mapping = { 
/**
 * The Keycloak token.
 */
source: TokenView | null, 
/**
 * The WSO2 token.
 */
issued: TokenView | null, 
/**
 * The whole in one sentence.
 */
headline: string, 
/**
 * Both sides by topic.
 */
rows: Array<Mapped>, 
/**
 * Where roles stand.
 */
claims: Array<RoleClaim>, 
/**
 * The claim that is taken for the one WSO2 reads.
 */
claim: string | null, 
/**
 * The portal's scopes.
 */
scopes: Array<PortalScope>, 
/**
 * What will surprise.
 */
findings: Array<Finding>, 
/**
 * What to set.
 */
repairs: Array<Repair>, 
/**
 * What Keycloak needs to take the WSO2 token back, whether or not it has it already.
 */
back: Array<Repair>, 
/**
 * Forms to open.
 */
actions: Array<FixAction>, };

export type Mark = "kept" | "removed" | "added" | "missing";

export type Member = { 
/**
 * The text.
 */
text: string, 
/**
 * What happened to it, seen from this column.
 */
mark: Mark, };

export type MetricBar = { 
/**
 * What it counts.
 */
name: string, 
/**
 * Without an error.
 */
succeeded: number, 
/**
 * With one.
 */
failed: number, };

export type MetricSeries = { 
/**
 * Event in lower case, e.g. `token_exchange`.
 */
event: string, 
/**
 * Error; empty on success.
 */
error: string, 
/**
 * Realm.
 */
realm: string, 
/**
 * Client, if the server was told to count by it.
 */
client: string, 
/**
 * Identity provider, if told so.
 */
idp: string, 
/**
 * How often since the server started.
 */
count: number, };

export type Metrics = { 
/**
 * Counters, highest first.
 */
series: Array<MetricSeries>, 
/**
 * Bars by client; empty when the server does not count by client.
 */
clients: Array<MetricBar>, 
/**
 * Bars by event.
 */
events: Array<MetricBar>, 
/**
 * Bars by error.
 */
errors: Array<MetricBar>, 
/**
 * Metrics on the page that are about something else.
 */
others: number, 
/**
 * What is missing and the setting that adds it, one sentence each.
 */
remarks: Array<string>, };

export type Notice = { 
/**
 * Stable id, e.g. `profiles-recovered`.
 */
id: string, 
/**
 * What happened.
 */
message: string, 
/**
 * What was done or what to do.
 */
advice: string, 
/**
 * True when it holds for as long as the window is open, so that it cannot be dismissed.
 */
standing: boolean, };

export type Obtained = "log_in" | "exchanged" | "asserted" | "client_credentials" | "password" | "refreshed" | "portal" | "answered" | "pasted" | "predicted" | "kept_by_gateway" | "opened" | "unknown";

export type Offered = { 
/**
 * What it is used for.
 */
kind: TokenKind, 
/**
 * Where it stood, e.g. `header Authorization of the second entry`.
 */
place: string, };

export type OpenForm = { 
/**
 * Fields.
 */
form: Form, 
/**
 * Menu.
 */
operations: Array<OperationChoice>, };

export type OpenPortal = { 
/**
 * Address of the portal's server; empty = the profile has none.
 */
address: string, 
/**
 * Readable name of the gateway.
 */
name: string, 
/**
 * Release as the profile says; empty = not known.
 */
release: string, 
/**
 * What that release offers for secrets.
 */
secrets: SecretWays, 
/**
 * Why nothing can be asked, and what to do.
 */
unavailable: string | null, 
/**
 * Tokens that can be used, the most useful first.
 */
tokens: Array<PortalToken>, 
/**
 * The form that gets a token for all of the portal.
 */
get_token: FixAction, 
/**
 * Clients of the gateway whose secret or password is at hand, for registration.
 */
registrars: Array<string>, };

export type OpenProfile = { 
/**
 * The profile.
 */
profile: Profile, 
/**
 * State of each confidential client's secret.
 */
secrets: Array<SecretState>, 
/**
 * Which addresses lie at another host than the issuer.
 */
elsewhere: Array<Elsewhere>, 
/**
 * Which other hosts are used without a question.
 */
allowed: Array<AllowedAddress>, 
/**
 * The exact redirect URI to register at the provider.
 */
redirect_uri: string, 
/**
 * One line beside it, e.g. `Keycloak accepts any port on 127.0.0.1 for it.`
 */
redirect_note: string, };

export type Operation = "log_in" | "token_exchange" | "jwt_bearer" | "client_credentials" | "refresh" | "password" | "call_api" | "introspect" | "userinfo" | "revoke" | "log_out" | "discover" | "read_events" | "predict" | "portal";

export type OperationChoice = { 
/**
 * Operation.
 */
operation: Operation, 
/**
 * Name.
 */
title: string, 
/**
 * Quiet word.
 */
note: string, 
/**
 * Why it cannot run here.
 */
unavailable: string | null, };

export type Outcome = "success" | "refused" | "failed" | "cancelled" | "unknown";

export type Pair = { 
/**
 * Parameter or field name.
 */
name: string, 
/**
 * Its value.
 */
value: string, };

export type Part = { 
/**
 * The lines.
 */
lines: Array<Array<Span>>, 
/**
 * Where the first of them stands, counted from 0.
 */
from: number, 
/**
 * Where the next part begins; none at the end of the text.
 */
next: number | null, 
/**
 * Lines of the whole text.
 */
whole: number, };

export type Pasted = { 
/**
 * Tokens that were found, newest last.
 */
added: Array<string>, 
/**
 * One sentence, e.g. `2 tokens from a JSON token response`.
 */
message: string, 
/**
 * Where several were found and none was chosen yet: all of them, in their order.
 */
offered: Array<Offered>, 
/**
 * The shelf after it.
 */
tokens: Array<TokenView>, };

export type PathChoice = { 
/**
 * Whole path; a folder ends with a separator.
 */
path: string, 
/**
 * Last part.
 */
name: string, 
/**
 * Whether it is a folder.
 */
folder: boolean, 
/**
 * Size in bytes.
 */
bytes: number, };

export type Pin = { 
/**
 * Host and port, e.g. `127.0.0.1:9443`.
 */
server: string, 
/**
 * SHA-256 of the certificate, hexadecimal pairs joined by colons.
 */
sha256: string, 
/**
 * What the certificate said of itself when it was pinned, e.g. `CN=localhost, O=WSO2, until 2028-06-06`.
 */
note: string, };

export type Policy = { 
/**
 * Name.
 */
name: string, 
/**
 * The administrator's words.
 */
description: string, };

export type PortalAnswer = { "what": "registered", 
/**
 * The client.
 */
client: Registered, } | { "what": "settings", 
/**
 * The settings.
 */
settings: Settings, } | { "what": "key_managers", 
/**
 * In the server's order.
 */
list: Array<KeyManager>, } | { "what": "policies", 
/**
 * In the server's order.
 */
list: Array<Policy>, } | { "what": "apis", 
/**
 * In the server's order.
 */
list: Array<Api>, 
/**
 * How many there are in all.
 */
total: number, } | { "what": "api", 
/**
 * The API.
 */
api: Api, } | { "what": "applications", 
/**
 * In the server's order.
 */
list: Array<Application>, 
/**
 * How many there are in all.
 */
total: number, } | { "what": "application", 
/**
 * The application.
 */
application: Application, } | { "what": "keys", 
/**
 * In the server's order.
 */
list: Array<Key>, } | { "what": "key", 
/**
 * The pair.
 */
key: Key, } | { "what": "secrets", 
/**
 * Oldest first.
 */
list: Array<ConsumerSecret>, } | { "what": "secret", 
/**
 * The secret.
 */
secret: ConsumerSecret, } | { "what": "subscriptions", 
/**
 * In the server's order.
 */
list: Array<Subscription>, 
/**
 * How many there are in all.
 */
total: number, } | { "what": "subscription", 
/**
 * The subscription.
 */
subscription: Subscription, } | { "what": "token", 
/**
 * Its scopes.
 */
scope: Array<string>, 
/**
 * Its life in seconds, if told.
 */
expires_in: number | null, } | { "what": "waiting", 
/**
 * The workflow's state as the server calls it.
 */
status: string, } | { "what": "done" };

export type PortalAnswered = { 
/**
 * The step.
 */
step: Step, 
/**
 * What the portal told; none when it refused.
 */
answer: PortalAnswer | null, 
/**
 * Secrets of the answer.
 */
secrets: Array<SecretFate>, 
/**
 * The profile, when a client was added to it.
 */
profile: Profile | null, 
/**
 * The shelf after it.
 */
tokens: Array<TokenView>, 
/**
 * Steps in the journal.
 */
steps: number, };

export type PortalScope = { 
/**
 * Scope.
 */
scope: string, 
/**
 * What it opens.
 */
opens: string, 
/**
 * Roles at WSO2 of which one is needed, as it comes.
 */
roles: Array<string>, 
/**
 * Whether it was asked for; none = not known.
 */
asked: boolean | null, 
/**
 * Whether it was granted; none when there is no WSO2 token.
 */
granted: boolean | null, 
/**
 * Why it is there or not.
 */
why: string, };

export type PortalToken = { 
/**
 * The token.
 */
token: TokenView, 
/**
 * Scopes it has and lacks.
 */
standing: Standing, };

export type PortalWays = { 
/**
 * Scopes of the portal were asked for, and the token that was issued has some of them.
 */
usable: boolean, 
/**
 * Id of the issued token where scopes of the portal were asked for and some are missing.
 */
lacking: string | null, 
/**
 * Consumer key of the application that has to be subscribed, where the gateway refused the call for want of that.
 */
subscribe: string | null, };

export type PredictAsk = { 
/**
 * `client_id` the token would be for.
 */
client: string, 
/**
 * User id or user name.
 */
user: string, 
/**
 * `scope`, separated by blanks.
 */
scope: string, 
/**
 * Client ids, separated by blanks; empty = all the server would name.
 */
audience: string, 
/**
 * Token on the shelf it is to be compared with.
 */
beside: string | null, };

export type Preview = { 
/**
 * All formats of the first request (the one the operation is about).
 */
snippets: Array<Snippet>, 
/**
 * Whether anything in it is masked.
 */
masked: boolean, 
/**
 * True for log in: the address is opened in the browser instead of sent.
 */
in_browser: boolean, 
/**
 * What is missing or malformed.
 */
faults: Array<FieldFault>, 
/**
 * What the server will likely refuse, and why, before sending.
 */
warnings: Array<Finding>, 
/**
 * Tokens of other environments in it; each has to be confirmed before anything is sent.
 */
foreign: Array<ForeignToken>, 
/**
 * What is asked before anything is sent, in sentences: a secret, a token or a password would go to somebody it is not for.
 */
questions: Array<string>, 
/**
 * "Ready to send" summary lines for the pane below the request.
 */
ready: Array<ReadyLine>, };

export type Profile = { 
/**
 * Stable id; `lab` is the built-in one.
 */
id: string, 
/**
 * Name shown.
 */
name: string, 
/**
 * Identity provider.
 */
provider: Provider, 
/**
 * Gateway, if any.
 */
gateway: Gateway | null, 
/**
 * Clients in order.
 */
clients: Array<Client>, 
/**
 * APIs in order.
 */
resources: Array<Resource>, 
/**
 * What every API of this environment expects of a token, beside what one of them expects by itself.
 */
every_api: Expectations, 
/**
 * Redirect URI.
 */
redirect: Redirect, 
/**
 * Trust.
 */
tls: Tls, 
/**
 * Scopes asked for at log in.
 */
scopes: Array<string>, 
/**
 * Built in and simulated.
 */
simulated: boolean, 
/**
 * A production environment: drawn as the only filled one, so that nobody overlooks it.
 */
production: boolean, 
/**
 * Its shape; none = by its id.
 */
mark: Shape | null, };

export type ProfileSummary = { 
/**
 * Id.
 */
id: string, 
/**
 * Name.
 */
name: string, 
/**
 * Quiet second line, e.g. `built in, running`.
 */
note: string, 
/**
 * Whether the provider's metadata were read.
 */
state: Support, 
/**
 * Built in and simulated.
 */
simulated: boolean, 
/**
 * The shape it is told apart by.
 */
mark: Shape, 
/**
 * A production environment.
 */
production: boolean, 
/**
 * Issuers of its servers, to tell which tokens are its own.
 */
issuers: Array<string>, };

export type Progress = { 
/**
 * The run it belongs to (chosen by the window).
 */
run: string, 
/**
 * Headline, e.g. `Waiting for the browser on 127.0.0.1:49213`.
 */
headline: string, 
/**
 * Second line.
 */
detail: string, 
/**
 * Deadline, epoch milliseconds.
 */
deadline_ms: number | null, 
/**
 * When it began, epoch milliseconds.
 */
started_ms: number, 
/**
 * Stages in order.
 */
stages: Array<Stage>, 
/**
 * True while the browser is out: "Open again" and "Copy address" make sense.
 */
browser: boolean, 
/**
 * True when no browser could be started: the address must be copied by hand.
 */
browser_failed: boolean, 
/**
 * What knocked at the listener meanwhile and was refused, one line a kind with its number; nothing of its content.
 */
strays: Array<string>, 
/**
 * The calls so far, of a call that is repeated.
 */
repetition: Repetition | null, };

export type Provenance = { 
/**
 * Id of the profile.
 */
profile: string, 
/**
 * Name the profile had then.
 */
name: string, 
/**
 * Issuer of the server that gave it, as the profile had it then; its token endpoint or base address where no issuer was known.
 */
issuer: string, };

export type Provider = { 
/**
 * Issuer identifier, exact.
 */
issuer: string, 
/**
 * Readable name, e.g. `Keycloak, realm shop`.
 */
name: string, 
/**
 * Habits.
 */
dialect: Dialect, 
/**
 * Endpoints.
 */
endpoints: Endpoints, 
/**
 * What it can do.
 */
capabilities: Array<Capability>, 
/**
 * Scopes it advertises.
 */
scopes: Array<string>, 
/**
 * Keys seen in its JWKS, in words, e.g. `2, RS256 and RSA-OAEP`.
 */
keys: string, 
/**
 * When discovery was read, epoch milliseconds; 0 = never.
 */
read_ms: number, 
/**
 * Whether `authorization_response_iss_parameter_supported` (RFC 9207 3).
 */
iss_in_response: boolean, 
/**
 * Address of the audit events API; empty = none.
 */
events: string, };

export type Purpose = "events" | "predict";

export type Ran = { 
/**
 * The step.
 */
step: Step, 
/**
 * The shelf after it.
 */
tokens: Array<TokenView>, 
/**
 * Steps in the journal.
 */
steps: number, 
/**
 * The profile, when the step taught something about its provider.
 */
profile: Profile | null, 
/**
 * What the developer portal is good for after it.
 */
portal: PortalWays, };

export type ReadyLine = { 
/**
 * What it is about, in a word.
 */
name: string, 
/**
 * The sentence.
 */
value: string, 
/**
 * Whether something was compared and found to fit; else it states how it will be.
 */
checked: boolean, 
/**
 * Whether it tells a time that runs, so that it has to be asked again to stay true.
 */
counts: boolean, };

export type Redirect = { 
/**
 * `127.0.0.1` or `localhost`.
 */
host: string, 
/**
 * 0 = any free port.
 */
port: number, 
/**
 * Path, starting with `/`.
 */
path: string, };

export type Registered = { 
/**
 * Its id.
 */
client_id: string, 
/**
 * Its name.
 */
name: string, 
/**
 * The user it belongs to.
 */
owner: string, 
/**
 * The grants it really got.
 */
grants: Array<string>, 
/**
 * Grants that were asked for and silently dropped.
 */
dropped: Array<string>, 
/**
 * Its redirect URI, if any.
 */
callback: string, 
/**
 * Whether the answer held a secret that can be used. A name that was there before answers with the old client, whose
 * secret may be masked.
 */
has_secret: boolean, };

export type Relative = { 
/**
 * The token; its `step` and `origin` say how it was made.
 */
token: TokenView, 
/**
 * Steps between the two, from 1.
 */
distance: number, 
/**
 * Whether it is still on the shelf; otherwise only its evidence in the journal is left.
 */
on_shelf: boolean, };

export type Repair = { 
/**
 * Stable id: `kc-role-mapper`, `kc-membership`, `kc-audience-mapper`, `wso2-role-claim`, and of the way back `kc-know-gateway`,
 * `kc-link-user`, `kc-permit-requester`.
 */
id: string, 
/**
 * What it does.
 */
title: string, 
/**
 * Steps in the console, in order.
 */
steps: Array<string>, 
/**
 * The same as JSON for the admin API; empty where there is none.
 */
json: string, 
/**
 * Where the JSON goes, e.g. `POST {admin address}/clients/{id}/protocol-mappers/models`.
 */
send_to: string, };

export type RepeatEnd = "going" | "changed" | "time_over" | "cancelled" | "not_revoked";

export type RepeatPlan = { 
/**
 * Pause between two calls, milliseconds.
 */
every_ms: number, 
/**
 * The end when nothing changes, milliseconds from the first call.
 */
for_ms: number, 
/**
 * Call once, revoke the token, and repeat from there.
 */
revoke: boolean, };

export type Repeated = { 
/**
 * All calls and what they show.
 */
repetition: Repetition, 
/**
 * The shelf after it.
 */
tokens: Array<TokenView>, 
/**
 * Steps in the journal.
 */
steps: number, 
/**
 * The last step that was made.
 */
last_step: Step | null, };

export type RepeatedCall = { 
/**
 * Step in the journal.
 */
step: number, 
/**
 * When, epoch milliseconds.
 */
at_ms: number, 
/**
 * Since the revocation, or without one since the first call; milliseconds.
 */
after_ms: number, 
/**
 * How it ended.
 */
admission: Admission, 
/**
 * `200`, `401 900901`.
 */
words: string, };

export type Repetition = { 
/**
 * Every call, oldest first.
 */
calls: Array<RepeatedCall>, 
/**
 * The same in runs of one answer.
 */
answers: Array<SameAnswer>, 
/**
 * When the token was revoked, epoch milliseconds; none when it was not.
 */
revoked_ms: number | null, 
/**
 * Why it ended.
 */
end: RepeatEnd, 
/**
 * The conclusion in one sentence.
 */
headline: string, 
/**
 * What follows from it.
 */
detail: string, };

export type Required = { 
/**
 * The expectations.
 */
expectations: Expectations, 
/**
 * What will be required, in words.
 */
lines: Array<Pair>, 
/**
 * Resource they fit, by the audience; empty when none is named.
 */
resource: string, 
/**
 * What was read and is left out, one sentence each.
 */
notes: Array<string>, };

export type RequiredClaim = { 
/**
 * Path, e.g. `email_verified`.
 */
path: string, 
/**
 * Exact value as text; empty = any.
 */
value: string, 
/**
 * Pattern the whole value must fit, see [`pattern`]; empty = any.
 */
pattern: string, };

export type Resource = { 
/**
 * Name, usually its client id or audience.
 */
name: string, 
/**
 * Address for calls.
 */
url: string, 
/**
 * Whether calls go through the gateway.
 */
through_gateway: boolean, 
/**
 * What it expects of a token.
 */
expectations: Expectations, };

export type Rest = { 
/**
 * Lines of the whole message, with its head.
 */
lines: number, 
/**
 * The first line that is left out, counted from 0; as many as there are lines where lines are only too long.
 */
next: number, 
/**
 * SHA-256 of the body as it came, in hex.
 */
sha256: string, };

export type RightsHelp = { 
/**
 * Role that is needed, with the client that owns it, e.g. `view-events of realm-management`.
 */
role: string, 
/**
 * The client the steps are for.
 */
client: string, 
/**
 * In the console, for a service account.
 */
steps: Array<HelpStep>, 
/**
 * Lines for `kcadm.sh`, for a service account.
 */
kcadm: string, 
/**
 * In the console, for a user whose token is used instead.
 */
user_steps: Array<HelpStep>, 
/**
 * Lines for `kcadm.sh`, for a user.
 */
user_kcadm: string, };

export type RoleClaim = { 
/**
 * Path, e.g. `realm_access.roles`.
 */
path: string, 
/**
 * What stands there.
 */
values: Array<string>, 
/**
 * Whether WSO2 can read it.
 */
usable: boolean, 
/**
 * Why, or why not.
 */
why: string, };

export type Row = { 
/**
 * Path, e.g. `resource_access.orders-api.roles`.
 */
path: string, 
/**
 * Short name in the first column.
 */
label: string, 
/**
 * Cells, one a column.
 */
cells: Array<Cell>, 
/**
 * Overall change: of the last column against the first, or of the first column that differs.
 */
change: Change, 
/**
 * What happened from the first column to each; the first is always `same`.
 */
changes: Array<Change>, 
/**
 * Words of the last column, e.g. `narrowed 3 → 1`, `same`, `outlives +7 s`.
 */
change_text: string, 
/**
 * One line saying what the claim means.
 */
meaning: string | null, 
/**
 * True when a failed check points at this row (red edge).
 */
failed_check: boolean, 
/**
 * True when it differs in substance: neither new in every token nor a matter of the environment.
 */
substance: boolean, };

export type SameAnswer = { 
/**
 * How they ended.
 */
admission: Admission, 
/**
 * `200`, `401 900901`.
 */
words: string, 
/**
 * How many.
 */
calls: number, 
/**
 * The first of them, as [`RepeatedCall::after_ms`].
 */
from_ms: number, 
/**
 * The last of them.
 */
to_ms: number, 
/**
 * Step of the first.
 */
step: number, };

export type SavedView = { 
/**
 * Place.
 */
view: ViewName, 
/**
 * Selected tokens, first = A.
 */
selected: Array<string>, 
/**
 * Operation chosen in Run.
 */
operation: Operation | null, 
/**
 * Theme.
 */
theme: Theme, 
/**
 * Times.
 */
time_mode: TimeMode, 
/**
 * Chosen profile.
 */
profile: string | null, 
/**
 * Selected step in Audit.
 */
step: number | null, };

export type Scene = { 
/**
 * Step number.
 */
step: number, 
/**
 * Heading, e.g. `Log in`.
 */
title: string, 
/**
 * Arrows in order.
 */
arrows: Array<Arrow>, };

export type SecretConsent = "once" | "always" | "no";

export type SecretFate = { 
/**
 * The client it belongs to.
 */
client_id: string, 
/**
 * Where, in words: `Saved in the system keychain`.
 */
place: string, 
/**
 * Why it could not be saved, and what to do; it is held in memory then.
 */
problem: string | null, };

export type SecretQuestion = { 
/**
 * Names it for the answer.
 */
id: string, 
/**
 * Profile it belongs to.
 */
profile: string, 
/**
 * The client.
 */
client_id: string, 
/**
 * Secret or key.
 */
sort: SecretSort, 
/**
 * What a step carries, e.g. `The refresh token`; none = the client's own secret.
 */
load: string | null, 
/**
 * For whom it was entered, or who gave it; none for a secret that an earlier version kept.
 */
bound: string | null, 
/**
 * The server the profile names now.
 */
issuer: string, 
/**
 * Where it was to go.
 */
origin: string, 
/**
 * The same in a sentence.
 */
words: string, };

export type SecretSort = "secret" | "key";

export type SecretState = { 
/**
 * Client it belongs to.
 */
client_id: string, 
/**
 * Where that is registered: a client of the same id at the other server has a secret of its own.
 */
server: ServerRole, 
/**
 * Whether a secret or a key is saved.
 */
sort: SecretSort, 
/**
 * Whether the profile names another server now than the one it was entered for, which the user is asked about.
 */
elsewhere: boolean, 
/**
 * For whom it was entered; empty = not known.
 */
issuer: string, 
/**
 * Other hosts its owner lets it go to.
 */
approved: Array<string>, 
/**
 * Saved or not.
 */
saved: boolean, 
/**
 * Where, in words: `Saved in the system keychain`.
 */
place: string, 
/**
 * Why the store cannot be read; none = it can.
 */
problem: string | null, 
/**
 * When it was saved, epoch milliseconds; 0 = unknown.
 */
saved_ms: number, };

export type SecretStoreKind = "keychain" | "encrypted_file" | "memory";

export type SecretStoreState = { 
/**
 * Kind in use.
 */
kind: SecretStoreKind, 
/**
 * Words, e.g. `system keychain is available`.
 */
words: string, 
/**
 * Why the keychain cannot be used, if so.
 */
problem: string | null, 
/**
 * Whether an encrypted file exists and is still locked.
 */
locked: boolean, };

export type SecretWays = { 
/**
 * One secret in place of the other.
 */
regenerate: boolean, 
/**
 * Further secrets, a list of them, and revoking one.
 */
further: boolean, 
/**
 * Why only that, and what to do instead; a sentence or two.
 */
words: string, };

export type Sequence = { 
/**
 * Columns that take part, in fixed order.
 */
lanes: Array<Lane>, 
/**
 * Steps in order of time.
 */
scenes: Array<Scene>, 
/**
 * Summary, e.g. `12 exchanges in 6.7 s, one refused`.
 */
summary: string, };

export type ServerRole = "provider" | "gateway";

export type ServerWords = { 
/**
 * Readable server name, e.g. `Lab provider`.
 */
server: string, 
/**
 * Status code.
 */
status: number, 
/**
 * Reason phrase, e.g. `Forbidden`.
 */
status_text: string, 
/**
 * Body as it came, inked.
 */
body: Array<Array<Span>>, 
/**
 * `error` member (RFC 6749 5.2), if any.
 */
error: string | null, 
/**
 * `error_description` member.
 */
description: string | null, 
/**
 * Where the user can link the account that is missing: Keycloak's `account-link-url`.
 */
account_link: string | null, };

export type ServersAsked = { 
/**
 * Token, introspection and userinfo side by side.
 */
truth: Truth, 
/**
 * The shelf after it.
 */
tokens: Array<TokenView>, 
/**
 * Steps in the journal.
 */
steps: number, 
/**
 * The last step that was made; none when nobody could be asked.
 */
last_step: Step | null, };

export type SettingAdvice = { 
/**
 * Stable id: `events-off`, `types-not-saved`, `expire-soon`, `admin-events-off`, `admin-details-off`.
 */
id: string, 
/**
 * What it means.
 */
message: string, 
/**
 * Where in Keycloak's console, e.g. `Realm settings, Events, User events settings`.
 */
place: string, 
/**
 * The same for Keycloak's command line.
 */
kcadm: string, };

export type Settings = { 
/**
 * Grants an application may be given.
 */
grants: Array<string>, 
/**
 * Scopes of the portal.
 */
scopes: Array<string>, 
/**
 * Whether clients that exist can be mapped to applications.
 */
map_clients: boolean, 
/**
 * The gateway's address, if told.
 */
gateway: string, 
/**
 * The release as far as the members of the answer tell: `4.7 or later`, or empty.
 */
release: string, };

export type Severity = "note" | "warning" | "error";

export type Shape = "ring" | "square" | "triangle" | "diamond";

export type ShelfGroup = { "kind": "person", 
/**
 * Readable name; empty where a record of an earlier release has no heading of its own kind.
 */
name: string, } | { "kind": "applications" } | { "kind": "pasted" } | { "kind": "predicted" } | { "kind": "kept_by_gateway" };

export type ShownIf = { 
/**
 * Name of the other field.
 */
field: string, 
/**
 * Values of it that show this field.
 */
values: Array<string>, };

export type SignatureView = { 
/**
 * `alg` of its header.
 */
alg: string | null, 
/**
 * `kid` of its header.
 */
kid: string | null, 
/**
 * What the check of this signature alone gave.
 */
verification: Verification, };

export type Snippet = { 
/**
 * Format.
 */
format: SnippetFormat, 
/**
 * The text.
 */
lines: Array<Array<Span>>, };

export type SnippetFormat = "raw" | "bash" | "powershell" | "cmd";

export type Source = { 
/**
 * Whose word it is.
 */
speaker: Speaker, 
/**
 * Heading.
 */
title: string, 
/**
 * Whether it said anything.
 */
heard: Heard, 
/**
 * One line: verified or not, active or not, why it did not answer.
 */
words: string, 
/**
 * Address that was asked.
 */
address: string | null, 
/**
 * When, epoch milliseconds.
 */
read_ms: number | null, 
/**
 * Step in the journal.
 */
step: number | null, 
/**
 * `active` (RFC 7662 2.2), from introspection only.
 */
active: boolean | null, };

export type Span = { 
/**
 * The characters to show.
 */
text: string, 
/**
 * Their ink.
 */
ink: Ink, };

export type Speaker = "token" | "introspection" | "userinfo";

export type Stage = { 
/**
 * Words, e.g. `Open the system browser`.
 */
label: string, 
/**
 * State.
 */
state: StageState, 
/**
 * Quiet words at the right, e.g. `38 ms`.
 */
note: string, };

export type StageState = "waiting" | "running" | "done" | "failed";

export type Standing = { 
/**
 * Scopes the whole of the portal needs that the token has.
 */
has: Array<string>, 
/**
 * Those it lacks.
 */
lacks: Array<string>, 
/**
 * What follows, and what to do; empty when nothing is missing.
 */
advice: string, };

export type Step = { 
/**
 * Journal number.
 */
id: number, 
/**
 * Start, epoch milliseconds.
 */
started_ms: number, 
/**
 * Whole duration in microseconds.
 */
duration_us: number, 
/**
 * Operation.
 */
operation: Operation, 
/**
 * Words for lists, e.g. `Token exchange`.
 */
title: string, 
/**
 * Sentence for the outcome, e.g. `portal got a token for orders-api`.
 */
headline: string, 
/**
 * Profile id.
 */
profile: string, 
/**
 * Readable user behind it.
 */
subject: string | null, 
/**
 * Client that asked.
 */
client: string | null, 
/**
 * Audience asked for or called; of a discovery the issuer that was asked.
 */
audience: string | null, 
/**
 * How it ended.
 */
outcome: Outcome, 
/**
 * Final HTTP status.
 */
status: number | null, 
/**
 * What went wrong in one sentence when it did not succeed (ours).
 */
problem: string | null, 
/**
 * Which check of ours or kind of fault, stable id, e.g. `state-mismatch`.
 */
problem_id: string | null, 
/**
 * What to do about it.
 */
advice: string | null, 
/**
 * The server's words when it refused or answered.
 */
words: ServerWords | null, 
/**
 * Our reading of the refusal.
 */
diagnosis: Diagnosis | null, 
/**
 * What a success lacks of what was asked for, the weightiest first.
 */
surprises: Array<Diagnosis>, 
/**
 * Tokens it used.
 */
tokens_in: Array<string>, 
/**
 * Tokens it produced.
 */
tokens_out: Array<string>, 
/**
 * Verdicts of first token in against first token out.
 */
verdicts: Array<Verdict>, 
/**
 * Checks of the issued token for the resource asked for.
 */
report: Checked | null, 
/**
 * `seq` of the exchange the step is about; the others are keys, introspection and the like.
 */
main_exchange: number | null, 
/**
 * The first of the steps it belongs to, when a call was repeated.
 */
bundle: number | null, 
/**
 * HTTP exchanges in order.
 */
exchanges: Array<Exchange>, 
/**
 * Events joined to it.
 */
events: Array<Event>, 
/**
 * What was sent, so that it can be run again.
 */
draft: Draft | null, };

export type Subscription = { 
/**
 * Id.
 */
id: string, 
/**
 * The API's id.
 */
api: string, 
/**
 * The API's name and version, for people.
 */
api_name: string, 
/**
 * The API's context.
 */
context: string, 
/**
 * Policy.
 */
policy: string, 
/**
 * `UNBLOCKED`, `BLOCKED`, `ON_HOLD`, …
 */
status: string, };

export type Support = "supported" | "not_supported" | "unknown";

export type Theme = "system" | "light" | "dark";

export type TimeMode = "relative" | "local" | "utc" | "epoch";

export type Tls = { 
/**
 * Certificates of authorities trusted for this profile beside the system's, PEM.
 */
ca_pem: string, 
/**
 * Servers trusted by one exact certificate, whatever it says. Visible in the bar while there are any.
 */
pins: Array<Pin>, 
/**
 * Loud name for a loud thing: certificates are not checked at all. Visible in the bar while on.
 */
danger_accept_any_certificate: boolean, 
/**
 * Plain http to hosts that are not loopback is allowed. Visible in the bar while on.
 */
danger_plain_http: boolean, };

export type TokenFormat = "jws" | "jwe" | "sd_jwt" | "saml" | "opaque";

export type TokenKind = "access" | "id" | "refresh" | "other";

export type TokenText = "claims" | "header" | "content";

export type TokenUse = { 
/**
 * Whose form.
 */
operation: Operation, 
/**
 * Its field for the token.
 */
field: string, 
/**
 * What the button says.
 */
label: string, 
/**
 * Whether it ends the token.
 */
danger: boolean, };

export type TokenView = { 
/**
 * Stable id inside this installation.
 */
id: string, 
/**
 * Main word on the shelf, e.g. `access`, `portal → orders-api`, `billing-app`.
 */
label: string, 
/**
 * Second, quiet word: client or origin, e.g. `frontend`.
 */
note: string, 
/**
 * Words of the heading it stands under on the shelf: a user name, `Applications` or `Pasted`.
 */
group: string, 
/**
 * What that heading is; a person without a name in records of earlier releases.
 */
shelf: ShelfGroup, 
/**
 * Readable owner, e.g. `alice`; the client for tokens without a user.
 */
who: string, 
/**
 * What it is used for.
 */
kind: TokenKind, 
/**
 * What it is made of.
 */
format: TokenFormat, 
/**
 * Signature result.
 */
verification: Verification, 
/**
 * Token this one was obtained with.
 */
parent: string | null, 
/**
 * Step that produced it; none for pasted tokens.
 */
step: number | null, 
/**
 * How it came to be here; unknown in records of earlier releases.
 */
obtained: Obtained, 
/**
 * Where it came from in words, e.g. `token exchange by portal` or `the clipboard`.
 */
origin: string, 
/**
 * `iss`, if any.
 */
issuer: string | null, 
/**
 * The profile and issuer it came from; none where that is not known, e.g. in records of earlier releases.
 */
provenance: Provenance | null, 
/**
 * `azp` or `client_id`.
 */
client: string | null, 
/**
 * `sub`.
 */
subject: string | null, 
/**
 * `aud` as a list.
 */
audience: Array<string>, 
/**
 * `scope` as a list.
 */
scope: Array<string>, 
/**
 * What its response granted: `scope` of the answer, or what was asked for where the answer has none (RFC 6749 5.1). None where
 * no response is known.
 */
granted?: Array<string>, 
/**
 * `jti`.
 */
jti: string | null, 
/**
 * `sid`.
 */
session: string | null, 
/**
 * `iat`, epoch seconds.
 */
issued_at: number | null, 
/**
 * `exp` (or `expires_in` counted from receipt), epoch seconds.
 */
expires_at: number | null, 
/**
 * Length of the text in bytes.
 */
size: number, 
/**
 * `alg` of the header.
 */
alg: string | null, 
/**
 * `kid` of the header.
 */
kid: string | null, 
/**
 * True when only decoded evidence is left (claims without signature, e.g. after a restart): it can be
 * compared and checked, not sent.
 */
evidence_only: boolean, 
/**
 * True when introspection said so: `active` of RFC 7662; none when never asked.
 */
active: boolean | null, 
/**
 * True when its claims were read by decrypting it with a key the user gave; that says nothing about who wrote it.
 */
decrypted: boolean, 
/**
 * Issued by the built-in lab.
 */
simulated: boolean, 
/**
 * How many findings of weight warning or error it has.
 */
findings: number, };

export type Trace = { 
/**
 * The token.
 */
token: TokenView, 
/**
 * All doors in order.
 */
stages: Array<AtDoor>, 
/**
 * The first that refuses.
 */
refused_by: Door | null, 
/**
 * The whole in one sentence.
 */
headline: string, 
/**
 * Resources behind the gateway that can be called.
 */
gateways: Array<string>, 
/**
 * The one that is called.
 */
gateway: string | null, 
/**
 * Resources that can be called directly.
 */
apis: Array<string>, 
/**
 * The one that is called.
 */
api: string | null, 
/**
 * Calls and revocations with this token, oldest first.
 */
attempts: Array<Attempt>, 
/**
 * What the repetition shows: a stale token that passed, a refusal that stayed.
 */
remarks: Array<Finding>, };

export type Traced = { 
/**
 * All doors, the first refusal named.
 */
trace: Trace, 
/**
 * The shelf after it.
 */
tokens: Array<TokenView>, 
/**
 * Steps in the journal.
 */
steps: number, 
/**
 * The last step that was made; none when there was no door to knock at.
 */
last_step: Step | null, };

export type Truth = { 
/**
 * The token.
 */
token: TokenView, 
/**
 * The columns: token, introspection, userinfo.
 */
sources: Array<Source>, 
/**
 * Claims by group.
 */
groups: Array<TruthGroup>, 
/**
 * What follows from the differences, worst first.
 */
findings: Array<Finding>, 
/**
 * Number of rows that differ.
 */
differences: number, 
/**
 * How many rows are left out.
 */
left_out: number, };

export type TruthGroup = { 
/**
 * As in [`crate::inspect::ClaimGroup::id`].
 */
id: string, 
/**
 * Heading.
 */
title: string, 
/**
 * Rows.
 */
rows: Array<TruthRow>, };

export type TruthRow = { 
/**
 * Path.
 */
path: string, 
/**
 * Short name.
 */
label: string, 
/**
 * What each says, in the order of the sources.
 */
cells: Array<Word>, 
/**
 * How they stand.
 */
agreement: Agreement, 
/**
 * The same in words, e.g. `introspection differs`.
 */
words: string, 
/**
 * What the claim means.
 */
meaning: string | null, };

export type Verdict = { 
/**
 * `identity`, `requester`, `audience`, `scope`, `roles`, `lifetime`, `issuer`, `binding`.
 */
id: string, 
/**
 * Label, e.g. `Audience`.
 */
label: string, 
/**
 * What class it has (decides ink and glyph).
 */
tone: VerdictTone, 
/**
 * The strong word, e.g. `narrowed`, `preserved`, `outlives`.
 */
word: string, 
/**
 * The quiet rest, e.g. `3 → 1`, `frontend → portal`, `by 7 s`.
 */
rest: string, 
/**
 * Paths of the rows that made it (it filters them).
 */
paths: Array<string>, };

export type VerdictTone = "same" | "changed" | "narrowed" | "widened" | "added" | "removed" | "outlives" | "none" | "unknown";

export type Verification = { "state": "verified", 
/**
 * Which key did it.
 */
key: KeyEvidence, } | { "state": "bad_signature", 
/**
 * The key that was tried.
 */
key: KeyEvidence, 
/**
 * One sentence saying why.
 */
reason: string, } | { "state": "unverifiable", 
/**
 * One sentence saying why and what would help.
 */
reason: string, } | { "state": "unsecured" };

export type ViewName = "run" | "compare" | "audit" | "portal" | "profiles";

export type Word = { 
/**
 * The value; none when it is not said.
 */
value: ClaimValue | null, 
/**
 * Whether it is not what the first to say it says.
 */
differs: boolean, };

/** Every command: its arguments and its answer. */
export interface Commands {
  boot: { arguments: {  }; answer: Boot };
  save_view: { arguments: { view: SavedView }; answer: null };
  dismiss_notice: { arguments: { id: string }; answer: null };
  hold_window: { arguments: { held: boolean }; answer: null };
  leave: { arguments: {  }; answer: null };
  start_lab: { arguments: { legacy: boolean; release: LabRelease }; answer: LabState };
  stop_lab: { arguments: {  }; answer: LabState };
  change_lab: { arguments: { change: LabChange }; answer: LabState };
  join_lab: { arguments: { profile: string; how: LabJoin }; answer: OpenProfile };
  list_profiles: { arguments: {  }; answer: Array<ProfileSummary> };
  open_profile: { arguments: { id: string }; answer: OpenProfile };
  choose_profile: { arguments: { id: string }; answer: Profile };
  save_profile: { arguments: { profile: Profile }; answer: OpenProfile };
  duplicate_profile: { arguments: { id: string; name: string; take_along: boolean }; answer: OpenProfile };
  delete_profile: { arguments: { id: string }; answer: Array<ProfileSummary> };
  restore_profile: { arguments: { id: string }; answer: Array<ProfileSummary> };
  export_profile: { arguments: { id: string }; answer: string };
  read_import: { arguments: { text: string; server: string }; answer: ImportPreview };
  import_profile: { arguments: { text: string; server: string }; answer: OpenProfile };
  discover: { arguments: { issuer: string; realm: string; profile: Profile | null }; answer: Discovered };
  read_server_info: { arguments: { profile: string }; answer: OpenProfile };
  redirect_hint: { arguments: { profile: Profile }; answer: OpenProfile };
  save_secret: { arguments: { profile: string; client_id: string; server: ServerRole; sort: SecretSort; secret: string }; answer: SecretState };
  reveal_secret: { arguments: { profile: string; client_id: string; server: ServerRole }; answer: string };
  clear_secret: { arguments: { profile: string; client_id: string; server: ServerRole }; answer: SecretState };
  secret_questions: { arguments: {  }; answer: Array<SecretQuestion> };
  answer_secret_question: { arguments: { id: string; consent: SecretConsent }; answer: boolean };
  take_back_address: { arguments: { profile: string; address: AllowedAddress }; answer: Array<AllowedAddress> };
  secret_store: { arguments: {  }; answer: SecretStoreState };
  choose_secret_store: { arguments: { kind: SecretStoreKind; passphrase: string }; answer: SecretStoreState };
  open_form: { arguments: { profile: string; operation: Operation; token: string | null }; answer: OpenForm };
  preview: { arguments: { draft: Draft }; answer: Preview };
  run: { arguments: { run: string; draft: Draft }; answer: Ran };
  repeat: { arguments: { run: string; draft: Draft; plan: RepeatPlan }; answer: Repeated };
  cancel_run: { arguments: { run: string }; answer: null };
  open_again: { arguments: { run: string }; answer: null };
  open_portal: { arguments: { profile: string }; answer: OpenPortal };
  ask_portal: { arguments: { run: string; draft: Draft }; answer: PortalAnswered };
  mapping: { arguments: { token: string; other: string | null; claim: string | null }; answer: Mapping };
  read_certificate: { arguments: { address: string }; answer: Certificate };
  list_tokens: { arguments: {  }; answer: Array<TokenView> };
  paste: { arguments: { text: string; chosen: Array<number> | null }; answer: Pasted };
  remove_token: { arguments: { token: string }; answer: Array<TokenView> };
  restore_token: { arguments: { token: string }; answer: Array<TokenView> };
  inspect: { arguments: { token: string }; answer: Inspection };
  raw_token: { arguments: { token: string }; answer: string };
  token_part: { arguments: { token: string; what: TokenText; from: number }; answer: Part };
  verify_with_key: { arguments: { token: string; key: string; content: string | null }; answer: Inspection };
  compare: { arguments: { tokens: Array<string>; resource: string | null }; answer: Compared };
  examine: { arguments: { token: string; resource: string | null }; answer: Examined };
  truth: { arguments: { token: string }; answer: Truth };
  ask_server: { arguments: { run: string; token: string }; answer: ServersAsked };
  trace: { arguments: { token: string; gateway: string | null; api: string | null }; answer: Trace };
  walk: { arguments: { run: string; token: string; gateway: string | null; api: string | null }; answer: Traced };
  drift: { arguments: { run: string; of: DriftOf }; answer: Drifted };
  open_prediction: { arguments: { token: string }; answer: PredictAsk };
  predict: { arguments: { profile: string; ask: PredictAsk }; answer: Ran };
  require_from: { arguments: { token: string }; answer: Required };
  read_expectations: { arguments: { text: string; profile: Profile; resource: string }; answer: Required };
  write_expectations: { arguments: { profile: Profile; resource: string }; answer: string };
  audit: { arguments: { query: AuditQuery }; answer: AuditPage };
  read_step: { arguments: { step: number }; answer: Step };
  exchange_part: { arguments: { step: number; seq: number; from: number }; answer: Part };
  read_events: { arguments: { profile: string }; answer: EventsRead };
  search_events: { arguments: { profile: string; filter: EventFilter }; answer: EventsRead };
  event_settings: { arguments: { profile: string }; answer: EventSettingsRead };
  rights_help: { arguments: { profile: Profile; purpose: Purpose }; answer: RightsHelp };
  choose_reader: { arguments: { profile: string; token: string | null }; answer: null };
  read_event: { arguments: { id: string }; answer: Event };
  sequence: { arguments: { steps: Array<number> }; answer: Sequence };
  current_run: { arguments: {  }; answer: Array<number> };
  open_log: { arguments: { source: LogSource; profile: string }; answer: LogState };
  log_state: { arguments: {  }; answer: LogState };
  log_page: { arguments: { query: LogQuery }; answer: LogPage };
  log_line: { arguments: { row: number }; answer: LogLine };
  stop_log: { arguments: {  }; answer: LogState };
  follow_log: { arguments: { on: boolean; profile: string }; answer: LogState };
  close_log: { arguments: {  }; answer: LogState };
  join_log: { arguments: { profile: string; zone: number | null }; answer: LogState };
  complete_path: { arguments: { text: string }; answer: Array<PathChoice> };
  copy: { arguments: { source: CopySource }; answer: Copied };
}

/** Every server, as a person chooses one. */
export const SERVERS: { value: Dialect; label: string; note?: string }[] = [
  {"value":"plain","label":"Any OAuth server","note":"nothing beyond the RFCs"},
  {"value":"keycloak","label":"Keycloak"},
  {"value":"wso2","label":"WSO2 API Manager"},
];
