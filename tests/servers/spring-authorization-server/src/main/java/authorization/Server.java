package authorization;

import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.source.ImmutableJWKSet;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.proc.SecurityContext;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.web.server.context.WebServerInitializedEvent;
import org.springframework.context.annotation.Bean;
import org.springframework.context.event.EventListener;
import org.springframework.core.annotation.Order;
import org.springframework.http.MediaType;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetails;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.oauth2.core.AuthorizationGrantType;
import org.springframework.security.oauth2.core.ClientAuthenticationMethod;
import org.springframework.security.oauth2.jose.jws.MacAlgorithm;
import org.springframework.security.oauth2.jose.jws.SignatureAlgorithm;
import org.springframework.security.oauth2.server.authorization.OAuth2TokenType;
import org.springframework.security.oauth2.server.authorization.client.InMemoryRegisteredClientRepository;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClient;
import org.springframework.security.oauth2.server.authorization.settings.ClientSettings;
import org.springframework.security.oauth2.server.authorization.settings.OAuth2TokenFormat;
import org.springframework.security.oauth2.server.authorization.settings.TokenSettings;
import org.springframework.security.oauth2.server.authorization.token.JwtEncodingContext;
import org.springframework.security.oauth2.server.authorization.token.OAuth2TokenCustomizer;
import org.springframework.security.provisioning.InMemoryUserDetailsManager;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.authentication.LoginUrlAuthenticationEntryPoint;
import org.springframework.security.web.util.matcher.MediaTypeRequestMatcher;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * Spring Authorization Server, met as a stranger's server would be: a public client, clients with every kind of assertion,
 * token exchange with act and may_act, log out.
 *
 * <p>Prints one line of JSON when it listens: {"issuer", "key", "stranger"}: the private key of the client `signing`, and one
 * that nobody knows, both as the base64 of PEM. It lives as long as its standard input is open, so it cannot outlive the test that started it.
 */
@SpringBootApplication
@RestController
public class Server {
	private static final String CALLBACK = "http://127.0.0.1/callback";
	private static final AuthorizationGrantType EXCHANGE = AuthorizationGrantType.TOKEN_EXCHANGE;

	private final KeyPair ofServer = keyPair();
	private final KeyPair ofClient = keyPair();

	public static void main(String[] words) throws Exception {
		SpringApplication.run(Server.class, words);
		while (System.in.read() >= 0) {
			// Nothing is said there; its end is the word to go.
		}
		System.exit(0);
	}

	@EventListener
	void listens(WebServerInitializedEvent event) {
		String issuer = "http://127.0.0.1:" + event.getWebServer().getPort();
		event.getApplicationContext().getBean(InMemoryRegisteredClientRepository.class).save(signing(issuer + "/keys-of-signing"));
		String key = pem(this.ofClient);
		String stranger = pem(keyPair());
		System.out.println("{\"issuer\":\"" + issuer + "\",\"key\":\"" + key + "\",\"stranger\":\"" + stranger + "\"}");
	}

	/** The public half of the key of the client `signing`, at an address as a client would have one. */
	@GetMapping("/keys-of-signing")
	Map<String, Object> keysOfSigning() {
		return new JWKSet(publicKey(this.ofClient, "signing-1")).toJSONObject();
	}

	@Bean
	JWKSource<SecurityContext> keys() {
		RSAKey key = new RSAKey.Builder((RSAPublicKey) this.ofServer.getPublic())
			.privateKey(this.ofServer.getPrivate())
			.keyID("server-1")
			.build();
		return new ImmutableJWKSet<>(new JWKSet(key));
	}

	@Bean
	UserDetailsService users() {
		return new InMemoryUserDetailsManager(user("alice"), user("bob"));
	}

	/** Who is given the scope `delegation` lets the client `portal` act for them (RFC 8693 4.4). */
	@Bean
	OAuth2TokenCustomizer<JwtEncodingContext> mayAct() {
		return context -> {
			boolean delegates = context.getAuthorizedScopes().contains("delegation")
					&& OAuth2TokenType.ACCESS_TOKEN.equals(context.getTokenType())
					&& !EXCHANGE.equals(context.getAuthorizationGrantType());
			if (delegates) {
				// The server compares the claims as objects, and its own `iss` is a URL.
				URL issuer = url(context.getAuthorizationServerContext().getIssuer());
				context.getClaims().claim("may_act", Map.of("iss", issuer, "sub", "portal"));
			}
		};
	}

	@Bean
	InMemoryRegisteredClientRepository clients() {
		return new InMemoryRegisteredClientRepository(
			person("frontend").build(),
			person("other").build(),
			person("opaque").tokenSettings(tokens().accessTokenFormat(OAuth2TokenFormat.REFERENCE).build()).build(),
			person("short").tokenSettings(tokens().accessTokenTimeToLive(Duration.ofSeconds(1)).build()).build(),
			service("portal", ClientAuthenticationMethod.CLIENT_SECRET_BASIC).build(),
			service("web", ClientAuthenticationMethod.CLIENT_SECRET_BASIC)
				.authorizationGrantType(AuthorizationGrantType.AUTHORIZATION_CODE)
				.authorizationGrantType(AuthorizationGrantType.REFRESH_TOKEN)
				.redirectUri(CALLBACK)
				.build(),
			service("posting", ClientAuthenticationMethod.CLIENT_SECRET_POST).build(),
			service("reporting", ClientAuthenticationMethod.CLIENT_SECRET_BASIC)
				.authorizationGrantTypes(grants -> grants.remove(EXCHANGE))
				.build(),
			service("secret-signing", ClientAuthenticationMethod.CLIENT_SECRET_JWT)
				.clientSettings(ClientSettings.builder()
					.tokenEndpointAuthenticationSigningAlgorithm(MacAlgorithm.HS256)
					.build())
				.build());
	}

	/** A client that signs with its own key; the address of its keys is known once the port is. */
	private static RegisteredClient signing(String keys) {
		return service("signing", ClientAuthenticationMethod.PRIVATE_KEY_JWT)
			.clientSettings(ClientSettings.builder()
				.jwkSetUrl(keys)
				.tokenEndpointAuthenticationSigningAlgorithm(SignatureAlgorithm.RS256)
				.build())
			.build();
	}

	@Bean
	@Order(1)
	SecurityFilterChain authorizationServer(HttpSecurity http) throws Exception {
		http.oauth2AuthorizationServer(server -> {
			http.securityMatcher(server.getEndpointsMatcher());
			server.oidc(Customizer.withDefaults());
		});
		http.authorizeHttpRequests(requests -> requests.anyRequest().authenticated());
		http.oauth2ResourceServer(resource -> resource.jwt(Customizer.withDefaults()));
		http.exceptionHandling(faults -> faults.defaultAuthenticationEntryPointFor(
			new LoginUrlAuthenticationEntryPoint("/login"), new MediaTypeRequestMatcher(MediaType.TEXT_HTML)));
		return http.build();
	}

	/** Everything else: the log in page, and an API that asks for the scope `orders`. */
	@Bean
	@Order(2)
	SecurityFilterChain pages(HttpSecurity http) throws Exception {
		http.authorizeHttpRequests(requests -> requests.requestMatchers("/keys-of-signing").permitAll()
			.requestMatchers("/orders").hasAuthority("SCOPE_orders")
			.anyRequest().authenticated());
		http.oauth2ResourceServer(resource -> resource.jwt(Customizer.withDefaults()));
		http.formLogin(Customizer.withDefaults());
		return http.build();
	}

	@GetMapping("/orders")
	String orders() {
		return "[]";
	}

	private static UserDetails user(String name) {
		return User.withUsername(name).password("{noop}" + name).roles("USER").build();
	}

	private static TokenSettings.Builder tokens() {
		return TokenSettings.builder().reuseRefreshTokens(false);
	}

	/** A public client that a person logs in with. */
	private static RegisteredClient.Builder person(String id) {
		return RegisteredClient.withId(UUID.randomUUID().toString())
			.clientId(id)
			.clientAuthenticationMethod(ClientAuthenticationMethod.NONE)
			.authorizationGrantType(AuthorizationGrantType.AUTHORIZATION_CODE)
			.redirectUri(CALLBACK)
			.postLogoutRedirectUri(CALLBACK)
			.scopes(scopes -> scopes.addAll(Set.of("openid", "profile", "orders", "delegation")))
			.clientSettings(ClientSettings.builder().requireProofKey(true).requireAuthorizationConsent(false).build())
			.tokenSettings(tokens().build());
	}

	/** A confidential client that acts by itself and exchanges. */
	private static RegisteredClient.Builder service(String id, ClientAuthenticationMethod method) {
		return RegisteredClient.withId(UUID.randomUUID().toString())
			.clientId(id)
			.clientSecret((method == ClientAuthenticationMethod.CLIENT_SECRET_JWT ? "" : "{noop}")
				+ "secret-of-" + id + "-long-enough-for-hs256")
			.clientAuthenticationMethod(method)
			.authorizationGrantType(AuthorizationGrantType.CLIENT_CREDENTIALS)
			.authorizationGrantType(EXCHANGE)
			.scopes(scopes -> scopes.addAll(Set.of("openid", "orders", "reports")))
			.tokenSettings(tokens().build());
	}

	private static RSAKey publicKey(KeyPair pair, String id) {
		return new RSAKey.Builder((RSAPublicKey) pair.getPublic()).keyID(id).build();
	}

	private static URL url(String text) {
		try {
			return URI.create(text).toURL();
		}
		catch (MalformedURLException fault) {
			throw new IllegalStateException(fault);
		}
	}

	private static String pem(KeyPair pair) {
		return Base64.getEncoder().encodeToString(pair.getPrivate().getEncoded());
	}

	private static KeyPair keyPair() {
		try {
			KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
			generator.initialize(2048);
			return generator.generateKeyPair();
		}
		catch (NoSuchAlgorithmException fault) {
			throw new IllegalStateException(fault);
		}
	}
}
