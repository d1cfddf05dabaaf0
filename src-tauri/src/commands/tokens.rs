//! The shelf, the inspector and comparison.

use engine::{acceptance::Doors, workbench::TokenFault};
use oauth::{
    acceptance::Trace, cut::Shown, drift::DriftOf, events::PredictAsk, operation::Offer, portal::PortalWays, profile::Profile,
    resource::Wanted,
};
use record::{audit::Step, operation::Operation};
use tauri::State;
use token::{
    bounded::{self, Part, TokenText},
    inspect::{Inspection, TokenView},
    truth::Truth,
};
use wire::{Compared, Drifted, Examined, Fault, FaultKind, Offered, Pasted, Ran, ServersAsked, TokenUse, Traced};

use crate::{fault, state::AppState};

/// Most of a token's text that is shown, in bytes: a line of a megabyte brings a web view to its knees.
const SHOWN_TEXT: usize = 16 * 1024;

/// Shelf lines, oldest first.
#[tauri::command(rename_all = "snake_case")]
pub async fn list_tokens(state: State<'_, AppState>) -> Result<Vec<TokenView>, Fault> {
    Ok(state.bench().await?.tokens().shown())
}

/// Puts the token of a pasted text on the shelf. Of several, those that were chosen; before that they are offered.
#[tauri::command(rename_all = "snake_case")]
pub async fn paste(state: State<'_, AppState>, text: String, chosen: Option<Vec<usize>>) -> Result<Pasted, Fault> {
    let bench = state.bench().await?;
    let reading = std::sync::Arc::clone(&bench);
    // A megabyte takes a moment; it must not hold up other commands.
    let read = move || match chosen {
        Some(chosen) => reading.paste_chosen(&text, &chosen).map(|(added, message)| (added, message, Vec::new())),
        None => {
            let found = reading.found_in(&text)?;
            if found.tokens.len() > 1 {
                let offered = found.tokens.iter().map(|token| Offered { kind: token.kind, place: token.source.clone() });
                return Ok((Vec::new(), found.message, offered.collect()));
            }
            reading.paste(&text).map(|(added, message)| (added, message, Vec::new()))
        }
    };
    let (added, message, offered) = crate::commands::in_background(move || read().map_err(fault::token)).await?;
    let whole = bench.verify_with_profiles(&added, &state.profiles_from_current()).await;
    let message = if whole { message } else { format!("{message} You stopped the check of signatures.") };
    Ok(Pasted { added, message, offered, tokens: bench.tokens().shown() })
}

/// Takes a token off the shelf.
#[tauri::command(rename_all = "snake_case")]
pub async fn remove_token(state: State<'_, AppState>, token: String) -> Result<Vec<TokenView>, Fault> {
    let bench = state.bench().await?;
    bench.remove_token(&token).map_err(|error| fault::journal(&error))?;
    Ok(bench.tokens().shown())
}

/// Puts a token back that was taken off.
#[tauri::command(rename_all = "snake_case")]
pub async fn restore_token(state: State<'_, AppState>, token: String) -> Result<Vec<TokenView>, Fault> {
    let bench = state.bench().await?;
    if !bench.restore_token(&token).map_err(|error| fault::journal(&error))? {
        return Err(fault::token(TokenFault {
            id: "not-removed",
            message: "This token was not removed since the window was opened.".into(),
            advice: "Paste it again, or repeat the step that gave it; Audit has both.".into(),
        }));
    }
    Ok(bench.tokens().shown())
}

/// Everything about one token.
#[tauri::command(rename_all = "snake_case")]
pub async fn inspect(state: State<'_, AppState>, token: String) -> Result<Inspection, Fault> {
    Ok(state.bench().await?.inspect(&token).map_err(fault::token)?.shown())
}

/// The token's text, because the user asked to see it; of a very long one the beginning. Copying takes all of it.
#[tauri::command(rename_all = "snake_case")]
pub async fn raw_token(state: State<'_, AppState>, token: String) -> Result<String, Fault> {
    let text = state.bench().await?.raw_token(&token).map_err(fault::token)?;
    Ok(bounded::up_to(text.expose(), SHOWN_TEXT).to_owned())
}

/// More of a long text of a token's reading.
#[tauri::command(rename_all = "snake_case")]
pub async fn token_part(state: State<'_, AppState>, token: String, what: TokenText, from: usize) -> Result<Part, Fault> {
    let bench = state.bench().await?;
    crate::commands::in_background(move || bench.token_part(&token, what, from).map_err(fault::token)).await
}

/// Checks the signature with a pasted key, or decrypts with it; `content` is the payload of a token that carries none.
#[tauri::command(rename_all = "snake_case")]
pub async fn verify_with_key(
    state: State<'_, AppState>,
    token: String,
    key: String,
    content: Option<String>,
) -> Result<Inspection, Fault> {
    let bench = state.bench().await?;
    let (inspection, added) = bench
        .verify_with_key(&token, &key, content.as_deref())
        .map_err(|error| Fault { field: (error.id == "bad-key").then(|| "key".to_owned()), ..fault::token(error) })?;
    bench.verify_with_profiles(&added, &state.profiles_from_current()).await;
    Ok(inspection.shown())
}

/// Whose checks a token can be put through: each API by itself, and what all expect where that is stated.
fn resources(profile: Option<&Profile>) -> Vec<String> {
    let named = profile.into_iter().flat_map(|profile| profile.resources.iter().map(|resource| resource.name.clone()));
    named.chain(profile.and_then(Wanted::of_every_api).map(|wanted| wanted.name)).collect()
}

/// Two to four tokens side by side.
#[tauri::command(rename_all = "snake_case")]
pub async fn compare(state: State<'_, AppState>, tokens: Vec<String>, resource: Option<String>) -> Result<Compared, Fault> {
    let bench = state.bench().await?;
    let profile = state.current();
    let compared = bench.compare(&tokens, resource.as_deref(), profile.as_ref()).map_err(fault::token)?;
    let step = match compared.step {
        Some(id) => bench.journal.step(id).map_err(|error| fault::journal(&error))?,
        None => None,
    };
    let resources = resources(profile.as_ref());
    Ok(Compared {
        comparison: compared.comparison.shown(),
        reports: compared.reports.into_iter().map(Shown::shown).collect(),
        resources,
        step,
    })
}

/// Checks, lineage and attenuation of one token.
#[tauri::command(rename_all = "snake_case")]
pub async fn examine(state: State<'_, AppState>, token: String, resource: Option<String>) -> Result<Examined, Fault> {
    let bench = state.bench().await?;
    let profile = state.current();
    let examined = bench.examine(&token, resource.as_deref(), profile.as_ref()).map_err(fault::token)?;
    Ok(Examined {
        report: examined.report.shown(),
        resources: resources(profile.as_ref()),
        lineage: examined.lineage.shown(),
        findings: examined.findings.shown(),
        onward: examined.onward,
        uses: examined.uses.into_iter().map(token_use).collect(),
    })
}

fn token_use((operation, field, offer): (Operation, &str, Offer)) -> TokenUse {
    TokenUse { operation, field: field.into(), label: offer.label.into(), danger: offer.danger }
}

/// What the token, introspection and userinfo say, as far as they were asked.
#[tauri::command(rename_all = "snake_case")]
pub async fn truth(state: State<'_, AppState>, token: String) -> Result<Truth, Fault> {
    Ok(state.bench().await?.truth(&token, state.current().as_ref()).map_err(fault::token)?.shown())
}

/// Asks introspection and userinfo about a token.
#[tauri::command(rename_all = "snake_case")]
pub async fn ask_server(state: State<'_, AppState>, run: String, token: String) -> Result<ServersAsked, Fault> {
    let bench = state.bench().await?;
    let profile = chosen(&state)?;
    // A token that is gone is said before anything is sent.
    bench.truth(&token, Some(&profile)).map_err(fault::token)?;
    let steps = bench.ask_server(&run, &token, &profile, &*state.outside.progress).await.map_err(fault::run)?;
    Ok(ServersAsked {
        truth: bench.truth(&token, Some(&profile)).map_err(fault::token)?.shown(),
        tokens: bench.tokens().shown(),
        steps: bench.journal.steps().map_err(|error| fault::journal(&error))?,
        last_step: telling(steps),
    })
}

/// Of several steps the one that waits for the user's word about a secret, else the last.
fn telling(steps: Vec<Step>) -> Option<Step> {
    let waits = |step: &Step| step.problem_id.as_deref().is_some_and(|id| id.starts_with("secret-"));
    let at = steps.iter().position(waits).or(steps.len().checked_sub(1))?;
    steps.into_iter().nth(at)
}

/// The chosen profile.
pub(super) fn chosen(state: &AppState) -> Result<Profile, Fault> {
    let none = || fault::fault(FaultKind::Input, "no-profile", "No profile is chosen.", "Choose a profile, then ask again.");
    state.current().ok_or_else(none)
}

/// What is known of a token at every door that may refuse it.
#[tauri::command(rename_all = "snake_case")]
pub async fn trace(
    state: State<'_, AppState>,
    token: String,
    gateway: Option<String>,
    api: Option<String>,
) -> Result<Trace, Fault> {
    Ok(state.bench().await?.trace(&token, &chosen(&state)?, &Doors { gateway, api }).map_err(fault::token)?.shown())
}

/// Shows a token at every door.
#[tauri::command(rename_all = "snake_case")]
pub async fn walk(
    state: State<'_, AppState>,
    run: String,
    token: String,
    gateway: Option<String>,
    api: Option<String>,
) -> Result<Traced, Fault> {
    let bench = state.bench().await?;
    let (profile, doors) = (chosen(&state)?, Doors { gateway, api });
    // A token that is gone is said before anything is sent.
    bench.trace(&token, &profile, &doors).map_err(fault::token)?;
    let steps = bench.walk(&run, &token, &profile, &doors, &*state.outside.progress).await.map_err(fault::run)?;
    Ok(Traced {
        trace: bench.trace(&token, &profile, &doors).map_err(fault::token)?.shown(),
        tokens: bench.tokens().shown(),
        steps: bench.journal.steps().map_err(|error| fault::journal(&error))?,
        last_step: telling(steps),
    })
}

/// Holds a token somebody keeps against a fresh exchange.
#[tauri::command(rename_all = "snake_case")]
pub async fn drift(state: State<'_, AppState>, run: String, of: DriftOf) -> Result<Drifted, Fault> {
    let bench = state.bench().await?;
    let engine::drift::Drifted { drift, step } =
        bench.drift(&run, &of, &chosen(&state)?, &*state.outside.progress).await.map_err(fault::drift)?;
    let steps = bench.journal.steps().map_err(|error| fault::journal(&error))?;
    Ok(Drifted { drift: drift.shown(), step, tokens: bench.tokens().shown(), steps })
}

/// What to ask for a prediction that can be compared with a token.
#[tauri::command(rename_all = "snake_case")]
pub async fn open_prediction(state: State<'_, AppState>, token: String) -> Result<PredictAsk, Fault> {
    state.bench().await?.open_prediction(&token).map_err(fault::token)
}

/// Asks the provider what a client would get; the prediction is on the shelf afterwards.
#[tauri::command(rename_all = "snake_case")]
pub async fn predict(state: State<'_, AppState>, profile: String, ask: PredictAsk) -> Result<Ran, Fault> {
    let profile = state.profiles.find(&profile)?;
    let bench = state.bench().await?;
    let step = bench.predict(&ask, &profile).await.map_err(fault::run)?;
    Ok(Ran {
        step,
        tokens: bench.tokens().shown(),
        steps: bench.journal.steps().map_err(|error| fault::journal(&error))?,
        profile: None,
        portal: PortalWays::default(),
    })
}
