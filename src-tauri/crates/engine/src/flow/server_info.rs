//! Server info: asking a Keycloak which features are switched on, where the profile has a client that may.
//!
//! The metadata name grants, but not which kind of exchange stands behind one. The client that reads events is an admin's
//! already, so its token is tried; a refusal is said beside what stays unknown, and ends nothing.

use model::{
    audit::Actor,
    capability,
    oauth::{self, Reading},
    operation::{Draft, Operation, Pair},
    profile::{Dialect, Profile, Provider, Support},
    secret::Secret,
};

use crate::{
    tape::{Taken, Tape},
    workbench::Workbench,
};

impl Workbench {
    /// Completes what the metadata said with the server info of the same server. `base` has the clients and their secrets.
    pub(super) async fn ask_server_info(&self, provider: &mut Provider, base: &Profile, tape: &Tape) {
        let Some(client) = base.clients.iter().find(|client| client.events) else { return };
        let Some((server, _)) = provider.issuer.rsplit_once("/realms/").filter(|_| provider.dialect == Dialect::Keycloak) else {
            return;
        };
        let address = format!("{server}/admin/serverinfo");
        let asker = Profile { provider: provider.clone(), ..base.clone() };
        let told = match self.token_for_reading(&asker, &client.client_id, tape).await {
            Ok(token) => self.read_info(&address, &asker, &token, tape).await,
            Err(why) => Err(why),
        };
        match told {
            Ok(info) => {
                for (id, support, source) in info.told {
                    capability::learn(provider, id, support, &source, self.world.now_ms());
                }
            }
            Err(why) => {
                let open = |known: &&mut model::profile::Capability| known.support == Support::Unknown;
                for known in provider.capabilities.iter_mut().filter(open) {
                    known.source = format!("{}; {why}", known.source);
                }
            }
        }
    }

    /// A token of the client that reads; the error is a few words.
    async fn token_for_reading(&self, profile: &Profile, client: &str, tape: &Tape) -> Result<Secret, String> {
        let draft = Draft {
            operation: Operation::ClientCredentials,
            profile: profile.id.clone(),
            values: vec![Pair { name: "client".into(), value: client.to_owned() }],
            extra: Vec::new(),
        };
        let materials = self.materials(&draft, profile).await.map_err(|_| "no secret store".to_owned())?;
        for (_, secret) in materials.secrets() {
            tape.hide(secret);
        }
        let built = oauth::build(&draft, profile, &materials).map_err(|_| format!("no secret of {client}"))?;
        let from_ms = self.world.now_ms();
        let recorded = self.http.send(built.request, &profile.tls, self.bounds.metadata).await;
        let answer = recorded.result.clone();
        let token =
            answer.ok().and_then(|answer| match oauth::read_token_response(answer.status, answer.content_type(), &answer.body) {
                Reading::Ok(response) => response.access_token,
                Reading::Refused(_) | Reading::Malformed { .. } => None,
            });
        self.note_reading(&profile.id, client, token.as_ref(), from_ms);
        if let Some(token) = &token {
            tape.hide(token);
        }
        tape.add(Taken::Ours { to: Actor::Provider, label: built.label, recorded: Box::new(recorded) });
        token.ok_or_else(|| format!("no token for {client} to ask with"))
    }

    async fn read_info(
        &self,
        address: &str,
        profile: &Profile,
        token: &Secret,
        tape: &Tape,
    ) -> Result<capability::ServerInfo, String> {
        let request = http::Request::get(address)
            .header(http::header::ACCEPT, "application/json")
            .header(http::header::AUTHORIZATION, format!("Bearer {}", token.expose()))
            .body(Vec::new())
            .map_err(|_| "no address for the server info".to_owned())?;
        let recorded = self.http.send(request, &profile.tls, self.bounds.metadata).await;
        let result = recorded.result.clone();
        tape.add(Taken::Ours { to: Actor::Provider, label: "GET server info".into(), recorded: Box::new(recorded) });
        let answer = result.map_err(|_| "server info not reached".to_owned())?;
        if answer.status != 200 {
            return Err(format!("server info answered {}", answer.status));
        }
        capability::read_server_info(&String::from_utf8_lossy(&answer.body)).map_err(|_| "server info not readable".into())
    }
}
