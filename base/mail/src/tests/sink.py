"""A mail server for tests: says on standard output what it was handed, and answers as it is told.

The only argument is JSON: port, user, password, certificate, key, starttls, recipients and messages (answers to the
next of them, then it accepts; "hang" never answers).
"""

import asyncio
import json
import logging
import ssl
import sys

from aiosmtpd.smtp import SMTP, AuthResult

options = json.loads(sys.argv[1])
# What it says of conversations that fail is told by the other side.
logging.disable(logging.CRITICAL)


def tell(**what):
    print(json.dumps(what), flush=True)


class Handler:
    def __init__(self):
        self.recipients = list(options.get("recipients", []))
        self.messages = list(options.get("messages", []))

    async def handle_RCPT(self, server, session, envelope, address, _):
        if self.recipients:
            answer = self.recipients.pop(0)
            tell(event="recipient", to=address, answer=answer)
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        answer = self.messages.pop(0) if self.messages else "250 OK"
        tell(
            event="message",
            sender=envelope.mail_from,
            to=envelope.rcpt_tos,
            answer=answer,
            encrypted=session.ssl is not None,
            authenticated=bool(session.authenticated),
            hello=session.host_name,
            text=envelope.original_content.decode("latin-1"),
        )
        if answer == "hang":
            await asyncio.sleep(3600)
        return answer


def authenticate(server, session, envelope, mechanism, data):
    expected = (options["user"].encode(), options["password"].encode())
    is_right = (data.login, data.password) == expected
    tell(event="sign-in", right=is_right, encrypted=session.ssl is not None)
    return AuthResult(success=is_right, handled=False)


def protocol():
    settings = {"enable_SMTPUTF8": True, "hostname": "sink.test"}
    if options.get("user"):
        settings |= {"authenticator": authenticate, "auth_required": True, "auth_require_tls": bool(options.get("starttls"))}
    if options.get("starttls"):
        settings |= {"tls_context": context(), "require_starttls": True}
    return SMTP(handler, **settings)


def context():
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.load_cert_chain(options["certificate"], options["key"])
    return made


async def main():
    wrapped = context() if options.get("smtps") else None
    server = await asyncio.get_running_loop().create_server(
        protocol, "127.0.0.1", options.get("port", 0), ssl=wrapped
    )
    tell(event="listening", port=server.sockets[0].getsockname()[1])
    await server.serve_forever()


handler = Handler()
asyncio.run(main())
