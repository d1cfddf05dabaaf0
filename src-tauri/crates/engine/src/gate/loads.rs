//! What a step carries beside the proof of its client: codes with their verifiers, tokens, passwords. It goes to the origin of the
//! server the profile names; anywhere else only by the user's word, or because that server itself named the address.
//!
//! A word for the client's secret at an address is one for what goes with it, so that nobody is asked twice about one request.

use std::{
    collections::{BTreeSet, HashMap},
    sync::PoisonError,
};

use oauth::{
    binding::{self, Load},
    profile::{Profile, Provider, ServerRole},
};

use super::going::Going;
use crate::{
    ground::Ground,
    secrets::{Approval, Crossing, Owner, SecretFault, Sort},
};

/// How many issuers are remembered whose metadata were read.
const NAMED: usize = 256;

/// What is allowed at the servers of one profile.
pub(crate) type Allowed = HashMap<ServerRole, Vec<Approval>>;

/// The crossing a load would make; none where it goes home, or may go.
pub(super) fn crossing(profile: &Profile, load: &Load, allowed: &Allowed) -> Option<Box<Crossing>> {
    let issuer = binding::name(profile, load.server);
    let origin = binding::place(&load.address);
    let approved = |one: &Approval| one.issuer == issuer && one.origin == origin;
    // An address with a user name in it is nobody's home.
    let home = binding::origin(&load.address).is_some_and(|origin| binding::origin(&issuer) == Some(origin));
    if home || allowed.get(&load.server).is_some_and(|all| all.iter().any(approved)) {
        return None;
    }
    Some(Box::new(Crossing {
        owner: Owner::at(&profile.id, load.server, &load.client),
        sort: Sort::Secret,
        load: Some(load.what.clone()),
        bound: Some(issuer.clone()).filter(|issuer| !issuer.is_empty()),
        issuer,
        origin,
    }))
}

/// What is allowed at a profile's servers. The store is asked only where something lies elsewhere; one that does not answer
/// allowed nothing.
pub(super) async fn allowed(ground: &Ground, profile: &Profile) -> Allowed {
    let mut allowed = Allowed::new();
    if binding::elsewhere(profile).is_empty() {
        return allowed;
    }
    for server in [ServerRole::Provider, ServerRole::Gateway] {
        let mut all = ground.vault.store.approvals_of_ours(&profile.id, server);
        all.extend(approvals(ground, &profile.id, server).await);
        allowed.insert(server, all);
    }
    allowed
}

/// What the store holds, or nothing where it does not say; it is asked once.
async fn approvals(ground: &Ground, profile: &str, server: ServerRole) -> Vec<Approval> {
    let key = (profile.to_owned(), server);
    if let Some(known) = ground.gate.approved.lock().unwrap_or_else(PoisonError::into_inner).get(&key) {
        return known.clone();
    }
    let reading = ground.gate.readings();
    let read = ground.vault.store.approvals(profile, server).await.unwrap_or_default();
    let mut approved = ground.gate.approved.lock().unwrap_or_else(PoisonError::into_inner);
    // What was forgotten while the store answered is not remembered by that.
    if reading == ground.gate.readings() {
        approved.insert(key, read.clone());
    }
    read
}

/// Allows an address for what a server's steps carry, from now on.
pub(super) async fn allow(ground: &Ground, profile: &str, server: ServerRole, approval: Approval) -> Result<(), SecretFault> {
    let mut all = ground.vault.store.approvals(profile, server).await?;
    if !all.contains(&approval) {
        all.push(approval);
    }
    ground.vault.store.keep_approvals(profile, server, &all).await?;
    ground.gate.read_anew();
    Ok(())
}

/// What is allowed at a profile's servers beside the host that names each, by the user or by that server itself.
pub(crate) async fn allowed_addresses(ground: &Ground, profile: &str) -> Vec<(ServerRole, Approval)> {
    let mut all = Vec::new();
    for server in [ServerRole::Provider, ServerRole::Gateway] {
        let approvals = approvals(ground, profile, server).await.into_iter();
        let beside = approvals.filter(|one| binding::origin(&one.issuer).as_ref() != Some(&one.origin));
        all.extend(beside.map(|one| (server, one)));
    }
    all
}

/// Takes back what was allowed: from now on it is asked about. What was said once and not used yet goes with it.
pub(crate) async fn take_back(
    ground: &Ground,
    profile: &str,
    server: ServerRole,
    approval: &Approval,
) -> Result<(), SecretFault> {
    let mut all = ground.vault.store.approvals(profile, server).await?;
    all.retain(|one| one != approval);
    ground.vault.store.keep_approvals(profile, server, &all).await?;
    ground.gate.forget_profile(profile);
    ground.gate.read_anew();
    Ok(())
}

/// Forgets every address that was allowed for a profile: one that is new has none, and one that is gone leaves none.
pub(crate) async fn forget_approvals(ground: &Ground, profile: &str) -> Result<(), SecretFault> {
    for server in [ServerRole::Provider, ServerRole::Gateway] {
        ground.vault.store.keep_approvals(profile, server, &[]).await?;
    }
    ground.gate.forget_profile(profile);
    ground.gate.read_anew();
    Ok(())
}

/// Remembers what the metadata of an issuer named, read over TLS from the issuer itself by the user's own Discover. A later
/// reading adds nothing: what moved since the first is asked about.
pub(crate) fn named_by_issuer(ground: &Ground, provider: &Provider, base: &Profile) {
    let checked = base.tls.pins.is_empty() && !base.tls.danger_accept_any_certificate;
    let Some(issuer) = binding::normal(&provider.issuer).filter(|issuer| checked && issuer.starts_with("https://")) else {
        return;
    };
    let mut named = ground.gate.named.lock().unwrap_or_else(PoisonError::into_inner);
    if named.len() < NAMED {
        named.entry(issuer).or_insert_with(|| endpoint_origins(provider));
    }
}

/// Allows the addresses of a profile that is saved which its issuer named itself, read while this app runs. `before` is the
/// profile as it was saved: where it had been read from this issuer already, a later reading allows nothing, however often it is
/// saved. True when one was allowed.
pub(crate) async fn allow_named(ground: &Ground, profile: &Profile, before: Option<&Profile>) -> Result<bool, SecretFault> {
    let Some(issuer) = binding::anchor(profile, ServerRole::Provider) else { return Ok(false) };
    let named = ground.gate.named.lock().unwrap_or_else(PoisonError::into_inner).get(&issuer).cloned().unwrap_or_default();
    let same = |old: &Profile| binding::anchor(old, ServerRole::Provider).as_ref() == Some(&issuer);
    if before.is_some_and(|old| old.provider.read_ms > 0 && same(old)) {
        return Ok(false);
    }
    let mut any = false;
    for origin in endpoint_origins(&profile.provider) {
        if named.contains(&origin) && binding::origin(&issuer).as_ref() != Some(&origin) {
            allow(ground, &profile.id, ServerRole::Provider, Approval { issuer: issuer.clone(), origin }).await?;
            any = true;
        }
    }
    Ok(any)
}

/// Whether a load may go; what may not becomes a question, unless it only follows from something else.
pub(crate) async fn may_go(ground: &Ground, profile: &Profile, load: &Load, ask: bool) -> Result<(), Box<Crossing>> {
    let going = Going::here();
    let Some(found) = crossing(profile, load, &allowed(ground, profile).await) else { return Ok(()) };
    if ask {
        going.joined(found.owner.clone());
    }
    if going.may(&found, &ground.gate, ground.world.now_ms()) {
        return Ok(());
    }
    if ask {
        ground.gate.ask(&found);
    }
    Err(found)
}

/// Origins of what a provider's metadata name for requests that carry something.
fn endpoint_origins(provider: &Provider) -> BTreeSet<String> {
    let own = &provider.endpoints;
    let all = [&own.authorization, &own.token, &own.introspection, &own.revocation, &own.userinfo, &own.end_session];
    all.into_iter().filter_map(|address| binding::origin(address)).collect()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use oauth::profile::Pin;

    use super::*;
    use crate::{
        secrets::Secrets,
        workbench::Workbench,
        world::{Browser, SystemClock, SystemRandom, World},
    };

    struct NoBrowser;

    impl Browser for NoBrowser {
        fn open(&self, _: &str) -> Result<(), String> {
            Err("there is no browser".into())
        }
    }

    fn bench(folder: &std::path::Path) -> Workbench {
        let world = World { clock: Arc::new(SystemClock), random: Arc::new(SystemRandom), browser: Arc::new(NoBrowser) };
        Workbench::with(folder, world, Secrets::memory(folder.join("sealed"))).expect("a journal").0
    }

    /// As Google has it: the token endpoint at another host than the issuer.
    fn apart(scheme: &str, token: &str) -> Profile {
        let mut profile = Profile { id: "p".into(), ..Profile::default() };
        profile.provider.issuer = format!("{scheme}://accounts.example.com");
        profile.provider.endpoints.authorization = format!("{scheme}://accounts.example.com/auth");
        profile.provider.endpoints.token = format!("{scheme}://{token}/token");
        profile.provider.read_ms = 1;
        profile
    }

    /// Whether a code may go to a profile's token endpoint without a question.
    async fn goes(bench: &Workbench, profile: &Profile) -> bool {
        let address = profile.provider.endpoints.token.clone();
        let load = Load { what: "A code".into(), server: ServerRole::Provider, client: "app".into(), address };
        may_go(&bench.ground, profile, &load, false).await.is_ok()
    }

    #[tokio::test]
    async fn an_issuer_names_its_own_endpoints_once_and_over_checked_tls_only() {
        let folder = tempfile::tempdir().expect("a folder");
        let (there, moved) = (apart("https", "oauth2.example.net"), apart("https", "oauth2.evil.example"));
        let untrusted: [fn(&mut Profile); 3] = [
            |base| base.tls.danger_accept_any_certificate = true,
            |base| base.tls.pins = vec![Pin::default()],
            |base| {
                base.provider.issuer = base.provider.issuer.replace("https", "http");
                base.tls.danger_plain_http = true;
            },
        ];
        for change in untrusted {
            let bench = bench(folder.path());
            let mut base = there.clone();
            change(&mut base);
            named_by_issuer(&bench.ground, &base.provider, &base);
            assert_eq!(bench.allow_named(&there, None).await, Ok(false));
            assert!(!goes(&bench, &there).await);
        }
        let bench = bench(folder.path());
        assert_eq!(bench.allow_named(&there, None).await, Ok(false), "nothing was read");
        named_by_issuer(&bench.ground, &there.provider, &there);
        assert!(!goes(&bench, &there).await, "nothing was saved");
        assert_eq!(bench.allow_named(&there, None).await, Ok(true));
        assert!(goes(&bench, &there).await);
        // For this profile, this issuer and these addresses.
        let others: [fn(&mut Profile); 4] = [
            |other| other.id = "copy".into(),
            |other| other.provider.issuer.push_str("/realms/x"),
            |other| other.provider.endpoints.token = "https://oauth2.example.net:8443/token".into(),
            |other| other.provider.endpoints.token = "http://oauth2.example.net/token".into(),
        ];
        for change in others {
            let mut other = there.clone();
            change(&mut other);
            assert!(!goes(&bench, &other).await, "{other:?}");
        }
        // An address that was typed, or came from a file, was not named by the issuer.
        assert_eq!(bench.allow_named(&moved, None).await, Ok(false));
        // A second reading moves the endpoint: in this run of the app it adds nothing,
        named_by_issuer(&bench.ground, &moved.provider, &moved);
        assert_eq!(bench.allow_named(&moved, Some(&there)).await, Ok(false));
        assert!(!goes(&bench, &moved).await);
    }

    #[tokio::test]
    async fn what_moved_since_the_profile_was_saved_is_asked_about() {
        let folder = tempfile::tempdir().expect("a folder");
        let (there, moved) = (apart("https", "oauth2.example.net"), apart("https", "oauth2.evil.example"));
        let bench = bench(folder.path());
        // The app was started anew, and its first reading is the one that moves the endpoint.
        named_by_issuer(&bench.ground, &moved.provider, &moved);
        assert_eq!(bench.allow_named(&moved, Some(&there)).await, Ok(false));
        assert!(!goes(&bench, &moved).await);
        // Saved once, it is what was saved before; it did not get allowed by that.
        for other in ["A", "B"] {
            let renamed = Profile { name: other.into(), ..moved.clone() };
            assert_eq!(bench.allow_named(&renamed, Some(&moved)).await, Ok(false));
            assert!(!goes(&bench, &renamed).await);
        }
        // A profile that came from a file was never read: what the issuer says replaces what the file said.
        let mut imported = there.clone();
        imported.provider.read_ms = 0;
        assert_eq!(bench.allow_named(&moved, Some(&imported)).await, Ok(true));
        assert!(goes(&bench, &moved).await);
        // What was allowed goes with the profile.
        bench.forget_approvals("p").await.expect("memory");
        assert!(!goes(&bench, &moved).await);
    }
}
