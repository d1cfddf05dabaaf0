"""django-oauth-toolkit, met as a stranger's server would be: opaque tokens, one grant for each application, metadata that name
neither introspection nor revocation.

Prints one line of JSON when it listens: {"issuer"}. It lives as long as its standard input is open, so it cannot outlive the
test that started it.
"""

import json
import sys
import threading
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import django
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from django.conf import settings
from django.http import HttpResponse
from django.urls import include, path

CALLBACK = "http://127.0.0.1/callback"


def private_key():
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
    ).decode()


settings.configure(
    ROOT_URLCONF=__name__,
    SECRET_KEY="nothing here is kept",
    ALLOWED_HOSTS=["127.0.0.1"],
    USE_TZ=True,
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    # One database for all threads, gone with the process.
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": "file:memory?mode=memory&cache=shared", "OPTIONS": {"uri": True}}},
    INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions", "oauth2_provider"],
    MIDDLEWARE=[
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
    ],
    AUTHENTICATION_BACKENDS=["django.contrib.auth.backends.ModelBackend"],
    PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
    TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}],
    LOGIN_URL="/login",
    LOGGING_CONFIG=None,
    OAUTH2_PROVIDER={
        "OIDC_ENABLED": True,
        "OIDC_RSA_PRIVATE_KEY": private_key(),
        "OIDC_RP_INITIATED_LOGOUT_ENABLED": True,
        "OIDC_RP_INITIATED_LOGOUT_ALWAYS_PROMPT": False,
        "SCOPES": {"openid": "who you are", "profile": "your name", "orders": "orders", "introspection": "tokens of others"},
        "DEFAULT_SCOPES": ["openid"],
        "REFRESH_TOKEN_EXPIRE_SECONDS": 1800,
    },
)
django.setup()

from django.contrib.auth import authenticate, login  # noqa: E402
from django.contrib.auth.models import User  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.shortcuts import redirect  # noqa: E402
from oauth2_provider.decorators import protected_resource  # noqa: E402
from oauth2_provider.models import Application  # noqa: E402
from oauth2_provider.urls import metadata_urlpatterns  # noqa: E402

PAGE = """<!doctype html><title>Log in</title><form id="kc-form-login" method="post" action="%s">
<input name="username"><input name="password" type="password"><button>Log in</button></form>"""


def log_in(request):
    """The log in page."""
    if request.method == "POST":
        user = authenticate(request, username=request.POST["username"], password=request.POST["password"])
        if user is not None:
            login(request, user)
            return redirect(request.GET["next"])
    return HttpResponse(PAGE % request.get_full_path().replace("&", "&amp;"))


@protected_resource(scopes=["orders"])
def orders(request):
    """An API that asks for the scope `orders`."""
    return HttpResponse("[]", content_type="application/json")


urlpatterns = [
    path("login", log_in),
    path("orders", orders),
    path("o/", include("oauth2_provider.urls", namespace="oauth2_provider")),
    path("", include((metadata_urlpatterns, "at_root"))),
]


def application(client, grant, *, public=False, **more):
    Application.objects.create(
        client_id=client,
        name=client,
        client_type=Application.CLIENT_PUBLIC if public else Application.CLIENT_CONFIDENTIAL,
        client_secret="" if public else f"secret-of-{client}",
        authorization_grant_type=grant,
        skip_authorization=True,
        algorithm=Application.RS256_ALGORITHM,
        **more,
    )


def fill():
    call_command("migrate", verbosity=0)
    for name in ("alice", "bob"):
        User.objects.create_user(name, f"{name}@example.test", name, first_name=name.capitalize(), last_name="Example")
    person = {"redirect_uris": CALLBACK, "post_logout_redirect_uris": CALLBACK}
    application("frontend", Application.GRANT_AUTHORIZATION_CODE, public=True, **person)
    application("other", Application.GRANT_AUTHORIZATION_CODE, public=True, **person)
    application("portal", Application.GRANT_CLIENT_CREDENTIALS)
    application("reporting", Application.GRANT_CLIENT_CREDENTIALS)
    application("terminal", Application.GRANT_PASSWORD)


class Handler(WSGIRequestHandler):
    """Says nothing about requests."""

    def log_message(self, *words):
        pass


class Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


def main():
    fill()
    server = make_server("127.0.0.1", 0, get_wsgi_application(), Server, Handler)
    print(json.dumps({"issuer": f"http://127.0.0.1:{server.server_port}/o"}), flush=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    sys.stdin.read()


main()
